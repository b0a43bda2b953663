"""The quiz of a lesson: offered by publishing, seen by those who see the lesson, chosen only among visible papers."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import LessonPage
from exams.domain.papers import build_paper
from exams.models import Exam, Paper
from school.people.domain.studio import ensure_studio, join_studio
from school.people.enums import Role, Visibility
from school.people.models import Organisation, User
from tests.factories import appoint, make_lesson, make_member, make_quiz, make_tree

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def offered(lesson: LessonPage, **changes: Any) -> Exam:
    for name, value in changes.items():
        setattr(lesson, name, value)
    lesson.save_revision().publish()
    return Exam.objects.get(paper=lesson.quiz)


def sees(user: User, exam: Exam) -> bool:
    user.__dict__.pop("scope", None)
    return bool(Exam.objects.visible_to(user).filter(pk=exam.pk).exists())


def internal_lesson(organisation: Organisation, quiz: Exam | None = None) -> LessonPage:
    return make_lesson(organisation, quiz=quiz or make_quiz(), visibility=Visibility.INTERNAL)


def test_the_quiz_of_an_internal_lesson_is_internal_too() -> None:
    _, branch, other = make_tree()
    lesson = internal_lesson(branch.get_parent())
    exam = offered(lesson)
    assert sees(make_member(branch), exam)
    stranger = make_member(other)
    assert not sees(stranger, exam)
    client = signed_in(stranger)
    assert client.get(reverse("exams:sit", args=[exam.pk])).status_code == 404
    assert lesson.title not in client.get("/exams/").content.decode()


def test_the_quiz_follows_its_lesson_when_that_is_opened_closed_or_renamed() -> None:
    _, branch, other = make_tree()
    lesson, stranger = internal_lesson(branch), make_member(other)
    exam = offered(lesson, visibility=Visibility.PUBLIC, title="新课名")
    assert sees(stranger, exam)
    assert exam.title == "新课名课后测验"
    assert not sees(stranger, offered(lesson, visibility=Visibility.INTERNAL))


def test_lessons_that_share_a_paper_share_a_quiz_all_their_readers_may_sit() -> None:
    root, branch, other = make_tree()
    first = internal_lesson(branch)
    second = internal_lesson(other, first.quiz.exams.get())
    offered(first)
    exam = offered(second)
    assert exam.organisation == root
    assert all(sees(make_member(place), exam) for place in (branch, other))
    third = make_lesson(branch, quiz=exam)
    assert offered(third).title == f"{third.title}课后测验"  # not the title of an internal one
    assert sees(make_member(), exam)


def test_the_result_leads_only_to_a_lesson_that_the_candidate_may_read() -> None:
    _, branch, other = make_tree()
    lesson, member = make_lesson(branch, quiz=make_quiz()), make_member(other)
    exam = offered(lesson)
    client = signed_in(member)
    client.post(reverse("exams:sit", args=[exam.pk]))
    attempt = exam.attempts.get()
    client.post(f"/api/v1/attempts/{attempt.pk}/submit")
    page = reverse("exams:result", args=[attempt.pk])
    assert lesson.url in client.get(page).content.decode()
    offered(lesson, visibility=Visibility.INTERNAL)
    assert lesson.url not in client.get(page).content.decode()


def test_an_editor_cannot_name_a_paper_that_the_window_does_not_offer() -> None:
    ensure_studio()
    _, branch, other = make_tree()
    editor = make_member(branch)
    appoint(editor, Role.EDITOR, branch)
    join_studio(editor, Role.EDITOR)
    version = make_quiz().paper.slots.first().version
    foreign: Paper = build_paper("别家试卷", [(version.question, 5)], organisation=other)
    own: Paper = build_paper("自家试卷", [(version.question, 5)], organisation=branch)
    form_class = LessonPage.get_edit_handler().get_form_class()
    for kept, chosen, is_refused in ((None, foreign, True), (None, own, False), (foreign, foreign, False)):
        lesson = LessonPage(title="课", slug="c", summary="提要", quiz=kept)
        data = {"quiz": str(chosen.pk), "body-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
        form = form_class(data, instance=lesson, for_user=editor)
        assert ("quiz" in form.errors) == is_refused
