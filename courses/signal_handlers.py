"""Listens: quizzes are offered and complete lessons; new captions are found; signing out ends a lease."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete
from django.dispatch import receiver
from wagtail.signals import page_published

from courses.domain.completion import complete_if_due
from courses.domain.covers import request_cover
from courses.domain.leases import end_lease_of, login_of
from courses.domain.pages import queue_pages_of
from courses.domain.quizzes import offer_quiz_of
from courses.models import LessonCover, LessonPage
from exams.models import Attempt
from exams.signals import attempt_marked
from media.models import Image, Video
from media.signals import captions_changed
from search.domain.indexing import queue_refresh

if TYPE_CHECKING:
    from school.people.models import SignedInRequest, User


@receiver(attempt_marked)
def complete_lessons_of_quiz(sender: type[Attempt], attempt: Attempt, **kwargs: Any) -> None:
    if attempt.passed:
        for lesson in LessonPage.objects.filter(quiz=attempt.exam.paper_id).select_related("video"):
            complete_if_due(attempt.candidate, lesson)


@receiver(page_published, sender=LessonPage)
def offer_quiz(sender: type[LessonPage], instance: LessonPage, **kwargs: Any) -> None:
    if instance.quiz:
        offer_quiz_of(instance.quiz)


@receiver(page_published, sender=LessonPage)
def draw_documents(sender: type[LessonPage], instance: LessonPage, **kwargs: Any) -> None:
    queue_pages_of(instance)


@receiver(captions_changed)
def find_new_words(sender: type[Video], video_id: int, **kwargs: Any) -> None:
    """The search finds the words of a video in each of its lessons."""
    for lesson in LessonPage.objects.live().filter(video=video_id).values_list("pk", flat=True):
        queue_refresh("lesson", lesson)


@receiver(user_logged_out)
def end_lease(sender: type["User"], request: "SignedInRequest", user: "User | None", **kwargs: Any) -> None:
    if user is not None:
        end_lease_of(user, login_of(request))


@receiver(page_published, sender=LessonPage)
def give_cover(sender: type[LessonPage], instance: LessonPage, **kwargs: Any) -> None:
    request_cover(instance)


@receiver(post_delete, sender=LessonCover)
def drop_drawing(sender: type[LessonCover], instance: LessonCover, **kwargs: Any) -> None:
    Image.objects.filter(pk=instance.image_id).delete()
