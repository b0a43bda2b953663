"""A notice that eight workers send at once reaches each person once."""

from school.notices.domain.delivery import send_notice
from school.notices.kinds import SYSTEM
from school.notices.models import Notice
from tests.factories import make_member
from tests.threads import RACES, THREADS, at_once

pytestmark = RACES


def test_one_key_reaches_a_person_once() -> None:
    people = [make_member() for _ in range(3)]
    sent = at_once(lambda _: send_notice(people, SYSTEM, "通知", key="same"))
    assert Notice.objects.count() == 3
    assert sum(sent) == 3


def test_different_keys_all_arrive() -> None:
    person = make_member()
    at_once(lambda number: send_notice([person], SYSTEM, "通知", key=str(number)))
    assert Notice.objects.count() == THREADS
