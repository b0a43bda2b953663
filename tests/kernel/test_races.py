"""Eight writers at once: the audit trail stays one chain, a job is queued and run once, a state moves once."""

from django_q.models import OrmQ

from school.kernel import transitions
from school.kernel.domain import audit, jobs
from school.kernel.enums import JOB_MOVES, JobState
from school.kernel.errors import IllegalMove
from school.kernel.models import AuditEvent, BackgroundJob
from tests.threads import RACES, THREADS, at_once

pytestmark = RACES
EACH = 10


def test_the_chain_is_unbroken_from_its_first_row_on() -> None:
    def write(number: int) -> None:
        for place in range(EACH):
            audit.record("race", number=number, place=place)

    at_once(write)
    assert AuditEvent.objects.count() == THREADS * EACH
    assert audit.first_broken_link() is None
    assert AuditEvent.objects.values("previous_digest").distinct().count() == THREADS * EACH


def test_one_key_is_queued_once() -> None:
    queued = at_once(lambda _: jobs.enqueue(jobs.beat, key="same").pk)
    assert len(set(queued)) == 1
    assert OrmQ.objects.count() == 1


def test_one_of_eight_moves_a_state() -> None:
    BackgroundJob.objects.create(key="k", function="f")

    def move(number: int) -> bool:
        job = BackgroundJob.objects.get(key="k")
        try:
            transitions.move(job, JobState.QUARANTINED, JOB_MOVES, starts=number)
        except IllegalMove:
            return False
        return True

    assert sum(at_once(move)) == 1
