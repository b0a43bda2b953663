"""The furniture of our pages in Wagtail's admin: the way to the page, and buttons in its header."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from wagtail.admin.widgets.button import HeaderButton


def admin_page(
    request: HttpRequest,
    template: str,
    title: str,
    *,
    way: Sequence[tuple[str, str]] = (),
    buttons: Sequence[HeaderButton] = (),
    **context: Any,
) -> HttpResponse:
    """Render a page; `way` holds (label, address) of the pages above it, below the library."""
    steps = [("首页", reverse("wagtailadmin_home")), ("视频", reverse("wagtailmedia:index")), *way, (title, "")]
    crumbs = [{"label": label, "url": address} for label, address in steps]
    page = {"title": title, "breadcrumbs_items": crumbs, "header_buttons": list(buttons), **context}
    return render(request, template, page)
