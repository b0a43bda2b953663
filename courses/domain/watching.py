"""Crediting watched video: the client reports its whole set, the server pays from a clock-bound budget."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from courses.domain import crediting, intervals, presence
from courses.domain.completion import complete_if_due
from courses.domain.leases import fill, lock
from courses.domain.terms import Terms
from courses.enums import Uncounted
from courses.models import LessonProgress, PlaybackBudget, WatchBeat, WatchSession
from school.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from school.people.models import User

MAX_RANGES = 500
MAX_MS = 2**31 - 1  # a day has 86 million milliseconds; this is what a column holds
EARNED = ("ranges", "credited_ms", "furthest_ms", "position_ms", "watched_at", "updated_at")
PROMPTED = ("prompt_due_ms", "prompt_nonce", "prompt_asked_at")


@dataclass(frozen=True)
class Watching:
    """Where a member stands after a report; `held` names what of the report does not count, and why."""

    session: WatchSession
    progress: LessonProgress
    terms: Terms
    now: datetime
    held: list[tuple[int, int, Uncounted]] = field(default_factory=list)

    @property
    def percent(self) -> int:
        duration = self.terms.duration_ms
        return min(100, self.progress.credited_ms * 100 // duration) if duration else 100


def record_watch(
    session_id: UUID,
    member: "User",
    *,
    seq: int,
    ranges: Sequence[Sequence[int]],
    position_ms: int,
    login: str = "",
    now: datetime | None = None,
) -> Watching:
    """Credit what is new of `ranges` ([start_ms, end_ms) pairs), as far as order, questions and clock allow.

    Repeats, loss and disorder of reports change nothing: the client always sends its whole set. What is held back is
    not lost, it is claimed again by the next report. Raises what `leases.lock` raises, InvalidInput for a bad set.
    """
    now = now or timezone.now()
    _check(ranges)
    with transaction.atomic():
        lease = lock(session_id, member, login=login, now=now)
        session, progress, budget, terms = lease.session, lease.progress, lease.budget, lease.terms
        claimed = intervals.clip(ranges, terms.duration_ms)
        was_watched = progress.watched_at is not None
        gap = 0 if progress.prompt_nonce else fill(budget, now)
        verdict, beat = _judge(claimed, progress, budget, terms)
        budget.bank_ms -= verdict.paid_ms
        budget.save(update_fields=["bank_ms", "seen_at"])
        _credit(progress, verdict.paid, terms, position_ms, now)
        asked = presence.ask_if_due(progress, session, now)
        progress.save(update_fields=[*EARNED, *PROMPTED] if asked else EARNED)
        beat.session, beat.at, beat.seq, beat.gap_ms = session, now, seq, min(gap, MAX_MS)
        beat.ranges = [list(piece) for piece in ranges]
        beat.save(force_insert=True)
        if progress.watched_at and not was_watched and complete_if_due(member, session.lesson, now=now):
            progress.completed_at = now  # in the same transaction: watched is never left without its completion
    return Watching(session, progress, terms, now, verdict.held)


def answer_presence(
    session_id: UUID,
    member: "User",
    nonce: str,
    *,
    login: str = "",
    now: datetime | None = None,
    chance: Random = presence.CHANCE,
) -> Watching:
    """The member is there. In time, the seconds since the question count; late, the bank goes on from now.

    Raises what `leases.lock` raises, and IllegalMove `no_prompt` for a nonce that is not the open one.
    """
    now = now or timezone.now()
    with transaction.atomic():
        lease = lock(session_id, member, login=login, now=now)
        session, progress, budget, terms = lease.session, lease.progress, lease.budget, lease.terms
        if presence.answer(progress, nonce, terms, now, chance):
            fill(budget, now)
        budget.seen_at = now
        budget.save(update_fields=["bank_ms", "seen_at"])
        progress.save(update_fields=PROMPTED)
    return Watching(session, progress, terms, now)


def _check(ranges: Sequence[Sequence[int]]) -> None:
    if len(ranges) > MAX_RANGES:
        raise InvalidInput(f"一次最多上报 {MAX_RANGES} 段观看记录。")
    if any(len(pair) != 2 or pair[0] < 0 or pair[1] < pair[0] for pair in ranges):
        raise InvalidInput("观看记录应为 [开始, 结束] 的毫秒数，且开始不晚于结束。")


def _judge(
    claimed: list[intervals.Interval], progress: LessonProgress, budget: PlaybackBudget, terms: Terms
) -> tuple[crediting.Verdict, WatchBeat]:
    """The verdict, and the beat that records what it rested on."""
    is_first = progress.watched_at is None
    until_prompt = presence.room(progress)
    is_asked = until_prompt is not None and until_prompt < budget.bank_ms
    room = until_prompt if is_asked and until_prompt is not None else budget.bank_ms
    limit = terms.gate(progress.answered) if is_first else None
    verdict = crediting.credit(
        claimed,
        progress.ranges,
        room_ms=room,
        allowance_ms=terms.allowance_ms if is_first else None,
        limit_ms=limit,
        shortage=Uncounted.PRESENCE if is_asked else Uncounted.BUDGET,
    )
    beat = WatchBeat(room_ms=room, limit_ms=limit, paid_ms=verdict.paid_ms, unpaid_ms=verdict.held_ms)
    return verdict, beat


def _credit(
    progress: LessonProgress, paid: list[intervals.Interval], terms: Terms, position_ms: int, now: datetime
) -> None:
    if paid:
        ranges = intervals.union(progress.ranges, paid)
        progress.ranges = [list(piece) for piece in ranges]
        progress.credited_ms = intervals.total(ranges)
        progress.furthest_ms = max(progress.furthest_ms, crediting.reach(ranges, terms.allowance_ms))
    progress.position_ms = min(max(0, position_ms), terms.duration_ms)
    progress.updated_at = now
    if progress.watched_at is None and terms.duration_ms and progress.credited_ms >= terms.needed_ms:
        progress.watched_at = now
