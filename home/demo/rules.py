"""The demo school's dated rules (domain/rules §2, §3): rows an administrator may replace by newer ones."""

from datetime import date
from decimal import Decimal

from school.ledger.enums import Event, Repeat, Unit
from school.ledger.models import HourRequirement, Rule
from school.people.enums import MembershipKind, Role

START = date(2026, 1, 1)
# code, name, event, unit, amount, per quantity, step, minimum, daily cap, yearly cap, repeat
RULES: list[tuple[str, str, str, str, str, str, str, str, str | None, str | None, str]] = [
    (
        "hour.lesson",
        "网络课程学时",
        Event.LESSON_COMPLETED,
        Unit.HOUR,
        "1",
        "45",
        "0.1",
        "0.1",
        None,
        None,
        Repeat.YEARLY,
    ),
    ("hour.quiz", "网络测验学时", Event.QUIZ_PASSED, Unit.HOUR, "0.5", "1", "0.1", "0", None, None, Repeat.YEARLY),
    ("hour.offline", "集中学习学时", Event.OFFLINE_TRAINING, Unit.HOUR, "1", "1", "0.1", "0", None, None, Repeat.ONCE),
    ("credit.quiz", "测验合格学分", Event.QUIZ_PASSED, Unit.CREDIT, "1", "1", "0.1", "0", None, None, Repeat.YEARLY),
    ("point.credit", "学分折积分", Event.CREDIT_POSTED, Unit.POINT, "2", "1", "1", "0", "10", "400", Repeat.ONCE),
    ("point.lesson", "看微党课", Event.LESSON_COMPLETED, Unit.POINT, "1", "5", "1", "1", "6", "300", Repeat.YEARLY),
]


def seed_rules() -> None:
    for code, name, event, unit, amount, per, step, minimum, daily, yearly, repeat in RULES:
        Rule.objects.get_or_create(
            code=code,
            valid_from=START,
            defaults={
                "name": name,
                "event": event,
                "unit": unit,
                "amount": Decimal(amount),
                "per_quantity": Decimal(per),
                "step": Decimal(step),
                "minimum": Decimal(minimum),
                "daily_cap": Decimal(daily) if daily else None,
                "yearly_cap": Decimal(yearly) if yearly else None,
                "repeat": repeat,
            },
        )
    for name, kind, role, hours in [
        ("党员年度学时", MembershipKind.FULL, "", "32"),
        ("预备党员年度学时", MembershipKind.PROBATIONARY, "", "32"),
        ("支部书记年度学时", "", Role.BRANCH_SECRETARY, "56"),
    ]:
        HourRequirement.objects.get_or_create(
            name=name,
            valid_from=START,
            defaults={"membership_kind": kind, "role": role, "hours": Decimal(hours)},
        )
