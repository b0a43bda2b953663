"""Credited watching: never more than the clock, never twice, never lost for an honest viewer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from courses.domain import crediting, leases, watching
from courses.models import LessonPage, LessonProgress, PlaybackBudget, WatchBeat, WatchSession
from school.kernel.errors import IllegalMove, InvalidInput, NotFound
from school.ledger.models import LedgerEntry
from school.notices.models import Notice
from school.people.enums import Visibility
from school.people.models import User
from tests.factories import make_lesson, make_member, make_rules, make_tree

pytestmark = pytest.mark.django_db
SECOND = 1000


class Viewer:
    """A member at a player with a clock of its own; `at` is the server's time."""

    def __init__(self, lesson: LessonPage, member: User | None = None) -> None:
        self.lesson, self.member = lesson, member or make_member()
        self.at = timezone.now()
        self.seq = 0
        self.open()

    def open(self) -> None:
        self.session = leases.open_session(self.member, self.lesson, now=self.at)

    def report(self, ranges: list[Any], after: float) -> watching.Watching:
        self.at += timedelta(seconds=after)
        self.seq += 1
        return watching.record_watch(
            self.session.pk, self.member, seq=self.seq, ranges=ranges, position_ms=0, now=self.at
        )

    def earned(self, ranges: list[Any], after: float) -> int:
        return self.report(ranges, after).progress.credited_ms


@pytest.fixture
def viewer() -> Viewer:
    return Viewer(make_lesson(seconds=600, asks_presence=False))


def test_claiming_the_whole_at_once_earns_the_clock_only(viewer: Viewer) -> None:
    assert viewer.earned([[0, 600 * SECOND]], after=10) == 15 * SECOND


@pytest.mark.parametrize(("rate", "earned"), [(100, 10), (125, 12.5), (150, 15), (200, 20)])
def test_the_lesson_says_how_fast_the_clock_pays(rate: int, earned: float) -> None:
    viewer = Viewer(make_lesson(seconds=600, max_rate=rate))
    found = viewer.report([[0, 600 * SECOND]], after=10)
    assert found.progress.credited_ms == earned * SECOND


def test_honest_viewing_is_credited_in_full(viewer: Viewer) -> None:
    for minute in range(1, 11):
        progress = viewer.report([[(minute - 1) * 60 * SECOND, minute * 60 * SECOND]], after=60).progress
    assert progress.credited_ms == 600 * SECOND
    assert progress.watched_at is not None


def test_repeats_earn_nothing_more(viewer: Viewer) -> None:
    assert [viewer.earned([[0, 20 * SECOND]], after=20) for _ in range(2)] == [20 * SECOND] * 2


def test_what_the_budget_refused_is_named_and_claimed_later(viewer: Viewer) -> None:
    held = viewer.report([[0, 60 * SECOND]], after=10).held
    assert held == [(15 * SECOND, 60 * SECOND, "budget")]
    assert viewer.earned([[0, 60 * SECOND]], after=60) == 60 * SECOND


def test_no_jump_ahead_on_the_first_viewing(viewer: Viewer) -> None:
    found = viewer.report([[0, 10 * SECOND], [500 * SECOND, 520 * SECOND]], after=60)
    assert found.progress.ranges == [[0, 10 * SECOND]]
    assert found.held == [(500 * SECOND, 520 * SECOND, "ahead")]
    assert found.progress.furthest_ms == 10 * SECOND


def test_a_gap_may_not_be_bridged_by_what_was_not_credited(viewer: Viewer) -> None:
    """The set is checked against what is contiguous from the start, not against any credited piece."""
    LessonProgress.objects.update(ranges=[[0, 10 * SECOND], [400 * SECOND, 410 * SECOND]], credited_ms=20 * SECOND)
    found = viewer.report([[410 * SECOND, 420 * SECOND]], after=60)
    assert found.progress.credited_ms == 20 * SECOND
    assert [reason for _, _, reason in found.held] == ["ahead"]


def test_slips_of_the_player_between_pieces_are_no_jumps(viewer: Viewer) -> None:
    pieces = [[start * SECOND + 50, (start + 10) * SECOND] for start in range(0, 100, 10)]
    assert viewer.earned(pieces, after=100) == 10 * 9_950


def test_once_watched_any_place_counts_and_seeking_is_free(viewer: Viewer) -> None:
    LessonProgress.objects.update(ranges=[[0, 575 * SECOND]], credited_ms=575 * SECOND, watched_at=timezone.now())
    assert viewer.earned([[590 * SECOND, 600 * SECOND]], after=30) == 585 * SECOND


def test_the_lesson_says_how_much_must_be_watched() -> None:
    viewer = Viewer(make_lesson(seconds=100, watched_percent=60))
    assert viewer.report([[0, 59_999]], after=60).progress.watched_at is None
    assert viewer.report([[59_999, 60_000]], after=1).progress.watched_at is not None


def test_many_tabs_share_one_budget(viewer: Viewer) -> None:
    viewer.earned([[0, 60 * SECOND]], after=40)
    second = Viewer(make_lesson(seconds=600), viewer.member)
    with pytest.raises(IllegalMove, match="另一个窗口"):
        viewer.report([[0, 600 * SECOND]], after=1)
    assert second.earned([[0, 600 * SECOND]], after=0) <= 1 * SECOND


@pytest.mark.parametrize("ranges", [[[5, 1]], [[-1, 5]], [[1]], [[0, 1]] * 501])
def test_malformed_ranges_are_refused(viewer: Viewer, ranges: list[Any]) -> None:
    with pytest.raises(InvalidInput):
        viewer.report(ranges, after=10)
    assert LessonProgress.objects.get().credited_ms == 0
    assert not WatchBeat.objects.exists()


