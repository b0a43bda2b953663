"""An upload in parts, which may be interrupted and taken up again days later."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.models import Collection, get_root_collection_id

from media.enums import UploadState
from media.models.videos import Video


class Upload(models.Model):
    """`received` lists the numbers of the parts that lie on disk, in order; a part counts once its digest was right."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    collection = models.ForeignKey(Collection, models.CASCADE, default=get_root_collection_id, related_name="+")
    title = models.CharField("标题", max_length=255)
    file_name = models.CharField("文件名", max_length=255)
    size = models.PositiveBigIntegerField("字节数")
    part_bytes = models.PositiveIntegerField("分片字节数")
    received = models.JSONField("已收分片", default=list)
    sha256 = models.CharField("文件摘要", max_length=64, blank=True)
    state = models.CharField("状态", max_length=12, choices=UploadState.choices, default=UploadState.RECEIVING)
    error = models.CharField("未通过的原因", max_length=300, blank=True)
    video = models.ForeignKey(Video, models.SET_NULL, null=True, related_name="+", verbose_name="视频")
    created_at = models.DateTimeField("开始时间", default=timezone.now)
    touched_at = models.DateTimeField("最近活动", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "上传"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name
