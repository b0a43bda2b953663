"""Bytes of a video for a signed address, and the state of transcoding for editors."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from media.domain.playback import LIFETIME_SECONDS, file_for
from media.models import Video
from school.people.models import SignedInRequest

TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".vtt": "text/vtt",
}


@login_required
def play(request: SignedInRequest, token: str, name: str) -> FileResponse:
    path = file_for(token, name, request.user)
    response = FileResponse(path.open("rb"), content_type=TYPES.get(path.suffix, "application/octet-stream"))
    response["Cache-Control"] = f"private, max-age={LIFETIME_SECONDS}"
    return response


@permission_required("wagtailadmin.access_admin", login_url="/login/")
def progress_page(request: HttpRequest) -> HttpResponse:
    return render(request, "media/progress.html", {"videos": Video.objects.order_by("-pk")[:50]})


@permission_required("wagtailadmin.access_admin", login_url="/login/")
def progress(request: HttpRequest, video_id: int) -> HttpResponse:
    video = get_object_or_404(Video, pk=video_id)
    body = {"state": video.state, "label": video.get_state_display(), "progress": video.progress, "error": video.error}
    return JsonResponse(body)
