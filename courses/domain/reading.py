"""Crediting what is read: each unit of text is on screen for a least time, paid from the same budget as watching."""

from courses.models import LessonPage


def units_of(lesson: LessonPage) -> dict[str, int]:
    """Each unit that must be read with its least time in milliseconds; empty when nothing must be."""
    return {}
