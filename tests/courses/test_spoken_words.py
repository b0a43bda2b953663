"""What is said in a lesson's video: shown beside the player, found by the search at its second, kept up to date."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from courses.models import LessonPage
from media.domain import captions
from media.enums import CaptionSource, Language
from media.kinds.caption_format import Line, Reading
from school.people.models import User
from search.domain.indexing import rebuild
from search.queries import search
from tests.factories import make_lesson, make_member

LINES = [Line(0, 2000, "各位同志好。"), Line(83_000, 86_000, "先念一遍返送電風險清單。")]


@pytest.fixture
def lesson(db: None) -> LessonPage:
    lesson = make_lesson(seconds=300)
    captions.keep_reading(lesson.video, Language.TRADITIONAL, Reading(LINES), source=CaptionSource.UPLOADED)
    return lesson


@pytest.fixture
def member(db: None) -> User:
    return make_member()


def test_a_hit_leads_to_the_second(lesson: LessonPage, member: User) -> None:
    rebuild()
    hit = search("返送电风险", member).hits[0]
    assert hit.url == f"{lesson.url}#t=83"
    assert hit.heading == "视频 01:23 处"


def test_the_index_follows_the_captions(
    lesson: LessonPage,
    member: User,
    run_jobs: Callable[[], int],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    track, editor = lesson.video.captions.get(), make_member()
    rebuild()

    def after(act: Callable[[], Any]) -> list[str]:
        with django_capture_on_commit_callbacks(execute=True):
            act()
        run_jobs()
        return [word for word in ("返送电", "接地线") if search(word, member).total]

    def correct() -> None:
        captions.save_cues(track, [Line(5000, 6000, "接地線要挂好。", 1)], version=1, by=editor)

    assert after(correct) == ["接地线"]
    track.refresh_from_db()
    assert after(lambda: captions.withdraw_track(track, by=editor)) == []
    assert after(lambda: captions.publish_track(track, by=editor)) == ["接地线"]
    assert after(lambda: captions.delete_track(track, by=editor)) == []


def test_the_lesson_page_shows_the_words(lesson: LessonPage, member: User) -> None:
    client = Client()
    client.force_login(member)
    page = client.get(lesson.url).content.decode()
    assert 'data-seek="83.000"' in page
    assert 'data-folded="先念一遍返送电风险清单。"' in page
    assert "media/transcript.js" in page
