"""The result page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from school.people.models import SignedInRequest
from search.queries import Results, search
from search.registry import SOURCES


@login_required
def results(request: SignedInRequest) -> HttpResponse:
    """?q= words, ?kind= one kind only, ?ended=1 repealed rules too, ?page="""
    query = request.GET.get("q", "").replace("\x00", " ")
    kind = request.GET.get("kind", "")
    found = search(
        query,
        request.user,
        kind=kind if kind in SOURCES else "",
        with_ended=bool(request.GET.get("ended")),
        page=_page(request),
    )
    context = {"query": query[:200], "kind": kind, "results": found, "tabs": _tabs(found)}
    return render(request, "search/results.html", {**context, "ended": bool(request.GET.get("ended"))})


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isdecimal() and len(text) < 7 else 1


def _tabs(found: Results) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "label": source.label, "count": found.facets.get(kind, 0)} for kind, source in SOURCES.items()
    ]
