"""In-video questions: the key stays behind the answer, the first answer is the record, nothing is scored."""

import json
from typing import Any

import pytest
from django.test import Client

from courses.domain import stops
from courses.models import LessonPage, LessonStop, StopAnswer
from exams.models import Attempt, Question
from school.kernel.errors import InvalidInput, NotFound
from school.ledger.models import LedgerEntry
from school.people.domain.studio import ensure_studio, join_studio
from school.people.enums import Role
from tests.courses.test_watching import SECOND, Viewer
from tests.factories import appoint, make_lesson, make_member, make_quiz, make_rules, make_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Question:
    return make_quiz().paper.slots.get(position=2).version.question  # a single choice whose key is A


@pytest.fixture
def viewer(question: Question) -> Viewer:
    lesson = make_lesson(seconds=100)
    LessonStop.objects.create(page=lesson, at_second=20, question=question)
    LessonStop.objects.create(page=lesson, at_second=40, question=question, must_answer=False)
    return Viewer(lesson)


def answer(viewer: Viewer, given: list[str]) -> dict[str, Any]:
    return stops.answer_stop(viewer.session.pk, viewer.member, LessonStop.objects.first().pk, given, now=viewer.at)


def test_nothing_behind_it_counts_until_it_is_answered(viewer: Viewer) -> None:
    found = viewer.report([[0, 60 * SECOND]], after=60)
    assert found.progress.credited_ms == 20 * SECOND
    assert found.held == [(20 * SECOND, 60 * SECOND, "question")]
    answer(viewer, ["B"])
    assert viewer.earned([[0, 60 * SECOND]], after=0) == 60 * SECOND


def test_the_first_answer_is_the_record_and_earns_nothing(viewer: Viewer) -> None:
    make_rules()
    assert answer(viewer, ["B"]) == {"is_right": False, "explanation": "秘密解析", "key": ["A"]}
    assert answer(viewer, ["A"])["is_right"]
    record = StopAnswer.objects.get()
    assert (record.answer, record.is_right) == (["B"], False)
    assert not Attempt.objects.exists()
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("given", [[], ["Z"], ["A", "B"]])
def test_no_answer_tells_no_key(viewer: Viewer, given: list[str]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        answer(viewer, given)
    assert "秘密" not in refusal.value.message
    assert not StopAnswer.objects.exists()


def test_the_key_is_not_in_the_question_or_the_state() -> None:
    client, member = Client(), make_member()
    client.force_login(member)
    lesson = make_lesson()
    question = make_quiz().paper.slots.get(position=2).version.question
    stop = LessonStop.objects.create(page=lesson, at_second=5, question=question)
    state = client.post(f"/api/v1/lessons/{lesson.pk}/watch-sessions").json()
    asked = client.get(f"/api/v1/watch-sessions/{state['id']}/stops/{stop.pk}").json()
    for shown in (state, asked):
        assert "秘密" not in json.dumps(shown, ensure_ascii=False)
        assert '"key"' not in json.dumps(shown)


def test_the_question_of_another_lesson_or_member_does_not_exist(viewer: Viewer, question: Question) -> None:
    other = LessonStop.objects.create(page=make_lesson(), at_second=1, question=question)
    with pytest.raises(NotFound):
        stops.show_stop(viewer.session.pk, viewer.member, other.pk)
    with pytest.raises(NotFound):
        stops.show_stop(viewer.session.pk, make_member(), LessonStop.objects.first().pk)


@pytest.mark.parametrize(
    ("rows", "words"),
    [([60], "超出了视频长度"), ([10, 10], "这一秒已有提问"), ([10, 20], "")],
)
def test_the_editor_is_told_what_is_wrong(rows: list[int], words: str) -> None:
    ensure_studio()
    _, branch, _ = make_tree()
    editor = make_member(branch)
    appoint(editor, Role.EDITOR, branch)
    join_studio(editor, Role.EDITOR)
    question = make_quiz(branch).paper.slots.get(position=2).version.question
    form = lesson_form(make_lesson(seconds=60), question, rows, editor)
    form.is_valid()
    found = json.dumps(form.formsets["stops"].errors, ensure_ascii=False)
    assert (words in found) if words else found == "[{}, {}]"


def test_a_question_out_of_sight_is_refused() -> None:
    ensure_studio()
    _, branch, other = make_tree()
    editor = make_member(branch)
    appoint(editor, Role.EDITOR, branch)
    join_studio(editor, Role.EDITOR)
    question = make_quiz(other).paper.slots.get(position=2).version.question
    form = lesson_form(make_lesson(seconds=60), question, [10], editor)
    form.is_valid()
    assert "您不能选用这道题" in str(form.formsets["stops"].errors)


def lesson_form(lesson: LessonPage, question: Question, seconds: list[int], editor: Any) -> Any:
    form_class = LessonPage.get_edit_handler().get_form_class()
    data = {"body-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    data |= {"video": str(lesson.video_id), "stops-TOTAL_FORMS": str(len(seconds)), "stops-INITIAL_FORMS": "0"}
    for number, second in enumerate(seconds):
        data |= {f"stops-{number}-at_second": str(second), f"stops-{number}-question": str(question.pk)}
    return form_class(data, instance=lesson, for_user=editor)
