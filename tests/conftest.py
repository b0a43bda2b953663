"""Fixtures of the whole suite."""

from collections.abc import Callable

import pytest
from django.db import connection

from school.kernel.domain.jobs import run_job
from school.kernel.enums import JobState
from school.kernel.models import BackgroundJob


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Races need row locks of a real server: say so instead of passing emptily on SQLite."""
    from django.conf import settings

    if "sqlite" not in settings.DATABASES["default"]["ENGINE"]:
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL: run `make test-services`")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(skip)


@pytest.fixture
def run_jobs(db: None) -> Callable[[], int]:
    """Run every queued background job, including those that jobs queue; returns how many ran."""

    def drain() -> int:
        ran = 0
        while job := BackgroundJob.objects.filter(state=JobState.QUEUED).order_by("pk").first():
            run_job(job.pk)
            ran += 1
        return ran

    return drain


@pytest.fixture
def vendor(db: None) -> str:
    return connection.vendor
