"""What a visitor or a member must not be handed: files without an account, lessons that are gone."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents import get_document_model

from courses.models import LessonProgress
from tests.factories import make_lesson, make_member, make_tree

pytestmark = pytest.mark.django_db


def test_uploaded_documents_need_an_account(client: Client) -> None:
    document = get_document_model()(title="附件")
    document.file.save("a.txt", ContentFile(b"text"))
    answer = client.get(document.url)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/") or "next=" in answer["Location"]
    client.force_login(make_member())
    assert b"".join(client.get(document.url).streaming_content) == b"text"


def test_a_lesson_that_is_gone_is_not_offered_to_go_on_with(client: Client) -> None:
    _, branch, _ = make_tree()
    member, lesson = make_member(branch), make_lesson(branch)
    LessonProgress.objects.create(member=member, lesson=lesson, credited_ms=5, ranges=[])
    client.force_login(member)
    assert lesson.title in client.get("/").content.decode()
    lesson.unpublish()
    assert lesson.title not in client.get("/").content.decode()
