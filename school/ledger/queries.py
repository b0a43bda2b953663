"""Balances and progress: sums over the ledger, never stored."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q, Sum
from django.utils import timezone

from school.ledger.enums import Unit
from school.ledger.models import ZERO, HourRequirement, LedgerEntry
from school.people.enums import MembershipKind
from school.people.models import Appointment, Membership

if TYPE_CHECKING:
    from collections.abc import Iterable

    from school.people.models import User


@dataclass(frozen=True)
class HourProgress:
    """Hours of one member in one year against the requirement."""

    year: int
    earned: Decimal
    required: Decimal

    @property
    def missing(self) -> Decimal:
        return max(self.required - self.earned, ZERO)

    @property
    def percent(self) -> int:
        return min(100, int(self.earned * 100 / self.required)) if self.required else 100


def hour_progress(member: "User", year: int | None = None) -> HourProgress:
    """Three queries: requirement rows, membership kind, sum of hours."""
    year = year or timezone.localdate().year
    earned = LedgerEntry.objects.of(member).in_unit(Unit.HOUR).in_year(year).total()
    return HourProgress(year=year, earned=earned, required=required_hours(member, year))


def required_hours(member: "User", year: int) -> Decimal:
    """The highest requirement that fits the person's roles, else the one of the membership kind, else zero."""
    day = _day_of(year)
    kinds = list(
        Membership.objects.current(day)
        .filter(user=member, is_primary=True, is_exempt=False)
        .values_list("kind", flat=True)
    )
    rows = HourRequirement.objects.in_force(day).filter(
        Q(role__in=member.scope.roles) & ~Q(role="") | Q(membership_kind__in=kinds) & ~Q(membership_kind="")
    )
    hours = list(rows.values_list("role", "hours"))
    by_role = [value for role, value in hours if role]
    return max(by_role or [value for _, value in hours], default=ZERO)


def required_hours_of(places: "Iterable[Membership]", year: int) -> dict[int, Decimal]:
    """The requirement of many members by user id, from their primary memberships: two queries for any number."""
    day = _day_of(year)
    rows = list(HourRequirement.objects.in_force(day))
    by_role = {row.role: row.hours for row in rows if row.role}
    by_kind = {row.membership_kind: row.hours for row in rows if row.membership_kind}
    kinds = {place.user_id: "" if place.is_exempt else place.kind for place in places}
    posts = Appointment.objects.current(day).filter(user__in=list(kinds), role__in=list(by_role))
    highest: dict[int, Decimal] = {}
    for user_id, role in posts.values_list("user", "role"):
        highest[user_id] = max(highest.get(user_id, ZERO), by_role[role])
    return {user_id: highest.get(user_id, by_kind.get(kind, ZERO)) for user_id, kind in kinds.items()}


def usual_hours(year: int) -> Decimal:
    """What a full member owes in a year; zero when no rule says so."""
    row = HourRequirement.objects.in_force(_day_of(year)).filter(membership_kind=MembershipKind.FULL).first()
    return row.hours if row else ZERO


def balances(member: "User", year: int | None = None) -> dict[str, Decimal]:
    """All three units of a member in one query; of all years when `year` is omitted."""
    entries = LedgerEntry.objects.of(member)
    if year:
        entries = entries.in_year(year)
    sums = dict(entries.order_by().values_list("unit").annotate(total=Sum("amount")))
    return {unit: sums.get(unit, ZERO) for unit in Unit.values}


def _day_of(year: int) -> date:
    """The day whose rules hold for a year: today in this one, the last day in another."""
    today = timezone.localdate()
    return today if year == today.year else date(year, 12, 31)
