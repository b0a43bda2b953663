"""Our own image and document models, so that fields can be added without moving the rows of a stock table."""

from django.conf import settings
from django.db import models
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as StockDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as StockImage


class Image(AbstractImage):
    """An uploaded picture with the words that stand for it where it cannot be seen."""

    alt_text = models.CharField("替代文字", max_length=200, blank=True, help_text="看不到图片的人会读到这段文字。")

    # The stock models stay installed, so the accessors of ours need names of their own.
    tags = TaggableManager(blank=True, verbose_name="标签", related_name="school_images")
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="uploaded_images"
    )

    admin_form_fields = (*StockImage.admin_form_fields, "alt_text")

    class Meta(AbstractImage.Meta):
        verbose_name = "图片"
        verbose_name_plural = "图片"

    @property
    def default_alt_text(self) -> str:
        return self.alt_text or self.title


class Rendition(AbstractRendition):
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="rendition_unique")
        ]


class Document(AbstractDocument):
    """An uploaded file that is read, not watched."""

    # The stock models stay installed, so the accessors of ours need names of their own.
    tags = TaggableManager(blank=True, verbose_name="标签", related_name="school_documents")
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="uploaded_documents",
    )

    admin_form_fields = StockDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = "文件"
        verbose_name_plural = "文件"
