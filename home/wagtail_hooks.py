"""The editing rooms carry the school's name and colours; files that editors upload are for members only."""

from typing import Any

from django.contrib import messages
from django.db.models import ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.models import Page

from school.people.models.content import sign_in_first


@hooks.register("insert_global_admin_css")
def school_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("home/admin.css"))


@hooks.register("before_serve_document")
def members_only(document: Any, request: HttpRequest) -> HttpResponse | None:
    return sign_in_first(request)


@hooks.register("before_delete_page")
def keep_what_is_in_use(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A lesson that was studied or a rule that another replaces stays: said in words, not by a failing database."""
    try:
        for each in page.get_descendants(inclusive=True).specific():
            Collector(using=each._state.db).collect([each])
    except (ProtectedError, RestrictedError):
        messages.error(request, f"《{page.title}》已有学习记录，或被其他内容引用，不能删除。不再使用时请改为取消发布。")
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
