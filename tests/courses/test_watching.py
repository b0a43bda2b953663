"""Credited watching: never more than the clock, never twice, never lost for an honest viewer."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from courses.domain import watching
from courses.models import LessonPage, LessonProgress, PlaybackBudget, WatchSession
from school.kernel.errors import IllegalMove, InvalidInput, NotFound
from school.ledger.models import LedgerEntry
from school.notices.models import Notice
from school.people.enums import Visibility
from school.people.models import User
from tests.factories import make_lesson, make_member, make_rules, make_tree

pytestmark = pytest.mark.django_db
SECOND = 1000


@pytest.fixture
def member() -> User:
    return make_member()


@pytest.fixture
def lesson() -> LessonPage:
    return make_lesson(seconds=600)


@pytest.fixture
def session(member: User, lesson: LessonPage) -> WatchSession:
    session = watching.open_session(member, lesson)
    PlaybackBudget.objects.update(bank_ms=0)
    return session


def report(session: WatchSession, ranges: list[Any], after: float, seq: int = 1) -> LessonProgress:
    seen_at = PlaybackBudget.objects.get().seen_at
    return watching.record_watch(session, seq=seq, ranges=ranges, position_ms=0, now=seen_at + timedelta(seconds=after))


def test_claiming_the_whole_at_once_earns_the_clock_only(session: WatchSession) -> None:
    assert report(session, [[0, 600 * SECOND]], after=10).credited_ms == 15 * SECOND


def test_honest_viewing_is_credited_in_full(session: WatchSession) -> None:
    for minute in range(1, 11):
        progress = report(session, [[(minute - 1) * 60 * SECOND, minute * 60 * SECOND]], after=60, seq=minute)
    assert progress.credited_ms == 600 * SECOND
    assert progress.watched_at is not None


def test_repeats_earn_nothing_more(session: WatchSession) -> None:
    first = report(session, [[0, 20 * SECOND]], after=20)
    again = report(session, [[0, 20 * SECOND]], after=20)
    assert first.credited_ms == again.credited_ms == 20 * SECOND


def test_what_the_budget_refused_is_claimed_later(session: WatchSession) -> None:
    report(session, [[0, 60 * SECOND]], after=10)
    assert report(session, [[0, 60 * SECOND]], after=60).credited_ms == 60 * SECOND


def test_no_jump_ahead_on_the_first_viewing(session: WatchSession) -> None:
    progress = report(session, [[0, 10 * SECOND], [500 * SECOND, 520 * SECOND]], after=60)
    assert progress.ranges == [[0, 10 * SECOND]]


def test_many_tabs_share_one_budget(member: User, session: WatchSession) -> None:
    other = make_lesson(seconds=600)
    report(session, [[0, 60 * SECOND]], after=40)
    second = watching.open_session(member, other)
    with pytest.raises(IllegalMove, match="另一个窗口"):
        report(session, [[0, 600 * SECOND]], after=1)
    assert report(second, [[0, 600 * SECOND]], after=0).credited_ms <= 1 * SECOND


@pytest.mark.parametrize("ranges", [[[5, 1]], [[-1, 5]], [[1]], [[0, 1]] * 501])
def test_malformed_ranges_are_refused(session: WatchSession, ranges: list[Any]) -> None:
    with pytest.raises(InvalidInput):
        report(session, ranges, after=10)
    assert LessonProgress.objects.get().credited_ms == 0


def test_a_video_watched_pays_once_however_often_reported(session: WatchSession, member: User) -> None:
    make_rules()
    for number in range(1, 13):
        report(session, [[0, number * 60 * SECOND]], after=60, seq=number)
    hours = LedgerEntry.objects.of(member).in_unit("hour")
    assert [str(entry.amount) for entry in hours] == ["0.20"]  # 10 minutes / 45, floored to a tenth
    assert Notice.objects.filter(recipient=member, kind="award").count() == 1


def test_internal_lessons_of_others_cannot_be_opened() -> None:
    _, mine, theirs = make_tree()
    lesson = make_lesson(theirs, visibility=Visibility.INTERNAL)
    with pytest.raises(NotFound):
        watching.open_session(make_member(mine), lesson)
    assert watching.open_session(make_member(theirs), lesson)


def test_an_idle_lease_banks_no_more_than_its_cap(session: WatchSession) -> None:
    progress = report(session, [[0, 600 * SECOND]], after=timedelta(hours=5).total_seconds())
    assert progress.credited_ms == watching.MAX_ELAPSED_MS * 1.5
    assert timezone.is_aware(progress.updated_at)
