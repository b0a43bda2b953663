"""Notices over the API."""

from typing import Any

from ninja import Router

from school.notices.models import Notice
from school.people.models import SignedInRequest

router = Router(tags=["notices"])


@router.get("/me/notices")
def notices(request: SignedInRequest) -> list[dict[str, Any]]:
    rows = Notice.objects.visible_to(request.user)[:100]
    return [
        {"id": n.pk, "kind": n.kind, "title": n.title, "body": n.body, "url": n.url, "read": n.read_at is not None}
        for n in rows
    ]
