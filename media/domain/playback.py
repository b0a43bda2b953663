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
    permit = _permit(video, user)

    def address(name: str, is_there: bool = True) -> str:
        return _address(permit, name) if is_there else ""

    is_complete = bool(video.rungs)  # generations made before rungs were noted have a playlist and a poster only
    return Playback(
        manifest_url=address("master.m3u8"),
        poster_url=_poster(video, permit),
        progressive_url=address("progressive.mp4", is_complete or not video.has_picture),
        thumbnails_url=address("thumbnails.vtt", is_complete and video.has_picture),
        waveform_url=address("waveform.json", not video.has_picture),
        chapters_url=address("chapters.vtt") if video.chapters.exists() else "",
        captions=tuple(
            CaptionAddress(track.language, track.get_language_display(), address(f"captions/{track.language}.vtt"))
            for track in video.captions.filter(state=CaptionState.PUBLISHED)
        ),
    )


def poster_for(video: Video, user: "User") -> str:
    """The address of the poster alone, without any query, for lists; empty where there is none."""
    return _poster(video, _permit(video, user)) if video.is_ready else ""


def _permit(video: Video, user: "User") -> Permit:
    return Permit(expiry_from(time.time()), video.key, video.generation, member_value(user))


def _address(permit: Permit, name: str) -> str:
    return reverse("media:play", args=[permit.expires, permit.signature, permit.key, permit.generation, name])


def _poster(video: Video, permit: Permit) -> str:
    """Another moment chosen makes another address: browsers keep pictures for hours."""
    if not video.has_picture:
        return ""
    address = _address(permit, "poster.jpg")
    return address if video.poster_ms is None else f"{address}?at={video.poster_ms}"
