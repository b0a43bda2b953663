"""Composition root: every address of the school."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from media.views import picture
from school.api import api, no_such_call

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("school.kernel.urls")),
    path("api/v1/", api.urls),
    path("api/v1/<path:rest>", no_such_call),
    path("", include("school.people.urls")),
    path("", include("school.ledger.urls")),
    path("", include("school.notices.urls")),
    path("", include("home.urls")),
    path("", include("search.urls")),
    path("exams/", include("exams.urls")),
    path("courses/", include("courses.urls")),
    path("media/", include("media.urls")),
    path("uploads/images/<path:name>", picture),  # the only uploads with an address below MEDIA_URL
    path("", include(wagtail_urls)),
]
