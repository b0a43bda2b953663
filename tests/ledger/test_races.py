"""Eight threads at once: what counts is counted once, and no cap is overrun."""

from datetime import date
from decimal import Decimal

import pytest

from school.ledger.domain.posting import Cause, post_event, reverse_entry
from school.ledger.enums import Event
from school.ledger.models import LedgerEntry
from school.people.models import User
from tests.factories import make_member, make_rules
from tests.threads import RACES, THREADS, at_once

pytestmark = RACES
DAY = date(2026, 6, 1)


@pytest.fixture
def member(transactional_db: None) -> User:
    make_rules()
    return make_member()


def pass_quiz(member: User, number: int) -> list[LedgerEntry]:
    return post_event(member, Event.QUIZ_PASSED, Cause("test", str(number), "来源"), Decimal(1), occurred_on=DAY)


def test_one_cause_pays_once(member: User) -> None:
    results = at_once(lambda _: pass_quiz(member, 1))
    assert sorted(len(entries) for entries in results) == [0] * (THREADS - 1) + [3]
    totals = {unit: LedgerEntry.objects.of(member).in_unit(unit).total() for unit in ("hour", "credit", "point")}
    assert totals == {"hour": Decimal("0.5"), "credit": Decimal(1), "point": Decimal(2)}


def test_the_daily_cap_holds_under_different_causes(member: User) -> None:
    at_once(lambda number: pass_quiz(member, number))
    points = LedgerEntry.objects.of(member).in_unit("point")
    assert points.count() == THREADS
    assert points.total() == 10
    assert sum(entry.clipped for entry in points) == 2 * THREADS - 10


def test_one_entry_is_reversed_once(member: User) -> None:
    entry = pass_quiz(member, 1)[0]
    reversals = at_once(lambda _: reverse_entry(entry, by=member, reason="登记有误").pk)
    assert len(set(reversals)) == 1
    assert LedgerEntry.objects.of(member).in_unit(entry.unit).total() == 0
