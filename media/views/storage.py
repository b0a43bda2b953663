"""How much room videos take: by organisation, by month, and as a table to take away."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.views.decorators.http import require_GET

from media import rules
from media.domain.storage_table import storage_table
from media.queries.storage import Stored, growth_by_month, stored_by_organisation
from media.views.charts import Bar, columns, rows
from media.views.pages import admin_page
from school.people.models import SignedInRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BARS = 15


@require_GET
def storage_page(request: SignedInRequest) -> HttpResponse:
    stored = _stored(request)
    total = Stored("合计")
    for row in stored:
        total.add(row)
    largest = sorted(stored, key=lambda row: -row.total)[:MOST_BARS]
    return admin_page(
        request,
        "media/admin/storage.html",
        "视频存储",
        stored=stored,
        total=total,
        chart=rows("各组织占用的空间", [_bar(row.name, row.originals, row.renditions) for row in largest]),
        growth=columns(
            "近十二个月新增", [_bar(_month(day), first, second) for day, first, second in growth_by_month(request.user)]
        ),
        library_url=reverse("wagtailmedia:index"),
        can_clean=rules.can_clean(request.user),
        can_see=rules.can_see_videos(request.user),
    )


@require_GET
def storage_file(request: SignedInRequest) -> HttpResponse:
    response = HttpResponse(storage_table(_stored(request)), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="video-storage.xlsx"'
    return response


def _stored(request: SignedInRequest) -> list[Stored]:
    if not rules.works_in_studio(request.user):
        raise PermissionDenied
    return stored_by_organisation(request.user)


def _bar(label: str, originals: int, renditions: int) -> Bar:
    words = filesizeformat(originals + renditions) if originals + renditions else "0"
    return Bar(label, originals, words, renditions)


def _month(day: date) -> str:
    return f"{day.month}月"
