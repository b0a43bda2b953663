"""The API keeps to its own description: schemathesis calls it with what the description allows and forbids."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
)

from courses.domain.leases import open_session
from courses.models import LessonStop
from exams.domain.sittings import start_attempt, submit_attempt
from school.api import api
from school.ledger.domain.posting import Cause, post_event
from school.ledger.enums import Event
from school.notices.domain.delivery import send_notice
from school.notices.kinds import SYSTEM
from school.people.models import ApiToken, User
from tests.factories import make_lesson, make_member, make_quiz, make_rules

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    ignored_auth,
]
FEW = settings(
    max_examples=20,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)


schema = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema())))
schema.app = get_wsgi_application()


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """A request must not drop the connection whose transaction holds the test's rows; Django's own client does this."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def member(db: None) -> User:
    """Somebody with an entry, a notice and a lesson, so that lists are not empty."""
    make_rules()
    member = make_member()
    post_event(member, Event.QUIZ_PASSED, Cause("test", "1", "来源"), 1)
    send_notice([member], SYSTEM, "通知", key="one")
    return member


@pytest.fixture
def token(member: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {ApiToken.issue(member)}"}


@pytest.fixture
def known(member: User, token: dict[str, str]) -> dict[str, Any]:
    """A value for each path parameter that this member may really use; `marked` stands in where a result is read."""
    exam, lesson = make_quiz(), make_lesson()
    question = exam.paper.slots.first().version.question
    stop = LessonStop.objects.create(page=lesson, at_second=30, question=question)
    login = hashlib.sha256(token["Authorization"].encode()).hexdigest()
    return {
        "exam_id": exam.pk,
        "attempt_id": start_attempt(exam, member).pk,
        "marked": submit_attempt(start_attempt(make_quiz(), member)).pk,
        "lesson_id": lesson.pk,
        "session_id": str(open_session(member, lesson, login=login).pk),
        "stop_id": stop.pk,
    }


@schema.parametrize()
@FEW
def test_any_call(case: schemathesis.Case, token: dict[str, str]) -> None:
    case.call_and_validate(headers=token, checks=CHECKS)


@schema.parametrize()
@FEW
def test_calls_of_what_is_there(case: schemathesis.Case, token: dict[str, str], known: dict[str, Any]) -> None:
    if case.path.endswith("/result"):
        known["attempt_id"] = known["marked"]
    case.path_parameters = {name: known.get(name, value) for name, value in (case.path_parameters or {}).items()}
    case.call_and_validate(headers=token, checks=CHECKS)


def test_every_answer_is_described() -> None:
    """Without a schema of the 200 the calls above would check no body."""
    calls = [(path, method, call) for path, item in schema.raw_schema["paths"].items() for method, call in item.items()]
    assert [(path, method) for path, method, call in calls if "content" not in call["responses"]["200"]] == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_address_answers_in_json(client: Client, method: str) -> None:
    response = getattr(client, method)("/api/v1/exams/first/attempts")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_a_body_that_is_no_json_is_refused_in_words(client: Client) -> None:
    response = client.post("/api/v1/auth/token", "{", content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "malformed")


def test_a_session_without_csrf_token_is_refused_in_words(member: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    response = client.post("/api/v1/exams/1/attempts")
    assert (response.status_code, response.json()["code"]) == (403, "csrf")


def test_what_no_database_stores_is_refused(db: None, client: Client) -> None:
    credentials = {"username": "a\x00b", "password": "\x00"}
    response = client.post("/api/v1/auth/token", credentials, content_type="application/json")
    assert response.status_code in (401, 422)  # SQLite looks and finds nobody; PostgreSQL refuses the question
