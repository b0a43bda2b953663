"""Completing a lesson: watched and passed, found by the server, paid once."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.encoding import uri_to_iri

from courses.domain.units import units_of
from courses.models import AssignmentTask, LessonPage, LessonProgress
from exams.enums import AttemptState
from exams.models import Attempt
from school.ledger.domain.posting import Cause, post_event
from school.ledger.enums import Event, Unit
from school.notices.domain.delivery import send_notice
from school.notices.kinds import AWARD

if TYPE_CHECKING:
    from school.people.models import User

MS_A_MINUTE = 60_000


def complete_if_due(member: "User", lesson: LessonPage, *, now: datetime | None = None) -> bool:
    """Complete the lesson if its video is watched, its text read and its quiz passed; True when it is complete now.

    Safe to repeat: the progress row is locked, completion is set once, the ledger and notices refuse doubles.
    """
    with transaction.atomic():
        progress, _ = LessonProgress.objects.get_or_create(member=member, lesson=lesson)
        locked = LessonProgress.objects.select_for_update(of=("self",))
        progress = locked.select_related("lesson__video").get(pk=progress.pk)
        if progress.completed_at:
            return True
        if (lesson.video and not progress.watched_at) or not has_passed(member, lesson):
            return False
        if not progress.read_at and units_of(lesson):
            return False
        progress.completed_at = now or timezone.now()
        progress.save(update_fields=["completed_at"])
        _award(member, lesson, progress)
        AssignmentTask.objects.filter(member=member, assignment__lesson=lesson, done_at=None).update(
            done_at=progress.completed_at
        )
    return True


def has_passed(member: "User", lesson: LessonPage) -> bool:
    """Is the quiz, if there is one, passed in any attempt?"""
    if lesson.quiz_id is None:
        return True
    return Attempt.objects.filter(
        exam__paper=lesson.quiz_id, candidate=member, state=AttemptState.MARKED, passed=True
    ).exists()


def _award(member: "User", lesson: LessonPage, progress: LessonProgress) -> None:
    address = uri_to_iri(lesson.url or "")  # a Chinese slug is nine times as long when encoded
    cause = Cause("courses.lesson", str(lesson.pk), f"学完《{lesson.title[:180]}》", address)
    minutes = Decimal(progress.credited_ms) / MS_A_MINUTE if lesson.video else Decimal(1)
    day = timezone.localdate(progress.completed_at)
    entries = post_event(member, Event.LESSON_COMPLETED, cause, minutes, occurred_on=day)
    if lesson.quiz_id:
        quiz = Cause("courses.quiz", str(lesson.pk), f"《{lesson.title[:180]}》课后测验合格", address)
        entries += post_event(member, Event.QUIZ_PASSED, quiz, Decimal(1), occurred_on=day)
    gained = [
        f"{total.normalize():f} {label}"
        for unit, label in Unit.choices
        if (total := sum((entry.amount for entry in entries if entry.unit == unit), Decimal(0)))
    ]
    send_notice(
        [member],
        AWARD,
        f"您已学完《{lesson.title}》",
        key=f"award:lesson:{lesson.pk}",
        body=f"获得 {'、'.join(gained)}。" if gained else "这门课程此前已计入，本次不再重复计算。",
        url="/me/",
    )
