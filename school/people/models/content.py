"""Content that belongs to an organisation: the abstract page of all our content, and its visibility filter."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from school.people.enums import Visibility
from school.people.models.organisations import Organisation

if TYPE_CHECKING:
    from school.people.models.users import User


class OwnedQuerySet(PageQuerySet):
    """Pages with an owning organisation and a visibility."""

    def visible_to(self, user: "User") -> "OwnedQuerySet":
        """Live pages that are public, or internal to an organisation the person belongs to or oversees."""
        return self.live().filter(visible_content(user))


def visible_content(user: "User", prefix: str = "") -> models.Q:
    """The visibility condition, for use through a relation as well (`prefix="page__"`)."""
    public = models.Q(**{f"{prefix}visibility": Visibility.PUBLIC})
    if not user.is_authenticated:
        return public
    internal = models.Q(**{f"{prefix}organisation__path__in": user.scope.own_and_above})
    for path in user.scope.overseen:
        internal |= models.Q(**{f"{prefix}organisation__path__startswith": path})
    return public | internal


def sign_in_first(request: HttpRequest) -> HttpResponse | None:
    """The way to the sign-in page for a visitor; None for a member."""
    if request.user.is_authenticated:
        return None
    return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")


BasePageManager = PageManager.from_queryset(OwnedQuerySet)


class BasePage(Page):
    """A page of the school. Reading needs an account; internal pages do not exist for outsiders."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所属组织"
    )
    visibility = models.CharField(
        "可见范围", max_length=12, choices=Visibility.choices, default=Visibility.PUBLIC, db_index=True
    )

    objects = BasePageManager()

    search_fields = [*Page.search_fields, index.FilterField("visibility")]
    settings_panels = [
        MultiFieldPanel([FieldPanel("organisation"), FieldPanel("visibility")], heading="归属与可见范围"),
        *Page.settings_panels,
    ]

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.visibility == Visibility.INTERNAL and self.organisation is None:
            raise ValidationError({"organisation": "仅本组织及下级可见的内容要选所属组织，否则没有人能看到。"})

    def can_be_read_by(self, user: Any) -> bool:
        """The single-object twin of `visible_to` (which adds that the page is live)."""
        if self.visibility == Visibility.PUBLIC:
            return True
        if not user.is_authenticated or self.organisation is None:
            return False
        path = self.organisation.path
        return path in user.scope.own_and_above or any(path.startswith(overseen) for overseen in user.scope.overseen)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if answer := sign_in_first(request):
            return answer
        if not self.can_be_read_by(request.user):
            raise Http404
        return super().serve(request, *args, **kwargs)
