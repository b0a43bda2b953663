"""Wagtail admin: upload in parts, the library, the queue of the transcoder, storage, and cleaning up."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from media import views


@hooks.register("register_admin_urls")
def upload_urls() -> list[URLPattern]:
    part = "media/uploads/<uuid:key>/"
    return [
        path("media/upload/", views.upload_page, name="media_upload"),
        path("media/<int:video_id>/replace/", views.upload_page, name="media_replace"),
        path("media/uploads/", views.collection_of_uploads, name="media_uploads"),
        path(part, views.upload_status, name="media_upload_status"),
        path(f"{part}parts/<int:number>/", views.upload_part, name="media_upload_part"),
        path(f"{part}finish/", views.upload_finish, name="media_upload_finish"),
        path(f"{part}give-up/", views.upload_give_up, name="media_upload_give_up"),
        path(f"{part}title/", views.upload_title, name="media_upload_title"),
    ]


@hooks.register("register_admin_urls")
def library_urls() -> list[URLPattern]:
    return [path("media/<int:video_id>/", views.video_page, name="media_video")]


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
