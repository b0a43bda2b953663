"""Views of media: one file a concern. Whatever an address names is importable from here."""

from media.views.actions import cancel_video, poster_of_video, retry_video
from media.views.addresses import permitted, verified_video
from media.views.captions import captions_vtt, chapters_vtt
from media.views.chapters import chapter_editor
from media.views.cleaning import cleaning_page
from media.views.downloads import download_picture
from media.views.library import VideoIndex, delete_video, video_page
from media.views.picture_report import PictureReport
from media.views.pictures import picture
from media.views.playback import play
from media.views.queue import progress, queue_page, queue_state
from media.views.storage import storage_file, storage_page
from media.views.tracks import (
    caption_delete,
    caption_download,
    caption_editor,
    caption_list,
    caption_state,
    captions_hear,
)
from media.views.uploads import (
    collection_of_uploads,
    upload_finish,
    upload_give_up,
    upload_page,
    upload_part,
    upload_status,
    upload_title,
)

__all__ = [
    "PictureReport",
    "caption_delete",
    "caption_download",
    "caption_editor",
    "caption_list",
    "caption_state",
    "captions_hear",
    "chapter_editor",
    "VideoIndex",
    "cancel_video",
    "captions_vtt",
    "chapters_vtt",
    "cleaning_page",
    "collection_of_uploads",
    "delete_video",
    "download_picture",
    "permitted",
    "picture",
    "play",
    "poster_of_video",
    "progress",
    "queue_page",
    "queue_state",
    "retry_video",
    "storage_file",
    "storage_page",
    "upload_finish",
    "upload_give_up",
    "upload_page",
    "upload_part",
    "upload_status",
    "upload_title",
    "verified_video",
    "video_page",
]