def test_a_video_watched_pays_once_however_often_reported(viewer: Viewer) -> None:
    make_rules()
    for number in range(1, 13):
        found = viewer.report([[0, number * 60 * SECOND]], after=60)
    assert found.progress.completed_at is not None
    hours = LedgerEntry.objects.of(viewer.member).in_unit("hour")
    assert [str(entry.amount) for entry in hours] == ["0.20"]  # 10 minutes / 45, floored to a tenth
    assert Notice.objects.filter(recipient=viewer.member, kind="award").count() == 1


def test_internal_lessons_of_others_cannot_be_opened() -> None:
    _, mine, theirs = make_tree()
    lesson = make_lesson(theirs, visibility=Visibility.INTERNAL)
    with pytest.raises(NotFound):
        leases.open_session(make_member(mine), lesson)
    assert leases.open_session(make_member(theirs), lesson)


def test_a_foreign_session_does_not_exist(viewer: Viewer) -> None:
    with pytest.raises(NotFound):
        watching.record_watch(viewer.session.pk, make_member(), seq=1, ranges=[], position_ms=0)


def test_an_idle_lease_banks_no_more_than_its_cap(viewer: Viewer) -> None:
    found = viewer.report([[0, 600 * SECOND]], after=timedelta(hours=5).total_seconds())
    assert found.progress.credited_ms == crediting.MAX_ELAPSED_MS * 1.5
    assert timezone.is_aware(found.progress.updated_at)


def test_opening_after_a_long_pause_brings_nothing(viewer: Viewer) -> None:
    viewer.at += leases.IDLE + timedelta(seconds=1)
    viewer.open()
    assert viewer.earned([[0, 600 * SECOND]], after=2) == 3 * SECOND


def test_reloading_the_page_keeps_the_time_that_was_banked(viewer: Viewer) -> None:
    viewer.at += timedelta(seconds=60)
    viewer.open()
    assert viewer.earned([[0, 60 * SECOND]], after=0) == 60 * SECOND


# sessions


def test_a_session_belongs_to_its_sign_in(viewer: Viewer) -> None:
    with pytest.raises(IllegalMove) as refusal:
        watching.record_watch(viewer.session.pk, viewer.member, seq=1, ranges=[], position_ms=0, login="another")
    assert refusal.value.code == "expired"


def test_a_session_ends_with_the_day(viewer: Viewer) -> None:
    with pytest.raises(IllegalMove) as refusal:
        viewer.report([[0, 1]], after=13 * 3600)
    assert refusal.value.code == "expired"


def test_signing_out_ends_the_lease() -> None:
    lesson, member = make_lesson(), make_member()
    client = Client()
    client.force_login(member)
    opened = client.post(f"/api/v1/lessons/{lesson.pk}/watch-sessions").json()
    other = Client()
    other.force_login(member)
    other.post("/logout/")
    address, body = f"/api/v1/watch-sessions/{opened['id']}", {"seq": 1, "ranges": [[0, 1000]], "position": 5}
    assert client.put(address, body, content_type="application/json").status_code == 200
    client.post("/logout/")
    assert PlaybackBudget.objects.get().lease is None
    assert client.put(address, body, content_type="application/json").status_code == 401


# another video


def replaced(lesson: LessonPage, seconds: int) -> LessonPage:
    other = make_lesson(seconds=seconds)
    LessonPage.objects.filter(pk=lesson.pk).update(video=other.video)
    return LessonPage.objects.get(pk=lesson.pk)


def test_a_replaced_video_ends_the_session_and_clips_what_was_earned(viewer: Viewer) -> None:
    viewer.earned([[0, 90 * SECOND]], after=60)
    viewer.lesson = replaced(viewer.lesson, 60)
    with pytest.raises(IllegalMove) as refusal:
        viewer.report([[0, 90 * SECOND]], after=1)
    assert refusal.value.code == "replaced"
    viewer.open()
    progress = LessonProgress.objects.get(lesson=viewer.lesson)
    assert (progress.ranges, progress.credited_ms, progress.furthest_ms) == ([[0, 60_000]], 60_000, 60_000)


def test_a_new_form_of_the_same_length_keeps_everything(viewer: Viewer) -> None:
    viewer.earned([[0, 90 * SECOND]], after=60)
    viewer.lesson.video.generation += 1
    viewer.lesson.video.save()
    assert viewer.earned([[0, 100 * SECOND]], after=60) == 100 * SECOND


def test_who_had_watched_the_old_video_has_watched_the_lesson(viewer: Viewer) -> None:
    LessonProgress.objects.update(ranges=[[0, 600_000]], credited_ms=600_000, watched_at=timezone.now())
    viewer.lesson = replaced(viewer.lesson, 900)
    viewer.open()
    assert viewer.report([], after=1).progress.watched_at is not None


# speed


def test_a_report_asks_few_questions(viewer: Viewer, django_assert_num_queries: Any) -> None:
    """One locking read, two updates, one insert; the savepoint or transaction around them."""
    viewer.earned([[0, 10 * SECOND]], after=10)
    with django_assert_num_queries(6):
        viewer.report([[10 * SECOND, 20 * SECOND]], after=10)


def test_what_the_beats_say_is_small(viewer: Viewer) -> None:
    viewer.report([[0, 10 * SECOND]], after=10)
    beat = WatchBeat.objects.get()
    assert (beat.ranges, beat.paid_ms, beat.unpaid_ms, beat.room_ms) == ([[0, 10_000]], 10_000, 0, 15_000)
    assert isinstance(beat.at, datetime)
    assert WatchSession.objects.get().terms["rate"] == 150
