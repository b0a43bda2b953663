"""A video's way: request, transcode, publish. Running a task twice makes one rendition."""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.db import transaction

from media.domain import shelf
from media.domain.planning import plan
from media.domain.probing import Probe, probe
from media.domain.transcoding import transcode
from media.enums import VIDEO_MOVES, VideoState
from media.models import Video
from school.kernel import transitions
from school.kernel.domain.jobs import enqueue
from school.kernel.enums import JobState
from school.kernel.errors import DomainError
from school.kernel.models import BackgroundJob

STALE_SECONDS = 24 * 3600  # longer than any transcoding may take: such a folder's worker is dead
UNEXPECTED = "转码时系统出错，请稍后重试；若仍失败，请联系系统管理员。"


def request_transcoding(video: Video) -> None:
    """Queue the current file of a video. The same file is queued once while its job waits or runs.

    A failed video, or one whose file was replaced, gets a new request; a job of an older request publishes nothing.
    """
    with transaction.atomic():
        locked = Video.objects.select_for_update().get(pk=video.pk)
        if locked.file.name == locked.requested_file and _is_under_way(locked):
            return
        request = locked.request + 1
        moved = {"progress": 0, "error": "", "request": request, "requested_file": locked.file.name}
        transitions.move(locked, VideoState.QUEUED, VIDEO_MOVES, **moved)
        enqueue(transcode_video, locked.pk, request, key=_key(locked), cluster="video")


def transcode_video(video_id: int, request: int) -> None:
    """Background task: probe, plan, transcode into a temporary folder, then publish by one rename."""
    video = Video.objects.get(pk=video_id)
    if video.request != request or video.state == VideoState.READY:
        return
    transitions.move(video, VideoState.TRANSCODING, VIDEO_MOVES, progress=0, error="")
    try:
        _transcode_below(shelf.workshop(video), video)
    except DomainError as error:
        _fail(video, error.message)
    except Exception:
        _fail(video, UNEXPECTED)
        raise


def _transcode_below(home: Path, video: Video) -> None:
    _remove_stale(home)
    work = Path(tempfile.mkdtemp(prefix="work-", dir=home))
    try:
        with shelf.source_of(video) as source:
            found = probe(source)
            transcode(source, work, found, plan(found), _reporter(video))
            _publish(video, work, found, _digest(source))
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _publish(video: Video, work: Path, found: Probe, digest: str) -> None:
    with transaction.atomic():
        locked = Video.objects.select_for_update().get(pk=video.pk)
        if locked.request != video.request or locked.state != VideoState.TRANSCODING:
            return  # overtaken by a newer request, or published by a twin of this job
        generation = locked.generation + 1
        stored = shelf.publish(locked, generation, work)
        size = {"duration": found.duration, "width": found.width, "height": found.height}
        done = {"progress": 100, "generation": generation, "sha256": digest, "stored_bytes": stored, **size}
        transitions.move(locked, VideoState.READY, VIDEO_MOVES, **done)


def _fail(video: Video, message: str) -> None:
    with transaction.atomic():
        locked = Video.objects.select_for_update().get(pk=video.pk)
        if locked.request == video.request and locked.state == VideoState.TRANSCODING:
            transitions.move(locked, VideoState.FAILED, VIDEO_MOVES, error=message[:300])


def _key(video: Video) -> str:
    return f"transcode:{video.pk}:{video.request}"


def _is_under_way(video: Video) -> bool:
    return BackgroundJob.objects.filter(key=_key(video), state__in=[JobState.QUEUED, JobState.RUNNING]).exists()


def _remove_stale(home: Path) -> None:
    for folder in home.glob("work-*"):
        if time.time() - folder.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _reporter(video: Video) -> Callable[[int], None]:
    """Writes whole percents to the row, at most once a second."""
    last = {"at": 0.0, "percent": -1}

    def report(percent: int) -> None:
        if percent > last["percent"] and time.monotonic() - last["at"] >= 1:
            last.update(at=time.monotonic(), percent=percent)
            Video.objects.filter(pk=video.pk).update(progress=percent)

    return report


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
