"""Writing questions: a new question, a new version of one, and loading many at once."""

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from exams import rules
from exams.kinds import KINDS
from exams.models import Bank, Category, Question, QuestionVersion
from school.kernel.domain import audit
from school.kernel.errors import IllegalMove, InvalidInput, NotAllowed

if TYPE_CHECKING:
    from school.people.models import User

CONTENT = ("stem", "options", "key", "explanation", "difficulty", "source_document", "source_article")


def create_question(bank: Bank, code: str, kind: str, content: dict[str, Any], *, by: "User | None" = None) -> Question:
    """A new question with its first version; an empty `code` is given by the bank.

    `content` has the keys of CONTENT and perhaps a `category`; options are `[{"id", "text"}]`, each perhaps with a
    `fraction`; key is a list of option ids. Raises InvalidInput when the definition could not be answered or the
    code is taken, NotAllowed when the person's duty does not reach the bank.
    """
    if by and not rules.can_write(by, bank):
        raise NotAllowed("您不能在这个题库里出题，请另选题库。")
    KINDS[kind].validate(content["options"], content["key"])
    try:
        with transaction.atomic():
            question = Question.objects.create(bank=bank, code=code or _next_code(bank), kind=kind)
            _file(question, content)
            _add_version(question, content, 1, by)
    except IntegrityError as error:
        raise InvalidInput("题库里已有这个编号。", fields={"code": "题库里已有这个编号，请换一个。"}) from error
    return question


def revise_question(
    question: Question, content: dict[str, Any], *, by: "User | None" = None, based_on: int | None = None
) -> Question:
    """Add a version if `content` differs from the current one; papers and attempts keep theirs.

    `based_on` is the version number that the writer was shown: IllegalMove when someone has saved a newer one since.
    """
    if by and not rules.can_change(by, question):
        raise NotAllowed("您不能修改这道题，请联系它所属题库的命题人。")
    KINDS[question.kind].validate(content["options"], content["key"])
    with transaction.atomic():
        locked: Question = Question.objects.select_for_update().get(pk=question.pk)
        current = locked.current_version
        number = current.number if current else 0
        if based_on is not None and based_on != number:
            raise IllegalMove(f"这道题刚刚被改为第 {number} 版，请刷新页面，核对后再改。", code="newer_version")
        _file(locked, content)
        if current is None or any(
            getattr(current, name) != content.get(name, getattr(current, name)) for name in CONTENT
        ):
            _add_version(locked, content, number + 1, by)
    return locked


def save_question(bank: Bank, code: str, kind: str, content: dict[str, Any], *, by: "User | None" = None) -> Question:
    """Create the question `code`, or revise the one that has this code; for loading, which may be repeated.

    A question keeps its kind: it says how the answers given so far are marked.
    """
    question = Question.objects.filter(bank=bank, code=code).first() if code else None
    if question is None:
        return create_question(bank, code, kind, content, by=by)
    if question.kind != kind:
        raise InvalidInput("题型不能更改，请另编一个编号出新题。", fields={"kind": "题型不能更改。"})
    return revise_question(question, content, by=by)


def load_questions(bank: Bank, rows: list[dict[str, Any]], *, by: "User | None" = None) -> list[Question]:
    """Questions from rows in the shape of the demo file."""
    return [save_question(bank, row["id"], row["type"], content_of(row), by=by) for row in rows]


def content_of(row: dict[str, Any]) -> dict[str, Any]:
    """A row `{type, stem, options: [{key, text}], answer, …}` as version content."""
    options, key = KINDS[row["type"]].from_row(row)
    return {
        "stem": row["stem"],
        "options": options,
        "key": key,
        "explanation": row.get("explanation", ""),
        "difficulty": row.get("difficulty", 2),
        "source_document": row.get("source_document", ""),
        "source_article": row.get("source_article") or "",
        "category": row.get("category", ""),
    }


def _next_code(bank: Bank) -> str:
    """Q0001 and so on; the locked bank makes two writers at once take two numbers."""
    Bank.objects.select_for_update().get(pk=bank.pk)
    taken = set(bank.questions.values_list("code", flat=True))
    number = len(taken) + 1
    while f"Q{number:04}" in taken:
        number += 1
    return f"Q{number:04}"


def _file(question: Question, content: dict[str, Any]) -> None:
    """Put the question under its category. That is order in the bank, not content: it makes no version."""
    category = None
    if name := content.get("category"):
        category, _ = Category.objects.get_or_create(bank_id=question.bank_id, name=name)
    if question.category != category:
        question.category = category
        question.save(update_fields=["category"])


def _add_version(question: Question, content: dict[str, Any], number: int, by: "User | None") -> None:
    question.current_version = QuestionVersion.objects.create(
        question=question,
        number=number,
        created_by=by,
        **{name: content[name] for name in CONTENT if name in content},
    )
    question.save(update_fields=["current_version"])
    audit.record("question.save", actor=by, target=question, version=number)
