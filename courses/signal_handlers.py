"""Listens to exams: a passed quiz may complete its lesson."""

from typing import Any

from django.dispatch import receiver

from courses.domain.completion import complete_if_due
from courses.models import LessonPage
from exams.models import Attempt
from exams.signals import attempt_marked


@receiver(attempt_marked)
def complete_lessons_of_quiz(sender: type[Attempt], attempt: Attempt, **kwargs: Any) -> None:
    if attempt.passed:
        for lesson in LessonPage.objects.filter(quiz=attempt.exam.paper_id).select_related("video"):
            complete_if_due(attempt.candidate, lesson)
