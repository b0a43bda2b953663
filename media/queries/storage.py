"""How much room videos take, by organisation and by month. Studio people see their organisations and those below."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from media.models import Video
from media.queries import with_usage
from school.people.enums import STUDIO_ROLES
from school.people.models import Organisation
from school.people.models.organisations import subtree

if TYPE_CHECKING:
    from school.people.models import User

MONTHS = 12


@dataclass
class Stored:
    """One organisation's own videos (without those below it). Sizes in bytes, `film_seconds` of playing time."""

    name: str
    organisation: Organisation | None = None
    videos: int = 0
    film_seconds: float = 0
    originals: int = 0
    renditions: int = 0
    unused: int = 0  # bytes of videos that nothing uses
    depth: int = field(default=0)

    @property
    def total(self) -> int:
        return self.originals + self.renditions

    def add(self, other: "Stored") -> None:
        self.videos += other.videos
        self.film_seconds += other.film_seconds
        self.originals += other.originals
        self.renditions += other.renditions
        self.unused += other.unused


def videos_counted_for(user: "User") -> models.QuerySet[Video]:
    """Videos of the organisations that the person's studio duties reach; from the top also those without one."""
    paths = user.scope.paths_of(*STUDIO_ROLES)
    condition = subtree("organisation__path", paths)
    root = Organisation.get_first_root_node()
    if root is not None and any(root.path.startswith(path) for path in paths):
        condition |= models.Q(organisation=None)
    return Video.objects.filter(condition)


def stored_by_organisation(user: "User") -> list[Stored]:
    """The organisations that have videos, in the order of the tree; those of the whole school first."""
    counted = videos_counted_for(user)
    unused = _unused_bytes(counted)
    rows = (
        counted.order_by()
        .values("organisation")
        .annotate(count=Count("id"), film=Sum("duration"), originals=Sum("size"), renditions=Sum("stored_bytes"))
    )
    names = {node.pk: node for node in Organisation.objects.filter(pk__in=counted.values("organisation"))}
    found = []
    for row in rows:
        node = names.get(row["organisation"])
        sizes = {"originals": row["originals"] or 0, "renditions": row["renditions"] or 0}
        film = {"videos": row["count"], "film_seconds": row["film"] or 0.0}
        stored = Stored(node.name if node else "全校（未指定组织）", node, **film, **sizes)
        stored.unused, stored.depth = unused.get(row["organisation"], 0), node.depth if node else 0
        found.append(stored)
    return sorted(found, key=lambda stored: stored.organisation.path if stored.organisation else "")


def growth_by_month(user: "User") -> list[tuple[date, int, int]]:
    """(first day, bytes of originals, bytes of renditions) that came in each of the last twelve months."""
    months = _last_months(timezone.localdate())
    rows = (
        videos_counted_for(user)
        .filter(created_at__date__gte=months[0])
        .order_by()
        .annotate(month=TruncMonth("created_at"))
        .values("month")
        .annotate(originals=Sum("size"), renditions=Sum("stored_bytes"))
    )
    found = {timezone.localtime(row["month"]).date(): row for row in rows}
    return [(month, *_sizes(found.get(month))) for month in months]


def _sizes(row: dict[str, int] | None) -> tuple[int, int]:
    return (row["originals"] or 0, row["renditions"] or 0) if row else (0, 0)


def _last_months(today: date) -> list[date]:
    numbers = [today.year * 12 + today.month - 1 - back for back in reversed(range(MONTHS))]
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _unused_bytes(videos: models.QuerySet[Video]) -> dict[int | None, int]:
    rows = with_usage(videos).filter(usage_count=0).order_by().values_list("organisation", "size", "stored_bytes")
    found: dict[int | None, int] = {}
    for organisation, size, stored in rows:
        found[organisation] = found.get(organisation, 0) + size + stored
    return found
