"""What operators and their monitoring ask: alive, ready, and the gauges."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from school.kernel import queries
from school.kernel.domain import jobs
from school.kernel.enums import JobState
from school.kernel.models import BackgroundJob, Heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_migrations() -> None:
    queries._check_migrations.cache_clear()


def beat(seconds_ago: int, cluster: str = "school") -> None:
    moment = timezone.now() - timedelta(seconds=seconds_ago)
    Heartbeat.objects.update_or_create(cluster=cluster, defaults={"beat_at": moment})


def test_alive(client: Client) -> None:
    assert client.get("/healthz").content == b"ok"
    assert client.post("/healthz").status_code == 405


def test_ready_when_all_parts_work(client: Client) -> None:
    beat(89)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["failures"]) == (200, {})
    assert response.json()["heartbeat_age_seconds"]["school"] in (89, 90)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("age", [None, 91])
def test_a_silent_worker_is_named(client: Client, age: int | None) -> None:
    if age:
        beat(age)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert list(response.json()["failures"]) == ["worker"]


def test_a_missing_migration_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Step:
        app_label, name = "exams", "0002_more"

    beat(1)
    monkeypatch.setattr(queries.MigrationExecutor, "migration_plan", lambda *args: [(Step, False)])
    response = client.get("/readyz")
    assert (response.status_code, response.json()["failures"]) == (503, {"migrations": "not applied: exams.0002_more"})
    monkeypatch.undo()
    assert client.get("/readyz").status_code == 200


def test_a_dead_database_is_named_without_its_address(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise OperationalError("connection to host 10.0.0.9 as user school failed")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert set(response.json()["failures"]) == {"database", "migrations", "worker"}
    assert b"10.0.0.9" not in response.content


def test_gauges_tell_what_waits_and_what_is_stuck(client: Client) -> None:
    beat(5)
    jobs.enqueue(jobs.beat, key="one")
    BackgroundJob.objects.update(queued_at=timezone.now() - timedelta(seconds=40))
    BackgroundJob.objects.create(key="two", function="f", state=JobState.QUARANTINED)
    response = client.get("/metrics")
    lines = dict(line.rsplit(" ", 1) for line in response.content.decode().splitlines() if line[0] != "#")
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    assert lines['school_jobs{state="queued"}'] == "1"
    assert lines['school_jobs{state="failed"}'] == "0"
    assert lines["school_jobs_quarantined"] == "1"
    assert lines['school_queue_length{cluster="school"}'] == "1"
    assert 40 <= float(lines["school_jobs_oldest_queued_seconds"]) < 50
    assert 5 <= float(lines['school_heartbeat_age_seconds{cluster="school"}']) < 15
    assert response.content.count(b"# TYPE school_jobs gauge") == 1


@pytest.mark.parametrize(
    ("token", "request_parts", "status"),
    [
        ("", {"REMOTE_ADDR": "::1"}, 200),
        ("", {"REMOTE_ADDR": "10.0.0.5"}, 404),
        ("", {"REMOTE_ADDR": ""}, 404),
        ("", {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.5"}, 404),
        ("", {"REMOTE_ADDR": "10.0.0.5", "HTTP_AUTHORIZATION": "Bearer "}, 404),
        ("secret", {"REMOTE_ADDR": "10.0.0.5", "HTTP_AUTHORIZATION": "Bearer secret"}, 200),
        ("secret", {"REMOTE_ADDR": "10.0.0.5", "HTTP_AUTHORIZATION": "Bearer other"}, 404),
    ],
)
def test_gauges_are_for_this_machine_or_the_token(
    client: Client, settings: Any, token: str, request_parts: dict[str, str], status: int
) -> None:
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", **request_parts).status_code == status  # type: ignore[arg-type]


def test_probes_are_not_sent_to_https(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/login/").status_code == 301
