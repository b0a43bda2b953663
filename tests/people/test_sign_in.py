"""The door: throttled for each account, no hint whether an account exists; each role against each address."""

import pytest
from django.core.cache import caches
from django.test import Client

from school.people.enums import Role
from school.people.models import User
from tests.factories import appoint, make_member, make_tree

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_throttle() -> None:
    caches["shared"].clear()


def attempt(client: Client, account: str, password: str = "wrong") -> int:
    return client.post("/login/", {"username": account, "password": password}).status_code


def test_the_eleventh_try_is_refused_even_with_the_right_password(client: Client) -> None:
    member = make_member()
    assert [attempt(client, member.username) for _ in range(11)] == [200] * 10 + [429]
    assert attempt(client, member.username, "school-demo-2026") == 429


def test_absent_and_present_accounts_look_alike(client: Client) -> None:
    present = client.post("/login/", {"username": make_member().username, "password": "wrong"}).content.decode()
    absent = client.post("/login/", {"username": "nobody", "password": "wrong"}).content.decode()
    assert "账号或密码不正确" in present
    assert "账号或密码不正确" in absent


def test_a_token_opens_the_api(client: Client) -> None:
    member = make_member()
    body = {"username": member.username, "password": "school-demo-2026"}
    answer = client.post("/api/v1/auth/token", body, content_type="application/json").json()
    me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {answer['token']}"})
    assert me.json()["username"] == member.username
    assert client.get("/api/v1/me", headers={"Authorization": "Bearer no"}).status_code == 401


def test_a_secretary_sees_own_members_only(client: Client) -> None:
    _, mine, theirs = make_tree()
    secretary, insider, outsider = make_member(mine), make_member(mine), make_member(theirs)
    appoint(secretary, Role.BRANCH_SECRETARY, mine)
    seen = set(User.objects.visible_to(User.objects.get(pk=secretary.pk)))
    assert seen == {secretary, insider}
    client.force_login(secretary)
    page = client.get("/workbench/").content.decode()
    assert insider.name in page
    assert outsider.name not in page
    assert client.get(f"/workbench/?organisation={theirs.code}").status_code == 404
