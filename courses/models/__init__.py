"""Models of lessons, progress and assignments."""

from courses.models.assignments import Assignment, AssignmentTask
from courses.models.lessons import LessonIndexPage, LessonPage
from courses.models.progress import LessonProgress, PlaybackBudget, WatchBeat, WatchSession

__all__ = [
    "Assignment",
    "AssignmentTask",
    "LessonIndexPage",
    "LessonPage",
    "LessonProgress",
    "PlaybackBudget",
    "WatchBeat",
    "WatchSession",
]
