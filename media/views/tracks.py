"""Captions of a video in the admin: the list of tracks, upload and download, publishing, deleting, and the editor."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.widgets.button import HeaderButton

from media import rules
from media.domain import captions, recognition
from media.domain.playback import Playback, playback_for
from media.domain.signatures import remember_member
from media.domain.subtitles import MAX_TEXT, CaptionsRefused, read_captions
from media.enums import CaptionSource, CaptionState
from media.forms import CaptionForm
from media.kinds.caption_format import Line, tidy
from media.kinds.timestamps import BadTime, clock, parse_time
from media.models import CaptionTrack, Hearing, Video
from media.registry import CAPTION_FORMATS, DOWNLOADS
from media.views.pages import admin_page
from school.kernel.errors import DomainError, InvalidInput, NotFound
from school.people.models import SignedInRequest

BAD_TIME = -1  # stands for a time that cannot be read until the row is judged


def video_to_change(request: HttpRequest, video_id: int) -> Video:
    """The video, if this person may change it; absent and forbidden look alike."""
    return get_object_or_404(rules.videos_changed_by(request.user), pk=video_id)  # type: ignore[arg-type]


def way_of(video: Video) -> list[tuple[str, str]]:
    return [(video.title, reverse("media_video", args=[video.pk]))]


@require_http_methods(["GET", "POST"])
def caption_list(request: SignedInRequest, video_id: int) -> HttpResponse:
    """The tracks of a video; POST takes a file."""
    video = video_to_change(request, video_id)
    form = CaptionForm(request.POST or None, request.FILES or None, video=video)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        faults = _take_file(request, video, form)
        if not faults:
            return redirect("media_captions", video.pk)
    tracks = video.captions.select_related("changed_by").with_counts()
    return admin_page(
        request,
        "media/admin/captions.html",
        "字幕",
        way=way_of(video),
        buttons=[HeaderButton("章节", url=reverse("media_chapters", args=[video.pk]), icon_name="list-ul")],
        video=video,
        form=form,
        faults=faults,
        tracks=tracks,
        downloads=DOWNLOADS,
        can_hear=recognition.is_offered(),
        hearing=Hearing.objects.filter(video=video).select_related("requested_by").first(),
    )


def _take_file(request: SignedInRequest, video: Video, form: CaptionForm) -> list[str]:
    """Keep the uploaded file; the faults of each row when nothing could be kept."""
    language = form.cleaned_data["language"]
    try:
        reading = read_captions(form.cleaned_data["file"].read(), video.duration_ms)
        captions.keep_reading(video, language, reading, source=CaptionSource.UPLOADED, by=request.user)
    except CaptionsRefused as refused:
        return refused.rows
    except DomainError as error:
        return [error.message]
    messages.success(request, f"字幕已保存，共 {len(reading.lines)} 条。")
    for notice in reading.notices[:20]:
        messages.warning(request, notice)
    return []


def track_to_change(request: HttpRequest, video_id: int, language: str) -> CaptionTrack:
    video = video_to_change(request, video_id)
    return get_object_or_404(CaptionTrack.objects.select_related("video", "changed_by"), video=video, language=language)


@require_http_methods(["GET", "POST"])
def caption_editor(request: SignedInRequest, video_id: int, language: str) -> HttpResponse:
    """The cues in a table; POST takes all of them as JSON with the version that they began from."""
    track = track_to_change(request, video_id, language)
    if request.method == "POST":
        return _save(request, track)
    rows = [{"start": clock(n.start_ms), "end": clock(n.end_ms), "text": n.text} for n in captions.lines_of(track)]
    page = admin_page(
        request,
        "media/admin/caption_editor.html",
        f"{track.get_language_display()}字幕",
        way=[*way_of(track.video), ("字幕", reverse("media_captions", args=[track.video_id]))],
        track=track,
        video=track.video,
        rows=rows,
        max_text=MAX_TEXT,
        playback=playback_of(track.video, request),
    )
    remember_member(page, request.user)  # the preview's addresses are bound to the person
    return page


def playback_of(video: Video, request: SignedInRequest) -> Playback | None:
    return playback_for(video, request.user) if video.is_ready else None


def _save(request: SignedInRequest, track: CaptionTrack) -> JsonResponse:
    try:
        content = json.loads(request.body)
        lines = [_line(row, number) for number, row in enumerate(content["cues"], start=1)]
        version = int(content["version"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return JsonResponse({"message": "没有收到完整的字幕，请再保存一次。"}, status=400)
    try:
        saved = captions.save_cues(track, lines, version=version, by=request.user)
    except DomainError as error:
        return answer_of(error)
    return JsonResponse({"version": saved.version, "cues": len(lines), "message": f"已保存，共 {len(lines)} 条。"})


def answer_of(error: DomainError) -> JsonResponse:
    """The refusal as the editors show it: a sentence, and words beside each bad row."""
    faults = [{"row": n.row, "message": n.message} for n in error.faults] if isinstance(error, CaptionsRefused) else []
    whole = " ".join(str(fault["message"]) for fault in faults if not fault["row"])
    message = (whole or f"有 {len(faults)} 行需要改正，没有保存。") if faults else error.message
    return JsonResponse({"code": error.code, "message": message, "faults": faults}, status=error.status)


def _line(row: dict[str, str], number: int) -> Line:
    return Line(_time(row["start"]), _time(row["end"]), tidy(row["text"]), number)


def _time(text: str) -> int:
    try:
        return parse_time(text)
    except BadTime:
        return BAD_TIME


@require_POST
def caption_state(request: SignedInRequest, video_id: int, language: str) -> HttpResponse:
    """Publish, or take back into draft."""
    track = track_to_change(request, video_id, language)
    if request.POST.get("state") == CaptionState.PUBLISHED:
        captions.publish_track(track, by=request.user)
        messages.success(request, "字幕已发布，学员可以看到，也能搜到。")
    else:
        captions.withdraw_track(track, by=request.user)
        messages.success(request, "字幕已撤回，学员看不到了。")
    return redirect("media_captions", video_id)


@require_http_methods(["GET", "POST"])
def caption_delete(request: SignedInRequest, video_id: int, language: str) -> HttpResponse:
    track = track_to_change(request, video_id, language)
    if request.method == "POST":
        captions.delete_track(track, by=request.user)
        messages.success(request, f"已删除{track.get_language_display()}字幕。")
        return redirect("media_captions", video_id)
    way = [*way_of(track.video), ("字幕", reverse("media_captions", args=[video_id]))]
    return admin_page(request, "media/admin/caption_delete.html", "删除字幕", way=way, track=track)


@require_safe
def caption_download(request: SignedInRequest, video_id: int, language: str, code: str) -> HttpResponse:
    """The track as a file. It begins with the UTF-8 mark, so that every program, Notepad too, reads it rightly."""
    if code not in DOWNLOADS:
        raise NotFound
    track = track_to_change(request, video_id, language)
    content = captions.written(track, code).encode("utf-8-sig")
    kind = CAPTION_FORMATS[code].content_type
    name = f"captions-{video_id}-{language}.{code}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8", headers=headers)


@require_POST
def captions_hear(request: SignedInRequest, video_id: int) -> HttpResponse:
    """Ask for speech recognition."""
    video = video_to_change(request, video_id)
    try:
        recognition.request_recognition(video, request.POST.get("language", ""), by=request.user)
    except InvalidInput as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "已开始语音识别。完成后，这里会出现一份待校对的字幕。")
    return redirect("media_captions", video.pk)
