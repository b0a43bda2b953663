"""Where a person belongs (Membership) and what the person is charged with (Appointment), each for a period."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from school.people.enums import PARTY_MEMBER_KINDS, PARTY_WORK_POSTS, MembershipKind, Role
from school.people.models.organisations import Organisation, subtree

if TYPE_CHECKING:
    from school.people.models.users import User

NEW_WORKER_PERIOD = timedelta(days=365)
T = TypeVar("T", bound="DatedQuerySet")


class DatedQuerySet(models.QuerySet[Any]):
    def current(self: T, day: date | None = None) -> T:
        """Rows in force on `day` (today when omitted); the last day is included."""
        day = day or timezone.localdate()
        return self.filter(valid_from__lte=day).filter(models.Q(valid_to=None) | models.Q(valid_to__gte=day))

    def below(self: T, paths: Any) -> T:
        return self.filter(subtree("organisation__path", paths))

    def visible_to(self: T, user: "User") -> T:
        return self.filter(models.Q(user=user) | subtree("organisation__path", user.scope.overseen))


class MembershipQuerySet(DatedQuerySet):
    def of_party_members(self) -> "MembershipQuerySet":
        return self.filter(kind__in=PARTY_MEMBER_KINDS)


class AppointmentQuerySet(DatedQuerySet):
    def of_new_party_workers(self, day: date | None = None) -> "AppointmentQuerySet":
        """Posts of Party work taken up less than twelve months before `day`."""
        day = day or timezone.localdate()
        return self.current(day).filter(role__in=PARTY_WORK_POSTS, valid_from__gt=day - NEW_WORKER_PERIOD)


class DatedPost(models.Model):
    """Common part: who, where, from when to when."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="%(class)ss", verbose_name="人员")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="%(class)ss", verbose_name="组织")
    valid_from = models.DateField("起始日期", default=timezone.localdate)
    valid_to = models.DateField("终止日期", null=True, blank=True)

    class Meta:
        abstract = True


class Membership(DatedPost):
    """A person's place in an organisation; the primary one carries the person's results."""

    kind = models.CharField("身份", max_length=24, choices=MembershipKind.choices, default=MembershipKind.FULL)
    is_primary = models.BooleanField("主要归属", default=True)
    is_mobile = models.BooleanField("流动党员", default=False)
    is_exempt = models.BooleanField("免于考核", default=False, help_text="离退休、长期病休等，经批准不计入达标率。")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "组织归属"
        ordering = ["organisation__path", "user__username"]
        constraints = [
            # A result counts for one branch only, so a person has one open primary place at a time.
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(is_primary=True, valid_to=None),
                name="membership_one_open_primary",
                violation_error_message="这个人已有主要归属，请先办理转出。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.organisation}"


class Appointment(DatedPost):
    """A post or duty. What it allows is said by the role sets in enums and asked through `user.scope`."""

    role = models.CharField("职务", max_length=32, choices=Role.choices)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering = ["organisation__path", "role"]
        constraints = [
            # The same duty for the same place twice would double every notice that goes to its holder.
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=models.Q(valid_to=None),
                name="appointment_once_while_open",
                violation_error_message="这个人已担任该职务，请先免去原任职。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.organisation} {self.get_role_display()}"
