"""Lesson pages: text, a video and a quiz, written in Wagtail and approved there."""

from typing import TYPE_CHECKING, Any, cast

from django.core.paginator import Paginator
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index
from wagtailmedia.edit_handlers import MediaChooserPanel

from courses.blocks import LESSON_BLOCKS
from courses.enums import COVERS, MaxRate, Series
from courses.models.lesson_form import LessonForm
from media.domain.signatures import remember_member
from school.kernel.fields import LeanStreamField
from school.people.enums import Taxonomy
from school.people.models import BasePage

if TYPE_CHECKING:
    from media.models import Image
    from school.people.models import User

PER_PAGE = 12


class LessonIndexPage(Page):
    """The list of all lessons a person may take."""

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["courses.LessonPage"]

    class Meta:
        verbose_name = "课程目录"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from courses.queries import with_covers

        lessons = with_covers(LessonPage.objects.child_of(self).visible_to(request.user))
        taxonomy = request.GET.get("taxonomy", "")
        if taxonomy in Taxonomy.values:
            lessons = lessons.filter(taxonomy=taxonomy)
        page = Paginator(lessons.order_by("-first_published_at", "pk"), PER_PAGE).get_page(request.GET.get("page"))
        context = super().get_context(request, *args, **kwargs)
        return {**context, "lessons": page, "taxonomies": Taxonomy.choices, "chosen": taxonomy}


class LessonPage(BasePage):
    """One micro-lesson. It is complete for a member when watched and its quiz, if any, is passed."""

    series = models.CharField("类别", max_length=24, choices=Series.choices, default=Series.MICRO_LESSON)
    taxonomy = models.CharField("主题", max_length=16, choices=Taxonomy.choices, default=Taxonomy.THOUGHT)
    lecturer = models.CharField("主讲", max_length=80, blank=True)
    summary = models.TextField("内容提要", max_length=400)
    keywords = models.CharField("关键词", max_length=200, blank=True)
    body = LeanStreamField(LESSON_BLOCKS, verbose_name="正文", blank=True)
    video = models.ForeignKey(
        "media.Video", models.PROTECT, null=True, blank=True, related_name="lessons", verbose_name="视频"
    )
    cover_image = models.ForeignKey(
        "media.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="封面"
    )
    quiz = models.ForeignKey(
        "exams.Paper", models.PROTECT, null=True, blank=True, related_name="lessons", verbose_name="课后测验"
    )
    max_rate = models.PositiveSmallIntegerField(
        "最快倍速",
        choices=MaxRate.choices,
        default=MaxRate.ONE_AND_A_HALF,
        help_text="播放菜单里最快的一档，也是计时的上限。",
    )
    watched_percent = models.PositiveSmallIntegerField(
        "看满多少算看完（%）", default=95, validators=[MinValueValidator(50), MaxValueValidator(100)]
    )
    asks_presence = models.BooleanField(
        "播放中确认在场", default=True, help_text="每看 4 至 6 分钟请学员点一次“我在看”；不满 5 分钟的视频不问。"
    )

    base_form_class = LessonForm
    parent_page_types = ["courses.LessonIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("series"), FieldPanel("taxonomy"), FieldPanel("lecturer"), FieldPanel("keywords")],
            heading="基本信息",
        ),
        FieldPanel("summary"),
        FieldPanel("cover_image", help_text="不选时按标题自动生成封面；改了标题，封面随之更新。"),
        MediaChooserPanel("video", media_type="video"),
        MultiFieldPanel(
            [FieldPanel("max_rate"), FieldPanel("watched_percent"), FieldPanel("asks_presence")],
            heading="观看要求",
        ),
        InlinePanel("stops", heading="片中提问", label="提问"),
        FieldPanel("body"),
        FieldPanel("quiz"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("summary"), index.SearchField("body")]

    class Meta:
        verbose_name = "课程"

    @property
    def cover(self) -> "Image | None":
        """The picture that the editor chose, else the card drawn from the title; None until that is drawn."""
        return self.cover_image or (self.card.image if hasattr(self, "card") else None)

    @property
    def stock_cover(self) -> str:
        """A static picture by topic, for the seconds until the card is drawn."""
        return COVERS[self.taxonomy]

    @property
    def duration_ms(self) -> int:
        return self.video.duration_ms if self.video else 0

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from courses.queries import lesson_state

        return {**super().get_context(request, *args, **kwargs), **lesson_state(self, cast("User", request.user))}

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _playable(super().serve(request, *args, **kwargs), request)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return _playable(super().serve_preview(request, mode_name), request)


def _playable(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """The page, with the cookie without which its playback addresses say nothing."""
    if request.user.is_authenticated:
        remember_member(response, request.user)
    return response
