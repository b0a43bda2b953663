"""What the lesson page and the task lists show."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from courses.domain.pages import token_for
from courses.domain.reading import percent_of
from courses.domain.units import least_ms, units_of
from courses.models import Assignment, AssignmentTask, DocumentCopy, LessonPage, LessonProgress
from courses.models.reading import WIDTHS
from exams.queries import best_attempt, quiz_of
from media.domain.playback import Playback, playback_for
from media.domain.renditions import POSTER_SPEC, prefetched
from media.domain.transcript import transcript_of
from media.models import Document
from school.kernel.templatetags.design import clock
from school.people.models import User
from search.text import normalise

if TYPE_CHECKING:
    from django.db.models import QuerySet

BAR_WIDTH = 1000  # units of the bar's own drawing


def with_covers(lessons: "QuerySet[LessonPage]") -> "QuerySet[LessonPage]":
    """The lessons of a list with all that its covers need, however many there are."""
    related = lessons.select_related("video", "cover_image", "card__image")
    return related.prefetch_related(prefetched("cover_image"), prefetched("card__image"))


def lesson_state(lesson: LessonPage, member: "User") -> dict[str, Any]:
    """The member's progress through the lesson: watch, quiz, credit."""
    progress = LessonProgress.objects.filter(lesson=lesson, member=member).first()
    quiz = quiz_of(lesson.quiz_id) if lesson.quiz_id else None
    attempt = best_attempt(quiz, member) if quiz else None
    task = (
        AssignmentTask.objects.filter(member=member, assignment__lesson=lesson)
        .select_related("assignment__organisation")
        .order_by("assignment__due_at")
        .first()
    )
    reading = reading_state(lesson, progress)
    return {
        "lesson": lesson,
        "playback": _playback(lesson, member),
        "transcript": transcript_of(lesson.video, normalise) if lesson.video else None,
        "progress": progress,
        "counted": counted_bar(lesson, progress),
        "reading": reading,
        "last_step": 1 + bool(lesson.video) + bool(reading) + bool(quiz),
        "quiz": quiz,
        "attempt": attempt,
        "task": task,
        "is_watched": bool(lesson.video is None or (progress and progress.watched_at)),
        "session_url": f"/api/v1/lessons/{lesson.pk}/watch-sessions",
        "quiz_url": reverse("exams:sit", args=[quiz.pk]) if quiz else "",
    }


def _playback(lesson: LessonPage, member: "User") -> Playback | None:
    """A recording without picture shows the lesson's cover while it plays."""
    if not lesson.video or not lesson.video.is_ready:
        return None
    playback = playback_for(lesson.video, member)
    if playback.poster_url or lesson.cover is None:
        return playback
    return replace(playback, poster_url=lesson.cover.get_rendition(POSTER_SPEC).url)


def tasks_of(member: "User") -> "QuerySet[AssignmentTask]":
    """One's own tasks, open ones first by due time."""
    tasks = AssignmentTask.objects.filter(member=member).select_related(
        "assignment__lesson", "assignment__organisation"
    )
    return tasks.order_by("done_at", "assignment__due_at")


def tasks_for_overseer(assignment: Assignment, user: "User") -> "QuerySet[AssignmentTask]":
    """The tasks of the people this person may see: unfinished first."""
    tasks = AssignmentTask.objects.filter(assignment=assignment, member__in=User.objects.visible_to(user))
    return tasks.select_related("member", "assignment").order_by("done_at", "member__username")


def counted_bar(lesson: LessonPage, progress: LessonProgress | None) -> dict[str, Any] | None:
    """What the bar of counted parts shows before the player has asked the server; None without a video."""
    duration = lesson.duration_ms
    if not duration:
        return None
    ranges = progress.ranges if progress else []
    credited, furthest = (progress.credited_ms, progress.furthest_ms) if progress else (0, 0)
    pieces = [
        {
            "x": start * BAR_WIDTH // duration,
            "width": max(1, (end - start) * BAR_WIDTH // duration),
            "words": f"{clock(start / 1000)}–{clock(end / 1000)}",
        }
        for start, end in ranges
    ]
    return {
        "duration_ms": duration,
        "pieces": pieces,
        "far": min(BAR_WIDTH - 4, furthest * BAR_WIDTH // duration),
        "sum": f"{clock(credited / 1000)} / {clock(duration / 1000)}（{min(100, credited * 100 // duration)}%）",
        "percent": lesson.watched_percent,
    }


def reading_state(lesson: LessonPage, progress: LessonProgress | None) -> dict[str, Any] | None:
    """What must be read and what was; None when nothing must be."""
    units = units_of(lesson)
    if not units:
        return None
    spent = progress.spent if progress else {}
    is_read = bool(progress and (progress.read_at or progress.completed_at))
    return {
        "required": json.dumps(units),
        "spent": json.dumps({key: min(spent.get(key, 0), ms) for key, ms in units.items()}),
        "percent": percent_of(units, spent),
        "is_read": is_read,
        "minutes": -(-sum(units.values()) // 60_000),
    }


def document_pages(document: Document, member: User, spent: dict[str, int]) -> list[dict[str, Any]]:
    """The pages of a document with their addresses for this member, who may see the lesson; empty until drawn."""
    copy = DocumentCopy.objects.filter(document=document).first()
    if copy is None or not copy.pages:
        return []
    token = token_for(copy, member)
    found = []
    for number, (width, height, letters) in enumerate(copy.pages, start=1):
        small, large = (reverse("courses:document_page", args=[token, number, pixels]) for pixels in WIDTHS)
        unit = f"d{document.pk}-{number}"
        is_read = spent.get(unit, 0) >= least_ms(letters)
        page = {"unit": unit, "width": width, "height": height, "small": small, "large": large}
        found.append({**page, "is_read": is_read})
    return found
