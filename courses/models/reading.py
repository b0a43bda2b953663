"""A document as pictures of its pages, so that it is read here and page by page."""

import uuid

from django.db import models

from media.models import Document

WIDTHS = (720, 1440)


class DocumentCopy(models.Model):
    """`pages` lists [width, height, letters] of each page once drawn; `error` says why a file cannot be drawn."""

    document = models.OneToOneField(Document, models.CASCADE, related_name="copy", verbose_name="文件")
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    digest = models.CharField("文件摘要", max_length=40, blank=True)
    pages = models.JSONField("页", default=list)
    error = models.CharField("不能显示的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "文件的页面图"

    def __str__(self) -> str:
        return f"{self.document_id}: {len(self.pages)}"

    def file_name(self, page: int, width: int) -> str:
        """Of the picture of a page, counted from 1, in the default storage."""
        return f"pages/{self.key}/{page}-{width}.webp"
