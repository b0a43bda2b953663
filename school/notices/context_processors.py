"""How many notices wait, for the bell in the header."""

from typing import Any

from django.http import HttpRequest

from school.notices.models import Notice


def unread(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"unread_notices": Notice.objects.visible_to(user).unread().count()}
