"""What candidates are shown: the paper without its key, and the result after handing in."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from exams.domain.sittings import slots_of
from exams.enums import AttemptState, ExamKind
from exams.kinds import KINDS
from exams.models import Attempt, Exam

if TYPE_CHECKING:
    from school.people.models import User


def timing(attempt: Attempt) -> dict[str, Any]:
    """Server time, deadline and what is left of it in milliseconds (None without a limit)."""
    now = timezone.now()
    left = max(0, int((attempt.deadline - now).total_seconds() * 1000)) if attempt.deadline else None
    return {"server_now": now, "deadline": attempt.deadline, "remaining_ms": left}


def paper_for(attempt: Attempt) -> list[dict[str, Any]]:
    """The questions as frozen for this attempt with the stored answers; never a key or an explanation."""
    stored = {response.slot_id: response for response in attempt.responses.all()}
    questions = []
    for place, (entry, slot) in enumerate(zip(attempt.layout, slots_of(attempt), strict=True), start=1):
        response = stored.get(slot.pk)
        questions.append(
            {
                "slot": slot.pk,
                "place": place,
                "kind": slot.version.question.kind,
                "kind_label": slot.version.question.get_kind_display(),
                "input_type": KINDS[slot.version.question.kind].input_type,
                "stem": slot.version.stem,
                "mark": slot.mark,
                "options": _shown_options(slot.version.options, entry["options"]),
                "answer": response.answer if response else [],
                "seq": response.seq if response else 0,
            }
        )
    for question in questions:
        question["blanks"] = _blanks(question) if question["input_type"] == "text" else []
    return questions


def result_of(attempt: Attempt) -> list[dict[str, Any]]:
    """After handing in: each question with the given answer, the key, the explanation, its basis and the mark."""
    marks = {mark.slot_id: mark.amount for mark in attempt.marks.order_by("round")}
    questions = paper_for(attempt)
    for question, slot in zip(questions, slots_of(attempt), strict=True):
        version = slot.version
        question.update(
            amount=marks.get(slot.pk),
            key=version.key,
            explanation=version.explanation,
            source=f"{version.source_document}{version.source_article}",
            is_right=marks.get(slot.pk) == slot.mark,
        )
        kind = KINDS[version.question.kind]
        question["options"] = kind.lines(question["options"], version.key, question["answer"])
    return questions


def best_attempt(exam: Exam, user: "User") -> Attempt | None:
    """The marked attempt with the highest score."""
    return Attempt.objects.filter(exam=exam, candidate=user, state=AttemptState.MARKED).order_by("-score", "id").first()


def exams_for(user: "User") -> list[dict[str, Any]]:
    """Exams the person may see, newest first, each with the person's best result (two queries)."""
    exams = list(Exam.objects.visible_to(user).select_related("paper")[:100])
    attempts = Attempt.objects.visible_to(user).filter(exam__in=exams).order_by("score")
    by_exam = {attempt.exam_id: attempt for attempt in attempts}
    return [{"exam": exam, "attempt": by_exam.get(exam.pk)} for exam in exams]


def _shown_options(options: list[dict[str, str]], order: list[str]) -> list[dict[str, Any]]:
    texts = {option["id"]: option["text"] for option in options}
    return [{"id": id_, "letter": chr(65 + place), "text": texts[id_]} for place, id_ in enumerate(order)]


def _blanks(question: dict[str, Any]) -> list[dict[str, str]]:
    """The blanks of a fill-in with what is written in them so far."""
    written = question["answer"] + [""] * len(question["options"])
    return [
        {"id": option["id"], "text": option["text"], "written": text}
        for option, text in zip(question["options"], written, strict=False)
    ]


def quiz_of(paper_id: int) -> Exam | None:
    """The quiz that offers this paper, if its lesson has been published."""
    return Exam.objects.filter(paper=paper_id, kind=ExamKind.QUIZ).first()
