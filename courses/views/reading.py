"""A page of a document as a picture, for the member to whom its address was given."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.utils.cache import patch_cache_control

from courses.domain.pages import LIFETIME_SECONDS, page_file
from school.people.models import SignedInRequest


@login_required
def document_page(request: SignedInRequest, token: str, number: int, width: int) -> FileResponse:
    response = FileResponse(page_file(token, number, width, request.user), content_type="image/webp")
    patch_cache_control(response, private=True, max_age=LIFETIME_SECONDS)
    return response
