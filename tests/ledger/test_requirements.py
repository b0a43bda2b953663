"""The requirement of one member and of many agree."""

import pytest

from school.ledger.queries import required_hours, required_hours_of
from school.people.enums import MembershipKind, Role
from school.people.models import Membership
from tests.factories import appoint, make_member, make_rules, make_tree


@pytest.mark.django_db
def test_one_and_many_agree() -> None:
    make_rules()
    _, branch, _ = make_tree()
    people = [make_member(branch) for _ in range(5)]
    appoint(people[1], Role.BRANCH_SECRETARY, branch)
    Membership.objects.filter(user=people[2]).update(kind=MembershipKind.APPLICANT)
    Membership.objects.filter(user=people[3]).update(is_exempt=True)
    Membership.objects.filter(user=people[4]).update(kind=MembershipKind.PROBATIONARY)
    many = required_hours_of(Membership.objects.current().filter(is_primary=True), 2026)
    assert [many[person.pk] for person in people] == [required_hours(person, 2026) for person in people]
    assert [int(many[person.pk]) for person in people] == [32, 56, 0, 0, 32]
