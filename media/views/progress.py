"""How far transcoding is, for editors."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from media.models import Video


@permission_required("wagtailadmin.access_admin", login_url="/login/")
def progress_page(request: HttpRequest) -> HttpResponse:
    return render(request, "media/progress.html", {"videos": Video.objects.order_by("-pk")[:50]})


@permission_required("wagtailadmin.access_admin", login_url="/login/")
def progress(request: HttpRequest, video_id: int) -> HttpResponse:
    video = get_object_or_404(Video, pk=video_id)
    body = {"state": video.state, "label": video.get_state_display(), "progress": video.progress, "error": video.error}
    return JsonResponse(body)
