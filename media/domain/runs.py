"""One run of the transcoder, from the start of its job to publication. Running a task twice makes one generation.

The run's row beats each second. Whoever changes that row, or the video's, ends the run: that is how cancelling works.
"""

import hashlib
import logging
import shutil
import tempfile
import time
import uuid
from datetime import timedelta
from pathlib import Path

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from media.domain import shelf
from media.domain.captions import import_track
from media.domain.probing import Probe, probe
from media.domain.transcoding import Result, transcode
from media.enums import RUN_MOVES, VIDEO_MOVES, CaptionSource, RunState, VideoState
from media.models import Transcoding, Video
from school.kernel import transitions
from school.kernel.domain import jobs
from school.kernel.errors import DomainError

log = logging.getLogger(__name__)
SILENCE = timedelta(seconds=60)  # a run that has not beaten for so long has lost its worker
PULSE_SECONDS = 10
LEASE_FOR_STORING = timedelta(minutes=30)  # an object store may take its time, and nothing ticks meanwhile
CLUSTER = "video"
UNEXPECTED = "转码时系统出错，请稍后重试；若仍失败，请联系系统管理员。"


class Stopped(Exception):
    """The run was cancelled, overtaken or declared lost; its row says which."""


def transcode_video(video_id: int, request: int) -> None:
    """Background task: probe, plan, transcode into a temporary folder, check, then publish all at once."""
    run = _start(video_id, request)
    if run is None:
        return
    try:
        _work(run)
    except Stopped:
        log.info("transcoding %s was stopped", run)
    except DomainError as error:
        _fail(run, error.message)
    except Exception:
        _fail(run, UNEXPECTED)
        raise


def _start(video_id: int, request: int) -> Transcoding | None:
    """The row of a new run, or None when there is nothing to do: done, overtaken, cancelled, or a twin is at it."""
    with transaction.atomic():
        video = Video.objects.select_for_update().get(pk=video_id)
        startable = {VideoState.QUEUED, VideoState.TRANSCODING, VideoState.FAILED}
        if video.request != request or video.state not in startable:
            return None
        for other in video.transcodings.filter(state=RunState.RUNNING):
            if other.request == request and other.beat_at > timezone.now() - SILENCE:
                return None
            transitions.move(other, RunState.LOST, RUN_MOVES, finished_at=timezone.now())
        transitions.move(video, VideoState.TRANSCODING, VIDEO_MOVES, progress=0, error="")
        return Transcoding.objects.create(video=video, request=request)


def _work(run: Transcoding) -> None:
    home = shelf.workshop(run.video)
    for folder in home.glob("work-*"):  # left by a worker that died: this run is the only one of the video
        shutil.rmtree(folder, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix="work-", dir=home))
    try:
        with shelf.source_of(run.video) as source:
            alias = work / uuid.uuid4().hex  # a name without extension, from which ffmpeg can guess nothing
            alias.symlink_to(source.absolute())
            beat = Beat(run)
            found = probe(source)
            Transcoding.objects.filter(pk=run.pk).update(source_ms=round(found.duration * 1000))
            made = work / "made"
            made.mkdir()
            result = transcode(alias, made, found, beat, run.video.poster_ms)
            size = source.stat().st_size
            is_known = run.video.sha256 and run.video.size == size
            digest = run.video.sha256 if is_known else _digest(source, beat)
        _publish(run, made, found, result, {"sha256": digest, "size": size})
        _keep_subtitles(run.video, result)
    finally:
        shutil.rmtree(work, ignore_errors=True)


class Beat:
    """Called each second with the share that is done. Writes the beat and the percents; raises Stopped."""

    def __init__(self, run: Transcoding) -> None:
        self.run = run
        self.percent = 0
        self.pulse_at = 0.0

    def __call__(self, share: float) -> None:
        try:
            self._note(min(99, int(share * 100)))
        except DatabaseError:
            if connection.in_atomic_block:
                raise
            log.exception("no beat of %s: the database does not answer", self.run)
            connection.close()  # the next second tries again; a database that restarts costs no finished work

    def _note(self, percent: int) -> None:
        alive = Transcoding.objects.filter(
            pk=self.run.pk,
            state=RunState.RUNNING,
            video__request=self.run.request,
            video__state=VideoState.TRANSCODING,
        ).update(beat_at=timezone.now())
        if not alive:
            _close(self.run, RunState.OVERTAKEN)
            raise Stopped
        if percent > self.percent:
            self.percent = percent
            Video.objects.filter(pk=self.run.video_id).update(progress=percent)
        if time.monotonic() - self.pulse_at >= PULSE_SECONDS:
            self.pulse_at = time.monotonic()
            jobs.beat(CLUSTER)


def _publish(run: Transcoding, made: Path, found: Probe, result: Result, file: dict[str, object]) -> None:
    """Store the files under the next free number, then let the row name it. The generation before stays for viewers."""
    video = run.video
    generation = max([video.generation, *shelf.generations(video)]) + 1
    Transcoding.objects.filter(pk=run.pk, state=RunState.RUNNING).update(beat_at=timezone.now() + LEASE_FOR_STORING)
    stored = shelf.publish(video, generation, made)
    with transaction.atomic():
        locked = Video.objects.select_for_update().get(pk=video.pk)
        current = Transcoding.objects.get(pk=run.pk)
        if locked.request != run.request or current.state != RunState.RUNNING:
            is_overtaken = True
        else:
            is_overtaken = False
            width, height = found.display_size
            facts = {"duration": found.duration, "width": width or None, "height": height or None, **file}
            facts |= {"facts": found.as_facts(), "type": "video" if found.has_picture else "audio"}
            facts |= {"rungs": [rung.name for rung in result.plan.rungs], "generation": generation}
            transitions.move(
                locked, VideoState.READY, VIDEO_MOVES, progress=100, error="", stored_bytes=stored, **facts
            )
            end = {"generation": generation, "stored_bytes": stored, "beat_at": timezone.now()}
            transitions.move(current, RunState.PUBLISHED, RUN_MOVES, finished_at=timezone.now(), **end)
    if is_overtaken:
        shelf.remove(video, generation)
        _close(run, RunState.OVERTAKEN)


def _keep_subtitles(video: Video, result: Result) -> None:
    """A subtitle stream that cannot be read is no reason to keep the film from members; the log names it."""
    for language, text in result.subtitles.items():
        try:
            import_track(video, language, text, source=CaptionSource.EMBEDDED)
        except DomainError as refused:
            log.warning("embedded subtitles %s of video %s: %s", language, video.pk, refused.message)


def _fail(run: Transcoding, message: str) -> None:
    with transaction.atomic():
        locked = Video.objects.select_for_update().get(pk=run.video_id)
        if not _close(run, RunState.FAILED, message):
            return
        if locked.request == run.request and locked.state == VideoState.TRANSCODING:
            transitions.move(locked, VideoState.FAILED, VIDEO_MOVES, error=message[:300])


def _close(run: Transcoding, state: str, message: str = "") -> bool:
    """End a run that still counts as running; False when somebody else has ended it."""
    current = Transcoding.objects.get(pk=run.pk)
    if current.state != RunState.RUNNING:
        return False
    transitions.move(current, state, RUN_MOVES, finished_at=timezone.now(), beat_at=timezone.now(), error=message[:300])
    return True


def _digest(path: Path, beat: Beat) -> str:
    """SHA-256 in hex, beating on the way: four gigabytes take a while."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(64 * 1024 * 1024):
            digest.update(piece)
            beat(0.99)
    return digest.hexdigest()
