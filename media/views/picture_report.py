"""The report on pictures: which lack their words, which are too large to be quick, which no page uses."""

from typing import Any

import django_filters
from django.db import models
from django.db.models.functions import Cast
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Collection, ReferenceIndex

from media.domain.title_cards import COLLECTION
from media.models import Image

LARGE_BYTES = 3 * 1024 * 1024
NEEDS = [("words", "缺替代文字"), ("large", "原图较大（3 MB 以上）"), ("unused", "没有页面使用")]


def in_need(pictures: models.QuerySet[Image], need: str) -> models.QuerySet[Image]:
    """Narrowed to one need of NEEDS; unchanged for anything else."""
    if need == "words":
        return pictures.filter(alt_text="", is_decorative=False)
    if need == "large":
        return pictures.filter(file_size__gte=LARGE_BYTES)
    return pictures.filter(is_used=False) if need == "unused" else pictures


class PictureFilters(WagtailFilterSet):
    need = django_filters.ChoiceFilter(label="需要处理", choices=NEEDS, method="narrow", empty_label="全部")

    class Meta:
        model = Image
        fields: list[str] = []

    def narrow(self, pictures: models.QuerySet[Image], name: str, value: str) -> models.QuerySet[Image]:
        return in_need(pictures, value)


class PictureReport(ReportView):
    """Uploaded images that the editor may see, newest first."""

    model = Image
    page_title = "图片检查"
    header_icon = "image"
    index_url_name = "media_picture_report"
    index_results_url_name = "media_picture_report_results"
    filterset_class = PictureFilters
    any_permission_required = ["add", "change", "delete"]
    default_ordering = "-created_at"
    export_headings = {"title": "标题", "alt_text": "替代文字", "file_size": "字节数", "is_used": "有页面使用"}
    list_export = ["title", "alt_text", "file_size", "is_used"]
    columns = [
        TitleColumn("title", label="标题", url_name="wagtailimages:edit"),
        Column(
            "alt_text",
            label="替代文字",
            accessor=lambda image: "装饰图片" if image.is_decorative else image.alt_text or "缺",
        ),
        Column("size", label="尺寸", accessor=lambda image: f"{image.width} × {image.height}"),
        Column("bytes", label="大小", accessor=lambda image: f"{(image.file_size or 0) / 1024:.0f} KB"),
        Column("is_used", label="使用", accessor=lambda image: "有页面使用" if image.is_used else "未使用"),
        DateColumn("created_at", label="上传时间"),
    ]

    def get_queryset(self) -> Any:
        references = ReferenceIndex.objects.filter(
            to_content_type_id=ReferenceIndex._get_base_content_type(Image).pk,
            to_object_id=Cast(models.OuterRef("pk"), models.CharField()),
        )
        allowed = self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, self.any_permission_required
        )
        drawn = Collection.objects.filter(name=COLLECTION)  # cards, which need no care
        self.queryset = allowed.exclude(collection__in=drawn).annotate(is_used=models.Exists(references))
        return super().get_queryset()
