"""What apps read in the answers, field by field: a renamed or forgotten field would reach them unannounced."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from courses.domain.assignments import issue_assignment
from courses.models import LessonProgress, LessonStop
from exams.domain.questions import save_question
from exams.models import Exam, PaperSlot
from school.people.enums import Role
from school.people.models import User
from tests.factories import appoint, make_lesson, make_member, make_quiz

pytestmark = pytest.mark.django_db
API = "/api/v1"
TIMING = {"server_now", "deadline", "remaining_ms"}
ATTEMPT = {"id", "exam", "state"} | TIMING
QUESTION = {"slot", "place", "kind", "kind_label", "input_type", "stem", "mark", "options", "answer", "seq", "blanks"}
RESULT = QUESTION | {"amount", "key", "explanation", "source", "is_right"}
PROGRESS = {"id", "ranges", "credited_ms", "furthest_ms", "position_ms", "percent", "watched", "completed"}
STATE = PROGRESS | {"max_rate", "may_seek", "prompt", "uncounted", "stops"}
FILL_IN = {
    "stem": "党费按____交。",
    "options": [{"id": "1", "text": "第 1 空"}],
    "key": [["月", "每月"]],
    "explanation": "按月交。",
}


@pytest.fixture
def member() -> User:
    return make_member()


@pytest.fixture
def caller(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def exam() -> Exam:
    """Multiple choice, single choice and a fill-in, with a time limit."""
    exam = make_quiz(size=2)
    first = exam.paper.slots.get(position=1)
    fill_in = save_question(first.version.question.bank, "FILL", "fill", FILL_IN).current_version
    PaperSlot.objects.create(paper=exam.paper, position=3, version=fill_in, mark=first.mark)
    exam.time_limit = 30
    exam.save()
    return exam


def sent(caller: Client, method: str, path: str, body: Any = None) -> Any:
    content = {} if method == "get" else {"data": body, "content_type": "application/json"}
    response = getattr(caller, method)(API + path, **content)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def test_token_and_identity(member: User) -> None:
    credentials = {"username": member.username, "password": "school-demo-2026"}
    assert set(sent(Client(), "post", "/auth/token", credentials)) == {"token", "expires_in"}
    client = Client()
    client.force_login(member)
    appoint(member, Role.TRAINER, member.memberships.get().organisation)
    me = client.get(f"{API}/me").json()
    assert set(me) == {"id", "username", "name", "roles", "organisations", "overseen"}
    assert (me["roles"], me["overseen"]) == (["trainer"], me["organisations"])


def test_a_sitting(caller: Client, exam: Exam) -> None:
    assert caller.get(f"{API}/exams").json()[0]["attempt"] is None
    attempt = sent(caller, "post", f"/exams/{exam.pk}/attempts")
    assert set(attempt) == ATTEMPT
    path = f"/attempts/{attempt['id']}"
    paper = caller.get(API + path).json()
    assert set(paper) == ATTEMPT | {"questions"}
    multiple, _, fill_in = paper["questions"]
    assert set(multiple) == set(fill_in) == QUESTION
    assert set(multiple["options"][0]) == {"id", "letter", "text"}
    assert multiple["mark"] == "10.00"
    assert fill_in["blanks"] == [{"id": "1", "text": "第 1 空", "written": ""}]
    answers = [{"slot": fill_in["slot"], "seq": 1, "answer": ["每月"]}]
    stored = sent(caller, "put", f"{path}/responses", answers)
    assert set(stored) == {"stored"} | TIMING
    assert stored["stored"] == [{"slot": fill_in["slot"], "seq": 1}]
    assert set(sent(caller, "post", f"{path}/submit")) == ATTEMPT


def test_a_result(caller: Client, exam: Exam) -> None:
    path = f"/attempts/{sent(caller, 'post', f'/exams/{exam.pk}/attempts')['id']}"
    slot = caller.get(API + path).json()["questions"][2]["slot"]
    sent(caller, "put", f"{path}/responses", [{"slot": slot, "seq": 1, "answer": ["每月"]}])
    sent(caller, "post", f"{path}/submit")
    result = caller.get(f"{API}{path}/result").json()
    assert set(result) == ATTEMPT | {"score", "passed", "questions"}
    assert (result["score"], result["passed"]) == ("10.00", False)
    multiple, _, fill_in = result["questions"]
    assert set(multiple) == set(fill_in) == RESULT
    assert set(multiple["options"][0]) == {"id", "letter", "text", "chosen", "right", "flag"}
    assert (multiple["key"], multiple["amount"], multiple["is_right"]) == (["A", "B"], "0.00", False)
    assert (fill_in["key"], fill_in["amount"], fill_in["is_right"]) == ([["月", "每月"]], "10.00", True)
    listed = caller.get(f"{API}/exams").json()
    assert [set(row) for row in listed] == [{"id", "title", "kind", "opens_at", "closes_at", "attempt"}]
    assert listed[0]["attempt"] == result["id"]


def test_watching(caller: Client, exam: Exam) -> None:
    lesson = make_lesson()
    question = exam.paper.slots.get(position=2).version.question
    stop = LessonStop.objects.create(page=lesson, at_second=30, question=question)
    opened = sent(caller, "post", f"/lessons/{lesson.pk}/watch-sessions")
    assert set(opened) == STATE
    assert (opened["max_rate"], opened["may_seek"], opened["prompt"]) == (1.5, False, None)
    address = f"/watch-sessions/{opened['id']}"
    report = sent(caller, "put", address, {"seq": 1, "ranges": [[50000, 60000]], "position": 1000})
    assert set(report) == STATE
    assert report["id"] == opened["id"]
    (held,) = report["uncounted"]
    words = "跳过了前面，没有按顺序看"
    assert held == {"start_ms": 50000, "end_ms": 60000, "reason": "ahead", "words": words}
    assert report["stops"] == [{"id": stop.pk, "at_ms": 30000, "is_answered": False, "must_answer": True}]
    asked = sent(caller, "get", f"{address}/stops/{stop.pk}")
    assert set(asked) == {"id", "at_ms", "kind", "stem", "options", "is_answered"}
    assert set(asked["options"][0]) == {"id", "text"}
    told = sent(caller, "post", f"{address}/stops/{stop.pk}", {"answer": ["B"]})
    assert told == {"is_right": False, "explanation": "秘密解析", "key": ["A"]}


def test_a_presence_prompt(caller: Client, member: User) -> None:
    opened = sent(caller, "post", f"/lessons/{make_lesson(seconds=600).pk}/watch-sessions")
    LessonProgress.objects.update(prompt_due_ms=0)
    address = f"/watch-sessions/{opened['id']}"
    prompt = sent(caller, "put", address, {"seq": 1, "ranges": [[0, 1000]]})["prompt"]
    assert set(prompt) == {"nonce", "seconds_left"}
    assert 70 <= prompt["seconds_left"] <= 75
    assert sent(caller, "post", f"{address}/presence", {"nonce": prompt["nonce"]})["prompt"] is None


def test_assignments(caller: Client, member: User) -> None:
    branch = member.memberships.get().organisation
    trainer = make_member()
    appoint(trainer, Role.TRAINER, branch)
    issue_assignment(make_lesson(), branch, by=trainer, due_at=timezone.now() + timedelta(days=1))
    (task,) = caller.get(f"{API}/assignments").json()
    assert set(task) == {"id", "lesson", "title", "due_at", "compulsory", "done_at", "state"}
    assert (task["state"], task["done_at"], task["compulsory"]) == ("待完成", None, True)
