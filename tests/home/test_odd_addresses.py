"""Odd but possible addresses are answered in words, also on PostgreSQL, which takes neither NUL nor endless numbers."""

import pytest
from django.test import Client

from school.people.enums import Role
from tests.factories import appoint, make_experience, make_member, make_regulation, make_tree

BIG = "9" * 30
ADDRESSES = [
    "/workbench/?organisation=%00",
    f"/workbench/members/?q=%00&page={BIG}",
    f"/courses/assign/?lesson={BIG}",
    "/courses/assign/?lesson=%00",
    f"/courses/?page={BIG}&taxonomy=%00",
    "/library/%00/",
    f"/library/regulations/?page={BIG}&kind=%00&topic=%00&level=%00&state=%00",
    "/library/experiences/?topic=%00&page=-1",
    f"/exams/{BIG}/",
    f"/me/?page={BIG}",
    f"/documents/{BIG}/%00",
    f"/api/v1/attempts/{BIG}",
    "/search/?q=%FF%FE&page=%E2%91%A0&kind=%00",
    "/search/?q=%22%F0%AB%A0%A0%F0%AB%A0%A1%22%20%C4%B0",
]


@pytest.mark.django_db
@pytest.mark.parametrize("odd", [BIG, "-" + BIG, "\x00", "①", "1.5", "' OR 1=1"])
@pytest.mark.parametrize("field", ["lesson", "organisation", "audience", "due_at"])
def test_odd_choices_are_refused_beside_their_field(field: str, odd: str) -> None:
    root, branch, _ = make_tree()
    trainer = make_member(branch)
    appoint(trainer, Role.TRAINER, root)
    client = Client(raise_request_exception=False)
    client.force_login(trainer)
    response = client.post("/courses/assign/", {field: odd})
    assert response.status_code == 200
    assert response.context["form"].errors[field]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_odd_addresses(address: str) -> None:
    root, branch, _ = make_tree()
    make_regulation("规定", ["条文"])
    make_experience("经验")
    member = make_member(branch)
    appoint(member, Role.TRAINER, root)
    client = Client(raise_request_exception=False)
    client.force_login(member)
    assert client.get(address).status_code < 500
