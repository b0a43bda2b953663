"""Marking objective questions: stored answers against the frozen versions, by the paper's policy."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from exams.enums import ATTEMPT_MOVES, AttemptState
from exams.kinds import KINDS, POLICIES
from exams.kinds.policies import AllOrNothing
from exams.models import Attempt, PaperSlot, QuestionVersion, Response, SlotMark
from exams.signals import attempt_marked
from school.kernel import transitions

STRICT = AllOrNothing().name


def mark_attempt(attempt: Attempt) -> None:
    """Mark a submitted attempt inside the caller's transaction; `attempt_marked` follows once it is committed."""
    policy = POLICIES[attempt.exam.paper.multiple_policy]
    answers = dict(Response.objects.filter(attempt=attempt).values_list("slot", "answer"))
    slots = PaperSlot.objects.filter(pk__in=[entry["slot"] for entry in attempt.layout]).select_related(
        "version__question"
    )
    marks = []
    for slot in slots:
        version = slot.version
        kind = KINDS[version.question.kind]
        amount = kind.mark(answers.get(slot.pk, []), version.key, version.options, slot.mark, policy)
        marks.append(SlotMark(attempt=attempt, slot=slot, amount=amount, policy=policy.name))
    SlotMark.objects.bulk_create(marks)
    score = sum((mark.amount for mark in marks), Decimal(0))
    passed = score * 100 >= attempt.total * attempt.exam.pass_percent
    transitions.move(attempt, AttemptState.MARKED, ATTEMPT_MOVES, score=score, passed=passed)
    transaction.on_commit(lambda: attempt_marked.send(sender=Attempt, attempt=attempt))


@dataclass(frozen=True)
class Checked:
    """An answer outside any attempt, in the form in which it is kept."""

    answer: list[str]
    is_right: bool


def check_answer(version: QuestionVersion, given: Any) -> Checked:
    """Is this answer wholly right? Nothing is stored, no attempt is made; InvalidInput for what is no answer to it."""
    kind = KINDS[version.question.kind]
    answer = kind.parse(given, version.options)
    earned = kind.mark(answer, version.key, version.options, Decimal(1), POLICIES[STRICT])
    return Checked(answer, earned == 1)
