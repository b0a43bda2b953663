"""Lesson endpoints of the API: watch progress and assignments."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Router, Schema

from courses.domain import watching
from courses.models import LessonPage, LessonProgress, WatchSession
from courses.queries import tasks_of
from school.kernel.errors import NotFound
from school.people.models import SignedInRequest

router = Router(tags=["courses"])


class Watched(Schema):
    """`ranges` are [start, end) pairs of milliseconds: the whole set not yet acknowledged."""

    seq: int = Field(ge=1, le=2**53)
    ranges: list[tuple[int, int]] = Field(max_length=500)
    position: int = Field(default=0, ge=0, le=2**40)


Piece = Annotated[list[int], Field(min_length=2, max_length=2)]  # a tuple's prefixItems is beyond many API tools


class ProgressOut(Schema):
    """What the server has credited in all, in milliseconds; `id` is the session that reports go to."""

    id: UUID
    ranges: list[Piece]
    credited_ms: int
    furthest_ms: int
    position_ms: int
    percent: int = Field(ge=0, le=100)
    watched: bool
    completed: bool


class TaskOut(Schema):
    """`id` is the assignment's; `state` is the label to show."""

    id: int
    lesson: int
    title: str
    due_at: datetime
    compulsory: bool
    done_at: datetime | None
    state: str


def _state(session: WatchSession, progress: LessonProgress) -> dict[str, Any]:
    return {
        "id": session.pk,
        "ranges": progress.ranges,
        "credited_ms": progress.credited_ms,
        "furthest_ms": progress.furthest_ms,
        "position_ms": progress.position_ms,
        "percent": progress.percent,
        "watched": progress.watched_at is not None,
        "completed": progress.completed_at is not None,
    }


@router.post("/lessons/{int:lesson_id}/watch-sessions", response=ProgressOut)
def open_session(request: SignedInRequest, lesson_id: int) -> dict[str, Any]:
    lesson = LessonPage.objects.visible_to(request.user).select_related("video").filter(pk=lesson_id).first()
    if lesson is None:
        raise NotFound
    session = watching.open_session(request.user, lesson)
    return _state(
        session, LessonProgress.objects.select_related("lesson__video").get(member=request.user, lesson=lesson)
    )


@router.put("/watch-sessions/{uuid:session_id}", response=ProgressOut)
def report(request: SignedInRequest, session_id: UUID, watched: Watched) -> dict[str, Any]:
    session = (
        WatchSession.objects.select_related("lesson__video", "member")
        .filter(pk=session_id, member=request.user)
        .first()
    )
    if session is None:
        raise NotFound
    progress = watching.record_watch(session, seq=watched.seq, ranges=watched.ranges, position_ms=watched.position)
    return _state(session, progress)


@router.get("/assignments", response=list[TaskOut])
def assignments(request: SignedInRequest) -> list[dict[str, Any]]:
    return [
        {
            "id": task.assignment_id,
            "lesson": task.assignment.lesson_id,
            "title": task.assignment.lesson.title,
            "due_at": task.assignment.due_at,
            "compulsory": task.assignment.compulsory,
            "done_at": task.done_at,
            "state": task.state_label,
        }
        for task in tasks_of(request.user)[:200]
    ]
