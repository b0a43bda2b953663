"""Crediting what is read: each unit is on screen for a least time, paid from the same budget as watching."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from courses.domain.completion import complete_if_due
from courses.domain.leases import fill, lock
from courses.domain.units import units_of
from courses.models import LessonProgress
from school.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from school.people.models import User


MAX_UNITS = 1_000


@dataclass(frozen=True)
class Reading:
    """Where a member stands: each unit with what it needs and what was credited, in milliseconds."""

    session: UUID
    progress: LessonProgress
    units: dict[str, int]

    @property
    def percent(self) -> int:
        return percent_of(self.units, self.progress.spent)

    def rows(self) -> list[dict[str, Any]]:
        spent = self.progress.spent
        return [{"unit": key, "required_ms": ms, "spent_ms": spent.get(key, 0)} for key, ms in self.units.items()]


def record_reading(
    session_id: UUID, member: "User", spent: dict[str, int], *, login: str = "", now: datetime | None = None
) -> Reading:
    """Credit time on screen: for each unit `spent` is the whole time so far, so repeats and loss change nothing.

    One millisecond of reading costs one of real time, whatever playing speed the lesson allows. Raises what
    `leases.lock` raises.
    """
    now = now or timezone.now()
    if len(spent) > MAX_UNITS or any(ms < 0 for ms in spent.values()):
        raise InvalidInput("阅读记录的格式不正确，请刷新页面后接着读。")
    with transaction.atomic():
        lease = lock(session_id, member, login=login, now=now)
        progress, budget, rate = lease.progress, lease.budget, lease.terms.rate
        units = units_of(lease.session.lesson)
        if not progress.prompt_nonce:
            fill(budget, now)
        kept, bank = pay(units, progress.spent, spent, budget.bank_ms, rate)
        progress.spent, budget.bank_ms, progress.updated_at = kept, bank, now
        is_done = all(kept.get(key, 0) >= ms for key, ms in units.items())
        if is_done and progress.read_at is None:
            progress.read_at = now
        budget.save(update_fields=["bank_ms", "seen_at"])
        progress.save(update_fields=["spent", "read_at", "updated_at"])
        if is_done and complete_if_due(member, lease.session.lesson, now=now):
            progress.completed_at = progress.completed_at or now
    return Reading(lease.session.pk, progress, units)


def pay(
    units: dict[str, int], known: dict[str, int], claimed: dict[str, int], bank_ms: int, rate: int
) -> tuple[dict[str, int], int]:
    """What is credited of `claimed`, in the order of the units, and what the bank then holds."""
    kept = dict(known)
    for key, required in units.items():
        wanted = min(claimed.get(key, 0), required) - kept.get(key, 0)
        payable = min(wanted, bank_ms * 100 // rate)
        if payable > 0:
            kept[key] = kept.get(key, 0) + payable
            bank_ms -= payable * rate // 100
    return kept, bank_ms


def percent_of(units: dict[str, int], spent: dict[str, int]) -> int:
    """Read so far, rounded down; 100 when nothing must be read."""
    needed = sum(units.values())
    return sum(min(ms, spent.get(key, 0)) for key, ms in units.items()) * 100 // needed if needed else 100
