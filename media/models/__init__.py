"""Models of images, documents and videos."""

from media.models.files import Document, Image, Rendition
from media.models.videos import Video

__all__ = ["Document", "Image", "Rendition", "Video"]
