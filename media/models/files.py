"""Our own image and document models, so that fields can be added without moving the rows of a stock table."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as StockDocument
from wagtail.images.models import AbstractImage, AbstractRendition, get_upload_to

from media.models.picture_files import PictureField


class Image(AbstractImage):
    """An uploaded picture with the words that stand for it where it cannot be seen."""

    file = PictureField(verbose_name="文件", upload_to=get_upload_to, width_field="width", height_field="height")
    alt_text = models.CharField(
        "替代文字", max_length=200, blank=True, help_text="必填。用一句话说出图上有什么，看不到图片的人会读到这段文字。"
    )
    is_decorative = models.BooleanField(
        "装饰图片", default=False, help_text="只起装饰作用、不传达内容的图片请勾选，不必写替代文字。"
    )

    copies_wanted = "content"  # no field: which smaller copies a new file gets (media.domain.renditions)

    # The stock models stay installed, so the accessors of ours need names of their own.
    tags = TaggableManager(blank=True, verbose_name="标签", related_name="school_images")
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="uploaded_images"
    )

    admin_form_fields = (
        *("title", "file", "alt_text", "is_decorative", "description", "collection", "tags"),
        *("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
    )

    class Meta(AbstractImage.Meta):
        verbose_name = "图片"
        verbose_name_plural = "图片"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new file is stored first: its size in pixels, digest and bytes go into the same row."""
        if self.file and not self.file._committed:
            self.file.save(self.file.name, self.file.file, save=False)
        super().save(*args, **kwargs)

    @property
    def default_alt_text(self) -> str:
        """Empty for a decorative picture; the title where an old picture still lacks its words."""
        return "" if self.is_decorative else self.alt_text or self.title


class Rendition(AbstractRendition):
    """A smaller copy. Its address holds a key that cannot be guessed, so it may be fetched without an account."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="rendition_unique")
        ]

    @property
    def url(self) -> str:
        """Always an address of our own, wherever the file lies: the site's policy shows pictures of no other host."""
        return f"{settings.MEDIA_URL}{quote(self.file.name)}"

    def get_upload_to(self, filename: str) -> str:
        key = salted_hmac("media.rendition", f"{self.image_id}-{self.image.file_hash}", algorithm="sha256").hexdigest()
        return f"images/{key[:24]}/{self.file.field.storage.get_valid_name(filename)}"


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
