"""The pages of a required document, addressed to the member who reads the lesson."""

from typing import Any

from django import template

from courses.queries import document_pages
from media.models import Document

register = template.Library()


@register.simple_tag(takes_context=True)
def pages_of(context: dict[str, Any], document: Document) -> list[dict[str, Any]]:
    """Empty in the editor's preview without a reader, and while the pages are being drawn."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return []
    progress = context.get("progress")
    return document_pages(document, request.user, progress.spent if progress else {})


@register.filter
def from_ms(value: int | None) -> str:
    """Milliseconds as minutes and seconds; below a minute with a tenth."""
    ms = value or 0
    return f"{ms // 60_000} 分 {ms % 60_000 // 1000} 秒" if ms >= 60_000 else f"{ms / 1000:.1f} 秒"
