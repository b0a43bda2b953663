"""The caption formats that the school reads and writes, in the order in which they are asked about a file."""

from media.kinds.caption_format import CaptionFormat
from media.kinds.subrip import SubRip
from media.kinds.substation import SubStation
from media.kinds.webvtt import WebVtt

WEBVTT, SUBSTATION, SUBRIP = WebVtt(), SubStation(), SubRip()
CAPTION_FORMATS: dict[str, CaptionFormat] = {kind.code: kind for kind in (WEBVTT, SUBSTATION, SUBRIP)}
DOWNLOADS = ("srt", "vtt")


def format_of(text: str) -> CaptionFormat:
    """The format of a file by its content: names of files lie."""
    return next(kind for kind in CAPTION_FORMATS.values() if kind.claims(text))
