"""Takes up again what a dead worker left: each minute, on another cluster than the one that may have died."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ
from django_q.tasks import async_task

from media.domain.runs import CLUSTER, SILENCE
from media.domain.videos import job_key, queue_again
from media.enums import RUN_MOVES, VIDEO_MOVES, RunState, VideoState
from media.models import Transcoding, Video
from school.kernel import transitions
from school.kernel.domain import jobs
from school.kernel.enums import JobState
from school.kernel.models import BackgroundJob, Heartbeat

log = logging.getLogger(__name__)
MOST_LOSSES = 3
LOST_FOR = timedelta(minutes=2)
GIVEN_UP = "转码多次意外中断，已停止重试。请稍后点“重新转码”；若仍失败，请联系系统管理员。"


def rescue_stalled(silence: timedelta = SILENCE) -> int:
    """Requeue every video whose run has not beaten for `silence`, or whose message was lost; returns how many.

    The third loss of a video since its last other end makes it fail in words instead.
    """
    now = timezone.now()
    stalled = Transcoding.objects.filter(state=RunState.RUNNING, beat_at__lte=now - silence)
    rescued = sum(_take_up(run.video_id, silence) for run in stalled)
    return rescued + sum(_deliver_again(video) for video in _forgotten())


def check_pulse() -> None:
    """Send a beat through the video queue, unless something there is waiting or running already."""
    is_busy = Transcoding.objects.filter(state=RunState.RUNNING).exists() or OrmQ.objects.filter(key=CLUSTER).exists()
    if not is_busy:
        async_task(jobs.beat, CLUSTER, cluster=CLUSTER, task_name="video-pulse")


def _take_up(video_id: int, silence: timedelta) -> bool:
    with transaction.atomic():
        video = Video.objects.select_for_update().get(pk=video_id)
        stalled = video.transcodings.filter(state=RunState.RUNNING, beat_at__lte=timezone.now() - silence)
        if not stalled:
            return False
        for run in stalled:
            log.error("the worker of transcoding %s is gone", run)
            transitions.move(run, RunState.LOST, RUN_MOVES, finished_at=timezone.now())
        if video.state != VideoState.TRANSCODING or any(run.request != video.request for run in stalled):
            return False
        if _losses(video) >= MOST_LOSSES:
            transitions.move(video, VideoState.FAILED, VIDEO_MOVES, error=GIVEN_UP)
            Transcoding.objects.filter(pk=stalled[0].pk).update(error=GIVEN_UP)
            return False
        queue_again(video)
        return True


def _losses(video: Video) -> int:
    """How many of the latest runs in a row were lost."""
    count = 0
    for state in video.transcodings.order_by("-id").values_list("state", flat=True):
        if state != RunState.LOST:
            break
        count += 1
    return count


def _forgotten() -> list[Video]:
    """Videos that wait though the cluster has done something newer since and is idle: their message is lost."""
    beat = Heartbeat.objects.filter(cluster=CLUSTER).first()
    if beat is None or Transcoding.objects.filter(state=RunState.RUNNING).exists():
        return []
    return [
        video
        for video in Video.objects.filter(state=VideoState.QUEUED)
        if BackgroundJob.objects.filter(
            key=job_key(video.pk, video.request), state=JobState.QUEUED, queued_at__lt=beat.beat_at - LOST_FOR
        ).exists()
    ]


def _deliver_again(video: Video) -> bool:
    with transaction.atomic():
        locked = Video.objects.select_for_update().get(pk=video.pk)
        if (locked.state, locked.request) != (VideoState.QUEUED, video.request):
            return False
        log.error("the queue lost the message of video %s", video.pk)
        queue_again(locked)
        return True
