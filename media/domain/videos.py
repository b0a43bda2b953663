"""A video's way: request, transcode, publish. Running a task twice makes one rendition."""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from media.domain.planning import plan
from media.domain.probing import probe
from media.domain.transcoding import transcode
from media.enums import VIDEO_MOVES, VideoState
from media.models import Video
from school.kernel import transitions
from school.kernel.domain.jobs import enqueue
from school.kernel.errors import DomainError, InvalidInput


def request_transcoding(video: Video) -> None:
    """Queue the current file of a video. The same file is queued once."""
    with transaction.atomic():
        locked = Video.objects.select_for_update().get(pk=video.pk)
        if locked.state in (VideoState.QUEUED, VideoState.TRANSCODING):
            return
        transitions.move(locked, VideoState.QUEUED, VIDEO_MOVES, progress=0, error="")
        key = f"transcode:{locked.pk}:{locked.generation}:{locked.file.name}"
        enqueue(transcode_video, locked.pk, locked.file.name, key=key, cluster="video")


def transcode_video(video_id: int, file_name: str) -> None:
    """Background task: probe, plan, transcode into a temporary folder, then publish by one rename."""
    video = Video.objects.get(pk=video_id)
    if video.file.name != file_name or video.state not in (
        VideoState.QUEUED,
        VideoState.TRANSCODING,
        VideoState.FAILED,
    ):
        return
    transitions.move(video, VideoState.TRANSCODING, VIDEO_MOVES, progress=0, error="")
    home = Path(settings.MEDIA_ROOT) / "videos" / str(video.key)
    home.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="work-", dir=home))
    try:
        found = probe(Path(video.file.path))
        transcode(Path(video.file.path), work, found, plan(found), _reporter(video))
        _publish(video, work, home, found.duration, found.width, found.height)
    except (InvalidInput, DomainError) as error:
        transitions.move(video, VideoState.FAILED, VIDEO_MOVES, error=error.message[:300])
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _publish(video: Video, work: Path, home: Path, duration: float, width: int, height: int) -> None:
    target = home / str(video.generation + 1)
    shutil.rmtree(target, ignore_errors=True)  # left by a worker that died between rename and commit
    work.chmod(0o750)
    work.rename(target)
    transitions.move(
        video,
        VideoState.READY,
        VIDEO_MOVES,
        progress=100,
        generation=video.generation + 1,
        duration=duration,
        width=width,
        height=height,
        sha256=_digest(Path(video.file.path)),
    )


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
