"""Several requests of one member at the same moment: one attempt, one completion, one payment."""

from courses.domain.completion import complete_if_due
from courses.models import LessonProgress
from exams.domain.sittings import save_responses, start_attempt, submit_attempt
from exams.models import Attempt
from school.ledger.models import LedgerEntry
from school.notices.models import Notice
from tests.factories import make_lesson, make_member, make_quiz, make_rules
from tests.threads import RACES, at_once

pytestmark = RACES


def test_starting_together_makes_one_attempt() -> None:
    quiz, member = make_quiz(), make_member()
    found = at_once(lambda number: start_attempt(quiz, member).pk)
    assert len(set(found)) == Attempt.objects.count() == 1


def test_handing_in_together_marks_once() -> None:
    quiz, member = make_quiz(), make_member()
    attempt = start_attempt(quiz, member)
    at_once(lambda number: submit_attempt(attempt))
    assert attempt.marks.count() == len(attempt.layout)


def test_answers_sent_together_keep_the_newest() -> None:
    attempt = start_attempt(make_quiz(), make_member())
    slot = attempt.layout[1]["slot"]
    at_once(lambda number: save_responses(attempt, [{"slot": slot, "seq": number, "answer": ["ABCD"[number % 4]]}]))
    response = attempt.responses.get()
    assert response.seq == 7
    assert response.answer == ["D"]


def test_completing_together_pays_once() -> None:
    make_rules()
    member, lesson = make_member(), make_lesson(quiz=make_quiz())
    quiz = lesson.quiz.exams.get()
    attempt = start_attempt(quiz, member)
    answers = [{"slot": slot.pk, "seq": 1, "answer": slot.version.key} for slot in quiz.paper.slots.all()]
    save_responses(attempt, answers)
    submit_attempt(attempt)
    LessonProgress.objects.update_or_create(
        member=member, lesson=lesson, defaults={"watched_at": attempt.started_at, "credited_ms": 60_000}
    )
    at_once(lambda number: complete_if_due(member, lesson))
    causes = list(LedgerEntry.objects.values_list("unit", "event", "rule_code"))
    assert causes
    assert len(causes) == len(set(causes))
    assert Notice.objects.filter(recipient=member, dedupe_key=f"award:lesson:{lesson.pk}").count() == 1
