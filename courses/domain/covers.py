"""Covers of lessons: drawn from the title where the editor chose no picture, and anew when the words change."""

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from wagtail.models import Collection

from courses.models import LessonCover, LessonPage
from media.domain.renditions import request_renditions
from media.domain.title_cards import COLLECTION, CardText, card_png
from media.models import Image
from school.kernel.domain import jobs


def request_cover(lesson: LessonPage, mark: str = "") -> None:
    """Have the cover drawn in the background, or the copies made of the one that the editor chose.

    Once for the same words and `mark`, which is the lesson's revision when omitted.
    """
    if lesson.cover_image:
        request_renditions(lesson.cover_image, "cover")
    else:
        words = text_of(lesson).digest[:12]
        jobs.enqueue(draw_cover, lesson.pk, key=f"cover-{lesson.pk}-{words}-{mark or lesson.latest_revision_id}")


def draw_cover(lesson_id: int) -> None:
    """The background task. Draws nothing when the words have not changed; the old picture goes with its copies."""
    lesson = LessonPage.objects.filter(pk=lesson_id).first()
    if lesson is None:
        return
    text = text_of(lesson)
    drawing = LessonCover.objects.filter(lesson=lesson).first()
    if drawing and drawing.digest == text.digest:
        return
    content = ContentFile(card_png(text), name=f"cover-{lesson.pk}.png")
    with transaction.atomic():
        LessonPage.objects.select_for_update().get(pk=lesson_id)  # two workers at once would leave a picture over
        old = LessonCover.objects.filter(lesson=lesson).select_related("image").first()
        image = Image(title=f"封面：{lesson.title}"[:255], is_decorative=True, collection=_collection(), file=content)
        image.copies_wanted = "cover"
        image.save()
        LessonCover.objects.update_or_create(lesson=lesson, defaults={"image": image, "digest": text.digest})
        if old:
            old.image.delete()


def complete_covers() -> int:
    """Each hour: request what is missing, or out of date since the drawing changed; returns how many."""
    lessons = LessonPage.objects.live().filter(cover_image=None).select_related("card")
    stale = [
        lesson for lesson in lessons if not hasattr(lesson, "card") or lesson.card.digest != text_of(lesson).digest
    ]
    for lesson in stale:
        request_cover(lesson, f"{timezone.localdate():%Y%m%d}")
    return len(stale)


def text_of(lesson: LessonPage) -> CardText:
    return CardText(
        title=lesson.title,
        topic=lesson.taxonomy,
        label=f"{lesson.get_series_display()} · {lesson.get_taxonomy_display()}",
        lecturer=f"主讲：{lesson.lecturer}" if lesson.lecturer else "",
        school=f"{settings.ENTERPRISE_NAME}{settings.SCHOOL_NAME}",
    )


def _collection() -> Collection:
    root = Collection.get_first_root_node()
    found: Collection | None = root.get_children().filter(name=COLLECTION).first()
    return found or root.add_child(name=COLLECTION)
