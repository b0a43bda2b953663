"""Exam endpoints of the API."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Router, Schema

from exams import queries
from exams.domain import sittings
from exams.enums import AttemptState, ExamKind, QuestionKind
from exams.models import Attempt, Exam
from school.kernel.errors import IllegalMove, NotFound
from school.people.models import SignedInRequest

router = Router(tags=["exams"])


class Item(Schema):
    slot: int
    seq: int = Field(ge=1, le=2**53)
    answer: list[str] = Field(max_length=50)


class ExamOut(Schema):
    """`attempt` is the caller's best one so far."""

    id: int
    title: str
    kind: ExamKind
    opens_at: datetime | None
    closes_at: datetime | None
    attempt: int | None


class TimingOut(Schema):
    """By the server's clock; without a limit there is no deadline and nothing runs out."""

    server_now: datetime
    deadline: datetime | None
    remaining_ms: int | None = Field(ge=0)


class AttemptOut(TimingOut):
    id: int
    exam: int
    state: AttemptState


class OptionOut(Schema):
    id: str
    letter: str
    text: str


class BlankOut(Schema):
    id: str
    text: str
    written: str


class AskedOut(Schema):
    """`answer` holds ids of options, or for a fill-in one text a blank; `seq` is 0 while nothing is stored."""

    slot: int
    place: int
    kind: QuestionKind
    kind_label: str
    input_type: str
    stem: str
    mark: Decimal
    blanks: list[BlankOut]
    answer: list[str]
    seq: int


class QuestionOut(AskedOut):
    options: list[OptionOut]


class PaperOut(AttemptOut):
    questions: list[QuestionOut]


class StoredOut(Schema):
    slot: int
    seq: int


class SavedOut(TimingOut):
    stored: list[StoredOut]


class ReviewedOptionOut(OptionOut):
    chosen: bool
    right: bool
    flag: str


class ReviewedQuestionOut(AskedOut):
    """`key` holds ids of options, or for a fill-in the accepted wordings of each blank."""

    options: list[ReviewedOptionOut]
    amount: Decimal | None
    key: list[str | list[str]]
    explanation: str
    source: str
    is_right: bool


class ResultOut(AttemptOut):
    score: Decimal | None
    passed: bool | None
    questions: list[ReviewedQuestionOut]


def _summary(attempt: Attempt) -> dict[str, Any]:
    return {"id": attempt.pk, "exam": attempt.exam_id, "state": attempt.state, **queries.timing(attempt)}


@router.get("/exams", response=list[ExamOut])
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


@router.post("/exams/{int:exam_id}/attempts", response=AttemptOut)
def start(request: SignedInRequest, exam_id: int) -> dict[str, Any]:
    exam = Exam.objects.visible_to(request.user).select_related("paper").filter(pk=exam_id).first()
    if exam is None:
        raise NotFound
    return _summary(sittings.start_attempt(exam, request.user))


@router.get("/attempts/{int:attempt_id}", response=PaperOut)
def paper(request: SignedInRequest, attempt_id: int) -> dict[str, Any]:
    attempt = sittings.attempt_for(request.user, attempt_id)
    return {**_summary(attempt), "questions": queries.paper_for(attempt)}


@router.put("/attempts/{int:attempt_id}/responses", response=SavedOut)
def save(request: SignedInRequest, attempt_id: int, items: list[Item]) -> dict[str, Any]:
    attempt = sittings.attempt_for(request.user, attempt_id)
    stored = sittings.save_responses(attempt, [item.dict() for item in items])
    return {"stored": stored, **queries.timing(attempt)}


@router.post("/attempts/{int:attempt_id}/submit", response=AttemptOut)
def submit(request: SignedInRequest, attempt_id: int) -> dict[str, Any]:
    attempt = sittings.submit_attempt(sittings.attempt_for(request.user, attempt_id))
    return _summary(attempt)


@router.get("/attempts/{int:attempt_id}/result", response=ResultOut)
def result(request: SignedInRequest, attempt_id: int) -> dict[str, Any]:
    attempt = sittings.attempt_for(request.user, attempt_id)
    if attempt.state != AttemptState.MARKED:
        raise IllegalMove("交卷并评分后才能查看结果。")
    questions = queries.result_of(attempt)
    return {**_summary(attempt), "score": attempt.score, "passed": attempt.passed, "questions": questions}
