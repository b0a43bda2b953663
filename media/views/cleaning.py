"""Clean-up in the admin: first what would go, then, after a confirmation, its deletion."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from media import rules
from media.domain.cleaning import Leftover, clean, find_leftovers
from media.enums import LeftoverKind
from media.views.pages import admin_page
from school.people.models import SignedInRequest

SHOWN = 200


def cleaning_page(request: SignedInRequest) -> HttpResponse:
    if not rules.can_clean(request.user):
        raise PermissionDenied
    found = find_leftovers()
    if request.method == "POST":
        gone = clean(found, by=request.user)
        messages.success(request, f"已清理 {gone.count} 项，释放 {filesizeformat(gone.size)}。")
        return redirect("media_cleaning")
    return admin_page(
        request,
        "media/admin/cleaning.html",
        "清理无用文件",
        way=[("视频存储", reverse("media_storage"))],
        found=found[:SHOWN],
        count=len(found),
        hidden=max(0, len(found) - SHOWN),
        size=sum(each.size for each in found),
        kinds=_sums(found),
    )


def _sums(found: list[Leftover]) -> list[tuple[str, int, int]]:
    """(label, count, bytes) of each kind that occurs."""
    sums = []
    for kind in LeftoverKind:
        of_kind = [each.size for each in found if each.kind == kind]
        if of_kind:
            sums.append((str(kind.label), len(of_kind), sum(of_kind)))
    return sums
