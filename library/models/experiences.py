"""Typical experience: what a branch did, why, and what came of it."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

from school.people.enums import Taxonomy
from school.people.models import BasePage
from school.people.models.content import sign_in_first


class ExperienceIndexPage(Page):
    """旗帜领航典型经验库."""

    max_count = 1
    parent_page_types = ["library.LibraryPage"]
    subpage_types = ["library.ExperiencePage"]

    class Meta:
        verbose_name = "典型经验库"

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return sign_in_first(request) or super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from library.queries import experience_list

        return {**super().get_context(request, *args, **kwargs), **experience_list(self, request)}


class ExperiencePage(BasePage):
    """One entry. `organisation` (of BasePage) is the branch that reported it."""

    authors = models.CharField("主要创作", max_length=120, blank=True)
    topic = models.CharField("主题", max_length=16, choices=Taxonomy.choices, default=Taxonomy.ORGANISATION)
    labels = models.CharField("标签", max_length=120, blank=True, help_text="用空格分隔。")
    summary = models.TextField("摘要", max_length=300)
    background = models.TextField("背景与问题")
    practice = models.TextField("主要做法")
    innovation = models.TextField("创新点", blank=True)
    results = models.TextField("实施成效")
    scope = models.TextField("适用范围与推广建议", blank=True)
    award = models.CharField("获奖等级", max_length=60, blank=True)
    entry_no = models.CharField("入库编号", max_length=40, blank=True)
    entered_on = models.DateField("入库日期", null=True, blank=True)
    picture = models.ForeignKey(
        "media.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="图片"
    )
    review_on = models.DateField("复核日期", null=True, blank=True)

    parent_page_types = ["library.ExperienceIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("authors"),
                FieldRowPanel([FieldPanel("topic"), FieldPanel("labels")]),
                FieldRowPanel([FieldPanel("entry_no"), FieldPanel("award")]),
                FieldRowPanel([FieldPanel("entered_on"), FieldPanel("review_on")]),
            ],
            heading="入库信息",
        ),
        FieldPanel("summary"),
        FieldPanel("picture", help_text="可不选。显示在主要做法之后，图注取自图片库。"),
        FieldPanel("background"),
        FieldPanel("practice"),
        FieldPanel("innovation"),
        FieldPanel("results"),
        FieldPanel("scope"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("summary"), index.SearchField("practice")]

    class Meta:
        verbose_name = "典型经验"

    @property
    def sections(self) -> list[tuple[str, str, str]]:
        """(anchor, heading, text) of the parts that are filled in."""
        names = ("background", "practice", "innovation", "results", "scope")
        fields = [(name, self._meta.get_field(name).verbose_name, getattr(self, name)) for name in names]
        return [(name, str(heading), text) for name, heading, text in fields if text]
