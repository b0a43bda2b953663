"""Background jobs: once for a key, counted at the start, quarantined when they keep dying."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ

from school.kernel.domain import jobs
from school.kernel.enums import JobState
from school.kernel.models import BackgroundJob

pytestmark = pytest.mark.django_db

calls: list[str] = []


def note(word: str) -> None:
    calls.append(word)


def explode() -> None:
    raise ValueError("no")


@pytest.fixture(autouse=True)
def _empty() -> None:
    calls.clear()


def test_same_key_is_queued_once() -> None:
    first = jobs.enqueue(note, "a", key="k")
    second = jobs.enqueue(note, "b", key="k")
    assert first.pk == second.pk
    assert OrmQ.objects.count() == 1


def test_delivered_twice_runs_once() -> None:
    job = jobs.enqueue(note, "a", key="k")
    jobs.run_job(job.pk)
    jobs.run_job(job.pk)
    assert calls == ["a"]


def test_rolled_back_with_its_cause() -> None:
    with transaction.atomic():
        jobs.enqueue(note, "a", key="k")
        transaction.set_rollback(True)
    assert not BackgroundJob.objects.exists()
    assert not OrmQ.objects.exists()


def test_a_job_that_kills_its_worker_is_quarantined() -> None:
    job = jobs.enqueue(note, "a", key="k", max_starts=2)
    # a killed worker leaves the row running, with its start counted and no result
    BackgroundJob.objects.filter(pk=job.pk).update(state=JobState.RUNNING, starts=2)
    jobs.run_job(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.QUARANTINED
    assert calls == []


def test_failure_is_kept_in_words_and_can_be_retried() -> None:
    job = jobs.enqueue(explode, key="k")
    with pytest.raises(ValueError, match="no"):
        jobs.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "ValueError: no")
    jobs.retry(job)
    job.refresh_from_db()
    assert (job.state, job.starts) == (JobState.QUEUED, 0)
    assert OrmQ.objects.count() == 2


def test_only_old_finished_work_is_forgotten() -> None:
    old, failed, new = (jobs.enqueue(note, "a", key=key) for key in ("old", "failed", "new"))
    long_ago = timezone.now() - jobs.KEPT_FOR - timedelta(days=1)
    BackgroundJob.objects.filter(pk=old.pk).update(state=JobState.DONE, finished_at=long_ago)
    BackgroundJob.objects.filter(pk=failed.pk).update(state=JobState.FAILED, finished_at=long_ago)
    BackgroundJob.objects.filter(pk=new.pk).update(state=JobState.DONE, finished_at=timezone.now())
    assert jobs.forget_done() == 1
    assert set(BackgroundJob.objects.values_list("key", flat=True)) == {"failed", "new"}
