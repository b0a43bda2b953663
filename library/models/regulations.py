"""Regulations: a page with its dates and its addressable articles. The status follows from dates and replacement."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Orderable, Page
from wagtail.search import index

from library.enums import RegulationKind, RegulationLevel, Secrecy, ValidityStatus
from library.numerals import DOC_NUMBER, article_anchor, normalised_doc_number
from school.people.enums import Taxonomy
from school.people.models import BasePage
from school.people.models.content import OwnedQuerySet, PageManager, sign_in_first

if TYPE_CHECKING:
    from school.people.models import User


BEGINS_ON = Coalesce("effective_on", "published_on")  # the day on which a rule ends what it replaces


class RegulationQuerySet(OwnedQuerySet):
    """Dates decide; a page that another live one replaces ends when that one takes effect."""

    def in_force(self, day: date | None = None) -> "RegulationQuerySet":
        day = day or timezone.localdate()
        return self._begun(day).filter(self._not_expired(day)).exclude(self._replaced(day))

    def pending(self, day: date | None = None) -> "RegulationQuerySet":
        return self.filter(effective_on__gt=day or timezone.localdate())

    def ended(self, day: date | None = None) -> "RegulationQuerySet":
        day = day or timezone.localdate()
        return self._begun(day).filter(models.Q(expired_on__lt=day) | self._replaced(day))

    def _begun(self, day: date) -> "RegulationQuerySet":
        return self.filter(models.Q(effective_on=None) | models.Q(effective_on__lte=day))

    @staticmethod
    def _not_expired(day: date) -> models.Q:
        return models.Q(expired_on=None) | models.Q(expired_on__gte=day)

    @staticmethod
    def _replaced(day: date) -> models.Q:
        newer = RegulationPage.objects.live().filter(replaces=models.OuterRef("pk"))
        return models.Q(models.Exists(newer.annotate(begins_on=BEGINS_ON).filter(begins_on__lte=day)))


class RegulationIndexPage(Page):
    """制度规范库."""

    max_count = 1
    parent_page_types = ["library.LibraryPage"]
    subpage_types = ["library.RegulationPage"]

    class Meta:
        verbose_name = "制度规范库"

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return sign_in_first(request) or super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from library.queries import regulation_list

        return {**super().get_context(request, *args, **kwargs), **regulation_list(self, request)}


class RegulationPage(BasePage):
    """One rule. Nothing classified is kept here; its articles have addresses of their own."""

    short_title = models.CharField("简称", max_length=80, blank=True, help_text="按简称也能搜到，例如“党章”。")
    issuers = models.CharField("发文单位", max_length=200, help_text="多个单位用顿号分隔。")
    doc_number = models.CharField(
        "文号", max_length=60, blank=True, help_text="例如 中组发〔2008〕3号；没有公开文号的留空。"
    )
    kind = models.CharField("种类", max_length=20, choices=RegulationKind.choices)
    level = models.CharField("层级", max_length=20, choices=RegulationLevel.choices)
    secrecy = models.CharField("密级", max_length=8, choices=Secrecy.choices, default=Secrecy.OPEN)
    topic = models.CharField("主题", max_length=16, choices=Taxonomy.choices, default=Taxonomy.INSTITUTION)
    audience = models.CharField("适用对象", max_length=120, blank=True)
    keywords = models.CharField("关键词", max_length=200, blank=True)
    summary = models.TextField("内容提要", max_length=600)
    is_summary = models.BooleanField(
        "条文为摘要", default=False, help_text="条文是编者的摘要而不是原文时勾选，页面会写明。"
    )
    source = models.CharField("来源", max_length=200, blank=True)
    signed_on = models.DateField("成文日期", null=True, blank=True)
    published_on = models.DateField("发布日期", null=True, blank=True)
    effective_on = models.DateField("施行日期", null=True, blank=True)
    expired_on = models.DateField("失效日期", null=True, blank=True, help_text="最后一个有效日。")
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="替代"
    )

    objects = PageManager.from_queryset(RegulationQuerySet)()

    parent_page_types = ["library.RegulationIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("short_title"),
                FieldPanel("issuers"),
                FieldPanel("doc_number"),
                FieldRowPanel([FieldPanel("kind"), FieldPanel("level"), FieldPanel("secrecy")]),
                FieldRowPanel([FieldPanel("topic"), FieldPanel("audience")]),
            ],
            heading="文件信息",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("signed_on"), FieldPanel("published_on")]),
                FieldRowPanel([FieldPanel("effective_on"), FieldPanel("expired_on")]),
                PageChooserPanel("replaces", "library.RegulationPage"),
            ],
            heading="效力",
        ),
        FieldPanel("summary"),
        FieldPanel("keywords"),
        FieldPanel("is_summary"),
        FieldPanel("source"),
        InlinePanel("articles", label="条文", heading="条文（每条有自己的链接）"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("short_title"),
        index.SearchField("doc_number"),
        index.RelatedFields("articles", [index.SearchField("text")]),
    ]

    class Meta:
        verbose_name = "制度"

    def clean(self) -> None:
        super().clean()
        if self.doc_number:
            self.doc_number = normalised_doc_number(self.doc_number)
            if not DOC_NUMBER.match(self.doc_number):
                raise ValidationError({"doc_number": "文号应像“中组发〔2008〕3号”：机关代字、〔四位年份〕、序号、号。"})
        if self.effective_on and self.expired_on and self.expired_on < self.effective_on:
            raise ValidationError({"expired_on": "失效日期不能早于施行日期，请核对。"})
        if self.replaces_id and not (self.effective_on or self.published_on):
            raise ValidationError({"effective_on": "替代其他文件时请填写施行日期，被替代的文件有效至前一日。"})
        if self.replaces_id and self.replaces_id == self.pk:
            raise ValidationError({"replaces": "一份文件不能替代它自己，请重新选择。"})

    @property
    def successor(self) -> "RegulationPage | None":
        """The live page that replaces this one, the newest first."""
        return self.replaced_by.live().order_by(BEGINS_ON.desc(nulls_last=True), "-pk").first() if self.pk else None

    @property
    def ends_on(self) -> date | None:
        """The last day in force: its own, or the day before the first of its successors takes effect."""
        first = self.replaced_by.live().aggregate(day=models.Min(BEGINS_ON))["day"] if self.pk else None
        days = [self.expired_on, first and first - timedelta(days=1)]
        return min((day for day in days if day), default=None)

    def status_on(self, day: date | None = None) -> ValidityStatus:
        """What the rule is on `day` (today when omitted)."""
        day = day or timezone.localdate()
        if self.effective_on and self.effective_on > day:
            return ValidityStatus.PENDING
        ends_on = self.ends_on
        if ends_on and ends_on < day:
            return ValidityStatus.REVISED if self.successor else ValidityStatus.REPEALED
        return ValidityStatus.IN_FORCE

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from library.queries import regulation_detail

        return {**super().get_context(request, *args, **kwargs), **regulation_detail(self, cast("User", request.user))}


class RegulationArticle(Orderable):
    """One article (条) under its chapter (章), with an anchor made from its number."""

    page = ParentalKey(RegulationPage, on_delete=models.CASCADE, related_name="articles")
    chapter = models.CharField("章", max_length=80, blank=True, help_text="例如 第一章 总则；与上一条相同也请填写。")
    number = models.CharField("条", max_length=20, help_text="例如 第三条。")
    anchor = models.CharField(max_length=40, editable=False)
    text = models.TextField("条文")

    panels = [FieldRowPanel([FieldPanel("chapter"), FieldPanel("number")]), FieldPanel("text")]

    class Meta(Orderable.Meta):
        verbose_name = verbose_name_plural = "条文"

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        self.anchor = article_anchor(self.number)
        if not self.anchor:
            raise ValidationError({"number": "条号应写成“第三条”或“第十二条之一”。"})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.anchor = article_anchor(self.number)
        super().save(*args, **kwargs)
