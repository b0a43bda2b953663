"""Pages with lists ask the same number of queries for few and for many rows, and at most thirty."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.domain.assignments import issue_assignment
from exams.domain.sittings import start_attempt, submit_attempt
from school.ledger.domain.posting import Cause, post_event
from school.ledger.enums import Event
from school.people.enums import OrganisationKind, Role
from school.people.models import Organisation, User
from tests.factories import appoint, make_lesson, make_member, make_organisation, make_quiz, make_rules, make_tree

pytestmark = pytest.mark.django_db
MOST = 30


class School:
    """A secretary of a committee who is also a member, and a way to add one of everything."""

    def __init__(self) -> None:
        self.root, self.branch, _ = make_tree()
        make_rules()
        self.person = make_member(self.branch)
        appoint(self.person, Role.BRANCH_SECRETARY, self.branch)
        appoint(self.person, Role.TRAINER, self.root)
        self.assignment = ""
        self.more()

    def more(self) -> None:
        member = make_member(self.branch)
        committee = Organisation.objects.get(pk=self.branch.get_parent().pk)
        make_member(make_organisation(OrganisationKind.BRANCH, parent=committee))
        quiz = make_quiz(self.branch)
        lesson = make_lesson(self.branch, quiz=quiz)
        self.person.__dict__.pop("scope", None)
        due = timezone.now() + timedelta(days=3)
        self.assignment = str(issue_assignment(lesson, self.branch, by=self.person, due_at=due).pk)
        submit_attempt(start_attempt(quiz, self.person))
        for someone in (self.person, member):
            cause = Cause("test", lesson.slug, "集中学习")
            post_event(someone, Event.OFFLINE_TRAINING, cause, 2)


PAGES: dict[str, Callable[[School], str]] = {
    "home": lambda school: "/",
    "courses": lambda school: "/courses/",
    "tasks": lambda school: "/courses/tasks/",
    "assignment": lambda school: f"/courses/assignments/{school.assignment}/",
    "assign": lambda school: "/courses/assign/",
    "exams": lambda school: "/exams/",
    "me": lambda school: "/me/",
    "notices": lambda school: "/notices/",
    "workbench": lambda school: "/workbench/",
    "members": lambda school: "/workbench/members/",
    "api assignments": lambda school: "/api/v1/assignments",
    "api exams": lambda school: "/api/v1/exams",
    "api ledger": lambda school: "/api/v1/me/ledger",
}


@pytest.mark.parametrize("name", list(PAGES))
def test_queries_do_not_grow_with_rows(name: str) -> None:
    school = School()
    few = queries(school.person, PAGES[name](school))
    for _ in range(4):
        school.more()
    many = queries(school.person, PAGES[name](school))
    assert few == many
    assert many <= MOST


def queries(person: User, address: str) -> int:
    """Of a warm request."""
    client = Client()
    client.force_login(person)
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)
