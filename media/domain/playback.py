"""Playback addresses: signed, bound to one member and one video, and short-lived."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.core import signing
from django.urls import reverse

from media.models import Video
from school.kernel.errors import NotFound

if TYPE_CHECKING:
    from school.people.models import User

SALT = "media.playback"
LIFETIME_SECONDS = 12 * 3600


@dataclass(frozen=True)
class Playback:
    manifest_url: str
    poster_url: str


def playback_for(video: Video, user: "User") -> Playback:
    """Addresses for this person. Whoever calls has checked that the person may see the lesson."""
    token = signing.dumps([str(video.key), user.pk], salt=SALT)
    return Playback(
        manifest_url=reverse("media:play", args=[token, "master.m3u8"]),
        poster_url=reverse("media:play", args=[token, "poster.jpg"]),
    )


def file_for(token: str, name: str, user: "User") -> Path:
    """The file behind an address; NotFound for a forged, expired or foreign token and for anything outside."""
    try:
        key, owner = signing.loads(token, salt=SALT, max_age=LIFETIME_SECONDS)
    except signing.BadSignature as error:
        raise NotFound from error
    video = Video.objects.filter(key=key).first()
    if owner != user.pk or video is None or not video.is_ready:
        raise NotFound
    folder = video.folder.resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise NotFound
    return path
