"""Models of lessons, progress and assignments."""

from courses.models.assignments import Assignment, AssignmentTask
from courses.models.covers import LessonCover
from courses.models.lessons import LessonIndexPage, LessonPage
from courses.models.progress import LessonProgress, PlaybackBudget
from courses.models.reading import DocumentCopy
from courses.models.stops import LessonStop
from courses.models.watching import PresencePrompt, StopAnswer, WatchBeat, WatchSession

__all__ = [
    "Assignment",
    "AssignmentTask",
    "LessonCover",
    "DocumentCopy",
    "LessonIndexPage",
    "LessonPage",
    "LessonProgress",
    "LessonStop",
    "PlaybackBudget",
    "PresencePrompt",
    "StopAnswer",
    "WatchBeat",
    "WatchSession",
]
