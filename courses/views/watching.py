"""The watching report for those who oversee members: signals to look at, a member's sessions, a session's reports."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Max, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from openpyxl import Workbook

from courses.domain.anomalies import Period, Signal, signals_in
from courses.models import WatchSession
from school.kernel.errors import NotFound
from school.people.models import SignedInRequest, User

PER_PAGE = 50
PERIODS = {"7": "近 7 天", "30": "近 30 天", "90": "近 90 天"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
def watching(request: SignedInRequest) -> HttpResponse:
    """Signals of the members that this person oversees, within a period."""
    days, rows = _signals(request)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "courses/watching.html", {"page": page, "periods": PERIODS, "days": days})


@login_required
def watching_export(request: SignedInRequest) -> HttpResponse:
    days, rows = _signals(request)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(PERIODS[days])
    sheet.append(["姓名", "账号", "提示", "说明"])
    for row in rows:
        signal: Signal = row["signal"]
        sheet.append([_as_text(cell) for cell in (row["name"], row["username"], signal.kind, signal.words)])
    content = BytesIO()
    book.save(content)
    response = HttpResponse(content.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="watching-signals.xlsx"'
    return response


@login_required
def watching_member(request: SignedInRequest, member_id: int) -> HttpResponse:
    """The sessions of one member, newest first."""
    member = _overseen(request).filter(pk=member_id).first()
    if member is None:
        raise NotFound
    sessions = WatchSession.objects.filter(member=member).select_related("lesson").order_by("-started_at")
    counted = sessions.annotate(reports=Count("beats"), paid=Sum("beats__paid_ms"), last=Max("beats__at"))
    page = Paginator(counted, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "courses/watching_member.html", {"member": member, "page": page})


@login_required
def watching_session(request: SignedInRequest, session_id: UUID) -> HttpResponse:
    """The raw reports and prompts of one session."""
    session = (
        WatchSession.objects.filter(pk=session_id, member__in=_overseen(request))
        .select_related("lesson", "member")
        .first()
    )
    if session is None:
        raise NotFound
    page = Paginator(session.beats.order_by("-at"), PER_PAGE).get_page(request.GET.get("page"))
    prompts = session.prompts.order_by("-asked_at")[:PER_PAGE]
    return render(request, "courses/watching_session.html", {"session": session, "page": page, "prompts": prompts})


def _overseen(request: SignedInRequest) -> Any:
    if not request.user.scope.overseen:
        raise NotFound
    return User.objects.members_of(request.user.scope.overseen)


def _signals(request: SignedInRequest) -> tuple[str, list[dict[str, Any]]]:
    """The chosen period, and each signal with whose it is (a constant number of queries)."""
    members = _overseen(request)
    days = request.GET.get("days", "30")
    if days not in PERIODS:
        days = "30"
    now = timezone.now()
    found = signals_in(Period(members, now - timedelta(days=int(days)), now))
    people = {person.pk: person for person in members.filter(pk__in={signal.member_id for signal in found})}
    rows = [
        {"signal": signal, "name": people[signal.member_id].name, "username": people[signal.member_id].username}
        for signal in found
    ]
    return days, rows


def _as_text(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (ASVS 1.2.10)."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
