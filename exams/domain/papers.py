"""Putting papers together, and offering them."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from exams.enums import ExamKind
from exams.models import Exam, Paper, PaperSlot, Question
from school.kernel.errors import InvalidInput
from school.people.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Sequence


def build_paper(
    title: str, questions: "Sequence[tuple[Question, Decimal]]", *, organisation: Organisation | None = None
) -> Paper:
    """A paper of these questions in this order, each at its current version with its mark."""
    if not questions:
        raise InvalidInput("试卷至少要有一道题。")
    identities = [question.pk for question, _ in questions]
    if len(set(identities)) != len(identities):
        raise InvalidInput("同一道题不能在试卷里出现两次，请去掉重复的题目。")
    with transaction.atomic():
        paper = Paper.objects.create(title=title, organisation=organisation)
        PaperSlot.objects.bulk_create(
            PaperSlot(paper=paper, position=position, version=question.current_version, mark=mark)
            for position, (question, mark) in enumerate(questions, start=1)
        )
    return paper


def open_quiz(paper: Paper, *, title: str, organisation: Organisation | None = None) -> Exam:
    """The quiz that offers this paper without time limit; made once for a paper."""
    exam, _ = Exam.objects.get_or_create(
        paper=paper, kind=ExamKind.QUIZ, defaults={"title": title[:120], "organisation": organisation}
    )
    return exam
