"""Views of media: one file a concern. Whatever an address names is importable from here."""

from media.views.playback import play
from media.views.progress import progress, progress_page

__all__ = ["play", "progress", "progress_page"]
