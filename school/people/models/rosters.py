"""A roster import: the file's name and digest, what came of it, and the refused rows."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from school.people.enums import ROSTER_ROLES
from school.people.models.organisations import Organisation, subtree

if TYPE_CHECKING:
    from school.people.models.users import User


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    def visible_to(self, user: "User") -> "RosterImportQuerySet":
        """Imports for the organisations whose members the person may enter."""
        return self.filter(subtree("organisation__path", user.scope.paths_of(*ROSTER_ROLES)))


class RosterImport(models.Model):
    """One import of members, kept as evidence of who entered whom."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="roster_imports", verbose_name="组织")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name="导入人")
    file_name = models.CharField("文件名", max_length=200)
    file_digest = models.CharField("文件摘要", max_length=64)
    read = models.PositiveIntegerField("读取行数", default=0)
    created = models.PositiveIntegerField("新增", default=0)
    updated = models.PositiveIntegerField("更新", default=0)
    unchanged = models.PositiveIntegerField("未变", default=0)
    errors = models.JSONField("问题", default=list)
    at = models.DateTimeField("时间", default=timezone.now)

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名册导入"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.at:%Y-%m-%d}"

    @property
    def taken(self) -> int:
        """Rows that were accepted; fewer than `read` when some were refused."""
        return self.created + self.updated + self.unchanged
