"""Questions about videos that pages and the domain ask."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Cast, Coalesce
from wagtail.models import ReferenceIndex

from media import rules
from media.models import Video
from school.kernel.enums import JobState
from school.kernel.models import BackgroundJob

if TYPE_CHECKING:
    from school.people.models import User


def twin_of(sha256: str, person: "User", replaces: Video | None = None) -> Video | None:
    """A video with this very content among those that the person sees; never a video outside the person's reach."""
    if not sha256:
        return None
    found = rules.videos_seen_by(person).filter(sha256=sha256).order_by("pk")
    return found.exclude(pk=replaces.pk).first() if replaces else found.first()


def jobs_ahead(keys: Iterable[str]) -> dict[str, int]:
    """For each job that still waits in the video queue: how many stand before it, the running one included."""
    busy = BackgroundJob.objects.filter(cluster="video", state__in=[JobState.QUEUED, JobState.RUNNING])
    order = sorted(busy.values_list("pk", flat=True))
    waiting = BackgroundJob.objects.filter(key__in=list(keys), state=JobState.QUEUED)
    return {key: bisect_left(order, pk) for key, pk in waiting.values_list("key", "pk")}


def with_usage(rows: models.QuerySet[Video]) -> models.QuerySet[Video]:
    """Each video with `usage_count`: how many pages and other objects name it, whatever apps they belong to."""
    references = (
        ReferenceIndex.objects.filter(
            to_content_type=ContentType.objects.get_for_model(Video),
            to_object_id=Cast(models.OuterRef("pk"), models.CharField()),
        )
        .order_by()
        .values("to_object_id")
        .annotate(count=models.Count("object_id", distinct=True))
        .values("count")
    )
    found: models.QuerySet[Video] = rows.annotate(
        usage_count=Coalesce(models.Subquery(references, output_field=models.IntegerField()), 0)
    )
    return found
