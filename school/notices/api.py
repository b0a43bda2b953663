"""Notices over the API."""

from datetime import datetime

from ninja import Router, Schema

from school.notices.models import Notice
from school.people.models import SignedInRequest

router = Router(tags=["notices"])


class NoticeOut(Schema):
    id: int
    kind: str
    title: str
    body: str
    url: str
    read: bool
    created_at: datetime

    @staticmethod
    def resolve_read(notice: Notice) -> bool:
        return notice.read_at is not None


@router.get("/me/notices", response=list[NoticeOut])
def notices(request: SignedInRequest) -> list[Notice]:
    """My newest hundred notices."""
    return list(Notice.objects.visible_to(request.user)[:100])
