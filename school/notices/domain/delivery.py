"""Sending and reading notices."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.encoding import uri_to_iri

from school.notices.kinds import NoticeKind
from school.notices.models import Notice

if TYPE_CHECKING:
    from school.people.models import User


def send_notice(
    recipients: "Iterable[User]",
    kind: NoticeKind,
    title: str,
    *,
    key: str,
    body: str = "",
    url: str = "",
    sender: "User | None" = None,
) -> int:
    """Write one notice for each recipient and return how many are new. The same `key` reaches a person once.

    Two calls at once may both try; the constraint keeps one row, and its moment tells which of them wrote it.
    """
    people = list(recipients)
    reached = set(
        Notice.objects.filter(dedupe_key=key, recipient__in=[p.pk for p in people]).values_list("recipient", flat=True)
    )
    fresh = [person for person in people if person.pk not in reached]
    moment = timezone.now()
    Notice.objects.bulk_create(
        [
            Notice(
                recipient=person,
                kind=kind.code,
                title=title[:120],
                body=body,
                url=uri_to_iri(url),  # a Chinese slug is nine times as long when encoded
                sender=sender,
                dedupe_key=key,
                created_at=moment,
            )
            for person in fresh
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    return Notice.objects.filter(recipient__in=fresh, dedupe_key=key, created_at=moment).count()


def mark_read(user: "User", notice_ids: Iterable[int] | None = None) -> int:
    """Mark the user's own notices as read (all when no ids are given); returns how many changed."""
    notices = Notice.objects.visible_to(user).unread()
    if notice_ids is not None:
        notices = notices.filter(pk__in=list(notice_ids))
    return notices.update(read_at=timezone.now())
