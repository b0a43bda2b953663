"""The player's raw reports: pruned when old, and read again when a fault of ours must be made good."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from courses.domain import crediting, intervals
from courses.domain.intervals import Interval
from courses.domain.terms import Terms
from courses.models import LessonPage, LessonProgress, WatchBeat, WatchSession
from school.kernel.errors import IllegalMove

if TYPE_CHECKING:
    from school.people.models import User

LEAST_DAYS = 30  # what the table's trigger keeps in any case
BATCH = 5_000


def prune_beats() -> int:
    """Each day: drop reports older than WATCH_BEATS_DAYS in batches of their own; returns how many. Safe to repeat."""
    before = timezone.now() - timedelta(days=max(LEAST_DAYS, settings.WATCH_BEATS_DAYS))
    total = 0
    while count := WatchBeat.objects.prune(before, BATCH):
        total += count
    return total


def replayed(member: "User", lesson: LessonPage) -> list[Interval]:
    """What the kept reports are worth under the rules of today, with the time that the clock allowed each of them."""
    known: list[Interval] = []
    terms: Terms | None = None
    beats = WatchBeat.objects.filter(session__member=member, session__lesson=lesson).select_related("session")
    for beat in beats.order_by("at", "pk"):
        terms = Terms(**beat.session.terms)
        known = intervals.clip(known, terms.duration_ms)
        is_first = intervals.total(known) < terms.needed_ms
        verdict = crediting.credit(
            intervals.clip(beat.ranges, terms.duration_ms),
            known,
            room_ms=beat.room_ms,
            allowance_ms=terms.allowance_ms if is_first else None,
            limit_ms=beat.limit_ms,
        )
        known = intervals.union(known, verdict.paid)
    return intervals.clip(known, lesson.duration_ms)


def recompute_progress(member: "User", lesson: LessonPage) -> LessonProgress:
    """Set the credited ranges to what the reports are worth. Being watched or completed is never taken back.

    Raises IllegalMove when reports of the lesson have been pruned: then they no longer tell the whole.
    """
    with transaction.atomic():
        progress = LessonProgress.objects.select_for_update().get(member=member, lesson=lesson)
        sessions = WatchSession.objects.filter(member=member, lesson=lesson)
        oldest = timezone.now() - timedelta(days=max(LEAST_DAYS, settings.WATCH_BEATS_DAYS))
        if sessions.filter(started_at__lt=oldest).exists():
            raise IllegalMove("这门课程的部分观看上报已过保存期，不能重新计算。", code="pruned")
        ranges = replayed(member, lesson)
        progress.ranges = [list(piece) for piece in ranges]
        progress.credited_ms = intervals.total(ranges)
        progress.save(update_fields=["ranges", "credited_ms"])
    return progress
