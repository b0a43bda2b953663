"""The front page of the libraries."""

from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponse
from wagtail.models import Page

from school.people.models.content import sign_in_first

if TYPE_CHECKING:
    from school.people.models import User


class LibraryPage(Page):
    """Leads to the regulation library and the experience library."""

    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["library.RegulationIndexPage", "library.ExperienceIndexPage"]

    class Meta:
        verbose_name = "资料库"

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return sign_in_first(request) or super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from library.queries import front_page

        return {**super().get_context(request, *args, **kwargs), **front_page(cast("User", request.user))}
