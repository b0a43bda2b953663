"""The one door for states."""

import pytest

from school.kernel import transitions
from school.kernel.enums import JOB_MOVES, JobState
from school.kernel.errors import IllegalMove
from school.kernel.models import BackgroundJob

pytestmark = pytest.mark.django_db


def make_job() -> BackgroundJob:
    return BackgroundJob.objects.create(key="k", function="f")


def test_a_legal_move_writes_state_and_changes() -> None:
    job = make_job()
    transitions.move(job, JobState.RUNNING, JOB_MOVES, starts=1)
    job.refresh_from_db()
    assert (job.state, job.starts) == (JobState.RUNNING, 1)


def test_an_illegal_move_changes_nothing() -> None:
    job = make_job()
    with pytest.raises(IllegalMove, match="排队中.*已完成"):
        transitions.move(job, JobState.DONE, JOB_MOVES)
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_the_second_of_two_movers_is_refused() -> None:
    mine, theirs = make_job(), BackgroundJob.objects.get(key="k")
    transitions.move(theirs, JobState.QUARANTINED, JOB_MOVES)
    with pytest.raises(IllegalMove, match="别人"):
        transitions.move(mine, JobState.RUNNING, JOB_MOVES)
