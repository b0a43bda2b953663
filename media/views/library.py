"""The library of videos in the admin: the list and the page of one video. Only what the person may see exists here."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from media import rules
from media.views.pages import admin_page
from school.people.models import SignedInRequest


def video_page(request: SignedInRequest, video_id: int) -> HttpResponse:
    video = get_object_or_404(rules.videos_seen_by(request.user), pk=video_id)
    return admin_page(request, "media/admin/video.html", video.title, video=video)
