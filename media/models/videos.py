"""A video as uploaded, each run of the transcoder over it, and where its streamable form lies."""

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtailmedia.models import AbstractMedia

from media.enums import RunState, VideoState
from school.people.models import Organisation


class Video(AbstractMedia):
    """A film, or a recording without picture (`type` is then "audio").

    `generation` counts transcodings; the files of the current one stay in use until the next is complete.
    """

    key = models.UUIDField("存储编号", default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所属组织"
    )
    state = models.CharField(
        "状态", max_length=12, choices=VideoState.choices, default=VideoState.UPLOADED, editable=False
    )
    progress = models.PositiveSmallIntegerField("转码进度（%）", default=0, editable=False)
    error = models.CharField("失败原因", max_length=300, blank=True, editable=False)
    generation = models.PositiveIntegerField("转码版本", default=0, editable=False)
    request = models.PositiveIntegerField("转码请求号", default=0, editable=False)
    requested_file = models.CharField("请求转码的文件", max_length=255, blank=True, editable=False)
    sha256 = models.CharField("文件摘要", max_length=64, blank=True, db_index=True, editable=False)
    size = models.PositiveBigIntegerField("文件字节数", default=0, editable=False)
    stored_bytes = models.PositiveBigIntegerField("播放文件字节数", default=0, editable=False)
    facts = models.JSONField("探测结果", default=dict, editable=False)  # media.domain.probing.Probe as a dict
    rungs = models.JSONField("清晰度", default=list, editable=False)  # of the current generation, best first
    poster_ms = models.PositiveIntegerField("封面位置（毫秒）", null=True, blank=True, editable=False)

    admin_form_fields = ("title", "file", "collection", "organisation", "tags")

    class Meta:
        verbose_name = "视频"
        verbose_name_plural = "视频"

    @property
    def is_ready(self) -> bool:
        """Something playable exists, even while a newer version is being made."""
        return self.generation > 0

    @property
    def has_picture(self) -> bool:
        return self.type != "audio"

    @property
    def duration_ms(self) -> int:
        return round(self.duration * 1000)

    @property
    def folder(self) -> Path:
        """Where the current generation lies on disk."""
        return Path(settings.MEDIA_ROOT) / "videos" / str(self.key) / str(self.generation)


class Transcoding(models.Model):
    """One run of the transcoder: the queue page's throughput and ETA come from these, and each failure keeps its words.

    `beat_at` is written each second while a worker is at it; a running row whose beat is old has lost its worker.
    """

    video = models.ForeignKey(Video, models.CASCADE, related_name="transcodings", verbose_name="视频")
    request = models.PositiveIntegerField("转码请求号")
    state = models.CharField("状态", max_length=12, choices=RunState.choices, default=RunState.RUNNING, db_index=True)
    started_at = models.DateTimeField("开始时间", default=timezone.now)
    beat_at = models.DateTimeField("最近心跳", default=timezone.now)
    finished_at = models.DateTimeField("结束时间", null=True)
    source_ms = models.PositiveIntegerField("片长（毫秒）", default=0)
    generation = models.PositiveIntegerField("产生的版本", null=True)
    stored_bytes = models.PositiveBigIntegerField("产生的字节数", default=0)
    error = models.CharField("失败原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "转码记录"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.video_id} #{self.request} {self.state}"

    @property
    def took_seconds(self) -> float | None:
        """From start to end by the clock; None while it runs."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None

    @property
    def source_seconds(self) -> float:
        return self.source_ms / 1000
