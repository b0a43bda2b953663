"""The page on which videos are uploaded in parts, and the JSON calls behind it. All of them are the owner's alone."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from media import rules
from media.domain import uploads
from media.domain.intake import job_key
from media.enums import UploadState
from media.forms import UploadForm
from media.models import Upload, Video
from media.queries import jobs_ahead
from media.views.pages import admin_page
from school.kernel.errors import DomainError, InvalidInput
from school.people.models import SignedInRequest

RECENT = 20  # ended uploads that the page still lists


def in_json(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """A call of the upload page: a refusal is answered in JSON, with its code and its words."""

    @wraps(view)
    def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return JsonResponse(view(request, *args, **kwargs))
        except DomainError as refused:
            return JsonResponse({"code": refused.code, "message": refused.message}, status=refused.status)
        except UnreadablePostError:
            return JsonResponse({"code": "part_cut", "message": "这一段没有传完，正在重传。"}, status=409)

    return call


@require_GET
def upload_page(request: SignedInRequest, video_id: int | None = None) -> HttpResponse:
    """Choose files and watch them go; with a video, choose the file that takes the place of its own."""
    replaced = None
    if video_id is not None:
        replaced = get_object_or_404(rules.videos_changed_by(request.user), pk=video_id)
    elif not rules.can_add_videos(request.user):
        raise PermissionDenied
    return admin_page(
        request,
        "media/admin/upload.html",
        "替换文件" if replaced else "上传视频",
        way=[(replaced.title, reverse("media_video", args=[replaced.pk]))] if replaced else [],
        form=None if replaced else UploadForm(user=request.user),
        replaced=replaced,
        limits={"part_bytes": uploads.PART_BYTES, "max_bytes": uploads.MAX_BYTES},
        list_url=reverse("media_uploads"),
    )


@in_json
def collection_of_uploads(request: SignedInRequest) -> dict[str, Any]:
    """GET: the state of one's uploads, newest first. POST: begin one."""
    if request.method == "POST":
        return _begin(request)
    mine = Upload.objects.filter(owner=request.user).select_related("video")
    open_ones = mine.filter(state__in=[UploadState.RECEIVING, UploadState.CHECKING])
    ended = mine.filter(state__in=[UploadState.DONE, UploadState.REFUSED]).order_by("-touched_at")[:RECENT]
    found = [*open_ones, *ended]
    ahead = jobs_ahead([job_key(row) for row in found if row.state == UploadState.CHECKING])
    return {"uploads": [shown(row, ahead.get(job_key(row), 0)) for row in found]}


@in_json
@require_http_methods(["PUT"])
def upload_part(request: SignedInRequest, key: UUID, number: int) -> dict[str, Any]:
    """The body is the part itself; `X-Part-SHA256` its digest in hex."""
    digest = request.headers.get("X-Part-SHA256", "").lower()
    return shown(uploads.take_part(key, number, request, digest=digest, by=request.user))


@in_json
@require_GET
def upload_status(request: SignedInRequest, key: UUID) -> dict[str, Any]:
    return shown(uploads.upload_of(key, request.user))


@in_json
@require_POST
def upload_finish(request: SignedInRequest, key: UUID) -> dict[str, Any]:
    return shown(uploads.finish_upload(key, by=request.user))


@in_json
@require_POST
def upload_give_up(request: SignedInRequest, key: UUID) -> dict[str, Any]:
    return shown(uploads.give_up(key, by=request.user))


@in_json
@require_POST
def upload_title(request: SignedInRequest, key: UUID) -> dict[str, Any]:
    return shown(uploads.rename_upload(key, str(_sent(request).get("title", "")), by=request.user))


def shown(upload: Upload, ahead: int = 0) -> dict[str, Any]:
    """An upload as the page shows it. `missing` are the numbers of the parts still to send."""
    is_open = upload.state == UploadState.RECEIVING
    return {
        "id": str(upload.pk),
        "state": upload.state,
        "label": upload.get_state_display(),
        "title": upload.title,
        "file_name": upload.file_name,
        "size": upload.size,
        "part_bytes": upload.part_bytes,
        "bytes_received": upload.bytes_received if is_open else upload.size,
        "missing": upload.missing if is_open else [],
        "error": upload.error,
        "ahead": ahead,
        "replaces": upload.replaces_id,
        "sha256": upload.sha256,
        "fingerprint": upload.fingerprint,
        "touched_at": upload.touched_at.isoformat(),
        "video": _shown_video(upload.video, is_twin=upload.video is not None and _is_twin(upload)),
    }


def _is_twin(upload: Upload) -> bool:
    """The file was there before: the video's own file came by another upload."""
    video = upload.video
    return video is not None and upload.pk.hex not in video.file.name and video.sha256 == upload.sha256


def _shown_video(video: Video | None, *, is_twin: bool = False) -> dict[str, Any] | None:
    if video is None:
        return None
    return {
        "id": video.pk,
        "title": video.title,
        "state": video.state,
        "label": video.get_state_display(),
        "progress": video.progress,
        "error": video.error,
        "url": reverse("media_video", args=[video.pk]),
        "is_twin": is_twin,
    }


def _begin(request: SignedInRequest) -> dict[str, Any]:
    form = UploadForm(_sent(request), user=request.user)
    begun = uploads.begin_upload(form.wanted(), by=request.user)
    return {
        "upload": shown(begun.upload) if begun.upload else None,
        "twin": _shown_video(begun.twin, is_twin=True),
        "is_certain": begun.is_certain,
    }


def _sent(request: HttpRequest) -> dict[str, Any]:
    try:
        sent = json.loads(request.body)
    except ValueError as error:
        raise InvalidInput("请求的内容无法识别，请刷新页面后重试。") from error
    return sent if isinstance(sent, dict) else {}
