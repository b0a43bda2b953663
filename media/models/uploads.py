"""An upload in parts, which may be interrupted and taken up again days later."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.models import Collection, get_root_collection_id

from media.enums import UploadState
from media.models.videos import Video
from school.people.models import Organisation


class Upload(models.Model):
    """`received` maps the number of each part that lies on disk to its SHA-256; a part counts once that was right.

    `fingerprint` is what the browser makes of the size, the first and the last megabyte: by it a file chosen again
    days later finds its upload. `replaces` names the video whose file this one takes the place of.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    collection = models.ForeignKey(Collection, models.CASCADE, default=get_root_collection_id, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所属组织"
    )
    title = models.CharField("标题", max_length=255)
    file_name = models.CharField("文件名", max_length=255)
    size = models.PositiveBigIntegerField("字节数")
    part_bytes = models.PositiveIntegerField("分片字节数")
    received = models.JSONField("已收分片", default=dict)
    fingerprint = models.CharField("首尾摘要", max_length=64, blank=True, db_index=True)
    sha256 = models.CharField("文件摘要", max_length=64, blank=True)
    state = models.CharField("状态", max_length=12, choices=UploadState.choices, default=UploadState.RECEIVING)
    error = models.CharField("未通过的原因", max_length=300, blank=True)
    video = models.ForeignKey(Video, models.SET_NULL, null=True, related_name="+", verbose_name="视频")
    replaces = models.ForeignKey(
        Video, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="替换的视频"
    )
    checks = models.PositiveSmallIntegerField("检查次数", default=0)
    created_at = models.DateTimeField("开始时间", default=timezone.now)
    touched_at = models.DateTimeField("最近活动", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "上传"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def part_count(self) -> int:
        return -(-self.size // self.part_bytes)

    @property
    def bytes_received(self) -> int:
        """The last part is usually shorter than the others."""
        return sum(self.length_of(int(number)) for number in self.received)

    def length_of(self, number: int) -> int:
        """Bytes of part `number`, counted from 0."""
        return min(self.part_bytes, self.size - number * self.part_bytes)

    @property
    def missing(self) -> list[int]:
        return [number for number in range(self.part_count) if str(number) not in self.received]
