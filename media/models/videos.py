"""A video as uploaded, and where its streamable form lies once transcoded."""

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from wagtailmedia.models import AbstractMedia

from media.enums import VideoState


class Video(AbstractMedia):
    """`generation` counts transcodings; the files of the current one stay in use until the next is complete."""

    key = models.UUIDField("存储编号", default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(
        "状态", max_length=12, choices=VideoState.choices, default=VideoState.UPLOADED, editable=False
    )
    progress = models.PositiveSmallIntegerField("转码进度（%）", default=0, editable=False)
    error = models.CharField("失败原因", max_length=300, blank=True, editable=False)
    generation = models.PositiveIntegerField("转码版本", default=0, editable=False)
    request = models.PositiveIntegerField("转码请求号", default=0, editable=False)
    requested_file = models.CharField("请求转码的文件", max_length=255, blank=True, editable=False)
    sha256 = models.CharField("文件摘要", max_length=64, blank=True, editable=False)

    admin_form_fields = ("title", "file", "collection", "tags")

    class Meta:
        verbose_name = "视频"
        verbose_name_plural = "视频"

    @property
    def is_ready(self) -> bool:
        """Something playable exists, even while a newer version is being made."""
        return self.generation > 0

    @property
    def folder(self) -> Path:
        """Where the current generation lies on disk."""
        return Path(settings.MEDIA_ROOT) / "videos" / str(self.key) / str(self.generation)
