"""Playback addresses: signed, bound to one member and one video, and short-lived."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.core import signing
from django.urls import reverse

from media.domain import shelf
from media.models import Video
from school.kernel.errors import NotFound

if TYPE_CHECKING:
    from school.people.models import User

SALT = "media.playback"
LIFETIME_SECONDS = 12 * 3600
SINGLE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)
CHUNK = 64 * 1024


class RangeNotSatisfiable(Exception):
    """The asked range begins behind the end of the file (RFC 9110, 15.5.17)."""


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
    """Addresses for this person. Whoever calls has checked that the person may see the lesson."""
    token = signing.dumps([str(video.key), user.pk], salt=SALT)

    def address(name: str) -> str:
        return reverse("media:play", args=[token, name])

    return Playback(manifest_url=address("master.m3u8"), poster_url=address("poster.jpg"))


def file_for(token: str, name: str, user: "User") -> Path:
    """The file behind an address; NotFound for a forged, expired or foreign token and for anything outside."""
    try:
        key, owner = signing.loads(token, salt=SALT, max_age=LIFETIME_SECONDS)
    except signing.BadSignature as error:
        raise NotFound from error
    video = Video.objects.filter(key=key).first()
    if owner != user.pk or video is None or not video.is_ready:
        raise NotFound
    path = shelf.path_of(video, name)
    if path is None:
        raise NotFound
    return path


def range_of(header: str, size: int) -> range | None:
    """The bytes that a Range header asks of a file of `size` bytes, or None to send all of it.

    By RFC 9110, 14.2, a server ignores what it does not understand; we also ignore several ranges at once, which no
    player needs. Raises RangeNotSatisfiable for a well-formed range outside the file.
    """
    asked = SINGLE_RANGE.fullmatch(header.replace(" ", ""))
    if asked is None or asked[1] == asked[2] == "":
        return None
    if asked[1] == "":
        start, end = max(size - int(asked[2]), 0), size
    else:
        start = int(asked[1])
        last = int(asked[2]) if asked[2] else size - 1
        if asked[2] and last < start:
            return None
        end = min(last + 1, size)
    if start >= end:
        raise RangeNotSatisfiable
    return range(start, end)


def read_part(path: Path, part: range) -> Iterator[bytes]:
    """The bytes of `part`, in pieces. The file is opened at the first piece, so an unread response leaks nothing."""
    with path.open("rb") as file:
        file.seek(part.start)
        left = len(part)
        while left and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece
