"""What the demo school has done in the past months: assigned lessons, sat quizzes, earned hours, credits and points.

Attempts, marks and ledger entries come from the same domain functions as real ones, told an earlier time.
"""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from courses.domain.completion import complete_if_due
from courses.models import Assignment, AssignmentTask, LessonPage, LessonProgress
from exams.domain.sittings import save_responses, start_attempt, submit_attempt
from exams.models import Attempt, Exam, PaperSlot
from exams.queries import quiz_of
from school.ledger.domain.posting import Cause, post_event
from school.ledger.enums import Event
from school.ledger.models import LedgerEntry
from school.notices.models import Notice
from school.people.models import Organisation, User

KEPT_FRESH = ("theme-day", "eight-duties", "transfer")  # nobody has taken these yet
FIRST_DAYS_AGO, EVERY_DAYS, DAYS_TO_FINISH = 170, 26, 14
SHARE_DONE, SHARE_RIGHT = 0.8, 0.86


@transaction.atomic
def seed_history(lessons: list[LessonPage], members: list[User], root: Organisation) -> int:
    """Results of the past months; returns the number of attempts. Does nothing when there are any already."""
    if LedgerEntry.objects.exists():
        return Attempt.objects.count()
    draw = random.Random(20261124)
    _collective_study(members)
    for number, lesson in enumerate(lesson for lesson in lessons if lesson.slug not in KEPT_FRESH):
        issued_at = timezone.now() - timedelta(days=FIRST_DAYS_AGO - EVERY_DAYS * number)
        _one_assignment(lesson, members, root, issued_at, draw)
    return Attempt.objects.count()


def _collective_study(members: list[User]) -> None:
    """Study meetings of the branches in each finished month of this year."""
    today = timezone.localdate()
    for place, member in enumerate(members):
        for month in range(1, today.month):
            if (place * 7 + month * 3) % 5 < 2 + place % 3:
                day = date(today.year, month, 15)
                cause = Cause("demo.collective", f"{day:%Y-%m}", f"{month} 月支部集中学习")
                hours = Decimal(2 + (place + month) % 2)
                post_event(member, Event.OFFLINE_TRAINING, cause, hours, occurred_on=day)


def _one_assignment(
    lesson: LessonPage, members: list[User], root: Organisation, issued_at: datetime, draw: random.Random
) -> None:
    """The lesson given to everybody; most finish it in time, some late, some not yet."""
    trainer = User.objects.get(username="trainer")
    due_at = issued_at + timedelta(days=DAYS_TO_FINISH)
    assignment = Assignment.objects.create(
        lesson=lesson, organisation=root, due_at=due_at, compulsory=True, issued_by=trainer, issued_at=issued_at
    )
    quiz = quiz_of(lesson.quiz_id)
    AssignmentTask.objects.bulk_create(AssignmentTask(assignment=assignment, member=member) for member in members)
    for member in members:
        if draw.random() < SHARE_DONE:
            moment = issued_at + timedelta(days=draw.randint(1, DAYS_TO_FINISH + 3), minutes=draw.randint(0, 600))
            _take(lesson, quiz, member, min(moment, timezone.now() - timedelta(hours=1)), draw)


def _take(lesson: LessonPage, quiz: Exam | None, member: User, moment: datetime, draw: random.Random) -> None:
    """Watch the lesson at `moment` and sit its quiz right after, a second time if need be."""
    length = lesson.duration_ms
    LessonProgress.objects.create(
        member=member,
        lesson=lesson,
        ranges=[[0, length]],
        credited_ms=length,
        furthest_ms=length,
        position_ms=length,
        watched_at=moment,
        updated_at=moment,
    )
    if quiz:
        attempts = (_sit(quiz, member, moment + timedelta(minutes=5 + 20 * number), draw) for number in range(2))
        any(attempt.passed for attempt in attempts)
    complete_if_due(member, lesson, now=moment + timedelta(minutes=30))
    awarded = Notice.objects.filter(recipient=member, dedupe_key=f"award:lesson:{lesson.pk}")
    awarded.update(created_at=moment, read_at=moment + timedelta(hours=9))


def _sit(quiz: Exam, member: User, moment: datetime, draw: random.Random) -> Attempt:
    attempt = start_attempt(quiz, member, now=moment)
    slots = PaperSlot.objects.filter(paper=quiz.paper_id).select_related("version")
    answers = [{"slot": slot.pk, "seq": 1, "answer": _answer(slot, draw)} for slot in slots]
    save_responses(attempt, answers, now=moment + timedelta(minutes=2))
    return submit_attempt(attempt, now=moment + timedelta(minutes=3))


def _answer(slot: PaperSlot, draw: random.Random) -> list[str]:
    """The key, or now and then one wrong option."""
    key: list[str] = slot.version.key
    wrong = [option["id"] for option in slot.version.options if option["id"] not in key]
    if draw.random() < SHARE_RIGHT or not wrong:
        return key
    return [draw.choice(wrong)]
