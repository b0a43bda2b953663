"""A picture as a file for one person."""

from io import BytesIO

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.views.decorators.http import require_GET

from media.domain.downloads import download
from school.people.models import SignedInRequest


@login_required
@require_GET
def download_picture(request: SignedInRequest, image_id: int) -> FileResponse:
    """One of an internal page bears the reader's name."""
    found = download(image_id, request.user, request.META.get("REMOTE_ADDR", ""))
    response = FileResponse(BytesIO(found.content), as_attachment=True, filename=found.name)
    response["Cache-Control"] = "private, no-store"
    return response
