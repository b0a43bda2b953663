"""Checks of the settings that say who sends the bytes of videos, pictures and documents."""

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

SERVERS = ("django", "nginx", "s3")
# nginx's configuration holds the key between quotes, where $ begins a variable
KEY = re.compile(r"[A-Za-z0-9_-]{32,200}")
MAX_HOURS = 24 * 7  # no bucket signs for longer


@register()
def check_serving(**kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    server = settings.MEDIA_SERVER
    if server not in SERVERS:
        found.append(Error(f"MEDIA_SERVER is {server!r}.", hint=f"Write one of {', '.join(SERVERS)}.", id="media.E001"))
    elif (server == "s3") != bool(settings.STORAGE_URL):
        found.append(_mismatch(server))
    if not KEY.fullmatch(settings.PLAYBACK_KEY):
        hint = "Write 32 to 200 characters of A-Z a-z 0-9 _ and -, for example from: openssl rand -hex 32."
        found.append(Error("PLAYBACK_KEY cannot be used.", hint=hint, id="media.E003"))
    if not 1 <= settings.PLAYBACK_HOURS <= MAX_HOURS:
        hint = f"Write a whole number from 1 to {MAX_HOURS}."
        found.append(Error("PLAYBACK_HOURS is out of range.", hint=hint, id="media.E004"))
    return found


@register(deploy=True)
def check_production(**kwargs: Any) -> list[CheckMessage]:
    """Bytes of videos would keep every worker of the web server busy."""
    if settings.MEDIA_SERVER != "django":
        return []
    hint = "Set MEDIA_SERVER=nginx and use deploy/nginx/ (docs/deploy-nginx.md), or set STORAGE_URL to a bucket."
    return [Warning("Django itself would send videos and pictures.", hint=hint, id="media.W001")]


def _mismatch(server: str) -> CheckMessage:
    if server == "s3":
        hint = "Set STORAGE_URL=s3://… or choose another MEDIA_SERVER."
        return Error("MEDIA_SERVER is s3, but there is no bucket.", hint=hint, id="media.E002")
    hint = "Leave MEDIA_SERVER empty: the bucket gives out its files itself."
    return Error(f"MEDIA_SERVER is {server}, but the files lie in a bucket.", hint=hint, id="media.E002")
