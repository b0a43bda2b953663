"""What a member has earned of a lesson, and the time budget from which watching and reading are paid."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from courses.models.lessons import LessonPage


class LessonProgress(models.Model):
    """Credited ranges in milliseconds, half-open, sorted and disjoint; completion is the server's finding.

    `prompt_due_ms` is the credited time at which presence is asked next. While `prompt_nonce` is set the question is
    open. `spent` holds the milliseconds credited to each unit of reading (docs/decisions/0015).
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="lesson_progress")
    lesson = models.ForeignKey(LessonPage, models.PROTECT, related_name="progress")
    ranges = models.JSONField("已看区间", default=list)
    credited_ms = models.PositiveIntegerField("有效观看毫秒", default=0)
    furthest_ms = models.PositiveIntegerField("最远位置", default=0)
    position_ms = models.PositiveIntegerField("上次位置", default=0)
    duration_ms = models.PositiveIntegerField("片长毫秒", default=0)
    prompt_due_ms = models.PositiveIntegerField("下次确认在场", null=True)
    prompt_nonce = models.CharField("待答确认", max_length=32, blank=True)
    prompt_asked_at = models.DateTimeField("确认发出时间", null=True)
    answered = models.JSONField("已答提问", default=list)
    spent = models.JSONField("已读时间", default=dict)
    watched_at = models.DateTimeField("看完时间", null=True)
    read_at = models.DateTimeField("读完时间", null=True)
    completed_at = models.DateTimeField("学完时间", null=True)
    updated_at = models.DateTimeField("最近学习", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "学习进度"
        constraints = [models.UniqueConstraint(fields=["member", "lesson"], name="progress_one_a_lesson")]

    def __str__(self) -> str:
        return f"{self.member_id}/{self.lesson_id}: {self.credited_ms} ms"

    @property
    def percent(self) -> int:
        duration = self.lesson.duration_ms
        return min(100, self.credited_ms * 100 // duration) if duration else 100


class PlaybackBudget(models.Model):
    """The time a member may still be credited: the server's clock fills it, every tab draws from the same one.

    `lease` is the only session that may draw; `rate` is the percentage of real time at which that session's lesson
    lets the bank grow.
    """

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="playback_budget")
    bank_ms = models.PositiveIntegerField(default=0)
    rate = models.PositiveSmallIntegerField(default=100)
    seen_at = models.DateTimeField(default=timezone.now)
    lease = models.UUIDField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "观看时间额度"

    def __str__(self) -> str:
        return f"{self.member_id}: {self.bank_ms} ms"
