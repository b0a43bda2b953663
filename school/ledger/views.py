"""One's own hours, credits and points, each entry with its cause."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from school.ledger.enums import Unit
from school.ledger.models import LedgerEntry
from school.ledger.queries import balances, hour_progress
from school.people.models import SignedInRequest

PER_PAGE = 20


@login_required
def mine(request: SignedInRequest) -> HttpResponse:
    year = timezone.localdate().year
    unit = request.GET.get("unit", "")
    entries = LedgerEntry.objects.of(request.user).select_related("rule")
    if unit in Unit.values:
        entries = entries.in_unit(unit)
    context = {
        "entries": Paginator(entries, PER_PAGE).get_page(request.GET.get("page")),
        "progress": hour_progress(request.user, year),
        "balances": [(Unit(code).label, amount) for code, amount in balances(request.user, year).items()],
        "units": Unit.choices,
        "unit": unit,
    }
    return render(request, "ledger/mine.html", context)
