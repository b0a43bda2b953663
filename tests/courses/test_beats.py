"""Raw reports: append-only, pruned when old, and enough to compute the progress again."""

from datetime import timedelta
from random import Random

import pytest
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from courses.domain.beats import prune_beats, recompute_progress
from courses.models import LessonProgress, WatchBeat, WatchSession
from school.kernel.errors import IllegalMove
from tests.courses.test_watching import SECOND, Viewer
from tests.factories import make_lesson

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer() -> Viewer:
    return Viewer(make_lesson(seconds=600, asks_presence=False))


def test_recomputing_from_the_reports_gives_the_same(viewer: Viewer) -> None:
    chance = Random(1)
    for _ in range(40):
        start = chance.randrange(0, 500) * SECOND
        viewer.report([[0, start], [start, start + 30 * SECOND]][chance.randrange(2) :], after=chance.randrange(40))
    stored = LessonProgress.objects.get()
    assert stored.credited_ms > 60 * SECOND
    LessonProgress.objects.update(ranges=[], credited_ms=0)
    again = recompute_progress(viewer.member, viewer.lesson)
    assert (again.ranges, again.credited_ms) == (stored.ranges, stored.credited_ms)


def test_without_all_reports_nothing_is_recomputed(viewer: Viewer) -> None:
    WatchSession.objects.update(started_at=timezone.now() - timedelta(days=181))
    with pytest.raises(IllegalMove, match="过保存期"):
        recompute_progress(viewer.member, viewer.lesson)


def test_reports_are_never_changed_and_young_ones_never_deleted(viewer: Viewer) -> None:
    viewer.report([[0, 1]], after=1)
    beat = WatchBeat.objects.get()
    rows = models.QuerySet(WatchBeat).filter(pk=beat.pk)  # beneath the model's own refusal
    for change in (lambda: rows.update(paid_ms=9), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(TypeError):
        beat.delete()
    assert WatchBeat.objects.get().paid_ms == 1


def test_old_reports_go_and_young_ones_stay(viewer: Viewer) -> None:
    for days in (0, 179, 181, 400):
        moment = timezone.now() - timedelta(days=days)
        WatchBeat.objects.create(session=viewer.session, at=moment, seq=days, ranges=[], paid_ms=0)
    assert prune_beats() == 2
    assert set(WatchBeat.objects.values_list("seq", flat=True)) == {0, 179}
    assert prune_beats() == 0


def test_a_short_retention_still_keeps_a_month(viewer: Viewer, settings: object) -> None:
    settings.WATCH_BEATS_DAYS = 1
    WatchBeat.objects.create(
        session=viewer.session, at=timezone.now() - timedelta(days=29), seq=1, ranges=[], paid_ms=0
    )
    assert prune_beats() == 0
