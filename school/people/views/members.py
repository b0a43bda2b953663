"""The list of members for those who oversee them."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from school.kernel.errors import NotFound
from school.people import queries
from school.people.domain.identity import masked_id_of
from school.people.forms import MemberFilterForm
from school.people.models import SignedInRequest
from school.people.rules import enterable_by

PER_PAGE = 30


@login_required
def members(request: SignedInRequest) -> HttpResponse:
    """Names and numbers of those within sight; an organisation out of sight looks like an absent one."""
    if not request.user.scope.overseen:
        raise NotFound
    form = MemberFilterForm(request.GET, user=request.user)
    if not form.is_valid():
        raise NotFound
    wanted = form.cleaned_data
    rows = queries.members(
        request.user, organisation=wanted["organisation"], words=wanted["q"].strip(), kind=wanted["kind"]
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "people": [{"place": place, "member": place.user, "id_no": masked_id_of(place.user)} for place in page],
        "is_narrowed": any(wanted.values()),
        "can_enter": enterable_by(request.user).exists(),
    }
    return render(request, "people/members.html", context)
