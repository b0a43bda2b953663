"""Playback addresses of a video for one person: signed, bound to the member, and short-lived."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from media.domain.signatures import Permit, expiry_from, member_value
from media.enums import CaptionState
from media.models import Video

if TYPE_CHECKING:
    from school.people.models import User


@dataclass(frozen=True)
class CaptionAddress:
    """`language` is a BCP 47 tag; `label` is its Chinese name."""

    language: str
    label: str
    url: str


@dataclass(frozen=True)
class Playback:
    """Addresses of one video for one person; an empty one means that the video has no such file."""

    manifest_url: str
    poster_url: str = ""
    progressive_url: str = ""  # one MP4 of the lowest rung, for browsers that play no HLS
    thumbnails_url: str = ""  # WebVTT that names places of the sprite
    waveform_url: str = ""
    chapters_url: str = ""
    captions: tuple[CaptionAddress, ...] = ()


def playback_for(video: Video, user: "User") -> Playback:
    """Addresses for this person. Whoever calls has checked that the person may see the lesson.

    The page that shows them calls `signatures.remember_member` on its response. No file is looked at: which files a
    generation has follows from its row. Two queries, for captions and chapters.
    """
    permit = Permit(expiry_from(time.time()), video.key, video.generation, member_value(user))
    ticket = [permit.expires, permit.signature, permit.key, permit.generation]

    def address(name: str, is_there: bool = True) -> str:
        return reverse("media:play", args=[*ticket, name]) if is_there else ""

    is_complete = bool(video.rungs)  # generations made before rungs were noted have a playlist and a poster only
    poster = address("poster.jpg", video.has_picture)
    return Playback(
        manifest_url=address("master.m3u8"),
        poster_url=f"{poster}?at={video.poster_ms}" if poster and video.poster_ms is not None else poster,
        progressive_url=address("progressive.mp4", is_complete or not video.has_picture),
        thumbnails_url=address("thumbnails.vtt", is_complete and video.has_picture),
        waveform_url=address("waveform.json", not video.has_picture),
        chapters_url=reverse("media:chapters", args=ticket) if video.chapters.exists() else "",
        captions=tuple(
            CaptionAddress(track.language, track.get_language_display(), address(f"captions/{track.language}.vtt"))
            for track in video.captions.filter(state=CaptionState.PUBLISHED)
        ),
    )
