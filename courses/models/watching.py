"""The record of watching: sessions, the player's raw reports, and what was asked in between."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from courses.models.lessons import LessonPage
from courses.models.progress import LessonProgress, PlaybackBudget
from courses.models.stops import LessonStop
from exams.models import QuestionVersion
from media.models import Video
from school.kernel.models import AppendOnlyModel, AppendOnlyQuerySet


class WatchSession(models.Model):
    """One opening of a lesson. The newest session of a member holds the lease.

    `terms` are the lesson's rules as they were when it was opened (courses.domain.terms), so that a report needs no
    look at the page. `login` is a digest of the sign-in that opened it: no other sign-in may report to it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="watch_sessions")
    lesson = models.ForeignKey(LessonPage, models.PROTECT, related_name="watch_sessions")
    progress = models.ForeignKey(LessonProgress, models.PROTECT, null=True, related_name="+")
    budget = models.ForeignKey(PlaybackBudget, models.PROTECT, null=True, related_name="+")
    video = models.ForeignKey(Video, models.SET_NULL, null=True, related_name="+")
    terms = models.JSONField("规则", default=dict)
    login = models.CharField("登录摘要", max_length=64, blank=True)
    address = models.CharField("来源地址", max_length=64, blank=True, db_index=True)
    device = models.CharField("设备", max_length=200, blank=True)
    started_at = models.DateTimeField("开始时间", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "观看会话"

    def __str__(self) -> str:
        return str(self.id)


class BeatQuerySet(AppendOnlyQuerySet):
    def prune(self, before: datetime, batch: int) -> int:
        """Delete up to `batch` of the oldest reports sent before this moment; returns how many went.

        The table's trigger lets only rows go that are at least 30 days old.
        """
        oldest = list(self.filter(at__lt=before).order_by("at").values_list("pk", flat=True)[:batch])
        count, _ = models.QuerySet.delete(self.filter(pk__in=oldest))
        return count


class WatchBeat(AppendOnlyModel):
    """A raw report of the player, kept for audits and to recompute after a fault of ours.

    `ranges` is the claim as sent; `room_ms` is what the clock allowed, `limit_ms` where an open question ended the
    lesson; `unpaid_ms` is what was claimed, new, and not paid; `gap_ms` is the time since the report before.
    """

    session = models.ForeignKey(WatchSession, models.PROTECT, related_name="beats")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    seq = models.BigIntegerField()
    ranges = models.JSONField()
    room_ms = models.PositiveIntegerField(default=0)
    limit_ms = models.PositiveIntegerField(null=True)
    paid_ms = models.PositiveIntegerField()
    unpaid_ms = models.PositiveIntegerField(default=0)
    gap_ms = models.PositiveIntegerField(default=0)

    objects = BeatQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "观看上报"

    def __str__(self) -> str:
        return f"{self.session_id} {self.seq}"


class PresencePrompt(models.Model):
    """ "Are you there?", asked once; `reaction_ms` is how long the answer took, empty while there is none."""

    session = models.ForeignKey(WatchSession, models.PROTECT, related_name="prompts")
    nonce = models.CharField(max_length=32, unique=True)
    asked_at = models.DateTimeField("发出时间", default=timezone.now, db_index=True)
    answered_at = models.DateTimeField("回应时间", null=True)
    reaction_ms = models.PositiveIntegerField("回应用时", null=True)
    in_time = models.BooleanField("按时回应", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "在场确认"

    def __str__(self) -> str:
        return f"{self.session_id} {self.asked_at:%Y-%m-%d %H:%M}"


class StopAnswer(models.Model):
    """A member's first answer to an in-video question: the record. It is no attempt and earns nothing."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lesson = models.ForeignKey(LessonPage, models.PROTECT, related_name="+")
    stop = models.ForeignKey(LessonStop, models.SET_NULL, null=True, related_name="answers")
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="+")
    answer = models.JSONField("回答")
    is_right = models.BooleanField("答对")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "片中提问的回答"
        constraints = [
            # The first answer is the record: later ones are practice.
            models.UniqueConstraint(
                fields=["member", "stop"], name="stop_answered_once", violation_error_message="这道提问已答过。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.stop_id}"

    def as_result(self) -> dict[str, Any]:
        """What the player shows once there is an answer."""
        return {"is_right": self.is_right, "explanation": self.version.explanation, "key": self.version.key}
