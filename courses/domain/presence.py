"""Asking "are you there?" at credited times that nobody can foresee; what was credited before always stays."""

import secrets
from datetime import datetime, timedelta
from random import Random

from courses.domain.terms import Terms
from courses.models import LessonProgress, PresencePrompt, WatchSession
from school.kernel.errors import IllegalMove

EARLIEST_MS, LATEST_MS = 240_000, 360_000  # of credited time since the last prompt
WINDOW = timedelta(seconds=75)
CHANCE = secrets.SystemRandom()


def draw(progress: LessonProgress, terms: Terms, chance: Random) -> None:
    """Set when presence is asked next; nothing is asked of short lessons, or once the video is watched."""
    if not terms.asks_presence or progress.watched_at:
        progress.prompt_due_ms = None
    elif progress.prompt_due_ms is None:
        progress.prompt_due_ms = progress.credited_ms + chance.randint(EARLIEST_MS, LATEST_MS)


def room(progress: LessonProgress) -> int | None:
    """How much may still be credited before presence is asked; None for as much as there is."""
    if progress.prompt_nonce:
        return 0
    due = progress.prompt_due_ms
    return None if due is None or progress.watched_at else max(0, due - progress.credited_ms)


def ask_if_due(progress: LessonProgress, session: WatchSession, now: datetime) -> bool:
    """Open the question when its time has come; the caller saves the progress."""
    if progress.prompt_nonce or room(progress) != 0:
        return False
    prompt = PresencePrompt.objects.create(session=session, nonce=secrets.token_urlsafe(16), asked_at=now)
    progress.prompt_nonce, progress.prompt_asked_at = prompt.nonce, now
    return True


def seconds_left(progress: LessonProgress, now: datetime) -> int:
    """Whole seconds to answer in time; 0 once missed."""
    if progress.prompt_asked_at is None:
        return 0
    return max(0, int((progress.prompt_asked_at + WINDOW - now).total_seconds()))


def answer(progress: LessonProgress, nonce: str, terms: Terms, now: datetime, chance: Random) -> bool:
    """Close the open question; True when the answer was in time. The caller saves the progress.

    Raises IllegalMove for a nonce that is not the open one, also when it was answered before.
    """
    if not progress.prompt_nonce or not secrets.compare_digest(progress.prompt_nonce.encode(), nonce.encode()):
        raise IllegalMove("这次确认已经处理过了，请接着看。", code="no_prompt")
    asked_at = progress.prompt_asked_at or now
    in_time = now <= asked_at + WINDOW
    reaction = max(0, int((now - asked_at).total_seconds() * 1000))
    PresencePrompt.objects.filter(nonce=nonce).update(answered_at=now, reaction_ms=reaction, in_time=in_time)
    progress.prompt_nonce, progress.prompt_asked_at, progress.prompt_due_ms = "", None, None
    draw(progress, terms, chance)
    return in_time
