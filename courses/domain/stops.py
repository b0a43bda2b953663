"""In-video questions: shown without their key, answered once for the record, never scored."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from courses.domain.leases import lock
from courses.models import LessonStop, StopAnswer, WatchSession
from exams.domain.marking import check_answer
from exams.models import QuestionVersion
from school.kernel.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from school.people.models import User


def show_stop(session_id: UUID, member: "User", stop_id: int) -> dict[str, Any]:
    """The question as the player shows it: no key, no explanation. NotFound outside the member's own session."""
    session = WatchSession.objects.select_related("progress").filter(pk=session_id, member=member).first()
    if session is None:
        raise NotFound
    stop = _find(session, stop_id)
    version = _version_of(stop)
    is_answered = StopAnswer.objects.filter(member=member, stop=stop).exists()
    options = [{"id": option["id"], "text": option["text"]} for option in version.options]
    kind = version.question.kind
    return {
        **{"id": stop.pk, "at_ms": stop.at_ms, "kind": kind, "stem": version.stem, "options": options},
        "is_answered": is_answered,
    }


def answer_stop(
    session_id: UUID, member: "User", stop_id: int, given: list[str], *, login: str = "", now: datetime | None = None
) -> dict[str, Any]:
    """Check an answer and open what lies behind the question; the first answer is kept as the record.

    Returns whether this answer was right, the key and the explanation. Raises what `leases.lock` raises, InvalidInput
    for an empty or impossible answer.
    """
    now = now or timezone.now()
    with transaction.atomic():
        lease = lock(session_id, member, login=login, now=now)
        stop = _find(lease.session, stop_id)
        version = _version_of(stop)
        checked = check_answer(version, given)
        if not checked.answer:
            raise InvalidInput("还没有作答，请先选好答案再提交。")
        StopAnswer.objects.get_or_create(
            member=member,
            stop=stop,
            defaults={
                **{"lesson_id": lease.session.lesson_id, "version": version, "at": now},
                **{"answer": checked.answer, "is_right": checked.is_right},
            },
        )
        progress = lease.progress
        if stop.pk not in progress.answered:
            progress.answered = [*progress.answered, stop.pk]
            progress.save(update_fields=["answered"])
    return {"is_right": checked.is_right, "explanation": version.explanation, "key": version.key}


def _find(session: WatchSession, stop_id: int) -> LessonStop:
    stop: LessonStop | None = (
        LessonStop.objects.filter(pk=stop_id, page=session.lesson_id)
        .select_related("question__current_version__question")
        .first()
    )
    if stop is None:
        raise NotFound
    return stop


def _version_of(stop: LessonStop) -> QuestionVersion:
    version = stop.question.current_version
    if version is None:
        raise NotFound
    return version
