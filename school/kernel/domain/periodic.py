"""Schedules of the registered periodic jobs, and the one function that all of them call.

django-q2 reads all due schedules in one transaction, and one bad row stops them all (docs/decisions/0004). So no row
names an app's function: each names `run_periodic`, which always imports, and a broken job fails in its own task.
"""

import logging
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connections, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Schedule

from school.kernel.registry import PERIODIC, PeriodicJob

log = logging.getLogger(__name__)
RUNNER = "school.kernel.domain.periodic.run_periodic"


def ensure_schedules() -> int:
    """Make the schedule rows equal to the registry and return how many hold. A row that fails does not stop others."""
    held = 0
    for job in PERIODIC.values():
        try:
            with transaction.atomic():
                _ensure(job)
            held += 1
        except DatabaseError:
            log.exception("could not schedule %s", job.name)
    Schedule.objects.filter(func=RUNNER).exclude(name__in=list(PERIODIC)).delete()
    return held


def run_periodic(name: str) -> None:
    """Run one registered job. A name that is gone is skipped: a worker may run older code than the scheduler."""
    job = PERIODIC.get(name)
    if job is None:
        log.warning("periodic job %s is not registered", name)
        return
    import_string(job.function)()


def after_migrate(using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate: schedules stand as soon as the queue's own tables do."""
    if Schedule._meta.db_table in connections[using].introspection.table_names():
        ensure_schedules()


def _ensure(job: PeriodicJob) -> None:
    """One row a job. An existing row keeps its next run, so that a restart neither repeats nor delays a job."""
    wanted = {
        "func": RUNNER,
        "args": f"{job.name!r},",
        "kwargs": None,
        "schedule_type": Schedule.MINUTES,
        "minutes": job.minutes,
        "repeats": -1,
    }
    rows = Schedule.objects.filter(name=job.name)
    kept = rows.order_by("pk").first()
    if kept is None:
        Schedule.objects.create(
            name=job.name, next_run=timezone.now() + timedelta(seconds=job.offset_seconds), **wanted
        )
        return
    rows.exclude(pk=kept.pk).delete()
    rows.update(**wanted)
