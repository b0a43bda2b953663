"""What the search finds in courses: lessons by title, summary, every block of their text and the words of the video."""

from collections.abc import Iterator
from typing import Any

from django.utils.html import strip_tags

from courses.models import LessonPage
from media.domain.transcript import stretches_of
from search.registry import Entry, Passage, SearchSource, split_text


class LessonSource(SearchSource):
    kind, label, icon = "lesson", "课程", "circle-play"
    model = LessonPage

    def objects(self) -> Any:
        return LessonPage.objects.live().select_related("organisation", "video")

    def entry(self, item: LessonPage) -> Entry:
        passages = [Passage(item.summary, "内容提要"), *split_text(_text_of(item)), *_words_of(item)]
        note = f"{item.get_series_display()} · {item.lecturer}" if item.lecturer else item.get_series_display()
        return Entry(
            title=item.title,
            url=item.url or "",
            passages=passages,
            aliases=item.keywords,
            note=note,
            organisation_id=item.organisation_id,
            visibility=item.visibility,
            published_at=item.first_published_at,
        )


def _text_of(lesson: LessonPage) -> str:
    """The words of all blocks, one block a paragraph."""
    words = []
    for block in lesson.body:
        words += block.block.get_searchable_content(block.value)
    return "\n".join(strip_tags(text) for text in words if text)


def _words_of(lesson: LessonPage) -> Iterator[Passage]:
    """What is said in the video, about half a minute a passage; the place is the second at which the player begins."""
    for stretch in stretches_of(lesson.video) if lesson.video else ():
        heading = f"视频 {stretch.clock} 处"
        yield from split_text(stretch.text, heading=heading, locator=f"t={stretch.start_ms // 1000}")
