"""Periodic jobs: one schedule row each, kept equal to the registry; a broken one stops no other."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.brokers import get_broker
from django_q.models import OrmQ, Schedule
from django_q.scheduler import scheduler

from school.kernel.domain import periodic
from school.kernel.models import Heartbeat
from school.kernel.registry import PERIODIC, PeriodicJob, register_periodic

pytestmark = pytest.mark.django_db

calls: list[str] = []


def tick() -> None:
    calls.append("tick")


@pytest.fixture(autouse=True)
def _own_registry() -> Iterator[None]:
    kept = dict(PERIODIC)
    calls.clear()
    yield
    PERIODIC.clear()
    PERIODIC.update(kept)


def row(name: str) -> Schedule:
    return Schedule.objects.get(name=name)


def test_every_registered_function_exists() -> None:
    assert {"heartbeat-0", "heartbeat-1"} <= set(PERIODIC)
    for job in PERIODIC.values():
        assert callable(import_string(job.function))


def test_rows_follow_the_registry_and_keep_their_next_run() -> None:
    register_periodic("tick", f"{__name__}.tick", minutes=5)
    periodic.ensure_schedules()
    later = timezone.now() + timedelta(minutes=3)
    Schedule.objects.filter(name="tick").update(next_run=later, func="somebody.changed.it")
    Schedule.objects.create(name="tick", func="a.second.row")
    register_periodic("tick", f"{__name__}.tick", minutes=7)
    assert periodic.ensure_schedules() == len(PERIODIC)
    assert (row("tick").func, row("tick").minutes, row("tick").next_run) == (periodic.RUNNER, 7, later)
    del PERIODIC["tick"]
    Schedule.objects.create(name="of another library", func="x.y")
    periodic.ensure_schedules()
    assert set(Schedule.objects.values_list("name", flat=True)) == {*PERIODIC, "of another library"}


def test_one_job_that_cannot_be_scheduled_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    Schedule.objects.all().delete()
    ensure = periodic._ensure

    def refuse_first(job: PeriodicJob) -> None:
        if job.name == "heartbeat-0":
            raise DatabaseError("no")
        ensure(job)

    monkeypatch.setattr(periodic, "_ensure", refuse_first)
    assert periodic.ensure_schedules() == len(PERIODIC) - 1
    assert row("heartbeat-1")


def test_the_scheduler_delivers_even_what_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    # the scheduler drops connections before it starts, and with it the transaction of this test
    monkeypatch.setattr("django_q.scheduler.close_old_django_connections", lambda: None)
    Schedule.objects.all().delete()
    register_periodic("broken", "no.such.function", minutes=1)
    register_periodic("tick", f"{__name__}.tick", minutes=1)
    periodic.ensure_schedules()
    Schedule.objects.update(next_run=timezone.now() - timedelta(minutes=1))
    scheduler(broker=get_broker("school"))
    tasks = [entry.task for entry in OrmQ.objects.all()]
    assert {task["func"] for task in tasks} == {periodic.RUNNER}
    assert {task["args"][0] for task in tasks} == set(PERIODIC)


def test_running_by_name() -> None:
    register_periodic("tick", f"{__name__}.tick", minutes=1)
    periodic.run_periodic("tick")
    periodic.run_periodic("gone")
    periodic.run_periodic("heartbeat-0")
    assert calls == ["tick"]
    assert Heartbeat.objects.get().cluster == "school"


def test_migrate_schedules() -> None:
    Schedule.objects.all().delete()
    periodic.after_migrate(using="default")
    assert Schedule.objects.count() == len(PERIODIC)


def test_less_than_a_minute_is_refused() -> None:
    with pytest.raises(ValueError, match="one minute"):
        register_periodic("fast", "x.y", minutes=0)
