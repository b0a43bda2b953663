"""What people must not be handed, files without an account or lessons that are gone, and what they must not delete."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents import get_document_model

from courses.models import LessonProgress
from school.people.domain.studio import ensure_studio, join_studio
from school.people.enums import Role
from tests.factories import appoint, make_lesson, make_member, make_regulation, make_tree

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


def test_a_rule_that_another_replaces_is_not_deleted_but_the_newest_is(client: Client) -> None:
    ensure_studio()
    root, branch, _ = make_tree()
    reviewer = make_member(branch)
    appoint(reviewer, Role.REVIEWER, root)
    join_studio(reviewer, Role.REVIEWER)
    old = make_regulation("旧规定", ["条文"])
    new = make_regulation("新规定", ["条文"], replaces=old, effective_on=date(2020, 1, 1))
    client.force_login(reviewer)
    answer = client.post(f"/admin/pages/{old.pk}/delete/", follow=True)
    assert "不能删除" in answer.content.decode()
    for page in (new, old):
        client.post(f"/admin/pages/{page.pk}/delete/")
        assert not type(page).objects.filter(pk=page.pk).exists()
