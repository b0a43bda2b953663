"""Chapters of a video in the admin: a table of times and titles, and a list that is pasted into it."""

import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from wagtail.admin.widgets.button import HeaderButton

from media.domain.chapters import MAX_TITLE, Mark, read_list, save_chapters, version_of
from media.domain.signatures import remember_member
from media.domain.subtitles import CaptionsRefused
from media.kinds.caption_format import Fault, tidy
from media.kinds.timestamps import BadTime, clock, parse_time
from media.models import Video
from media.views.pages import admin_page
from media.views.tracks import answer_of, playback_of, video_to_change, way_of
from school.kernel.errors import DomainError
from school.people.models import SignedInRequest

BAD_TIME = "时间写法不对。请写成“02:30”或“1:02:30”的样子。"
INCOMPLETE = "没有收到完整的章节，请再保存一次。"


@require_http_methods(["GET", "POST"])
def chapter_editor(request: SignedInRequest, video_id: int) -> HttpResponse:
    """The chapters in a table; POST takes all of them, or a pasted list that it only reads."""
    video = video_to_change(request, video_id)
    if request.method == "POST":
        return _take(request, video)
    rows = [_row(Mark(chapter.start_ms, chapter.title)) for chapter in video.chapters.all()]
    page = admin_page(
        request,
        "media/admin/chapter_editor.html",
        "章节",
        way=way_of(video),
        buttons=[HeaderButton("字幕", url=reverse("media_captions", args=[video.pk]), icon_name="openquote")],
        video=video,
        rows=rows,
        version=version_of(video),
        max_title=MAX_TITLE,
        playback=playback_of(video, request),
    )
    remember_member(page, request.user)  # the preview's addresses are bound to the person
    return page


def _take(request: SignedInRequest, video: Video) -> JsonResponse:
    try:
        content = json.loads(request.body)
        if "list" in content:
            return JsonResponse({"rows": [_row(mark) for mark in read_list(str(content["list"]))]})
        marks = _marks(content["cues"])
        save_chapters(video, marks, version=str(content["version"]), by=request.user)
    except DomainError as error:
        return answer_of(error)
    except (ValueError, TypeError, KeyError, AttributeError):
        return JsonResponse({"message": INCOMPLETE}, status=400)
    return JsonResponse({"version": version_of(video), "message": f"已保存，共 {len(marks)} 章。"})


def _marks(rows: list[dict[str, Any]]) -> list[Mark]:
    marks, faults = [], []
    for number, row in enumerate(rows, start=1):
        try:
            marks.append(Mark(parse_time(row["start"]), tidy(row["text"].replace("\n", " ")), number))
        except BadTime:
            faults.append(Fault(number, BAD_TIME))
    if faults:
        raise CaptionsRefused(faults)
    return marks


def _row(mark: Mark) -> dict[str, str]:
    return {"start": clock(mark.start_ms), "text": mark.title}
