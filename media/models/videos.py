"""A video or audio recording as uploaded, with what is known of it."""

from wagtailmedia.models import AbstractMedia


class Video(AbstractMedia):
    class Meta:
        verbose_name = "视频"
        verbose_name_plural = "视频"
