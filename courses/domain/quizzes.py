"""Offering the quiz of lessons: its name and who sees it follow the live lessons that use the paper."""

from courses.models import LessonPage
from exams.domain.papers import open_quiz
from exams.models import Exam, Paper
from school.people.enums import Visibility
from school.people.models import Organisation
from school.people.models.organisations import paths_upward


def offer_quiz_of(paper: Paper) -> Exam | None:
    """The quiz of this paper, for exactly those who see a lesson with it; None while no live lesson has it.

    Internal lessons of several organisations may share a paper: then the quiz is internal to what lies above them all.
    """
    lessons = list(LessonPage.objects.live().filter(quiz=paper).select_related("organisation").order_by("pk"))
    if not lessons:
        return None
    public = next((lesson for lesson in lessons if lesson.visibility == Visibility.PUBLIC), None)
    lead = public or lessons[0]
    return open_quiz(
        paper,
        title=f"{lead.title}课后测验",
        organisation=public.organisation if public else _place_above(lessons),
        visibility=lead.visibility,
    )


def _place_above(lessons: list[LessonPage]) -> Organisation | None:
    ways = [set(paths_upward(lesson.organisation.path)) for lesson in lessons if lesson.organisation]
    shared = set.intersection(*ways) if ways else set()
    return Organisation.objects.filter(path__in=shared).order_by("-depth").first()
