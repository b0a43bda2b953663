"""What the lesson page and the task lists show."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from courses.models import Assignment, AssignmentTask, LessonPage, LessonProgress
from exams.queries import best_attempt, quiz_of
from media.domain.playback import playback_for
from media.domain.renditions import prefetched
from media.domain.transcript import transcript_of
from school.people.models import User
from search.text import normalise

if TYPE_CHECKING:
    from django.db.models import QuerySet


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
    return {
        "lesson": lesson,
        "playback": playback_for(lesson.video, member) if lesson.video and lesson.video.is_ready else None,
        "transcript": transcript_of(lesson.video, normalise) if lesson.video else None,
        "progress": progress,
        "quiz": quiz,
        "attempt": attempt,
        "task": task,
        "is_watched": bool(lesson.video is None or (progress and progress.watched_at)),
        "session_url": f"/api/v1/lessons/{lesson.pk}/watch-sessions",
        "quiz_url": reverse("exams:sit", args=[quiz.pk]) if quiz else "",
    }


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
