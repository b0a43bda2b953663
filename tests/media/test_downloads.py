"""Downloading pictures: only what one may read, with one's name on what is internal, and noted."""

from io import BytesIO
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Pillow
from PIL import ImageChops, ImageStat
from wagtail.models import ReferenceIndex

from courses.models import LessonPage
from media.domain.downloads import MOST, words_for
from media.domain.watermarks import marked
from media.models import Image
from school.kernel.models import AuditEvent
from school.people.models import Organisation, User
from tests.factories import make_lesson, make_member, make_tree
from tests.media.drawings import drawn, encoded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    caches["shared"].clear()


@pytest.fixture
def image() -> Image:
    image = Image(title="接线图", alt_text="接线图", file=ContentFile(encoded(drawn(2400, 1600), "PNG"), name="a.png"))
    image.save()
    return image


def lesson_with(image: Image, owner: Organisation | None = None, **fields: Any) -> LessonPage:
    lesson = make_lesson(owner, seconds=0, **fields)
    lesson.body = [{"type": "image", "value": {"image": image.pk, "alt_text": "图", "decorative": False}}]
    lesson.save()
    ReferenceIndex.create_or_update_for_object(lesson)
    return lesson


def ask(image: Image, person: User | None) -> Any:
    client = Client()
    if person:
        client.force_login(person)
    return client.get(reverse("media:download_picture", args=[image.pk]))


def test_an_internal_picture_bears_the_readers_name_and_is_noted(image: Image) -> None:
    _, branch, other = make_tree()
    lesson = lesson_with(image, branch, visibility="internal")
    member, stranger = make_member(branch, staff_no="320118"), make_member(other)
    answer = ask(image, member)
    assert answer["Cache-Control"] == "private, no-store"
    assert "attachment" in answer["Content-Disposition"]
    got = Pillow.open(BytesIO(b"".join(answer.streaming_content))).convert("RGB")
    assert got.size == (1920, 1280)
    plain = Pillow.open(image.file.open()).convert("RGB").resize(got.size)
    corners = [(0, 0, 640, 420), (1280, 0, 1920, 420), (0, 860, 640, 1280), (1280, 860, 1920, 1280)]
    for corner in corners:  # no corner is free of it
        assert max(ImageStat.Stat(ImageChops.difference(plain, got).crop(corner)).mean) > 1.5
    event = AuditEvent.objects.get(action="image.download")
    assert (event.actor, event.target_id, event.detail) == (member, str(image.pk), {"marked": True})
    assert ask(image, stranger).status_code == 404
    assert ask(image, None).status_code == 302
    LessonPage.objects.filter(pk=lesson.pk).update(live=False)
    assert ask(image, member).status_code == 404


def test_a_picture_of_a_public_page_is_given_as_it_is(image: Image) -> None:
    _, branch, other = make_tree()
    lesson_with(image, branch, visibility="internal")
    lesson_with(image)
    answer = ask(image, make_member(other))
    assert b"".join(answer.streaming_content) == image.file.open().read()
    assert AuditEvent.objects.get(action="image.download").detail == {"marked": False}


def test_a_picture_that_no_page_shows_is_not_found(image: Image) -> None:
    assert ask(image, make_member()).status_code == 404


def test_downloads_are_limited(image: Image) -> None:
    lesson_with(image)
    person = make_member()
    answers = [ask(image, person).status_code for _ in range(MOST + 1)]
    assert answers == [200] * MOST + [429]


def test_the_name_is_seen_on_black_on_white_and_on_tiny_pictures() -> None:
    words = words_for(User(name="赵一", username="z1"))
    assert words == "赵一 z1"
    for colour, size in (("black", (800, 600)), ("white", (800, 600)), ("grey", (40, 30))):
        plain = Pillow.new("RGB", size, colour)
        found = Pillow.open(BytesIO(marked(BytesIO(encoded(plain, "PNG")), words)))
        assert found.size == size
        assert max(ImageStat.Stat(ImageChops.difference(plain, found)).mean) > 0.8
