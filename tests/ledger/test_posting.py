"""The ledger: dated rules, caps, repeats, reversals, and a database that refuses change."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from school.kernel.errors import InvalidInput
from school.ledger.domain.posting import Cause, amount_by, post_event, reverse_entry
from school.ledger.enums import Event
from school.ledger.models import LedgerEntry, Rule
from school.ledger.queries import hour_progress, required_hours
from school.people.enums import Role
from school.people.models import User
from tests.factories import appoint, make_member, make_organisation, make_rules

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


@pytest.fixture
def member() -> User:
    make_rules()
    return make_member()


def cause(number: int = 1) -> Cause:
    return Cause("test", str(number), f"来源{number}")


def test_credits_feed_points_with_their_cause(member: User) -> None:
    entries = post_event(member, Event.QUIZ_PASSED, cause(), Decimal(1), occurred_on=DAY)
    amounts = {entry.unit: entry.amount for entry in entries}
    assert amounts == {"hour": Decimal("0.5"), "credit": Decimal(1), "point": Decimal(2)}
    point = LedgerEntry.objects.get(unit="point")
    assert (point.cause_type, point.cause_label) == ("ledger.entry", "来源1")


def test_ten_repeats_pay_once(member: User) -> None:
    for _ in range(10):
        post_event(member, Event.QUIZ_PASSED, cause(), Decimal(1), occurred_on=DAY)
    assert LedgerEntry.objects.count() == 3


def test_the_daily_cap_clips_and_says_so(member: User) -> None:
    for number in range(7):
        post_event(member, Event.QUIZ_PASSED, cause(number), Decimal(1), occurred_on=DAY)
    points = LedgerEntry.objects.of(member).in_unit("point")
    assert points.total() == 10
    assert sum(entry.clipped for entry in points) == 4


def test_a_rule_counts_from_its_date_on(member: User) -> None:
    old = Rule.objects.get(code="hour.quiz")
    Rule.objects.create(
        code=old.code, name=old.name, event=old.event, unit=old.unit, amount=Decimal("0.8"), valid_from=date(2026, 7, 1)
    )
    before = post_event(member, Event.QUIZ_PASSED, cause(1), Decimal(1), occurred_on=date(2026, 6, 30))
    after = post_event(member, Event.QUIZ_PASSED, cause(2), Decimal(1), occurred_on=date(2026, 7, 1))
    assert [e.amount for e in before + after if e.unit == "hour"] == [Decimal("0.5"), Decimal("0.8")]


def test_a_reversal_restores_the_balance_once(member: User) -> None:
    entry = post_event(member, Event.OFFLINE_TRAINING, cause(), Decimal(4), occurred_on=DAY)[0]
    with pytest.raises(InvalidInput, match="事由"):
        reverse_entry(entry, by=member, reason=" ")
    first = reverse_entry(entry, by=member, reason="登记有误")
    assert reverse_entry(entry, by=member, reason="再来一次") == first
    assert LedgerEntry.objects.of(member).in_unit("hour").total() == 0


@pytest.mark.parametrize("sql", ["UPDATE ledger_ledgerentry SET amount = 99", "DELETE FROM ledger_ledgerentry"])
def test_the_database_refuses_change(member: User, sql: str) -> None:
    post_event(member, Event.OFFLINE_TRAINING, cause(), Decimal(4), occurred_on=DAY)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert LedgerEntry.objects.get().amount == 4


def test_the_model_refuses_change(member: User) -> None:
    entry = post_event(member, Event.OFFLINE_TRAINING, cause(), Decimal(4), occurred_on=DAY)[0]
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        LedgerEntry.objects.all().delete()


def test_a_secretary_owes_more(member: User) -> None:
    assert required_hours(member, 2026) == 32
    appoint(member, Role.BRANCH_SECRETARY, make_organisation())
    fresh = User.objects.get(pk=member.pk)
    assert hour_progress(fresh, 2026).required == 56


@given(
    quantity=st.decimals("0", "1000", places=2),
    amount=st.decimals("0.01", "20", places=2),
    per=st.decimals("0.01", "100", places=2),
    step=st.sampled_from([Decimal("0.01"), Decimal("0.1"), Decimal("0.25"), Decimal(1)]),
)
def test_amounts_are_whole_steps_never_above_the_share(
    quantity: Decimal, amount: Decimal, per: Decimal, step: Decimal
) -> None:
    rule = Rule(amount=amount, per_quantity=per, step=step, minimum=Decimal(0))
    result: Any = amount_by(rule, quantity)
    assert result % step == 0
    assert 0 <= result <= quantity / per * amount
