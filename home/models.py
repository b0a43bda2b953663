"""The root page of the school. What it shows is read from all packages by home.queries."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page


class HomePage(Page):
    """Portal for visitors; my study for members."""

    welcome_title = models.CharField("欢迎语", max_length=60, default="随时随地，学有所得")
    welcome_text = models.TextField("说明", blank=True)

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    content_panels = [*Page.content_panels, FieldPanel("welcome_title"), FieldPanel("welcome_text")]

    class Meta:
        verbose_name = "门户首页"

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from home import queries

        if request.user.is_authenticated:
            return render(request, "home/my_study.html", {"page": self, **queries.my_study(request.user)})
        return render(request, "home/portal.html", {"page": self, **queries.portal()})


class NewsIndexPage(Page):
    """Holds the portal's news and notices."""

    parent_page_types = ["home.HomePage"]
    max_count = 1

    class Meta:
        verbose_name = "要闻与通知"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        news = NewsPage.objects.child_of(self).live().order_by("-published_on", "-pk")
        return {**super().get_context(request, *args, **kwargs), "news": news}


class NewsKind(models.TextChoices):
    NOTICE = "notice", "通知"
    NEWS = "news", "要闻"
    UPDATE = "update", "更新"


class NewsPage(Page):
    """One piece of news of the portal."""

    kind = models.CharField("类别", max_length=8, choices=NewsKind.choices, default=NewsKind.NEWS)
    published_on = models.DateField("发布日期")
    body = models.TextField("正文")
    picture = models.ForeignKey(
        "media.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="图片"
    )

    parent_page_types = ["home.NewsIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("kind"),
        FieldPanel("published_on"),
        FieldPanel("body"),
        FieldPanel("picture"),
    ]

    class Meta:
        verbose_name = "要闻通知"
