"""How the school is doing, for operators and their monitoring: is it ready, and what does the queue hold? No person."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min
from django.utils import timezone
from django_q.models import OrmQ

from school.kernel.enums import JobState
from school.kernel.models import BackgroundJob, Heartbeat

log = logging.getLogger(__name__)
SILENCE = timedelta(seconds=90)  # a cluster that ran no task for so long is dead or wedged (docs/decisions/0004)
# The video cluster beats while it transcodes, and idle once a minute; but checking or storing a large file is one step.
VIDEO_SILENCE = timedelta(minutes=40)
WATCHED = "school"  # without the video cluster members learn on, so readiness does not ask for it; /metrics shows it


class Unready(Exception):
    """A part that the school needs does not work; the text is for operators."""


@dataclass(frozen=True)
class Metric:
    """One gauge; `labels` are pairs of name and value."""

    name: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


def readiness() -> dict[str, str]:
    """The parts that fail, each with its reason; empty when the school can serve people."""
    checks: dict[str, Callable[[], object]] = {
        "database": _check_database,
        "migrations": _check_migrations,
        "worker": _check_worker,
    }
    failures = {}
    for name, check in checks.items():
        try:
            check()
        except Unready as error:
            failures[name] = str(error)
        except DatabaseError:
            log.exception("readiness: %s", name)
            failures[name] = "the database does not answer"
    return failures


def heartbeat_ages() -> dict[str, float]:
    """Seconds since the last beat, by cluster."""
    return {beat.cluster: _seconds_since(beat.beat_at) for beat in Heartbeat.objects.all()}


def metrics() -> Iterator[Metric]:
    """Jobs by state, the longest wait, the worker's pulse, and the queue's length."""
    counts = dict(BackgroundJob.objects.order_by().values_list("state").annotate(Count("pk")))
    for state in JobState.values:
        yield Metric("school_jobs", counts.get(state, 0), (("state", state),))
    yield Metric("school_jobs_quarantined", counts.get(JobState.QUARANTINED, 0))
    oldest = BackgroundJob.objects.filter(state=JobState.QUEUED).aggregate(at=Min("queued_at"))["at"]
    yield Metric("school_jobs_oldest_queued_seconds", _seconds_since(oldest) if oldest else 0)
    for cluster, age in sorted(heartbeat_ages().items()):
        yield Metric("school_heartbeat_age_seconds", age, (("cluster", cluster),))
    for key, length in OrmQ.objects.order_by("key").values_list("key").annotate(Count("pk")):
        yield Metric("school_queue_length", length, (("cluster", key),))


def _seconds_since(moment: datetime) -> float:
    return max((timezone.now() - moment).total_seconds(), 0.0)


def _check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@cache
def _check_migrations() -> bool:
    """Only success is remembered: what is applied stays applied as long as this process runs the same code."""
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        raise Unready("not applied: " + ", ".join(f"{step.app_label}.{step.name}" for step, _ in pending[:5]))
    return True


def _check_worker() -> None:
    age = heartbeat_ages().get(WATCHED)
    if age is None:
        raise Unready(f"cluster {WATCHED} has never beaten")
    if age > SILENCE.total_seconds():
        raise Unready(f"cluster {WATCHED} is silent for {age:.0f} s")
