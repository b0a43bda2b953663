"""Covers: drawn when a lesson is published, drawn anew with new words, never instead of what the editor chose."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.domain.covers import complete_covers, draw_cover
from courses.models import LessonCover, LessonPage
from media.models import Image
from tests.factories import make_lesson, make_member
from tests.media.drawings import drawn, encoded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_memory() -> None:
    cache.clear()


def publish(lesson: LessonPage) -> LessonPage:
    lesson.save_revision().publish()
    return LessonPage.objects.get(pk=lesson.pk)


def test_publishing_draws_the_cover_and_new_words_draw_it_anew(run_jobs: Any) -> None:
    lesson = publish(make_lesson(seconds=0, title="党费怎么算"))
    assert lesson.cover is None
    run_jobs()
    first = LessonPage.objects.get(pk=lesson.pk).cover
    assert first
    assert (first.width, first.height, first.is_decorative) == (1280, 720, True)
    publish(lesson)
    run_jobs()
    assert LessonPage.objects.get(pk=lesson.pk).cover == first
    lesson.title = "党费怎么缴"
    publish(lesson)
    run_jobs()
    second = LessonPage.objects.get(pk=lesson.pk).cover
    assert second
    assert second.file_hash != first.file_hash
    assert Image.objects.get() == second
    assert second.renditions.count() == 9
    draw_cover(lesson.pk)
    assert Image.objects.get() == second


def test_an_older_revision_does_not_bring_an_older_cover_back(run_jobs: Any) -> None:
    lesson = make_lesson(seconds=0, title="原来的题目")
    old = lesson.save_revision()
    old.publish()
    run_jobs()
    lesson.title = "后来的题目"
    publish(lesson)
    run_jobs()
    old.publish()
    run_jobs()
    found = LessonPage.objects.get(pk=lesson.pk)
    assert found.title == "原来的题目"
    assert "原来的题目" in found.cover.title


def test_the_editors_choice_comes_first(run_jobs: Any) -> None:
    chosen = Image(title="现场", alt_text="现场", file=ContentFile(encoded(drawn(), "PNG"), name="a.png"))
    chosen.save()
    lesson = publish(make_lesson(seconds=0, cover_image=chosen))
    run_jobs()
    assert LessonCover.objects.count() == 0
    assert lesson.cover == chosen
    assert chosen.renditions.filter(filter_spec__startswith="fill-").count() == 9


def test_a_missing_cover_is_made_up_for_and_goes_with_its_lesson(run_jobs: Any) -> None:
    lesson = make_lesson(seconds=0)
    assert complete_covers() == 1
    run_jobs()
    assert complete_covers() == 0
    LessonPage.objects.get(pk=lesson.pk).delete()
    assert Image.objects.count() == 0


def test_the_list_asks_no_more_for_more_covers(run_jobs: Any) -> None:
    client = Client()
    client.force_login(make_member())
    counts = []
    for number in (2, 5):
        for _ in range(number):
            publish(make_lesson(seconds=0))
        run_jobs()
        client.get("/courses/")
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/courses/").content.decode()
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert page.count('type="image/avif"') == 7
    assert 'alt=""' in page
    assert "cover-book.svg" not in page


def test_a_recording_without_picture_shows_the_cover_while_it_plays(run_jobs: Any) -> None:
    lesson = publish(make_lesson())
    lesson.video.type = "audio"
    lesson.video.save()
    run_jobs()
    client = Client()
    client.force_login(make_member())
    page = client.get(lesson.url).content.decode()
    assert re.search(r'poster="/uploads/images/[0-9a-f]{24}/cover-\d+\S*\.fill-960x540\.format-jpeg\.jpg"', page)
