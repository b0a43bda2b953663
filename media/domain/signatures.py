"""Signatures of playback addresses, in a form that nginx checks alone (docs/decisions/0011).

The signature covers the expiry, the video's key, the generation and a value that only the member's browser sends, so
that a copied address is of no use to anybody else. deploy/nginx/ builds the same text.
"""

import hashlib
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

if TYPE_CHECKING:
    from school.people.models import User

MEMBER_CHARACTERS = 40


@dataclass(frozen=True)
class Permit:
    """The right of one member to the files of one generation, until a moment in seconds since 1970."""

    expires: int
    key: UUID
    generation: int
    member: str

    @property
    def signature(self) -> str:
        """22 characters. The secret stands at both ends: MD5 alone would let others lengthen or pre-compute."""
        secret = settings.PLAYBACK_KEY
        text = f"{secret}|{self.expires}|{self.key}/{self.generation}|{self.member}|{secret}"
        digest = hashlib.md5(text.encode(), usedforsecurity=False).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")

    def allows(self, signature: str) -> bool:
        return self.expires >= time.time() and constant_time_compare(self.signature, signature)


def expiry_from(now: float) -> int:
    """When an address made now expires: rounded to half of PLAYBACK_HOURS, so that browsers can keep what they hold.

    It is good for at least half of that time and at most for all of it.
    """
    step = max(settings.PLAYBACK_HOURS * 1800, 1)
    return (int(now) // step + 2) * step


def member_value(user: "User") -> str:
    """What the member's browser sends beside an address; it changes with the password and tells nothing of either."""
    text = f"{user.pk}:{user.get_session_auth_hash()}"
    return salted_hmac("media.playback.member", text, algorithm="sha256").hexdigest()[:MEMBER_CHARACTERS]


def remember_member(response: HttpResponse, user: "User") -> None:
    """Let this browser send the member's value to the files of videos, and nowhere else, until sign-out."""
    response.set_cookie(
        settings.PLAYBACK_COOKIE,
        member_value(user),
        max_age=settings.PLAYBACK_HOURS * 3600,
        path=settings.PLAYBACK_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
