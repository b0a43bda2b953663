"""The index: one document for each thing that can be found, in passages short enough for every engine."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from school.people.enums import Visibility
from school.people.models import Organisation
from school.people.models.content import visible_content

if TYPE_CHECKING:
    from school.people.models import User


class SearchDocumentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "SearchDocumentQuerySet":
        """What is public, or internal to an organisation the person belongs to or oversees."""
        return self.filter(visible_content(user))

    def in_force(self) -> "SearchDocumentQuerySet":
        """Without what has ended: repealed or replaced rules."""
        today = timezone.localdate()
        return self.filter(models.Q(valid_to=None) | models.Q(valid_to__gte=today))


class SearchDocument(models.Model):
    """A findable thing, with what it is filtered by as plain columns."""

    kind = models.CharField("类别", max_length=24)
    object_id = models.CharField("对象编号", max_length=40)
    title = models.CharField("标题", max_length=255)
    url = models.TextField("地址")  # each Chinese character of a slug is nine here
    note = models.TextField("附注", blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="所属组织")
    visibility = models.CharField("可见范围", max_length=12, choices=Visibility.choices)
    valid_from = models.DateField("生效日期", null=True)
    valid_to = models.DateField("有效至", null=True)
    published_at = models.DateTimeField("发布时间", null=True)
    content_hash = models.CharField("内容摘要", max_length=64)
    indexed_at = models.DateTimeField("索引时间", default=timezone.now)

    objects = SearchDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "检索文档"
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_document_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def standing(self) -> str:
        """Said of what is not in force today; read from the dates each time, for a day passes without indexing."""
        today = timezone.localdate()
        if self.valid_to and self.valid_to < today:
            return "已失效"
        return "尚未施行" if self.valid_from and self.valid_from > today else ""


class SearchPassage(models.Model):
    """A stretch of raw text of at most 4,000 characters; `locator` is the anchor where it stands on the page."""

    document = models.ForeignKey(SearchDocument, models.CASCADE, related_name="passages")
    position = models.PositiveIntegerField()
    heading = models.CharField(max_length=255, blank=True)
    text = models.TextField()
    locator = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检索段落"
        constraints = [models.UniqueConstraint(fields=["document", "position"], name="search_passage_once")]

    def __str__(self) -> str:
        return f"{self.document_id}#{self.position}"  # type: ignore[attr-defined]
