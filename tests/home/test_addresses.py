"""Each role against each address of the public site; an address that is not declared here fails."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.models import Page

from courses.domain.leases import open_session
from courses.models import Assignment
from exams.domain.sittings import start_attempt
from media.models import Video
from school.people.domain.studio import ensure_studio, join_studio
from school.people.enums import Role
from school.people.models import RosterImport, User
from tests.factories import (
    appoint,
    make_experience,
    make_index,
    make_lesson,
    make_library,
    make_member,
    make_quiz,
    make_regulation,
    make_tree,
)

pytestmark = pytest.mark.django_db
ROLES = ("visitor", "member", "secretary", "worker", "trainer", "editor", "other")
SIGN_IN = 302
# Per address: visitor, member, secretary, Party worker, trainer, editor, and a secretary of another committee.
EVERYBODY = (200,) * 7
MEMBERS = (SIGN_IN, 200, 200, 200, 200, 200, 200)
OVERSEERS = (SIGN_IN, 404, 200, 200, 200, 404, 200)
MATRIX = {
    "/": EVERYBODY,
    "/healthz": EVERYBODY,
    "/login/": (200, 302, 302, 302, 302, 302, 302),
    "/me/": MEMBERS,
    "/me/password/": MEMBERS,
    "/notices/": MEMBERS,
    "/exams/": MEMBERS,
    "/courses/": EVERYBODY,
    "/courses/tasks/": MEMBERS,
    "/search/": MEMBERS,
    "/library/": MEMBERS,
    "/library/regulations/": MEMBERS,
    "/library/experiences/": MEMBERS,
    "/workbench/": OVERSEERS,
    "/workbench/members/": OVERSEERS,
    "/courses/assign/": (SIGN_IN, 404, 200, 404, 200, 404, 200),
    "/workbench/rosters/": (SIGN_IN, 404, 404, 200, 404, 404, 404),
    "/workbench/rosters/template.xlsx": (SIGN_IN, 404, 404, 200, 404, 404, 404),
    "/workbench/rosters/{roster}/": (SIGN_IN, 404, 404, 200, 404, 404, 404),
    "/courses/assignments/{assignment}/": (SIGN_IN, 404, 200, 200, 200, 404, 404),
    "/courses/watching/": OVERSEERS,
    "/courses/watching/signals.xlsx": OVERSEERS,
    "/courses/watching/members/{person}/": (SIGN_IN, 404, 200, 200, 200, 404, 404),
    "/courses/watching/sessions/{session}/": (SIGN_IN, 404, 200, 200, 200, 404, 404),
    "/exams/{exam}/sit/": MEMBERS,
    "/exams/attempts/{attempt}/": (SIGN_IN, 302, 404, 404, 404, 404, 404),
    "{lesson}": (SIGN_IN, 200, 200, 200, 200, 200, 404),
    "{regulation}": (SIGN_IN, 200, 200, 200, 200, 200, 404),
    "{experience}": (SIGN_IN, 200, 200, 200, 200, 200, 404),
    "/admin/": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 200, SIGN_IN),
    "/admin/media/": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 200, SIGN_IN),
    "/admin/media/results/": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 200, SIGN_IN),
    "/admin/media/{video}/": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 200, SIGN_IN),
    "/admin/media/{video}/replace/": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 200, SIGN_IN),
    "/admin/media/delete/{video}/": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 200, SIGN_IN),
    "/admin/media/{video}/retry/": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 405, SIGN_IN),
    "/admin/media/{video}/cancel/": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 405, SIGN_IN),
    "/admin/media/{video}/poster/": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 405, SIGN_IN),
    "/admin/media/storage/": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 200, SIGN_IN),
    "/admin/media/cleaning/": (SIGN_IN,) * 7,  # for the system administrator: tests/media/test_cleaning.py
    "/admin/media/storage.xlsx": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 200, SIGN_IN),
    "/admin/media/upload/": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 200, SIGN_IN),
    "/admin/media/uploads/": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 200, SIGN_IN),
    "/admin/transcoding/state/": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 200, SIGN_IN),
    "/admin/transcoding/{video}/": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 200, SIGN_IN),
    "/admin/transcoding/": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 200, SIGN_IN),
    "/admin/reports/pictures/": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 200, SIGN_IN),
    "/admin/exams/questions/": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, 200, SIGN_IN),
    "/api/v1/me": (401, 200, 200, 200, 200, 200, 200),
    "/api/v1/search?q=党费": (401, 200, 200, 200, 200, 200, 200),
    "/api/v1/attempts/{attempt}": (401, 200, 404, 404, 404, 404, 404),
}
# Addresses of the resolver that the table above covers in another way, or that answer to machines.
ELSEWHERE = {
    "people:logout": "only POST; tests/people",
    "people:roster_passwords": "only POST; tests/people/test_roster_pages.py",
    "media:captions": "signed address; tests/media/test_playback.py",
    "media:chapters": "signed address; tests/media/test_playback.py",
    "media:download_picture": "tests/media/test_downloads.py",
    "courses:document_page": "signed address; tests/courses/test_reading.py",
    "media:play": "signed address; tests/media/test_playback.py",
}


@pytest.fixture
def people() -> dict[str, User | None]:
    root, branch, other = make_tree()
    Page.objects.get(depth=1)
    ensure_studio()
    found: dict[str, User | None] = {"visitor": None, "member": make_member(branch)}
    for name, role, place in (
        ("secretary", Role.BRANCH_SECRETARY, branch),
        ("worker", Role.PARTY_WORKER, branch),
        ("trainer", Role.TRAINER, root),
        ("editor", Role.EDITOR, root),
        ("other", Role.BRANCH_SECRETARY, other),
    ):
        person = make_member(other if name == "other" else branch)
        appoint(person, role, place)
        join_studio(person, role)
        found[name] = person
    return found


@pytest.fixture
def places(people: dict[str, User | None]) -> dict[str, str]:
    member, trainer = people["member"], people["trainer"]
    assert member
    assert trainer
    branch = member.memberships.get().organisation
    inside = {"organisation": branch.get_parent(), "visibility": "internal"}
    exam = make_quiz(branch)
    lesson = make_lesson(inside["organisation"], seconds=0, visibility="internal")
    assignment = Assignment.objects.create(
        lesson=lesson, organisation=branch, due_at="2030-01-01T00:00Z", issued_by=trainer
    )
    make_library()
    return {
        "lesson": lesson.url,
        "video": str(Video.objects.create(title="片", type="video", file="media/none.mp4", state="ready").pk),
        "assignment": str(assignment.pk),
        "person": str(member.pk),
        "session": str(open_session(member, make_lesson()).pk),
        "exam": str(exam.pk),
        "attempt": str(start_attempt(exam, member).pk),
        "regulation": make_regulation("规定", ["条文"], **inside).url,
        "experience": make_experience("经验", **inside).url,
        "roster": str(RosterImport.objects.create(organisation=branch, file_name="a.xlsx", file_digest="0").pk),
    }


@pytest.mark.parametrize("address", list(MATRIX))
def test_each_role_against_each_address(address: str, people: dict[str, User | None], places: dict[str, str]) -> None:
    make_index()
    answers = {}
    for role in ROLES:
        client = Client()
        if person := people[role]:
            client.force_login(person)
        answers[role] = client.get(address.format(**places)).status_code
    assert answers == dict(zip(ROLES, MATRIX[address], strict=True))


def test_every_named_address_is_declared() -> None:
    declared = {entry.split("?")[0].strip("/").split("/")[0] for entry in MATRIX}
    undeclared = [
        name for name, route in _routes(get_resolver()) if name not in ELSEWHERE and route.split("/")[0] not in declared
    ]
    assert undeclared == []


def _routes(resolver: URLResolver, prefix: str = "", names: str = "") -> Iterator[tuple[str, str]]:
    """(namespaced name, route) of our own addresses; Wagtail's and the API's have tests of their own."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            if pattern.name and names:
                yield f"{names}{pattern.name}", route
        elif not route.startswith(("admin/", "documents/", "api/", "^")):
            yield from _routes(pattern, route, f"{pattern.namespace}:" if pattern.namespace else names)
