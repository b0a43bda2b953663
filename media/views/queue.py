"""The queue of the transcoder: what runs and waits, until when, what failed, and how much gets done."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from media import rules
from media.enums import VideoState
from media.models import Video
from media.queries.pace import Place, film_by_day, pace, queue, throughput
from media.views.charts import Bar, columns
from media.views.pages import admin_page
from school.people.models import SignedInRequest

FAILED_SHOWN = 20
studio_only = permission_required("wagtailadmin.access_admin", login_url="/login/")


@studio_only
@require_GET
def queue_page(request: SignedInRequest) -> HttpResponse:
    speed = pace()
    bars = [Bar(f"{day.month}-{day.day}", film / 3_600_000, _hours(film)) for day, film, _ in film_by_day()]
    return admin_page(
        request,
        "media/admin/queue.html",
        "视频转码",
        day=throughput(timedelta(days=1)),
        week=throughput(timedelta(days=7)),
        pace=speed,
        seconds_a_minute=max(1, round(60 / speed)) if speed else None,
        chart=columns("近十四天每天转码的片长（小时）", bars),
        has_history=any(bar.value for bar in bars),
        **_lists(request),
    )


@studio_only
@require_GET
def queue_state(request: SignedInRequest) -> JsonResponse:
    """For the page's polling: the numbers that move each second, and the lists anew when their rows have changed."""
    lists = _lists(request)
    body: dict[str, Any] = {
        "signature": lists["signature"],
        "running": [
            {"id": place.video.pk, "progress": place.video.progress, "left": place.seconds_left}
            for place in lists["running"]
        ],
    }
    if request.GET.get("signature") != lists["signature"]:
        body["html"] = render_to_string("media/admin/queue_lists.html", lists, request)
    return JsonResponse(body)


@studio_only
@require_GET
def progress(request: SignedInRequest, video_id: int) -> HttpResponse:
    video = get_object_or_404(rules.videos_seen_by(request.user), pk=video_id)
    body = {"state": video.state, "label": video.get_state_display(), "progress": video.progress, "error": video.error}
    return JsonResponse(body)


def _lists(request: SignedInRequest) -> dict[str, Any]:
    """The queue is one for all; titles and buttons are for those who work with the video."""
    running, waiting = queue()
    seen = set(rules.videos_seen_by(request.user).values_list("pk", flat=True))
    changeable = set(_changeable(request, running, waiting).values_list("pk", flat=True))
    failed = rules.videos_seen_by(request.user).filter(state=VideoState.FAILED).order_by("-pk")[:FAILED_SHOWN]
    rows = [*running, *waiting]
    signature = ",".join(f"{place.video.pk}:{place.video.state}:{place.video.request}" for place in rows)
    return {
        "running": running,
        "waiting": waiting,
        "failed": failed,
        "seen": seen,
        "changeable": changeable,
        "signature": f"{signature};{','.join(str(video.pk) for video in failed)}",
    }


def _changeable(request: SignedInRequest, running: list[Place], waiting: list[Place]) -> QuerySet[Video]:
    listed = [place.video.pk for place in (*running, *waiting)]
    failed = Video.objects.filter(state=VideoState.FAILED).values("pk")
    mine = rules.videos_changed_by(request.user)
    return mine.filter(pk__in=listed) | mine.filter(pk__in=failed)


def _hours(milliseconds: int) -> str:
    return f"{milliseconds / 3_600_000:.1f}" if milliseconds else "0"
