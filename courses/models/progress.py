"""What a member has watched of a lesson, and the time budget from which watching is credited."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from courses.models.lessons import LessonPage


class LessonProgress(models.Model):
    """Credited ranges in milliseconds, half-open, sorted and disjoint; completion is the server's finding."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="lesson_progress")
    lesson = models.ForeignKey(LessonPage, models.PROTECT, related_name="progress")
    ranges = models.JSONField("已看区间", default=list)
    credited_ms = models.PositiveIntegerField("有效观看毫秒", default=0)
    furthest_ms = models.PositiveIntegerField("最远位置", default=0)
    position_ms = models.PositiveIntegerField("上次位置", default=0)
    watched_at = models.DateTimeField("看完时间", null=True)
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
    """The seconds a member may still be credited: the server's clock fills it, every tab draws from the same one."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="playback_budget")
    bank_ms = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(default=timezone.now)
    lease = models.UUIDField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "观看时间额度"

    def __str__(self) -> str:
        return f"{self.member_id}: {self.bank_ms} ms"


class WatchSession(models.Model):
    """One opening of the player. The newest session of a member holds the lease."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="watch_sessions")
    lesson = models.ForeignKey(LessonPage, models.PROTECT, related_name="watch_sessions")
    seq = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "观看会话"

    def __str__(self) -> str:
        return str(self.id)


class WatchBeat(models.Model):
    """A raw report of the player, kept for audits and to recompute after a fault of ours."""

    session = models.ForeignKey(WatchSession, models.PROTECT, related_name="beats")
    at = models.DateTimeField(default=timezone.now)
    seq = models.BigIntegerField()
    ranges = models.JSONField()
    paid_ms = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "观看上报"

    def __str__(self) -> str:
        return f"{self.session_id} {self.seq}"
