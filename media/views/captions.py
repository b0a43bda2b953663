"""Captions and chapters of a video as WebVTT, made from the database for a verified address."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from media.domain.captions import written
from media.domain.chapters import chapters_text
from media.enums import CaptionState
from media.models import Video
from school.kernel.errors import NotFound

FRESH_SECONDS = 60  # a corrected word reaches a member who opens the page again


@require_safe
def captions_vtt(request: HttpRequest, video: Video, language: str) -> HttpResponse:
    """The published captions of one language; a draft looks like none."""
    track = video.captions.filter(language=language, state=CaptionState.PUBLISHED).first()
    if track is None:
        raise NotFound
    return _vtt(written(track, "vtt"))


@require_safe
def chapters_vtt(request: HttpRequest, video: Video) -> HttpResponse:
    return _vtt(chapters_text(video))


def _vtt(text: str) -> HttpResponse:
    headers = {"Cache-Control": f"private, max-age={FRESH_SECONDS}", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(text, content_type="text/vtt; charset=utf-8", headers=headers)
