"""Wagtail admin: a page that shows how far each video's transcoding is."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from media import views


@hooks.register("register_admin_urls")
def transcoding_urls() -> list[URLPattern]:
    return [
        path("transcoding/", views.progress_page, name="transcoding"),
        path("transcoding/<int:video_id>/", views.progress, name="transcoding_progress"),
    ]


@hooks.register("register_admin_menu_item")
def transcoding_menu() -> MenuItem:
    class TranscodingItem(MenuItem):
        def is_shown(self, request: HttpRequest) -> bool:
            return request.user.has_perm("wagtailadmin.access_admin")

    return TranscodingItem("视频转码", reverse("transcoding"), icon_name="media", order=310)
