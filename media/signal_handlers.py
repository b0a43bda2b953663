"""A newly uploaded file is transcoded; a file replaced in the admin as well."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from media.domain.videos import request_transcoding
from media.enums import VideoState
from media.models import Video


@receiver(post_save, sender=Video)
def transcode_new_file(sender: type[Video], instance: Video, created: bool, **kwargs: Any) -> None:
    if created and instance.file and instance.state == VideoState.UPLOADED:
        transaction.on_commit(lambda: request_transcoding(instance))
