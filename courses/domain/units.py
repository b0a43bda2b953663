"""What of a lesson must be read, and how long that takes at least."""

from django.utils.html import strip_tags

from courses.domain.pages import required_documents
from courses.models import DocumentCopy, LessonPage

LETTERS_A_MINUTE = 500  # a fast reader of Chinese
LEAST_MS = 5_000
MOST_MS = 120_000  # a page of small print is not measured beyond this


def units_of(lesson: LessonPage) -> dict[str, int]:
    """Each unit that must be read with its least time in milliseconds, in order; empty when nothing must be.

    A lesson without a video is read itself, block by block. Required documents are read in any lesson, page by page,
    from the moment their pages are drawn.
    """
    units: dict[str, int] = {}
    if lesson.video_id is None:
        for block in lesson.body:
            words = "".join(strip_tags(text) for text in block.block.get_searchable_content(block.value))
            if block.block_type not in ("reading", "document") and words.strip():
                units[str(block.id)] = least_ms(sum(not letter.isspace() for letter in words))
    documents = required_documents(lesson)
    copies = {}
    if documents:
        copies = {copy.document_id: copy for copy in DocumentCopy.objects.filter(document__in=documents)}
    for document in documents:
        copy = copies.get(document.pk)
        for number, (_, _, letters) in enumerate(copy.pages if copy else [], start=1):
            units[f"d{document.pk}-{number}"] = least_ms(letters)
    return units


def least_ms(letters: int) -> int:
    """At least five seconds, at most two minutes."""
    return max(LEAST_MS, min(MOST_MS, letters * 60_000 // LETTERS_A_MINUTE))
