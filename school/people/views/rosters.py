"""Importing rosters: the upload, what came of it, the empty template, and the list of first passwords."""

import csv
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from school.kernel.errors import InvalidInput, NotFound, TooLarge
from school.people import queries
from school.people.domain.roster_template import build_template
from school.people.domain.rosters import RosterResult, awaiting_password, import_roster, issue_first_passwords
from school.people.forms import RosterForm
from school.people.models import RosterImport, SignedInRequest
from school.people.rules import enterable_by

PER_PAGE = 30
ERRORS_PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
def rosters(request: SignedInRequest) -> HttpResponse:
    """GET shows the form and past imports; POST imports and leads to the result."""
    _require_duty(request)
    form = RosterForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            result = _import(request, form.cleaned_data)
        except (InvalidInput, TooLarge) as error:
            form.add_error("file", error.message)
        else:
            if result.ignored:
                messages.warning(request, f"没有读取的列：{'、'.join(result.ignored)[:200]}。")
            if result.record:
                return redirect("people:roster", result.record.pk)
            return render(request, "people/roster_check.html", {"result": result, "errors": result.errors[:500]})
    page = Paginator(queries.roster_imports(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/rosters.html", {"form": form, "page": page})


@login_required
def roster(request: SignedInRequest, roster_id: int) -> HttpResponse:
    found = _find(request, roster_id)
    context = {
        "roster": found,
        "errors": Paginator(found.errors, ERRORS_PER_PAGE).get_page(request.GET.get("page")),
        "refused_rows": len({error["row"] for error in found.errors}),
        "awaiting": awaiting_password(found.organisation, request.user).count(),
    }
    return render(request, "people/roster.html", context)


@login_required
@require_POST
def roster_passwords(request: SignedInRequest, roster_id: int) -> HttpResponse:
    """First passwords as CSV for those who have never signed in; each list replaces the one before."""
    found = _find(request, roster_id)
    issued = issue_first_passwords(found.organisation, by=request.user)
    if not issued:
        raise InvalidInput("没有需要初始密码的人：名册里的人都已登录过。")
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="first-passwords.csv"'
    response["Cache-Control"] = "no-store, private"
    lines = csv.writer(response)
    lines.writerow(["账号", "姓名", "初始密码（首次登录须修改）"])
    lines.writerows([as_text(cell) for cell in line] for line in issued)
    return response


@login_required
def roster_template(request: SignedInRequest) -> HttpResponse:
    _require_duty(request)
    response = HttpResponse(build_template(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="roster-template.xlsx"'
    return response


def as_text(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (ASVS 1.2.10)."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _require_duty(request: SignedInRequest) -> None:
    if not enterable_by(request.user).exists():
        raise NotFound


def _find(request: SignedInRequest, roster_id: int) -> RosterImport:
    found = RosterImport.objects.visible_to(request.user).select_related("organisation", "uploaded_by")
    roster = found.filter(pk=roster_id).first()
    if roster is None:
        raise NotFound
    return roster


def _import(request: SignedInRequest, wanted: dict[str, Any]) -> RosterResult:
    return import_roster(
        wanted["file"].read(),
        wanted["file"].name,
        wanted["organisation"],
        by=request.user,
        dry_run=wanted["mode"] == "dry",
        partial=wanted["mode"] == "partial",
    )
