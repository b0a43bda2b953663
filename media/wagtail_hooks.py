"""Wagtail admin: uploads, the library, the queue of the transcoder, storage, cleaning up, the report on pictures."""

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from media import rules, views


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
    """The first two take the place of wagtailmedia's own list and its page for deleting."""
    return [
        path("media/", views.VideoIndex.as_view(), name="media_library"),
        path("media/delete/<int:video_id>/", views.delete_video, name="media_delete"),
        path("media/results/", views.VideoIndex.as_view(results_only=True), name="media_library_results"),
        path("media/<int:video_id>/", views.video_page, name="media_video"),
        path("media/<int:video_id>/retry/", views.retry_video, name="media_retry"),
        path("media/<int:video_id>/cancel/", views.cancel_video, name="media_cancel"),
        path("media/<int:video_id>/poster/", views.poster_of_video, name="media_poster"),
    ]


@hooks.register("register_admin_urls")
def operations_urls() -> list[URLPattern]:
    return [
        path("transcoding/", views.queue_page, name="transcoding"),
        path("transcoding/state/", views.queue_state, name="transcoding_state"),
        path("transcoding/<int:video_id>/", views.progress, name="transcoding_progress"),
        path("media/storage/", views.storage_page, name="media_storage"),
        path("media/cleaning/", views.cleaning_page, name="media_cleaning"),
        path("media/storage.xlsx", views.storage_file, name="media_storage_file"),
    ]


@hooks.register("register_admin_urls")
def caption_urls() -> list[URLPattern]:
    video, track = "media/<int:video_id>/", "media/<int:video_id>/captions/<str:language>/"
    return [
        path(f"{video}captions/", views.caption_list, name="media_captions"),
        path(f"{video}captions/hear/", views.captions_hear, name="media_captions_hear"),
        path(track, views.caption_editor, name="media_caption_editor"),
        path(f"{track}state/", views.caption_state, name="media_caption_state"),
        path(f"{track}delete/", views.caption_delete, name="media_caption_delete"),
        path(f"{track}download.<str:code>", views.caption_download, name="media_caption_download"),
        path(f"{video}chapters/", views.chapter_editor, name="media_chapters"),
    ]


class GuardedItem(MenuItem):
    """A menu item for those whom `guard` lets in."""

    def __init__(self, label: str, url: str, guard: Callable[..., bool], **options: object) -> None:
        super().__init__(label, url, **options)
        self.guard = guard

    def is_shown(self, request: HttpRequest) -> bool:
        return self.guard(request.user)


@hooks.register("register_admin_menu_item")
def video_menu() -> MenuItem:
    items = [
        GuardedItem("视频库", reverse("wagtailmedia:index"), rules.can_see_videos, icon_name="media", order=1),
        GuardedItem("上传视频", reverse("media_upload"), rules.can_add_videos, icon_name="upload", order=2),
        GuardedItem("视频转码", reverse("transcoding"), rules.works_in_studio, icon_name="history", order=3),
        GuardedItem("视频存储", reverse("media_storage"), rules.works_in_studio, icon_name="folder-open-1", order=4),
    ]
    return SubmenuMenuItem("视频", Menu(items=items), icon_name="media", name="videos", order=300)


@hooks.register("construct_main_menu")
def one_entry_for_videos(request: HttpRequest, items: list[MenuItem]) -> None:
    """wagtailmedia's own entry leads to the same list as ours."""
    items[:] = [item for item in items if item.name != "media"]


@hooks.register("register_admin_urls")
def picture_urls() -> list[URLPattern]:
    return [
        path("reports/pictures/", views.PictureReport.as_view(), name="media_picture_report"),
        path(
            "reports/pictures/results/",
            views.PictureReport.as_view(results_only=True),
            name="media_picture_report_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def picture_report() -> MenuItem:
    return GuardedItem(
        "图片检查", reverse("media_picture_report"), rules.works_with_pictures, icon_name="image", order=1200
    )
