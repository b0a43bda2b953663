"""Background jobs on django-q2. Delivery is at least once; each job counts its own starts and runs its effect once."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.tasks import async_task

from school.kernel import transitions
from school.kernel.enums import JOB_MOVES, JobState
from school.kernel.models import BackgroundJob, Heartbeat

log = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=30)


def enqueue(
    function: Callable[..., Any], *arguments: Any, key: str, cluster: str = "school", max_starts: int = 3
) -> BackgroundJob:
    """Queue `function(*arguments)` once for `key`; a second call with the same key returns the first job.

    Row and queue entry are written in the caller's transaction, so they vanish together if it is rolled back.
    Arguments must be JSON values; the function must be importable and harmless when run twice.
    """
    path = f"{function.__module__}.{function.__qualname__}"
    with transaction.atomic():
        job, created = BackgroundJob.objects.get_or_create(
            key=key,
            defaults={"function": path, "arguments": list(arguments), "cluster": cluster, "max_starts": max_starts},
        )
        if created:
            _deliver(job)
    return job


def run_job(job_id: int) -> None:
    """Carry out one job. Counts the start before the work, so a job that kills its worker is quarantined too."""
    job = BackgroundJob.objects.get(pk=job_id)
    if job.state in (JobState.DONE, JobState.QUARANTINED):
        return
    if job.starts >= job.max_starts:
        transitions.move(job, JobState.QUARANTINED, JOB_MOVES, finished_at=timezone.now())
        log.error("job %s quarantined after %s starts", job, job.starts)
        return
    transitions.move(job, JobState.RUNNING, JOB_MOVES, starts=job.starts + 1, started_at=timezone.now())
    try:
        import_string(job.function)(*job.arguments)
    except Exception as error:
        transitions.move(
            job, JobState.FAILED, JOB_MOVES, error=f"{type(error).__name__}: {error}"[:2000], finished_at=timezone.now()
        )
        raise
    transitions.move(job, JobState.DONE, JOB_MOVES, error="", finished_at=timezone.now())


def retry(job: BackgroundJob) -> None:
    """Give a failed or quarantined job a fresh set of starts, on a person's request."""
    with transaction.atomic():
        BackgroundJob.objects.filter(pk=job.pk).exclude(state__in=[JobState.RUNNING, JobState.DONE]).update(
            state=JobState.QUEUED, starts=0, error=""
        )
        _deliver(job)


def forget_done() -> int:
    """Each day: drop the rows of work done more than 30 days ago; returns how many. What failed is kept."""
    long_ago = timezone.now() - KEPT_FOR
    count, _ = BackgroundJob.objects.filter(state=JobState.DONE, finished_at__lt=long_ago).delete()
    return count


def beat(cluster: str = "school") -> None:
    """Note that a worker of `cluster` has just run a task."""
    Heartbeat.objects.update_or_create(cluster=cluster, defaults={"beat_at": timezone.now()})


def _deliver(job: BackgroundJob) -> None:
    async_task(run_job, job.pk, cluster=job.cluster, task_name=job.key[:100])
