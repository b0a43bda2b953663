"""Crediting watched video: the client reports its whole set, the server pays from a clock-bound budget."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from courses.domain import intervals
from courses.domain.completion import complete_if_due
from courses.models import LessonPage, LessonProgress, PlaybackBudget, WatchBeat, WatchSession
from school.kernel.errors import IllegalMove, InvalidInput, NotFound

if TYPE_CHECKING:
    from school.people.models import User

RATE_TENTHS = 15  # the fastest rate in the player's menu, 1.5, in tenths
MAX_ELAPSED_MS = 300_000  # an open lease banks no more than five minutes at once
JUMP_MS = 2_000  # a first viewing may not start further ahead of what is watched
MAX_RANGES = 500
WATCHED_PERCENT = 95


def open_session(member: "User", lesson: LessonPage) -> WatchSession:
    """Start watching; this session now holds the member's only lease and others are told to pause."""
    if not LessonPage.objects.visible_to(member).filter(pk=lesson.pk).exists() or lesson.video is None:
        raise NotFound
    with transaction.atomic():
        budget, _ = PlaybackBudget.objects.get_or_create(member=member)
        budget = PlaybackBudget.objects.select_for_update().get(pk=budget.pk)
        session = WatchSession.objects.create(member=member, lesson=lesson)
        _fill(budget, timezone.now())
        budget.lease = session.pk
        budget.save()
        LessonProgress.objects.get_or_create(member=member, lesson=lesson)
    return session


def record_watch(
    session: WatchSession,
    *,
    seq: int,
    ranges: Sequence[Sequence[int]],
    position_ms: int,
    now: datetime | None = None,
) -> LessonProgress:
    """Credit what is new of `ranges` ([start_ms, end_ms) pairs), as far as the member's time budget reaches.

    Repeats, loss and disorder of reports change nothing: the client always sends its whole set. What the budget does
    not cover is not lost, it is claimed again by the next report. Raises IllegalMove when another tab took over.
    """
    claimed = _checked(ranges, session.lesson.duration_ms)
    now = now or timezone.now()
    with transaction.atomic():
        budget = PlaybackBudget.objects.select_for_update().get(member=session.member)
        if budget.lease != session.pk:
            raise IllegalMove("您已在另一个窗口或设备上打开课程，这里已暂停。", code="taken_over")
        progress = LessonProgress.objects.select_for_update().get(member=session.member, lesson=session.lesson)
        _fill(budget, now)
        if progress.watched_at is None:
            claimed = _without_jumps(claimed, progress.ranges)
        fresh = intervals.first(intervals.subtract(claimed, progress.ranges), budget.bank_ms)
        paid = intervals.total(fresh)
        budget.bank_ms -= paid
        budget.save()
        _note(session, seq, ranges, paid, now)
        _credit(progress, fresh, position_ms, now)
    if progress.watched_at:
        complete_if_due(session.member, session.lesson)
        progress.refresh_from_db()
    return progress


def _checked(ranges: Sequence[Sequence[int]], duration_ms: int) -> list[intervals.Interval]:
    if len(ranges) > MAX_RANGES:
        raise InvalidInput(f"一次最多上报 {MAX_RANGES} 段观看记录。")
    if any(len(pair) != 2 or pair[0] < 0 or pair[1] < pair[0] for pair in ranges):
        raise InvalidInput("观看记录应为 [开始, 结束] 的毫秒数，且开始不晚于结束。")
    return intervals.clip(ranges, duration_ms)


def _fill(budget: PlaybackBudget, now: datetime) -> None:
    elapsed = int((now - budget.seen_at).total_seconds() * 1000)
    if elapsed > 0:
        gained = min(elapsed, MAX_ELAPSED_MS) * RATE_TENTHS // 10
        budget.bank_ms = min(budget.bank_ms + gained, MAX_ELAPSED_MS * RATE_TENTHS // 10)
        budget.seen_at = now


def _without_jumps(claimed: list[intervals.Interval], known: Sequence[Sequence[int]]) -> list[intervals.Interval]:
    """On a first viewing only time that continues the watched beginning counts; going back is free."""
    accepted: list[intervals.Interval] = []
    for piece in intervals.union(claimed):
        block = intervals.union(known, accepted)
        frontier = block[0][1] if block and block[0][0] <= JUMP_MS else 0
        if piece[0] > frontier + JUMP_MS:
            continue
        accepted.append(piece)
    return accepted


def _note(session: WatchSession, seq: int, ranges: Sequence[Sequence[int]], paid: int, now: datetime) -> None:
    WatchBeat.objects.create(session=session, at=now, seq=seq, ranges=[list(pair) for pair in ranges], paid_ms=paid)
    WatchSession.objects.filter(pk=session.pk, seq__lt=seq).update(seq=seq)


def _credit(progress: LessonProgress, fresh: list[intervals.Interval], position_ms: int, now: datetime) -> None:
    ranges = intervals.union(progress.ranges, fresh)
    duration = progress.lesson.duration_ms
    progress.ranges = [list(piece) for piece in ranges]
    progress.credited_ms = intervals.total(ranges)
    progress.furthest_ms = max((end for _, end in ranges), default=0)
    progress.position_ms = min(max(0, position_ms), duration)
    progress.updated_at = now
    if progress.watched_at is None and progress.credited_ms * 100 >= duration * WATCHED_PERCENT:
        progress.watched_at = now
    progress.save()
