"""The queue of the transcoder as people ask about it: what runs, what waits, when it will be done, how much was done.

Estimates come from what runs really took on this machine; without any such run there is no estimate.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from media.enums import RunState, VideoState
from media.models import Transcoding, Video
from school.kernel.models import BackgroundJob

LATEST = 30  # runs that the pace is the median of
MEANINGFUL = 3  # percent: below it a run's own pace says little


@dataclass(frozen=True)
class Place:
    """A video in the queue, with estimated times where there is a pace to reckon by."""

    video: Video
    starts_at: datetime | None
    ends_at: datetime | None
    started_at: datetime | None = None

    @property
    def seconds_left(self) -> int | None:
        return max(0, round((self.ends_at - timezone.now()).total_seconds())) if self.ends_at else None


@dataclass(frozen=True)
class Throughput:
    """What was published in a period: runs, milliseconds of film, and seconds that the transcoder worked."""

    runs: int
    source_ms: int
    work_seconds: float

    @property
    def source_seconds(self) -> float:
        return self.source_ms / 1000


def pace() -> float | None:
    """Seconds of film that a second of work gets done: the median of the latest runs."""
    runs = Transcoding.objects.filter(state=RunState.PUBLISHED, source_ms__gt=0, finished_at__isnull=False)
    times = runs.order_by("-id").values_list("source_ms", "started_at", "finished_at")[:LATEST]
    speeds = [
        source_ms / 1000 / seconds
        for source_ms, started, finished in times
        if finished and (seconds := (finished - started).total_seconds()) > 0
    ]
    return median(speeds) if speeds else None


def queue() -> tuple[list[Place], list[Place]]:
    """(what runs, what waits in the order of its jobs)."""
    now, speed = timezone.now(), pace()
    running = [_running(run, now, speed) for run in _runs_under_way()]
    free_at: datetime | None = max((place.ends_at or now for place in running), default=now)
    if any(place.ends_at is None for place in running):
        free_at = None
    waiting = []
    for video in _in_order():
        length = timedelta(seconds=video.duration / speed) if speed and video.duration else None
        ends_at = free_at + length if free_at and length else None
        waiting.append(Place(video, free_at, ends_at))
        free_at = ends_at
    return running, waiting


def throughput(period: timedelta) -> Throughput:
    runs = list(_published_since(timezone.now() - period).values_list("source_ms", "started_at", "finished_at"))
    work = sum((finished - started).total_seconds() for _, started, finished in runs if finished)
    return Throughput(len(runs), sum(source_ms for source_ms, _, _ in runs), work)


def film_by_day(days: int = 14) -> list[tuple[date, int, int]]:
    """(day, milliseconds of film, runs) for each of the last days, oldest first, empty days included."""
    today = timezone.localdate()
    since = timezone.now() - timedelta(days=days)
    rows = (
        _published_since(since)
        .order_by()
        .annotate(day=TruncDate("finished_at"))
        .values_list("day")
        .annotate(Sum("source_ms"), Count("id"))
    )
    found = {day: (int(film), int(count)) for day, film, count in rows}
    span = [today - timedelta(days=back) for back in reversed(range(days))]
    return [(day, *found.get(day, (0, 0))) for day in span]


def _published_since(moment: datetime) -> QuerySet[Transcoding]:
    return Transcoding.objects.filter(state=RunState.PUBLISHED, finished_at__gte=moment)


def _runs_under_way() -> QuerySet[Transcoding]:
    rows = Transcoding.objects.filter(state=RunState.RUNNING, video__state=VideoState.TRANSCODING)
    return rows.select_related("video__organisation", "video__collection").order_by("id")


def _running(run: Transcoding, now: datetime, speed: float | None) -> Place:
    """By the run's own pace once that means something, before that by the usual one."""
    video, elapsed = run.video, now - run.started_at
    if video.progress >= MEANINGFUL:
        ends_at = now + elapsed * (100 - video.progress) / video.progress
    elif speed and video.duration:
        ends_at = max(now, run.started_at + timedelta(seconds=video.duration / speed))
    else:
        ends_at = None
    return Place(video, run.started_at, ends_at, started_at=run.started_at)


def _in_order() -> list[Video]:
    """Videos that wait, by the age of their jobs; one whose job is missing stands last."""
    videos = list(Video.objects.filter(state=VideoState.QUEUED).select_related("organisation", "collection"))
    keys = {f"transcode:{video.pk}:{video.request}": video.pk for video in videos}
    jobs = BackgroundJob.objects.filter(key__in=list(keys)).values_list("key", "pk")
    order = {keys[key]: pk for key, pk in jobs}
    return sorted(videos, key=lambda video: (order.get(video.pk, 2**62), video.pk))
