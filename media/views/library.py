"""The library of videos in the admin: the list and the page of one video. Only what the person may see exists here."""

from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_GET
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Collection

from media import rules
from media.domain import shelf
from media.domain.playback import playback_for, poster_for
from media.domain.signatures import remember_member
from media.enums import Language, VideoState
from media.models import Video
from media.queries import with_usage
from media.views.facts import facts_in_words
from media.views.pages import admin_page
from school.people.models import Organisation, SignedInRequest
from school.people.models.organisations import subtree

PER_PAGE = 30
USED = "《{title}》正被 {count} 处使用，不能删除。请先在使用它的内容里换掉或移除，再来删除。"


class MediaColumn(Column):
    """A cell with a template of its own, named after the column."""

    @property
    def cell_template_name(self) -> str:  # type: ignore[override]
        return f"media/admin/cells/{self.name}.html"


def _organisations(request: SignedInRequest) -> models.QuerySet:
    return rules.organisations_to_add_for(request.user)


def _collections(request: SignedInRequest) -> models.QuerySet:
    return Collection.objects.filter(pk__in=rules.videos_seen_by(request.user).values("collection_id")).order_by("path")


class VideoFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label="状态", choices=VideoState.choices, empty_label="全部状态")
    type = django_filters.ChoiceFilter(
        label="类别", choices=[("video", "视频"), ("audio", "音频")], empty_label="全部类别"
    )
    organisation = django_filters.ModelChoiceFilter(
        label="所属组织（含下级）", queryset=_organisations, empty_label="全部组织", method="below"
    )
    collection = django_filters.ModelChoiceFilter(label="文件夹", queryset=_collections, empty_label="全部文件夹")
    usage = django_filters.ChoiceFilter(
        label="使用情况", choices=[("used", "使用中"), ("unused", "未使用")], empty_label="全部", method="by_usage"
    )
    captions = django_filters.ChoiceFilter(
        label="字幕", choices=[("none", "没有字幕"), *Language.choices], empty_label="全部", method="by_captions"
    )

    class Meta:
        model = Video
        fields = ["state", "type", "organisation", "collection"]

    def below(self, rows: models.QuerySet, name: str, chosen: Organisation) -> models.QuerySet:
        return rows.filter(subtree("organisation__path", [chosen.path]))

    def by_usage(self, rows: models.QuerySet, name: str, chosen: str) -> models.QuerySet:
        return rows.filter(usage_count=0) if chosen == "unused" else rows.filter(usage_count__gt=0)

    def by_captions(self, rows: models.QuerySet, name: str, chosen: str) -> models.QuerySet:
        if chosen == "none":
            return rows.filter(captions=None)
        return rows.filter(pk__in=rows.model.objects.filter(captions__language=chosen).values("pk"))


class VideoIndex(BaseListingView):
    """Newest first; searched by any part of title, file name or tag."""

    model = Video
    page_title = "视频"
    header_icon = "media"
    template_name = "media/admin/library.html"
    index_url_name = "wagtailmedia:index"
    index_results_url_name = "media_library_results"
    paginate_by = PER_PAGE
    is_searchable = True
    default_ordering = "-created_at"
    filterset_class = VideoFilters
    verbose_name_plural = "视频"
    columns = [
        MediaColumn("title", label="视频", sort_key="title"),
        MediaColumn("state", label="状态", sort_key="state"),
        MediaColumn("duration", label="时长", sort_key="duration"),
        MediaColumn("size", label="大小", sort_key="size"),
        MediaColumn("picture", label="画面"),
        MediaColumn("place", label="组织与文件夹"),
        MediaColumn("usage", label="使用", sort_key="usage_count"),
        MediaColumn("uploaded", label="上传", sort_key="created_at"),
    ]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not rules.can_see_videos(request.user):
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        remember_member(response, request.user)
        return response

    def get_base_queryset(self) -> models.QuerySet:
        rows = rules.videos_seen_by(self.request.user)
        return with_usage(rows).select_related("organisation", "collection", "uploaded_by_user")

    def search_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        for word in self.search_query.split():
            named = models.Q(title__icontains=word) | models.Q(file__icontains=word)
            tagged = Video.objects.filter(tags__name__icontains=word).values("pk")
            queryset = queryset.filter(named | models.Q(pk__in=tagged))
        return queryset

    def order_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        return super().order_queryset(queryset).order_by(self.ordering, "-pk")

    @property
    def header_buttons(self) -> list[HeaderButton]:  # type: ignore[override]
        if not rules.can_add_videos(self.request.user):
            return []
        return [HeaderButton("上传视频", url=reverse("media_upload"), icon_name="upload")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        for video in context["object_list"]:
            video.poster_url = poster_for(video, self.request.user)
        return context


@require_GET
def video_page(request: SignedInRequest, video_id: int) -> HttpResponse:
    """Everything of one video: what it is, where it is used, each run of the transcoder, and what can be done."""
    video = get_object_or_404(with_usage(rules.videos_seen_by(request.user)), pk=video_id)
    response = admin_page(
        request,
        "media/admin/video.html",
        video.title,
        video=video,
        playback=playback_for(video, request.user) if video.is_ready else None,
        can_change=rules.can_change(request.user, video),
        facts=facts_in_words(video),
        poster_seconds=(video.poster_ms or 0) / 1000,
        runs=video.transcodings.all()[:PER_PAGE],
        generations=[(number, shelf.bytes_of(video, number)) for number in shelf.generations(video)],
        usage=_usage(video, request),
        captions=video.captions.all(),
        file_name=video.filename,
        moving=[VideoState.UPLOADED, VideoState.QUEUED, VideoState.TRANSCODING],
    )
    remember_member(response, request.user)
    return response


def delete_video(request: SignedInRequest, video_id: int) -> HttpResponse:
    """Ask, then delete; refused in words while anything uses the video."""
    video = get_object_or_404(with_usage(rules.videos_deleted_by(request.user)), pk=video_id)
    if refusal := _why_kept(video):
        messages.error(request, refusal)
        return redirect("media_video", video.pk)
    if request.method == "POST":
        video.delete()
        messages.success(request, f"已删除视频《{video.title}》。它的播放文件在下次清理时删除。")
        return redirect("wagtailmedia:index")
    return admin_page(
        request,
        "media/admin/delete.html",
        "删除视频",
        way=[(video.title, reverse("media_video", args=[video.pk]))],
        video=video,
    )


def _why_kept(video: Video) -> str:
    """Words for why the video cannot be deleted, or ""."""
    if video.state == VideoState.TRANSCODING:
        return f"《{video.title}》正在转码，请先取消转码，再删除。"
    try:
        Collector(using=video._state.db or "default").collect([video])
    except (ProtectedError, RestrictedError) as error:
        kept = getattr(error, "protected_objects", None) or getattr(error, "restricted_objects", [])
        return USED.format(title=video.title, count=max(len(set(kept)), video.usage_count, 1))
    return USED.format(title=video.title, count=video.usage_count) if video.usage_count else ""


def _usage(video: Video, request: SignedInRequest) -> list[dict[str, Any]]:
    """What names the video; an object that the person may not open is counted, but not named."""
    finder = AdminURLFinder(request.user)
    found = []
    for entity, references in video.get_usage():
        address = finder.get_edit_url(entity)
        kind = capfirst(getattr(entity, "specific_class", type(entity))._meta.verbose_name)
        places = [reference.describe_source_field() for reference in references]
        found.append(
            {"label": str(entity) if address else "其他单位的内容", "url": address, "kind": kind, "at": places}
        )
    return found
