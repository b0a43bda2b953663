"""Several requests of one member at the same moment: one attempt, one completion, one payment."""

from datetime import timedelta

from django.utils import timezone

from courses.domain.completion import complete_if_due
from courses.domain.leases import open_session
from courses.domain.watching import answer_presence, record_watch
from courses.models import LessonPage, LessonProgress, PlaybackBudget, WatchBeat, WatchSession
from exams.domain.sittings import save_responses, start_attempt, submit_attempt
from exams.models import Attempt
from school.kernel.errors import IllegalMove
from school.ledger.models import LedgerEntry
from school.notices.models import Notice
from school.people.models import User
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


def a_minute_ago(lesson: LessonPage, member: User) -> WatchSession:
    """A session that has been open for a minute: 90 s are in its bank at the usual rate."""
    return open_session(member, lesson, now=timezone.now() - timedelta(seconds=60))


def test_eight_reports_at_once_earn_once() -> None:
    lesson, member = make_lesson(seconds=600), make_member()
    session, now = a_minute_ago(lesson, member), timezone.now()
    at_once(
        lambda number: (
            record_watch(
                session.pk, member, seq=number + 1, ranges=[[0, 60_000]], position_ms=0, now=now
            ).progress.credited_ms
        )
    )
    progress, budget = LessonProgress.objects.get(), PlaybackBudget.objects.get()
    assert progress.ranges == [[0, 60_000]]
    assert sum(WatchBeat.objects.values_list("paid_ms", flat=True)) == 60_000
    assert 30_000 - 100 <= budget.bank_ms <= 30_000 + 100


def test_eight_different_claims_at_once_share_the_bank() -> None:
    lesson, member = make_lesson(seconds=3600, asks_presence=False), make_member()
    session, now = a_minute_ago(lesson, member), timezone.now()
    LessonProgress.objects.update(watched_at=now)  # any place counts: the claims need not be contiguous
    spans = [[[number * 120_000, number * 120_000 + 60_000]] for number in range(8)]
    at_once(
        lambda number: record_watch(session.pk, member, seq=1, ranges=spans[number], position_ms=0, now=now),
    )
    assert 0 < LessonProgress.objects.get().credited_ms <= 90_100
    assert LessonProgress.objects.get().credited_ms == sum(WatchBeat.objects.values_list("paid_ms", flat=True))


def test_two_tabs_and_a_replayed_session_earn_once() -> None:
    """Half of the calls open the lesson anew, half replay the first session; all claim the whole."""
    lesson, member = make_lesson(seconds=3600, asks_presence=False), make_member()
    first, now = a_minute_ago(lesson, member), timezone.now()

    def call(number: int) -> int:
        session = open_session(member, lesson, now=now) if number % 2 else first
        try:
            found = record_watch(session.pk, member, seq=1, ranges=[[0, 3_600_000]], position_ms=0, now=now)
        except IllegalMove:
            return 0
        return found.progress.credited_ms

    at_once(call)
    assert LessonProgress.objects.get().credited_ms <= 90_100
    assert PlaybackBudget.objects.get().lease in set(WatchSession.objects.values_list("pk", flat=True))


def test_opening_together_leaves_one_lease() -> None:
    lesson, member = make_lesson(seconds=600), make_member()
    opened = at_once(lambda number: open_session(member, lesson).pk)
    budget = PlaybackBudget.objects.get()
    assert budget.lease in opened
    working = 0
    for session in opened:
        try:
            record_watch(session, member, seq=1, ranges=[], position_ms=0)
            working += 1
        except IllegalMove:
            continue
    assert working == 1


def test_answering_a_prompt_together_is_taken_once() -> None:
    lesson, member = make_lesson(seconds=3600), make_member()
    session = a_minute_ago(lesson, member)
    LessonProgress.objects.update(prompt_due_ms=0)
    nonce = record_watch(session.pk, member, seq=1, ranges=[[0, 1000]], position_ms=0).progress.prompt_nonce

    def call(number: int) -> bool:
        try:
            answer_presence(session.pk, member, nonce)
        except IllegalMove:
            return False
        return True

    assert sum(at_once(call)) == 1
