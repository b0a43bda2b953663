"""A film file on this disk becomes a video of the library, once: the same bytes a second time give the first video."""

import hashlib
import re
import uuid
from pathlib import Path

from django.core.files import File
from django.db import transaction
from wagtail.models import Collection

from media.domain.checking import check_film
from media.domain.probing import Probe
from media.models import Video
from school.people.models import Organisation, User

SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


def add_video(
    path: Path,
    *,
    title: str,
    by: User | None,
    organisation: Organisation | None = None,
    collection: Collection | None = None,
) -> tuple[Video, bool]:
    """Check a file, take a copy of it into the library and queue its transcoding; True when the video is new.

    Recognised by SHA-256 and size: an existing video is returned unchanged, also when two equal files come at once.
    Raises InvalidInput in words for an unusable file.
    """
    digest, size = digest_of(path), path.stat().st_size
    if size and (twin := twin_of(digest, size)):
        return twin, False
    found = check_film(path)
    video = Video(
        title=title,
        uploaded_by_user=by,
        organisation=organisation,
        collection=collection or Collection.get_first_root_node(),
        sha256=digest,
        size=size,
    )
    describe(video, found)
    return _keep_once(video, path)


def describe(video: Video, found: Probe) -> None:
    """Write what the probe found into the fields of a video."""
    width, height = found.display_size
    video.type = "video" if found.has_picture else "audio"
    video.duration, video.width, video.height = found.duration, width or None, height or None
    video.facts = found.as_facts()


def twin_of(digest: str, size: int) -> Video | None:
    """The first video of the same bytes."""
    return Video.objects.filter(sha256=digest, size=size).order_by("pk").first()


def digest_of(path: Path) -> str:
    """SHA-256 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _keep_once(video: Video, path: Path) -> tuple[Video, bool]:
    """Store the bytes first, which may take minutes; then decide under a lock of milliseconds who came first."""
    suffix = path.suffix.lower()
    storage = video.file.field.storage
    wanted = video.file.field.generate_filename(
        video, f"{uuid.uuid4().hex}{suffix if SUFFIX.fullmatch(suffix) else ''}"
    )
    with path.open("rb") as file:
        video.file.name = storage.save(wanted, File(file))
    try:
        with transaction.atomic():
            # any one row that always exists will do: it puts those who add videos in a line
            Collection.objects.select_for_update().get(pk=Collection.get_first_root_node().pk)
            twin = twin_of(video.sha256, video.size)
            if twin is None:
                video.save()  # the signal handler queues its transcoding
                return video, True
    except BaseException:
        storage.delete(video.file.name)
        raise
    storage.delete(video.file.name)
    return twin, False
