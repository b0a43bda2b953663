"""Views of media: one file a concern. Whatever an address names is importable from here."""

from media.views.captions import captions_vtt, chapters_vtt
from media.views.library import video_page
from media.views.pictures import picture
from media.views.playback import play
from media.views.progress import progress, progress_page
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
    "captions_vtt",
    "chapters_vtt",
    "collection_of_uploads",
    "picture",
    "play",
    "progress",
    "progress_page",
    "upload_finish",
    "upload_give_up",
    "upload_page",
    "upload_part",
    "upload_status",
    "upload_title",
    "video_page",
]
