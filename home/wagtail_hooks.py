"""The editing rooms carry the school's name and colours; files that editors upload are for members only."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from school.people.models.content import sign_in_first


@hooks.register("insert_global_admin_css")
def school_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("home/admin.css"))


@hooks.register("before_serve_document")
def members_only(document: Any, request: HttpRequest) -> HttpResponse | None:
    return sign_in_first(request)
