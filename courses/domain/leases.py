"""Who may report now: one session a member holds the lease, and its reports draw on the member's one time budget."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from courses.domain import crediting, intervals, presence
from courses.domain.terms import Terms, terms_of
from courses.domain.units import units_of
from courses.models import LessonPage, LessonProgress, PlaybackBudget, WatchSession
from school.kernel.errors import IllegalMove, NotFound

if TYPE_CHECKING:
    from random import Random

    from school.people.models import SignedInRequest, User

IDLE = timedelta(minutes=15)  # a lease that was silent for so long is over; what it had banked is not carried on
REPORTED = (
    *("id", "lesson_id", "video_id", "terms", "login", "started_at"),
    *(f"budget__{name}" for name in ("bank_ms", "rate", "seen_at", "lease")),
    *("progress__ranges", "progress__credited_ms", "progress__furthest_ms", "progress__position_ms"),
    *("progress__prompt_due_ms", "progress__prompt_nonce", "progress__prompt_asked_at", "progress__answered"),
    *("progress__spent", "progress__watched_at", "progress__read_at", "progress__completed_at"),
)


@dataclass(frozen=True)
class Lease:
    """A session that may report now, with the locked rows that a report changes."""

    session: WatchSession
    progress: LessonProgress
    budget: PlaybackBudget
    terms: Terms


def open_session(
    member: "User",
    lesson: LessonPage,
    *,
    login: str = "",
    address: str = "",
    device: str = "",
    now: datetime | None = None,
    chance: "Random" = presence.CHANCE,
) -> WatchSession:
    """Start watching or reading; this session now holds the member's only lease, others are told to pause.

    `login` is a digest of the sign-in; only reports from the same one are taken. NotFound for a lesson that the
    member may not see or that holds nothing to watch or read.
    """
    now = now or timezone.now()
    if not LessonPage.objects.visible_to(member).filter(pk=lesson.pk).exists():
        raise NotFound
    if lesson.video is None and not units_of(lesson):
        raise NotFound("这门课程没有需要计时的内容，直接学习即可。")
    terms = terms_of(lesson)
    with transaction.atomic():
        PlaybackBudget.objects.get_or_create(member=member, defaults={"seen_at": now})
        budget = PlaybackBudget.objects.select_for_update().get(member=member)
        LessonProgress.objects.get_or_create(member=member, lesson=lesson)
        progress = LessonProgress.objects.select_for_update().get(member=member, lesson=lesson)
        session = WatchSession.objects.create(
            **{"member": member, "lesson": lesson, "video": lesson.video, "terms": terms.stored(), "started_at": now},
            **{"budget": budget, "progress": progress},
            **{"login": login, "address": address[:64], "device": device[:200]},
        )
        _hand_over(budget, session, terms, now)
        _fit(progress, terms)
        presence.draw(progress, terms, chance)
        progress.save()
    return session


def lock(session_id: UUID, member: "User", *, login: str = "", now: datetime | None = None) -> Lease:
    """The session with its budget and progress locked, in one query of the caller's transaction.

    Raises NotFound for a foreign session, IllegalMove `taken_over` when another one holds the lease, `expired` after
    a new sign-in or a day's end, and `replaced` when the lesson has got another video.
    """
    found = (
        WatchSession.objects.filter(pk=session_id, budget__member=member, progress__member=member)
        .select_related("budget", "progress")
        .select_for_update(of=("budget", "progress"))
        .annotate(video_now=F("lesson__video_id"))
        .only(*REPORTED)
        .first()
    )
    if found is None or found.budget is None or found.progress is None:
        raise NotFound
    if found.budget.lease != found.pk:
        raise IllegalMove("您已在另一个窗口或设备上打开课程，这里已暂停。", code="taken_over")
    age = (now or timezone.now()) - found.started_at
    if found.login != login or age.total_seconds() > settings.SESSION_COOKIE_AGE:
        raise IllegalMove("这次学习的登录已失效，请刷新页面后接着看，已计入的不会丢。", code="expired")
    if found.video_now != found.video_id:
        raise IllegalMove("这门课程的视频刚刚更换过，请刷新页面后接着看。", code="replaced")
    return Lease(found, found.progress, found.budget, Terms(**found.terms))


def login_of(request: "SignedInRequest") -> str:
    """A digest of this sign-in: of the session's key, or of the bearer token."""
    secret = request.session.session_key or request.headers.get("Authorization", "")
    return hashlib.sha256(secret.encode()).hexdigest()


def fill(budget: PlaybackBudget, now: datetime) -> int:
    """Add what the clock has brought since the last look; returns the milliseconds that passed."""
    elapsed = _ms_since(budget.seen_at, now)
    if elapsed > 0:
        budget.bank_ms = crediting.filled(budget.bank_ms, elapsed, budget.rate)
        budget.seen_at = now
    return max(0, elapsed)


def end_lease_of(member: "User", login: str) -> None:
    """Signing out ends the lease, if it belongs to this sign-in: an open tab earns nothing more."""
    leased = WatchSession.objects.filter(login=login, member=member).values("pk")
    PlaybackBudget.objects.filter(member=member, lease__in=leased).update(lease=None, bank_ms=0)


def _hand_over(budget: PlaybackBudget, session: WatchSession, terms: Terms, now: datetime) -> None:
    if budget.lease is None or now - budget.seen_at > IDLE:
        budget.bank_ms, budget.seen_at = 0, now
    else:
        fill(budget, now)
    budget.rate = terms.rate
    budget.bank_ms = min(budget.bank_ms, crediting.MAX_ELAPSED_MS * terms.rate // 100)
    budget.lease = session.pk
    budget.save()


def _fit(progress: LessonProgress, terms: Terms) -> None:
    """A new video of another length keeps what was earned, as far as it reaches; being watched stays being watched."""
    if terms.duration_ms and progress.duration_ms != terms.duration_ms:
        ranges = intervals.clip(progress.ranges, terms.duration_ms)
        if progress.prompt_due_ms is not None:
            progress.prompt_due_ms -= min(progress.prompt_due_ms, progress.credited_ms - intervals.total(ranges))
        progress.ranges = [list(piece) for piece in ranges]
        progress.credited_ms = intervals.total(ranges)
        progress.furthest_ms = min(progress.furthest_ms, terms.duration_ms)
        progress.position_ms = min(progress.position_ms, terms.duration_ms)
        progress.duration_ms = terms.duration_ms


def _ms_since(then: datetime, now: datetime) -> int:
    return int((now - then).total_seconds() * 1000)
