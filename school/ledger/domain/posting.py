"""Posting to the ledger: the only code that writes entries. Calling twice for one cause pays once."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils import timezone

from school.kernel.domain import audit
from school.kernel.errors import InvalidInput
from school.ledger.enums import EntryKind, Event, Repeat, Unit
from school.ledger.models import ZERO, LedgerEntry, Rule
from school.people.models import Membership, Organisation

if TYPE_CHECKING:
    from school.people.models import User


@dataclass(frozen=True)
class Cause:
    """What is paid for: a stable type and id, a label a member understands, and where to see it."""

    type: str
    id: str
    label: str
    url: str = ""


def post_event(
    member: "User", event: str, cause: Cause, quantity: Decimal, *, occurred_on: date | None = None
) -> list[LedgerEntry]:
    """Apply every rule in force for `event` on that day and return the new entries.

    `quantity` is in the event's unit (minutes, times, credits). A cause that was already paid, or whose amount
    comes to zero with nothing clipped, adds no entry. Credits that are posted feed points in the same transaction.
    """
    day = occurred_on or timezone.localdate()
    entries: list[LedgerEntry] = []
    with transaction.atomic():
        _lock(member)
        for rule in _rules_for(event, day):
            entry = _post_by_rule(member, rule, cause, quantity, day)
            if entry is None:
                continue
            entries.append(entry)
            if entry.unit == Unit.CREDIT and entry.amount > 0:
                credit_cause = Cause("ledger.entry", str(entry.pk), cause.label, cause.url)
                entries += post_event(member, Event.CREDIT_POSTED, credit_cause, entry.amount, occurred_on=day)
    return entries


def reverse_entry(entry: LedgerEntry, *, by: "User", reason: str) -> LedgerEntry:
    """Cancel an entry by a new row of the opposite amount. A second call returns the first reversal."""
    if not reason.strip():
        raise InvalidInput("请写明冲正事由。", fields={"reason": "请写明冲正事由。"})
    if entry.kind == EntryKind.REVERSAL:
        raise InvalidInput("冲正记录本身不能再冲正。")
    with transaction.atomic():
        _lock(entry.member)
        existing: LedgerEntry | None = LedgerEntry.objects.filter(reverses=entry).first()
        if existing:
            return existing
        reversal = LedgerEntry.objects.create(
            member=entry.member,
            organisation=entry.organisation,
            unit=entry.unit,
            amount=-entry.amount,
            kind=EntryKind.REVERSAL,
            rule=entry.rule,
            rule_code=entry.rule_code,
            event=entry.event,
            cause_type=entry.cause_type,
            cause_id=entry.cause_id,
            cause_label=entry.cause_label,
            cause_url=entry.cause_url,
            period=entry.period,
            occurred_on=timezone.localdate(),
            year=entry.year,
            posted_by=by,
            reason=reason.strip(),
            reverses=entry,
        )
        audit.record("ledger.reverse", actor=by, target=entry, reason=reason)
    return reversal


def amount_by(rule: Rule, quantity: Decimal) -> Decimal:
    """The rule's amount for a quantity before caps, floored to the rule's step and not below its minimum."""
    if quantity <= 0:
        return ZERO
    raw = quantity / rule.per_quantity * rule.amount
    floored = (raw / rule.step).to_integral_value(ROUND_DOWN) * rule.step
    return max(floored, rule.minimum)


def _rules_for(event: str, day: date) -> list[Rule]:
    """The newest version in force of each rule for the event."""
    newest: dict[str, Rule] = {}
    for rule in Rule.objects.in_force(day).filter(event=event).order_by("code", "valid_from"):
        newest[rule.code] = rule
    return list(newest.values())


def _lock(member: "User") -> None:
    """Postings to one member follow one another, so that caps cannot be overrun by two at once."""
    get_user_model().objects.select_for_update().filter(pk=member.pk).values_list("pk").first()


def _post_by_rule(member: "User", rule: Rule, cause: Cause, quantity: Decimal, day: date) -> LedgerEntry | None:
    due = amount_by(rule, quantity)
    if due == 0:
        return None
    amount = min(due, _room_under_caps(member, rule, day))
    entry = LedgerEntry(
        member=member,
        organisation=_organisation_of(member, day),
        unit=rule.unit,
        amount=amount,
        clipped=due - amount,
        rule=rule,
        rule_code=rule.code,
        event=rule.event,
        cause_type=cause.type,
        cause_id=cause.id,
        cause_label=cause.label[:200],
        cause_url=cause.url,
        period=_period(rule, day),
        occurred_on=day,
        year=day.year,
    )
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError:
        if _is_paid(entry):
            return None
        raise
    return entry


def _is_paid(entry: LedgerEntry) -> bool:
    return LedgerEntry.objects.filter(
        member=entry.member,
        unit=entry.unit,
        event=entry.event,
        rule_code=entry.rule_code,
        cause_type=entry.cause_type,
        cause_id=entry.cause_id,
        period=entry.period,
        reverses=None,
    ).exists()


def _period(rule: Rule, day: date) -> str:
    return {Repeat.ONCE: "", Repeat.YEARLY: str(day.year), Repeat.DAILY: day.isoformat()}[Repeat(rule.repeat)]


def _room_under_caps(member: "User", rule: Rule, day: date) -> Decimal:
    """What the rule may still pay this member today. Versions of a rule share their caps by the rule's code."""
    earned = LedgerEntry.objects.of(member).filter(rule_code=rule.code, kind=EntryKind.AUTO)
    rooms = []
    if rule.daily_cap is not None:
        rooms.append(rule.daily_cap - earned.filter(occurred_on=day).total())
    if rule.yearly_cap is not None:
        rooms.append(rule.yearly_cap - earned.in_year(day.year).total())
    return max(min(rooms), ZERO) if rooms else Decimal("999999")


def _organisation_of(member: "User", day: date) -> Organisation | None:
    place = Membership.objects.current(day).filter(user=member, is_primary=True).select_related("organisation").first()
    return place.organisation if place else None
