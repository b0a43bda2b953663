"""Assigned study: who was asked to take which lesson by when, one task for each person."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from courses.enums import Audience
from courses.models.lessons import LessonPage
from school.people.enums import TRAINING_ROLES
from school.people.models import Organisation
from school.people.models.organisations import subtree

if TYPE_CHECKING:
    from school.people.models import User


class AssignmentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "AssignmentQuerySet":
        """Assignments for organisations in which the person may assign or oversees members."""
        paths = user.scope.overseen | user.scope.paths_of(*TRAINING_ROLES)
        from_above = models.Q(organisation__path__in=user.scope.own_and_above) if paths else models.Q(pk__in=[])
        return self.filter(subtree("organisation__path", paths) | from_above)


class Assignment(models.Model):
    lesson = models.ForeignKey(LessonPage, models.PROTECT, related_name="assignments", verbose_name="课程")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="组织")
    audience = models.CharField("对象", max_length=24, choices=Audience.choices, default=Audience.ALL)
    due_at = models.DateTimeField("截止时间")
    compulsory = models.BooleanField("必修", default=True)
    note = models.CharField("要求", max_length=200, blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="指派人")
    issued_at = models.DateTimeField("指派时间", default=timezone.now)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学习任务"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.lesson} → {self.organisation}"


class AssignmentTask(models.Model):
    """One person's part of an assignment."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="tasks")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignment_tasks")
    done_at = models.DateTimeField("完成时间", null=True)
    reminded_at = models.DateTimeField("最近提醒", null=True)
    reminders = models.PositiveSmallIntegerField("提醒次数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "个人任务"
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "member"], name="task_once", violation_error_message="这个人已有这项任务。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}/{self.member_id}"

    @property
    def state_label(self) -> str:
        late_after = self.assignment.due_at
        if self.done_at:
            return "逾期完成" if self.done_at > late_after else "已完成"
        return "逾期" if timezone.now() > late_after else "待完成"
