"""Exam endpoints of the API."""

from typing import Any

from ninja import Field, Router, Schema

from exams import queries
from exams.domain import sittings
from exams.enums import AttemptState
from exams.models import Attempt, Exam
from school.kernel.errors import IllegalMove, NotFound
from school.people.models import SignedInRequest

router = Router(tags=["exams"])


class Item(Schema):
    slot: int
    seq: int = Field(ge=1, le=2**53)
    answer: list[str] = Field(max_length=50)


def _summary(attempt: Attempt) -> dict[str, Any]:
    return {"id": attempt.pk, "exam": attempt.exam_id, "state": attempt.state, **queries.timing(attempt)}


@router.get("/exams")
def list_exams(request: SignedInRequest) -> list[dict[str, Any]]:
    rows = queries.exams_for(request.user)
    return [
        {
            "id": row["exam"].pk,
            "title": row["exam"].title,
            "kind": row["exam"].kind,
            "opens_at": row["exam"].opens_at,
            "closes_at": row["exam"].closes_at,
            "attempt": row["attempt"].pk if row["attempt"] else None,
        }
        for row in rows
    ]


@router.post("/exams/{int:exam_id}/attempts")
def start(request: SignedInRequest, exam_id: int) -> dict[str, Any]:
    exam = Exam.objects.visible_to(request.user).select_related("paper").filter(pk=exam_id).first()
    if exam is None:
        raise NotFound
    return _summary(sittings.start_attempt(exam, request.user))


@router.get("/attempts/{int:attempt_id}")
def paper(request: SignedInRequest, attempt_id: int) -> dict[str, Any]:
    attempt = sittings.attempt_for(request.user, attempt_id)
    return {**_summary(attempt), "questions": queries.paper_for(attempt)}


@router.put("/attempts/{int:attempt_id}/responses")
def save(request: SignedInRequest, attempt_id: int, items: list[Item]) -> dict[str, Any]:
    attempt = sittings.attempt_for(request.user, attempt_id)
    stored = sittings.save_responses(attempt, [item.dict() for item in items])
    return {"stored": stored, **queries.timing(attempt)}


@router.post("/attempts/{int:attempt_id}/submit")
def submit(request: SignedInRequest, attempt_id: int) -> dict[str, Any]:
    attempt = sittings.submit_attempt(sittings.attempt_for(request.user, attempt_id))
    return _summary(attempt)


@router.get("/attempts/{int:attempt_id}/result")
def result(request: SignedInRequest, attempt_id: int) -> dict[str, Any]:
    attempt = sittings.attempt_for(request.user, attempt_id)
    if attempt.state != AttemptState.MARKED:
        raise IllegalMove("交卷并评分后才能查看结果。")
    questions = queries.result_of(attempt)
    return {**_summary(attempt), "score": attempt.score, "passed": attempt.passed, "questions": questions}
