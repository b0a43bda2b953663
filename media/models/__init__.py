"""Models of images, documents, videos, their captions and their uploads."""

from media.models.files import Document, Image, Rendition
from media.models.tracks import CaptionTrack, Chapter, Cue, Hearing
from media.models.uploads import Upload
from media.models.videos import Transcoding, Video

__all__ = [
    "CaptionTrack",
    "Chapter",
    "Cue",
    "Document",
    "Hearing",
    "Image",
    "Rendition",
    "Transcoding",
    "Upload",
    "Video",
]
