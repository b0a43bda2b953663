"""A notice to one member. It is a row first; other channels may carry it further."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from school.notices.kinds import KINDS, SYSTEM, NoticeKind

if TYPE_CHECKING:
    from school.people.models import User


class NoticeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "NoticeQuerySet":
        """A notice is seen by its recipient only."""
        return self.filter(recipient=user)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)


class Notice(models.Model):
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField("类别", max_length=24)
    title = models.CharField("标题", max_length=120)
    body = models.TextField("内容", blank=True)
    url = models.CharField("去处", max_length=300, blank=True)
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    dedupe_key = models.CharField("去重键", max_length=160)
    created_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("阅读时间", null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["recipient", "read_at"])]
        constraints = [
            # A task that runs twice must not tell a person the same thing twice.
            models.UniqueConstraint(
                fields=["recipient", "dedupe_key"],
                name="notice_once",
                violation_error_message="这条通知已经发过。",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_of(self) -> NoticeKind:
        return KINDS.get(self.kind, SYSTEM)
