"""Who may use a playback address: checked here once for every view below the signed prefix."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare

from media.domain.signatures import Permit, member_value
from media.models import Video
from school.kernel.errors import NotFound

View = Callable[..., HttpResponseBase]


def permitted(view: View) -> View:
    """The view gets (request, permit, …) for a genuine address that has not expired and is the signed-in person's own.

    All else is NotFound, forged, foreign and absent alike. nginx checks the same but for the sign-in.
    """

    @wraps(view)
    def check(
        request: HttpRequest, expires: int, signature: str, key: UUID, generation: int, **rest: Any
    ) -> HttpResponseBase:
        member = request.COOKIES.get(settings.PLAYBACK_COOKIE, "")
        permit = Permit(expires, key, generation, member)
        if not permit.allows(signature) or not request.user.is_authenticated:
            raise NotFound
        if not constant_time_compare(member, member_value(request.user)):
            raise NotFound
        return view(request, permit, **rest)

    return check


def verified_video(view: View) -> View:
    """The view gets (request, video, …) under the same conditions: for captions and chapters, which are no files."""

    @wraps(view)
    def find(request: HttpRequest, permit: Permit, **rest: Any) -> HttpResponseBase:
        video = Video.objects.filter(key=permit.key).first()
        if video is None:
            raise NotFound
        return view(request, video, **rest)

    return permitted(find)
