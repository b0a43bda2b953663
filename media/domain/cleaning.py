"""Clean-up: find the files that nothing names, show them, and delete them. What is in use or young is never touched."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.files.storage import Storage
from django.db import transaction
from django.utils import timezone

from media.domain import parts, shelf
from media.enums import LeftoverKind, RunState, UploadState
from media.models import Image, Rendition, Transcoding, Upload, Video
from school.kernel.domain.audit import record

if TYPE_CHECKING:
    from school.people.models import User

YOUNG = timedelta(hours=24)  # playback addresses live for 12 hours, and a run may take six


@dataclass(frozen=True)
class Leftover:
    """Something that could go. `name` says what in words; the rest says where it lies."""

    kind: str
    name: str
    size: int
    key: UUID | None = None
    generation: int = 0
    path: Path | None = None
    file_name: str = ""

    @property
    def label(self) -> str:
        return str(LeftoverKind(self.kind).label)


@dataclass(frozen=True)
class Cleaned:
    """What went, by kind: (count, bytes)."""

    by_kind: dict[str, tuple[int, int]]

    @property
    def count(self) -> int:
        return sum(count for count, _ in self.by_kind.values())

    @property
    def size(self) -> int:
        return sum(size for _, size in self.by_kind.values())


def find_leftovers(older_than: timedelta = YOUNG) -> list[Leftover]:
    """All that nothing names and nobody touched for `older_than`. Changes nothing."""
    limit = time.time() - older_than.total_seconds()
    found = [*_old_generations(older_than), *_of_deleted_videos(limit), *_work_folders(limit)]
    return [*found, *_upload_parts(limit), *_stray_originals(limit), *_stray_renditions(limit)]


def clean(leftovers: list[Leftover], *, by: "User | None", older_than: timedelta = YOUNG) -> Cleaned:
    """Delete those of `leftovers` that still are ones, and write one audit row; returns what went."""
    still = set(find_leftovers(older_than))
    going = [each for each in leftovers if each in still]
    gone: dict[str, tuple[int, int]] = {}
    for each in going:
        if _remove(each):
            count, size = gone.get(each.kind, (0, 0))
            gone[each.kind] = (count + 1, size + each.size)
    if gone:
        detail = {kind: {"count": count, "bytes": size} for kind, (count, size) in gone.items()}
        record("media.clean", actor=by, deleted=detail)
    return Cleaned(gone)


def _old_generations(older_than: timedelta) -> Iterator[Leftover]:
    """Generations that the row does not name, of videos that no run has touched lately: viewers may still be in one."""
    recent = timezone.now() - older_than
    busy = set(Transcoding.objects.filter(state=RunState.RUNNING).values_list("video_id", flat=True))
    busy |= set(Transcoding.objects.filter(beat_at__gt=recent).values_list("video_id", flat=True))
    busy |= set(Transcoding.objects.filter(finished_at__gt=recent).values_list("video_id", flat=True))
    present = set(shelf.video_keys())
    for video in Video.objects.filter(key__in=present, created_at__lt=recent).exclude(pk__in=busy).order_by("pk"):
        for number in shelf.generations(video):
            if number != video.generation:
                name = f"《{video.title}》第 {number} 版"
                yield Leftover(LeftoverKind.GENERATION, name, shelf.bytes_of(video, number), video.key, number)


def _of_deleted_videos(limit: float) -> Iterator[Leftover]:
    named = set(Video.objects.values_list("key", flat=True))
    for key in shelf.video_keys():
        if key in named or shelf.changed_at(key) > limit:
            continue
        ghost = Video(key=key)
        for number in shelf.generations(ghost):
            yield Leftover(LeftoverKind.DELETED, f"{key} 第 {number} 版", shelf.bytes_of(ghost, number), key, number)


def _work_folders(limit: float) -> Iterator[Leftover]:
    running = Transcoding.objects.filter(state=RunState.RUNNING).values_list("video__key", flat=True)
    alive = {str(key) for key in running}
    for folder in shelf.work_folders():
        if folder.parent.name not in alive and _newest(folder) < limit:
            yield Leftover(LeftoverKind.WORK, f"{folder.parent.name}/{folder.name}", _size(folder), path=folder)


def _upload_parts(limit: float) -> Iterator[Leftover]:
    open_states = [UploadState.RECEIVING, UploadState.CHECKING]
    wanted = {f"{key}{parts.SUFFIX}" for key in _keys_of(open_states)}
    for path in sorted(parts.folder().iterdir()):
        if path.is_file() and path.name not in wanted and path.stat().st_mtime < limit:
            yield Leftover(LeftoverKind.PART, path.name, path.stat().st_size, path=path)


def _keys_of(states: list[UploadState]) -> Iterator[UUID]:
    yield from Upload.objects.filter(state__in=states).values_list("pk", flat=True)


def _stray_originals(limit: float) -> Iterator[Leftover]:
    """Uploaded films that no video names: a worker died between storing the file and naming it."""
    storage = Video._meta.get_field("file").storage  # type: ignore[union-attr]
    named = set(Video.objects.values_list("file", flat=True)) | set(Video.objects.values_list("thumbnail", flat=True))
    for name, size in _listed(storage, "media", named, limit):
        yield Leftover(LeftoverKind.ORIGINAL, name, size, file_name=name)


def _stray_renditions(limit: float) -> Iterator[Leftover]:
    """Sizes of pictures that no row names any more, because the picture is gone."""
    storage = Rendition._meta.get_field("file").storage  # type: ignore[union-attr]
    named = set(Rendition.objects.values_list("file", flat=True)) | set(Image.objects.values_list("file", flat=True))
    for folder in ("images", *_folders_below(storage, "images")):  # one folder a picture, named by its key
        for name, size in _listed(storage, folder, named, limit):
            yield Leftover(LeftoverKind.RENDITION, name, size, file_name=name)


def _folders_below(storage: Storage, folder: str) -> list[str]:
    try:
        folders, _ = storage.listdir(folder)
    except FileNotFoundError:
        return []
    return sorted(f"{folder}/{name}" for name in folders if name)


def _listed(storage: Storage, folder: str, named: set[str], limit: float) -> Iterator[tuple[str, int]]:
    """(name, bytes) of the files directly in `folder` that are old and not named."""
    try:
        _, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(f"{folder}/{file}" for file in files if file):
        if name not in named and storage.get_modified_time(name).timestamp() < limit:
            yield name, storage.size(name)


def _remove(leftover: Leftover) -> bool:
    """Delete one; False when its video has begun to name it meanwhile."""
    if leftover.key is not None:
        return _remove_generation(leftover.key, leftover.generation)
    if leftover.file_name:
        model = Video if leftover.kind == LeftoverKind.ORIGINAL else Rendition
        model._meta.get_field("file").storage.delete(leftover.file_name)  # type: ignore[union-attr]
    elif leftover.path and leftover.path.is_dir():
        shutil.rmtree(leftover.path, ignore_errors=True)
    elif leftover.path:
        leftover.path.unlink(missing_ok=True)
    return True


def _remove_generation(key: UUID, generation: int) -> bool:
    """Under the row's lock, so that no run can make this generation the current one at the same moment."""
    with transaction.atomic():
        video = Video.objects.select_for_update().filter(key=key).first()
        if video is not None and video.generation == generation:
            return False
        shelf.remove(video or Video(key=key), generation)
        return True


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _newest(folder: Path) -> float:
    return max(path.lstat().st_mtime for path in (folder, *folder.rglob("*")))
