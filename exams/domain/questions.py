"""Writing questions: a new question, a new version of one, and loading many at once."""

from typing import TYPE_CHECKING, Any

from django.db import transaction

from exams.kinds import KINDS
from exams.models import Bank, Category, Question, QuestionVersion
from school.kernel.domain import audit

if TYPE_CHECKING:
    from school.people.models import User

CONTENT = ("stem", "options", "key", "explanation", "difficulty", "source_document", "source_article")


def save_question(bank: Bank, code: str, kind: str, content: dict[str, Any], *, by: "User | None" = None) -> Question:
    """Create the question `code`, or add a version if `content` differs from the current one.

    `content` has the keys of CONTENT; options are `[{"id", "text"}]`, key is a list of option ids.
    Raises InvalidInput when the definition could not be answered.
    """
    KINDS[kind].validate(content["options"], content["key"])
    with transaction.atomic():
        category = None
        if name := content.get("category"):
            category, _ = Category.objects.get_or_create(bank=bank, name=name)
        question, _ = Question.objects.select_for_update().get_or_create(
            bank=bank, code=code, defaults={"kind": kind, "category": category}
        )
        current = question.current_version
        if current and all(getattr(current, name) == content.get(name, getattr(current, name)) for name in CONTENT):
            return question
        question.current_version = QuestionVersion.objects.create(
            question=question,
            number=current.number + 1 if current else 1,
            created_by=by,
            **{name: content[name] for name in CONTENT if name in content},
        )
        question.kind, question.category = kind, category
        question.save()
        audit.record("question.save", actor=by, target=question, version=question.current_version.number)
    return question


def load_questions(bank: Bank, rows: list[dict[str, Any]], *, by: "User | None" = None) -> list[Question]:
    """Questions from rows in the shape of the demo file; kinds that are not yet drawn from are left out."""
    return [save_question(bank, row["id"], row["type"], content_of(row), by=by) for row in rows if row["type"] in KINDS]


def content_of(row: dict[str, Any]) -> dict[str, Any]:
    """A row `{stem, options: [{key, text}], answer, …}` as version content."""
    return {
        "stem": row["stem"],
        "options": [{"id": option["key"], "text": option["text"]} for option in row["options"]],
        "key": sorted(row["answer"]),
        "explanation": row.get("explanation", ""),
        "difficulty": row.get("difficulty", 2),
        "source_document": row.get("source_document", ""),
        "source_article": row.get("source_article") or "",
        "category": row.get("category", ""),
    }
