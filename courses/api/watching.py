"""Watching by API: sessions, reports, presence and in-video questions. Times are milliseconds."""

from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Router, Schema

from courses.domain import leases, presence, stops, watching
from courses.domain.leases import login_of
from courses.domain.terms import Terms
from courses.models import LessonPage, LessonProgress
from school.kernel.errors import NotFound
from school.people.models import SignedInRequest

router = Router()
Piece = Annotated[list[int], Field(min_length=2, max_length=2)]  # a tuple's prefixItems is beyond many API tools


class Watched(Schema):
    """`ranges` are [start, end) pairs: the whole set not yet acknowledged."""

    seq: int = Field(ge=1, le=2**53)
    ranges: list[tuple[int, int]] = Field(max_length=500)
    position: int = Field(default=0, ge=0, le=2**40)


class Prompt(Schema):
    """Show it, and send `nonce` when the member presses; at 0 seconds it is missed and still waits for the press."""

    nonce: str
    seconds_left: int


class HeldBack(Schema):
    """A reported piece that does not count: `reason` is ahead, budget, presence or question; `words` say it."""

    start_ms: int
    end_ms: int
    reason: str
    words: str


class StopOut(Schema):
    """An in-video question; behind a `must_answer` one nothing counts on a first viewing until it is answered."""

    id: int
    at_ms: int
    is_answered: bool
    must_answer: bool


class State(Schema):
    """What the server has credited in all; `id` is the session that reports go to."""

    id: UUID
    ranges: list[Piece]
    credited_ms: int
    furthest_ms: int
    position_ms: int
    percent: int = Field(ge=0, le=100)
    watched: bool
    completed: bool
    max_rate: float
    may_seek: bool
    prompt: Prompt | None
    uncounted: list[HeldBack]
    stops: list[StopOut]


class Presence(Schema):
    nonce: str = Field(max_length=32)


class Option(Schema):
    id: str
    text: str


class StopQuestion(Schema):
    """As asked: without key and explanation."""

    id: int
    at_ms: int
    kind: str
    stem: str
    options: list[Option]
    is_answered: bool


class StopReply(Schema):
    """Option ids, or one text a blank of a fill-in."""

    answer: list[Annotated[str, Field(max_length=200)]] = Field(max_length=20)


class StopResult(Schema):
    """Told only after answering; `key` holds option ids, or the accepted wordings of each blank."""

    is_right: bool
    explanation: str
    key: list[str] | list[list[str]]


@router.post("/lessons/{int:lesson_id}/watch-sessions", response=State)
def open_session(request: SignedInRequest, lesson_id: int) -> dict[str, Any]:
    lesson = LessonPage.objects.visible_to(request.user).select_related("video").filter(pk=lesson_id).first()
    if lesson is None:
        raise NotFound
    session = leases.open_session(
        request.user,
        lesson,
        login=login_of(request),
        address=request.META.get("REMOTE_ADDR", ""),
        device=request.headers.get("User-Agent", ""),
    )
    progress = LessonProgress.objects.get(member=request.user, lesson=lesson)
    return state_of(watching.Watching(session, progress, Terms(**session.terms), timezone.now()))


@router.put("/watch-sessions/{uuid:session_id}", response=State)
def report(request: SignedInRequest, session_id: UUID, watched: Watched) -> dict[str, Any]:
    found = watching.record_watch(
        session_id,
        request.user,
        seq=watched.seq,
        ranges=watched.ranges,
        position_ms=watched.position,
        login=login_of(request),
    )
    return state_of(found)


@router.post("/watch-sessions/{uuid:session_id}/presence", response=State)
def confirm_presence(request: SignedInRequest, session_id: UUID, presence: Presence) -> dict[str, Any]:
    found = watching.answer_presence(session_id, request.user, presence.nonce, login=login_of(request))
    return state_of(found)


@router.get("/watch-sessions/{uuid:session_id}/stops/{int:stop_id}", response=StopQuestion)
def stop_question(request: SignedInRequest, session_id: UUID, stop_id: int) -> dict[str, Any]:
    return stops.show_stop(session_id, request.user, stop_id)


@router.post("/watch-sessions/{uuid:session_id}/stops/{int:stop_id}", response=StopResult)
def answer_stop(request: SignedInRequest, session_id: UUID, stop_id: int, reply: StopReply) -> dict[str, Any]:
    return stops.answer_stop(session_id, request.user, stop_id, reply.answer, login=login_of(request))


def state_of(found: watching.Watching) -> dict[str, Any]:
    """The answer to every call about watching."""
    progress, terms = found.progress, found.terms
    left = presence.seconds_left(progress, found.now)
    return {
        "id": found.session.pk,
        "ranges": progress.ranges,
        "credited_ms": progress.credited_ms,
        "furthest_ms": progress.furthest_ms,
        "position_ms": progress.position_ms,
        "percent": found.percent,
        "watched": progress.watched_at is not None,
        "completed": progress.completed_at is not None,
        "max_rate": terms.rate / 100,
        "may_seek": progress.watched_at is not None,
        "prompt": {"nonce": progress.prompt_nonce, "seconds_left": left} if progress.prompt_nonce else None,
        "uncounted": [
            {"start_ms": start, "end_ms": end, "reason": reason.value, "words": str(reason.label)}
            for start, end, reason in found.held
        ],
        "stops": [
            {"id": stop, "at_ms": at, "is_answered": stop in progress.answered, "must_answer": bool(must)}
            for stop, at, must in terms.stops
        ],
    }
