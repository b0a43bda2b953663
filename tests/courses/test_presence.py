"""Presence: asked at credited times drawn by the server, once a nonce; unanswered, nothing new counts."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from courses.domain import presence, watching
from courses.domain.terms import Terms
from courses.models import LessonProgress, PresencePrompt
from school.kernel.errors import IllegalMove
from tests.courses.test_watching import SECOND, Viewer
from tests.factories import make_lesson

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer() -> Viewer:
    viewer = Viewer(make_lesson(seconds=3600))
    LessonProgress.objects.update(prompt_due_ms=30 * SECOND)
    return viewer


def watch(viewer: Viewer, until: int, after: float) -> watching.Watching:
    return viewer.report([[0, until * SECOND]], after)


def confirm(viewer: Viewer, nonce: str, after: float, **options: Any) -> watching.Watching:
    viewer.at += timedelta(seconds=after)
    return watching.answer_presence(viewer.session.pk, viewer.member, nonce, now=viewer.at, **options)


def test_the_time_is_drawn_between_four_and_six_credited_minutes(viewer: Viewer) -> None:
    drawn = set()
    for seed in range(50):
        progress = LessonProgress(credited_ms=1_000)
        presence.draw(progress, Terms(**viewer.session.terms), Random(seed))
        drawn.add(progress.prompt_due_ms)
    assert min(drawn) >= 241_000
    assert max(drawn) <= 361_000
    assert len(drawn) > 40


def test_it_is_asked_when_due_and_not_before(viewer: Viewer) -> None:
    assert not watch(viewer, 29, after=29).progress.prompt_nonce
    found = watch(viewer, 40, after=11)
    assert found.progress.credited_ms == 30 * SECOND
    assert found.progress.prompt_nonce == PresencePrompt.objects.get().nonce
    assert found.held == [(30 * SECOND, 40 * SECOND, "presence")]


def test_unanswered_nothing_new_counts_and_what_counted_stays(viewer: Viewer) -> None:
    watch(viewer, 40, after=40)
    found = watch(viewer, 400, after=200)
    assert found.progress.credited_ms == 30 * SECOND
    assert presence.seconds_left(found.progress, found.now) == 0


def test_in_time_the_seconds_since_count(viewer: Viewer) -> None:
    nonce = watch(viewer, 40, after=40).progress.prompt_nonce
    confirm(viewer, nonce, after=10)
    assert watch(viewer, 50, after=0).progress.credited_ms == 50 * SECOND


def test_late_the_bank_goes_on_from_now(viewer: Viewer) -> None:
    nonce = watch(viewer, 30, after=20).progress.prompt_nonce
    confirm(viewer, nonce, after=76)
    assert watch(viewer, 100, after=0).progress.credited_ms == 30 * SECOND
    assert watch(viewer, 100, after=10).progress.credited_ms == 45 * SECOND
    prompt = PresencePrompt.objects.get()
    assert (prompt.in_time, prompt.reaction_ms) == (False, 76_000)


@pytest.mark.parametrize("nonce", ["", "x" * 22])
def test_only_the_open_nonce_is_taken_and_only_once(viewer: Viewer, nonce: str) -> None:
    right = watch(viewer, 40, after=40).progress.prompt_nonce
    with pytest.raises(IllegalMove) as refusal:
        confirm(viewer, nonce, after=1)
    assert refusal.value.code == "no_prompt"
    confirm(viewer, right, after=1)
    with pytest.raises(IllegalMove):
        confirm(viewer, right, after=1)


@pytest.mark.parametrize(("seconds", "fields"), [(299, {}), (600, {"asks_presence": False})])
def test_short_lessons_and_those_without_the_rule_ask_nobody(seconds: int, fields: dict[str, Any]) -> None:
    Viewer(make_lesson(seconds=seconds, **fields))
    assert LessonProgress.objects.get().prompt_due_ms is None


def test_nothing_is_asked_once_the_video_is_watched(viewer: Viewer) -> None:
    LessonProgress.objects.update(watched_at=viewer.at, credited_ms=3420 * SECOND, ranges=[[0, 3420 * SECOND]])
    viewer.open()
    found = watch(viewer, 3600, after=300)
    assert (found.progress.prompt_nonce, found.progress.credited_ms) == ("", 3600 * SECOND)
