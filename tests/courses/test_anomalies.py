"""Signals for a person to look at: each rule finds what it is for, only within sight, at a constant cost."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from courses.domain.leases import open_session
from courses.models import LessonPage, PresencePrompt, WatchBeat, WatchSession
from school.people.enums import Role
from school.people.models import User
from tests.factories import appoint, make_lesson, make_member, make_tree

pytestmark = pytest.mark.django_db
NOON = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=2)


class School:
    def __init__(self) -> None:
        _, self.branch, self.other = make_tree()
        self.secretary = make_member(self.branch)
        appoint(self.secretary, Role.BRANCH_SECRETARY, self.branch)
        self.lesson: LessonPage = make_lesson()
        self.client = Client()
        self.client.force_login(self.secretary)

    def session(self, member: User, minutes: int = 0, **fields: Any) -> WatchSession:
        session = open_session(member, self.lesson, **fields)
        WatchSession.objects.filter(pk=session.pk).update(started_at=NOON + timedelta(minutes=minutes))
        return session

    def beat(self, session: WatchSession, number: int = 0, **fields: Any) -> None:
        moment = NOON + timedelta(seconds=number)
        values = {"session": session, "at": moment, "seq": number, "ranges": [], "paid_ms": 0, **fields}
        WatchBeat.objects.create(**values)

    def prompts(self, session: WatchSession, count: int, **fields: Any) -> None:
        for number in range(count):
            PresencePrompt.objects.create(
                session=session, nonce=f"{session.pk.hex[:20]}{number}", asked_at=NOON, **fields
            )

    def page(self) -> str:
        return self.client.get("/courses/watching/").content.decode()


@pytest.fixture
def school() -> School:
    return School()


def long_day(school: School, member: User) -> None:
    session = school.session(member)
    for number in range(17):
        school.beat(session, number, paid_ms=3_600_000)


def deaf(school: School, member: User) -> None:
    school.prompts(school.session(member), 6)


def robot(school: School, member: User) -> None:
    school.prompts(school.session(member), 5, reaction_ms=200, answered_at=NOON, in_time=True)


def crowd(school: School, member: User) -> None:
    for person in [member, *(make_member(school.branch) for _ in range(5))]:
        school.session(person, address="10.1.2.3")


def ping_pong(school: School, member: User) -> None:
    for number in range(8):
        school.session(member, number, login=str(number % 2))


def replay(school: School, member: User) -> None:
    session = school.session(member)
    for number in range(4):
        school.beat(session, number, unpaid_ms=700_000)


def metronome(school: School, member: User) -> None:
    session = school.session(member)
    for number in range(25):
        school.beat(session, number, gap_ms=20_000 + number % 2)


RULES: list[tuple[Callable[[School, User], None], str]] = [
    (long_day, "一天学习过长"),
    (deaf, "常不回应在场确认"),
    (robot, "回应快得不像人"),
    (crowd, "多人同一地址"),
    (ping_pong, "两处来回切换"),
    (replay, "上报远超用时"),
    (metronome, "上报间隔过于整齐"),
]


@pytest.mark.parametrize(("arrange", "kind"), RULES)
def test_each_rule_finds_what_it_is_for_and_no_other(
    arrange: Callable[[School, User], None], kind: str, school: School
) -> None:
    member = make_member(school.branch)
    arrange(school, member)
    page = school.page()
    assert member.name in page
    assert [name for _, name in RULES if name in page] == [kind]


def test_an_honest_viewer_is_not_named(school: School) -> None:
    session = school.session(make_member(school.branch), address="10.1.2.3")
    for number in range(30):
        school.beat(session, number, paid_ms=20_000, gap_ms=16_000 + number * 287)
    school.prompts(session, 6, reaction_ms=4_000, answered_at=NOON, in_time=True)
    assert "没有需要留意的情况" in school.page()


def test_only_members_within_sight(school: School) -> None:
    stranger = make_member(school.other)
    long_day(school, stranger)
    session = WatchSession.objects.get()
    assert stranger.name not in school.page()
    for address in (f"members/{stranger.pk}/", f"sessions/{session.pk}/"):
        assert school.client.get(f"/courses/watching/{address}").status_code == 404


def test_down_to_the_reports(school: School) -> None:
    member = make_member(school.branch)
    replay(school, member)
    session = WatchSession.objects.get()
    assert str(session.pk) in school.page()
    listed = school.client.get(f"/courses/watching/members/{member.pk}/").content.decode()
    assert "4 次" in listed
    assert "11 分 40 秒" in school.client.get(f"/courses/watching/sessions/{session.pk}/").content.decode()


def test_the_table_holds_no_formula(school: School) -> None:
    member = make_member(school.branch, name="=1+1")
    long_day(school, member)
    content = school.client.get("/courses/watching/signals.xlsx").content
    rows = list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
    assert rows[1][:1] == ("'=1+1",)


def test_queries_do_not_grow(school: School) -> None:
    counts = []
    for _ in range(2):
        for arrange, _kind in RULES:
            arrange(school, make_member(school.branch))
        with CaptureQueriesContext(connection) as captured:
            school.page()
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 30
