"""A newly uploaded file is transcoded, a picture gets its smaller copies; a file replaced in the admin as well."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from media.domain.renditions import request_renditions
from media.domain.videos import request_transcoding
from media.models import Image, Video


@receiver(post_save, sender=Video)
def transcode_new_file(sender: type[Video], instance: Video, **kwargs: Any) -> None:
    if instance.file and instance.file.name != instance.requested_file:
        transaction.on_commit(lambda: request_transcoding(instance))


@receiver(post_save, sender=Image)
def copy_new_picture(sender: type[Image], instance: Image, **kwargs: Any) -> None:
    if instance.file_hash and not kwargs.get("raw"):
        request_renditions(instance, instance.copies_wanted)
