"""Putting papers together, and offering them."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from exams import rules
from exams.enums import ExamKind, QuestionKind
from exams.kinds import BY_FRACTIONS, MACHINE_MARKED
from exams.models import Exam, Paper, PaperSlot, Question, QuestionVersion
from school.kernel.domain import audit
from school.kernel.errors import IllegalMove, InvalidInput, NotAllowed
from school.people.enums import Visibility
from school.people.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from school.people.models import User

    Entries = Sequence[tuple[QuestionVersion, Decimal]]

FROZEN = "已有人作答这份试卷，题目、分值和多选计分不能再改。需要调整时，请复制为新试卷。"


def build_paper(
    title: str, questions: "Sequence[tuple[Question, Decimal]]", *, organisation: Organisation | None = None
) -> Paper:
    """A paper of these questions in this order, each at its current version with its mark."""
    entries = [(current_version(question), mark) for question, mark in questions]
    return save_paper(Paper(title=title, organisation=organisation), entries)


def save_paper(paper: Paper, entries: "Entries", *, by: "User | None" = None) -> Paper:
    """Store a new or changed paper with these (version, mark) in this order.

    Raises InvalidInput for a paper that could not be marked fairly, NotAllowed when the person's duty does not reach
    it, and IllegalMove when it has been sat and something that counts would change.
    """
    _check_entries(paper, entries)
    with transaction.atomic():
        stored = Paper.objects.select_for_update().filter(pk=paper.pk).first()
        _check_duty(stored, paper, by)
        # An attempt that starts meanwhile waits here for its exam, and then finds the paper changed (sittings).
        list(Exam.objects.select_for_update().filter(paper_id=paper.pk))
        is_same = stored is not None and _wanted(entries) == _present(stored)
        if stored and rules.is_frozen(stored) and not (is_same and stored.multiple_policy == paper.multiple_policy):
            raise IllegalMove(FROZEN, code="paper_frozen")
        paper.save()
        if not is_same:
            _replace_slots(paper, entries)
        audit.record("paper.save", actor=by, target=paper, questions=len(entries))
    return paper


def current_version(question: Question) -> QuestionVersion:
    if question.current_version is None:
        raise InvalidInput(f"题目 {question.code} 还没有内容，不能用在试卷里。")
    return question.current_version


def open_quiz(
    paper: Paper, *, title: str, organisation: Organisation | None = None, visibility: str = Visibility.PUBLIC
) -> Exam:
    """The quiz that offers this paper without time limit; made once for a paper, then renamed and shown as asked."""
    exam, _ = Exam.objects.update_or_create(
        paper=paper,
        kind=ExamKind.QUIZ,
        defaults={"title": title[:120], "organisation": organisation, "visibility": visibility},
    )
    return exam


def _check_entries(paper: Paper, entries: "Entries") -> None:
    if not entries:
        raise InvalidInput("试卷至少要有一道题。")
    identities = [version.question_id for version, _ in entries]
    if len(set(identities)) != len(identities):
        raise InvalidInput("同一道题不能在试卷里出现两次，请去掉重复的题目。")
    for place, (version, _) in enumerate(entries, start=1):
        if version.question.kind not in MACHINE_MARKED:
            raise InvalidInput(f"第 {place} 题要人工阅卷，现在还不能放进试卷，请换一道题。")
    if paper.multiple_policy in BY_FRACTIONS:
        for place, (version, _) in enumerate(entries, start=1):
            is_multiple = version.question.kind == QuestionKind.MULTIPLE
            if is_multiple and not any("fraction" in option for option in version.options):
                raise InvalidInput(f"第 {place} 题没有设选项比例，请先在题目里设好，或改用其他多选计分办法。")


def _check_duty(stored: Paper | None, paper: Paper, by: "User | None") -> None:
    if by is None:
        return
    if stored and not rules.can_change(by, stored):
        raise NotAllowed("您不能修改这份试卷，请联系它所属组织的命题人。")
    if not rules.can_write_for(by, paper.organisation):
        message = "您的职责不包括这个组织，请另选所属组织。"
        raise InvalidInput(message, fields={"organisation": message})


def _wanted(entries: "Entries") -> list[tuple[int, Decimal]]:
    return [(version.pk, mark) for version, mark in entries]


def _present(paper: Paper) -> list[tuple[int, Decimal]]:
    return list(paper.slots.order_by("position").values_list("version_id", "mark"))


def _replace_slots(paper: Paper, entries: "Entries") -> None:
    """New rows, never changed ones: an attempt that read the old ones can tell."""
    paper.slots.all().delete()
    PaperSlot.objects.bulk_create(
        PaperSlot(paper=paper, position=position, version=version, mark=mark)
        for position, (version, mark) in enumerate(entries, start=1)
    )
