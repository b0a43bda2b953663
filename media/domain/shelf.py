"""Where the files of finished transcodings lie: one folder a generation, named by the video's key.

The only module that knows whether that is a disk or a bucket (STORAGE_URL). A generation is visible to nobody until the
video's row names it, so that members see the old files or the new ones and never half; whoever publishes flips the row
after `publish` returned. What a crash leaves behind is a generation that no row names: the clean-up removes it.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage

from media.domain.bucket import Bucket
from media.domain.disk import Disk
from media.models import Video

CONTENT_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".vtt": "text/vtt; charset=utf-8",
    ".json": "application/json",
}


def publish(video: Video, generation: int, work: Path) -> int:
    """Make the finished folder `work` this generation; returns its bytes. Safe to repeat. `work` may be gone after.

    On a disk it is one rename. Into a bucket it uploads file by file, which may take minutes: hold no lock meanwhile.
    """
    return _place().publish(video.key, generation, work)


def workshop(video: Video) -> Path:
    """The folder below which a run makes its temporary folder: on the disk where the result will lie, if it is one."""
    folder = _place().workshop(video.key)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def generations(video: Video) -> list[int]:
    """The generations of which files exist, oldest first, whether the row names them or not."""
    return _place().generations(video.key)


def remove(video: Video, generation: int) -> int:
    """Delete the files of one generation; returns the bytes that became free."""
    return _place().remove(video.key, generation)


def video_keys() -> list[UUID]:
    """The videos of which any generation exists, whether a row names them or not."""
    return _place().keys()


def changed_at(key: UUID) -> float:
    """When the newest file of a video came, in seconds since 1970."""
    return _place().changed_at(key)


def work_folders() -> list[Path]:
    """The temporary folders of runs, under way or left by workers that died."""
    home = _place().workshop(UUID(int=0)).parent
    return sorted(home.glob("*/work-*"))


def bytes_of(video: Video, generation: int) -> int:
    return _place().bytes_of(video.key, generation)


def fetch(video: Video, name: str, target: Path) -> None:
    """Copy the file `name` of the current generation to a path on this disk. FileNotFoundError when it is absent."""
    _place().fetch(video.key, video.generation, name, target)


def replace(video: Video, name: str, new: Path) -> None:
    """Put a new file in the place of `name` in the current generation; readers get the old one or the new one."""
    _place().replace(video.key, video.generation, name, new)


@contextmanager
def source_of(video: Video) -> Iterator[Path]:
    """A path on this disk at which the uploaded file can be read for the while."""
    place = _place()
    if isinstance(place, Disk):
        yield Path(video.file.path)
        return
    # named like the folders of runs, so that what a killed worker leaves is swept with them
    with tempfile.TemporaryDirectory(prefix="work-source-", dir=workshop(video)) as folder:
        path = Path(folder) / "source"
        place.download(video.file.name, path)
        yield path


def path_of(key: UUID, generation: int, name: str) -> Path | None:
    """A file on this disk; None when it is absent, lies outside its folder, or lies in a bucket."""
    place = _place()
    return place.path_of(key, generation, name) if isinstance(place, Disk) else None


def text_of(key: UUID, generation: int, name: str) -> str | None:
    """A small text file, such as a playlist; None when it is absent."""
    return _place().text_of(key, generation, name)


def bucket_address(key: UUID, generation: int, name: str, seconds: int) -> str:
    """An address at which the bucket itself gives out this file for so long. LookupError where there is no bucket."""
    place = _place()
    if not isinstance(place, Bucket):
        raise LookupError("the files lie on this disk")
    return place.address_of(key, generation, name, seconds)


def content_type_of(name: str) -> str:
    return CONTENT_TYPES.get(Path(name).suffix, "application/octet-stream")


def _place() -> Disk | Bucket:
    """Asked anew each time: making either costs nothing, and tests move the folder."""
    if hasattr(default_storage, "bucket_name"):
        return Bucket(default_storage, Path(settings.VAR_DIR) / "workshop", content_type_of)
    return Disk(Path(settings.MEDIA_ROOT) / "videos")
