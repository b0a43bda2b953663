"""What a person may want of a video's transcoding: to have it, to stop it, to try again, and to choose the poster."""

import tempfile
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from media.domain import shelf
from media.domain.additions import add_video
from media.domain.extras import segment_at, write_poster
from media.domain.runs import CLUSTER, transcode_video
from media.enums import RUN_MOVES, VIDEO_MOVES, RunState, VideoState
from media.models import Video
from school.kernel import transitions
from school.kernel.domain.audit import record
from school.kernel.domain.jobs import enqueue
from school.kernel.errors import DomainError, InvalidInput
from school.people.models import User

__all__ = ["add_video", "cancel_transcoding", "choose_poster", "request_transcoding", "retry", "transcode_video"]
UNDER_WAY = {VideoState.QUEUED, VideoState.TRANSCODING}


def request_transcoding(video: Video) -> None:
    """Queue the current file of a video. The same file is queued once while it waits or is worked on.

    Anything else gets a new request number; a run of an older request publishes nothing.
    """
    with transaction.atomic():
        locked = Video.objects.select_for_update().get(pk=video.pk)
        if locked.file.name != locked.requested_file or locked.state not in UNDER_WAY:
            queue_again(locked)


def queue_again(locked: Video) -> None:
    """Give a locked video a new request and a job of its own, whatever became of the last one."""
    request = locked.request + 1
    moved = {"progress": 0, "error": "", "request": request, "requested_file": locked.file.name}
    transitions.move(locked, VideoState.QUEUED, VIDEO_MOVES, **moved)
    enqueue(transcode_video, locked.pk, request, key=job_key(locked.pk, request), cluster=CLUSTER)


def job_key(video_id: int, request: int) -> str:
    return f"transcode:{video_id}:{request}"


def retry(video: Video, by: User) -> None:
    """Transcode again, on a person's request; while it waits or runs nothing changes."""
    with transaction.atomic():
        request_transcoding(video)
        record("video.retry", actor=by, target=video)


def cancel_transcoding(video: Video, by: User) -> None:
    """Stop what waits or runs; the worker notices within two seconds. A generation made earlier stays playable.

    Raises IllegalMove when nothing waits or runs.
    """
    with transaction.atomic():
        locked = Video.objects.select_for_update().get(pk=video.pk)
        transitions.move(locked, VideoState.CANCELLED, VIDEO_MOVES, progress=0)
        for run in locked.transcodings.filter(state=RunState.RUNNING):
            transitions.move(run, RunState.CANCELLED, RUN_MOVES, finished_at=timezone.now())
        record("video.cancel", actor=by, target=locked)


def choose_poster(video: Video, ms: int, by: User) -> None:
    """Make the frame at `ms` the poster of the current generation, and of those to come.

    The frame comes from our own best rendition, so nothing hostile is read. Raises InvalidInput outside the film.
    """
    if not (video.is_ready and video.has_picture and video.rungs):
        raise DomainError("视频还不能播放，暂时不能选封面。", code="wrong_state")
    if not 0 <= ms < video.duration_ms:
        raise InvalidInput(f"封面位置应在 0 到 {video.duration_ms // 1000} 秒之间。", fields={"poster_ms": "超出片长"})
    with tempfile.TemporaryDirectory(prefix="poster-") as folder:
        rung = Path(folder) / "rung"
        rung.mkdir()
        shelf.fetch(video, f"{video.rungs[0]}/index.m3u8", rung / "index.m3u8")
        for name in ("init.mp4", segment_at(rung, ms)[0]):
            shelf.fetch(video, f"{video.rungs[0]}/{name}", rung / name)
        write_poster(rung, Path(folder), ms, lambda share: None)
        shelf.replace(video, "poster.jpg", Path(folder) / "poster.jpg")
    with transaction.atomic():
        Video.objects.filter(pk=video.pk).update(poster_ms=ms)
        record("video.poster", actor=by, target=video, ms=ms)
    video.poster_ms = ms
