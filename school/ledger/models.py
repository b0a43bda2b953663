"""The append-only ledger of hours, credits and points, the dated rules that feed it, and yearly requirements."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from school.kernel.models import AppendOnlyModel, AppendOnlyQuerySet
from school.ledger.enums import EntryKind, Event, Repeat, Unit
from school.people.enums import MembershipKind, Role
from school.people.models import Organisation
from school.people.models.organisations import subtree

if TYPE_CHECKING:
    from school.people.models import User

ZERO = Decimal("0")


class DatedRuleQuerySet(models.QuerySet[Any]):
    def in_force(self, day: date) -> "DatedRuleQuerySet":
        return self.filter(valid_from__lte=day).filter(models.Q(valid_to=None) | models.Q(valid_to__gte=day))


class Rule(models.Model):
    """One dated rule: so many units for each quantity of an event, with caps. A change is a new row with a new date.

    amount = floor_to_step(quantity / per_quantity * amount), then clipped to the caps of the day and the year.
    """

    code = models.CharField("代码", max_length=40)
    name = models.CharField("名称", max_length=60)
    event = models.CharField("事件", max_length=32, choices=Event.choices)
    unit = models.CharField("单位", max_length=8, choices=Unit.choices)
    amount = models.DecimalField("数额", max_digits=8, decimal_places=2)
    per_quantity = models.DecimalField("每多少数量", max_digits=8, decimal_places=2, default=Decimal("1"))
    step = models.DecimalField("取整到", max_digits=4, decimal_places=2, default=Decimal("0.1"))
    minimum = models.DecimalField("最低", max_digits=6, decimal_places=2, default=ZERO)
    daily_cap = models.DecimalField("每日上限", max_digits=8, decimal_places=2, null=True, blank=True)
    yearly_cap = models.DecimalField("每年上限", max_digits=8, decimal_places=2, null=True, blank=True)
    repeat = models.CharField("重复", max_length=8, choices=Repeat.choices, default=Repeat.YEARLY)
    source = models.CharField("依据", max_length=200, blank=True)
    valid_from = models.DateField("施行日期")
    valid_to = models.DateField("失效日期", null=True, blank=True)

    objects = DatedRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计分规则"
        ordering = ["unit", "code", "-valid_from"]
        constraints = [
            # Two versions of one rule in force on the same first day would pay twice.
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="rule_one_version_a_day",
                violation_error_message="同一规则在同一天只能有一个版本。",
            ),
            models.CheckConstraint(
                condition=models.Q(per_quantity__gt=0, step__gt=0),
                name="rule_positive_divisors",
                violation_error_message="“每多少数量”和“取整到”必须大于零。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HourRequirement(models.Model):
    """How many hours a year a kind of person owes; a role's row outranks the kind's."""

    name = models.CharField("名称", max_length=60)
    membership_kind = models.CharField("身份", max_length=24, choices=MembershipKind.choices, blank=True)
    role = models.CharField("职务", max_length=32, choices=Role.choices, blank=True)
    hours = models.DecimalField("学时", max_digits=6, decimal_places=2)
    source = models.CharField("依据", max_length=200, blank=True)
    valid_from = models.DateField("施行日期")
    valid_to = models.DateField("失效日期", null=True, blank=True)

    objects = DatedRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学时要求"
        ordering = ["-hours"]

    def __str__(self) -> str:
        return self.name


class LedgerQuerySet(AppendOnlyQuerySet):
    def of(self, user: "User") -> "LedgerQuerySet":
        return self.filter(member=user)

    def in_unit(self, unit: str) -> "LedgerQuerySet":
        return self.filter(unit=unit)

    def in_year(self, year: int) -> "LedgerQuerySet":
        return self.filter(year=year)

    def visible_to(self, user: "User") -> "LedgerQuerySet":
        """One's own entries and those earned in organisations one oversees."""
        return self.filter(models.Q(member=user) | subtree("organisation__path", user.scope.overseen))

    def total(self) -> Decimal:
        """The balance: the sum of the amounts."""
        result: Decimal = self.aggregate(sum=Coalesce(models.Sum("amount"), ZERO, output_field=models.DecimalField()))[
            "sum"
        ]
        return result


class LedgerEntry(AppendOnlyModel):
    """One movement for one member in one unit. A correction is a new row that names the old one in `reverses`."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="ledger_entries")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name="当时所在组织"
    )
    unit = models.CharField("单位", max_length=8, choices=Unit.choices)
    amount = models.DecimalField("数额", max_digits=8, decimal_places=2)
    clipped = models.DecimalField("超出上限未计", max_digits=8, decimal_places=2, default=ZERO)
    kind = models.CharField("性质", max_length=12, choices=EntryKind.choices, default=EntryKind.AUTO)
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, related_name="entries", verbose_name="规则")
    rule_code = models.CharField("规则代码", max_length=40, blank=True)
    event = models.CharField("事件", max_length=32, choices=Event.choices, blank=True)
    cause_type = models.CharField("来源类型", max_length=48)
    cause_id = models.CharField("来源编号", max_length=64)
    cause_label = models.CharField("来源", max_length=200)
    cause_url = models.CharField("来源地址", max_length=300, blank=True)
    period = models.CharField("计次周期", max_length=10, blank=True)  # "", "2026" or "2026-11-24" by the rule's repeat
    occurred_on = models.DateField("发生日期")
    year = models.PositiveSmallIntegerField("年度")
    posted_at = models.DateTimeField("入账时间", default=timezone.now)
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField("事由", max_length=200, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal", verbose_name="冲正")

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "流水"
        ordering = ["-occurred_on", "-id"]
        indexes = [
            models.Index(fields=["member", "unit", "year"]),
            models.Index(fields=["organisation", "unit", "year"]),
        ]
        constraints = [
            # One cause pays one person once by one rule in its period, whatever is clicked, replayed or run twice.
            models.UniqueConstraint(
                fields=["member", "unit", "event", "rule_code", "cause_type", "cause_id", "period"],
                condition=models.Q(reverses=None),
                name="ledger_unique_cause",
                violation_error_message="这一来源已经入账，不能重复计算。",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="reversal", reverses__isnull=False)
                | (~models.Q(kind="reversal") & models.Q(reverses=None)),
                name="ledger_reversal_names_entry",
                violation_error_message="冲正记录必须指明被冲正的流水，其他记录不得指明。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.amount:+} {self.unit}"  # type: ignore[attr-defined]
