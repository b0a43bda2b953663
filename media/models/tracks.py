"""What accompanies a video in time: chapters, and captions in several languages. Times are milliseconds."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from media.enums import CaptionSource, CaptionState, HearingState, Language
from media.models.videos import Video


class Chapter(models.Model):
    """A named part of a video; it lasts until the next one begins."""

    video = models.ForeignKey(Video, models.CASCADE, related_name="chapters", verbose_name="视频")
    start_ms = models.PositiveIntegerField("开始（毫秒）")
    title = models.CharField("章节名", max_length=80)

    class Meta:
        verbose_name = verbose_name_plural = "章节"
        ordering = ["video", "start_ms"]
        constraints = [
            models.UniqueConstraint(
                fields=["video", "start_ms"], name="chapter_start_once", violation_error_message="这个时间已有章节。"
            )
        ]

    def __str__(self) -> str:
        return self.title


class CaptionTrackQuerySet(models.QuerySet["CaptionTrack"]):
    def with_counts(self) -> "CaptionTrackQuerySet":
        """`cue_count` and `end_ms`, where the last cue ends."""
        return self.annotate(cue_count=models.Count("cues"), end_ms=models.Max("cues__end_ms"))


class CaptionTrack(models.Model):
    """Captions of one language. Members see only what is published."""

    video = models.ForeignKey(Video, models.CASCADE, related_name="captions", verbose_name="视频")
    language = models.CharField("语言", max_length=12, choices=Language.choices, default=Language.CHINESE)
    state = models.CharField("状态", max_length=12, choices=CaptionState.choices, default=CaptionState.PUBLISHED)
    source = models.CharField("来源", max_length=12, choices=CaptionSource.choices, default=CaptionSource.UPLOADED)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField("更新时间", default=timezone.now)
    version = models.PositiveIntegerField("版本", default=1)  # an editor's save names the version it began from

    objects = CaptionTrackQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "字幕"
        ordering = ["video", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["video", "language"],
                name="caption_language_once",
                violation_error_message="这个视频已有该语言的字幕，请直接修改。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.video} {self.get_language_display()}"


class Cue(models.Model):
    """One line of captions, shown in [start_ms, end_ms)."""

    track = models.ForeignKey(CaptionTrack, models.CASCADE, related_name="cues", verbose_name="字幕")
    start_ms = models.PositiveIntegerField("开始（毫秒）")
    end_ms = models.PositiveIntegerField("结束（毫秒）")
    text = models.CharField("文字", max_length=500)

    class Meta:
        verbose_name = verbose_name_plural = "字幕条目"
        ordering = ["track", "start_ms", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_ms__gt=models.F("start_ms")),
                name="cue_times_in_order",
                violation_error_message="字幕的结束时间必须晚于开始时间。",
            )
        ]

    def __str__(self) -> str:
        return self.text


class Hearing(models.Model):
    """The speech recognition of a video: its newest request, and why it failed."""

    video = models.OneToOneField(Video, models.CASCADE, related_name="hearing", verbose_name="视频")
    language = models.CharField("语言", max_length=12, choices=Language.choices, default=Language.CHINESE)
    request = models.PositiveIntegerField("请求号", default=0)
    state = models.CharField("状态", max_length=12, choices=HearingState.choices, default=HearingState.QUEUED)
    error = models.CharField("未成功的原因", max_length=300, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField("请求时间", default=timezone.now)
    finished_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "语音识别"

    def __str__(self) -> str:
        return f"{self.video} {self.get_state_display()}"
