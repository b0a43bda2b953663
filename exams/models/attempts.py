"""An attempt with its frozen paper, the stored answers, and the marks, which are appended."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from exams.enums import AttemptState
from exams.models.papers import Exam, PaperSlot
from school.kernel.models import AppendOnlyModel

if TYPE_CHECKING:
    from school.people.models import User


class AttemptQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "AttemptQuerySet":
        """An attempt is its candidate's own."""
        return self.filter(candidate=user)

    def overdue(self, moment: Any) -> "AttemptQuerySet":
        return self.filter(state=AttemptState.IN_PROGRESS, deadline__lt=moment)


class Attempt(models.Model):
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="attempts", verbose_name="考试")
    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField("第几次")
    state = models.CharField(
        "状态", max_length=12, choices=AttemptState.choices, default=AttemptState.IN_PROGRESS, db_index=True
    )
    seed = models.BigIntegerField("随机种子")
    layout = models.JSONField("卷面")  # [{"slot": slot id, "options": [option ids in shown order]}]
    started_at = models.DateTimeField("开始时间", default=timezone.now)
    deadline = models.DateTimeField("截止时间", null=True)
    submitted_at = models.DateTimeField("交卷时间", null=True)
    score = models.DecimalField("得分", max_digits=7, decimal_places=2, null=True)
    total = models.DecimalField("满分", max_digits=7, decimal_places=2)
    passed = models.BooleanField("合格", null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "答卷"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "candidate", "number"], name="attempt_number_once"),
            # Two tabs that press "start" together share one attempt.
            models.UniqueConstraint(
                fields=["exam", "candidate"],
                condition=models.Q(state=AttemptState.IN_PROGRESS),
                name="attempt_one_open",
                violation_error_message="已有一份正在作答的答卷。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exam_id}/{self.candidate_id}#{self.number}"


class Response(models.Model):
    """The newest answer to one slot. A higher `seq` replaces it, a lower one never does."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="responses")
    slot = models.ForeignKey(PaperSlot, models.PROTECT, related_name="+")
    seq = models.BigIntegerField()
    answer = models.JSONField(default=list)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "作答"
        constraints = [models.UniqueConstraint(fields=["attempt", "slot"], name="response_one_a_slot")]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.slot_id}"


class SlotMark(AppendOnlyModel):
    """A mark given to one slot of an attempt; a later one outranks it and names why."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="marks")
    slot = models.ForeignKey(PaperSlot, models.PROTECT, related_name="+")
    amount = models.DecimalField("得分", max_digits=5, decimal_places=2)
    policy = models.CharField("计分办法", max_length=40)
    round = models.PositiveSmallIntegerField("评阅轮次", default=1)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "题目得分"
        constraints = [models.UniqueConstraint(fields=["attempt", "slot", "round"], name="mark_once_a_round")]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.slot_id}: {self.amount}"
