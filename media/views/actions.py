"""What people do to a video in the admin: transcode again, stop it, choose its poster. Each is one POST."""

from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from media import rules
from media.domain.videos import cancel_transcoding, choose_poster, retry
from media.models import Video
from school.kernel.errors import DomainError, InvalidInput
from school.people.models import SignedInRequest


@require_POST
def retry_video(request: SignedInRequest, video_id: int) -> HttpResponse:
    video = _changeable(request, video_id)
    retry(video, by=request.user)
    messages.success(request, f"《{video.title}》已排队转码。转码完成前，原来的版本照常播放。")
    return _back(request, video)


@require_POST
def cancel_video(request: SignedInRequest, video_id: int) -> HttpResponse:
    video = _changeable(request, video_id)
    try:
        cancel_transcoding(video, by=request.user)
        messages.success(request, f"已取消《{video.title}》的转码。")
    except DomainError as refused:
        messages.error(request, refused.message)
    return _back(request, video)


@require_POST
def poster_of_video(request: SignedInRequest, video_id: int) -> HttpResponse:
    video = _changeable(request, video_id)
    try:
        choose_poster(video, _milliseconds(request.POST.get("seconds", "")), by=request.user)
        messages.success(request, "封面已更新。浏览器可能还显示旧图，稍后刷新即可。")
    except DomainError as refused:
        messages.error(request, refused.message)
    return redirect("media_video", video.pk)


def _changeable(request: SignedInRequest, video_id: int) -> Video:
    return get_object_or_404(rules.videos_changed_by(request.user), pk=video_id)


def _milliseconds(text: str) -> int:
    try:
        seconds = Decimal(text)
        if not 0 <= seconds < 10**6:
            raise InvalidInput("封面位置超出了片长，请重新选择。")
        return int(seconds * 1000)
    except InvalidOperation as error:
        raise InvalidInput("请填写秒数，例如 12.5。") from error


def _back(request: SignedInRequest, video: Video) -> HttpResponseRedirectBase:
    """To the page the button stood on."""
    origin = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(origin, {request.get_host()}, require_https=request.is_secure()):
        return redirect(origin)
    return redirect("media_video", video.pk)
