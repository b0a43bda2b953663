"""Bytes of pictures: smaller copies for the pages. Originals have no address."""

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

NAME = re.compile(r"[0-9a-f]{24}/[^/\\]+\.(avif|webp|jpg|png|gif)")
TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp", "avif": "image/avif"}
YEAR = 31_536_000


@require_safe
def picture(request: HttpRequest, name: str) -> FileResponse:
    """A rendition. Its folder is a key that only the pages which show it tell; in production nginx answers instead."""
    found = NAME.fullmatch(name)
    if not found:
        raise Http404
    try:
        file = default_storage.open(f"images/{name}")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type=TYPES[found[1]])
    response["Cache-Control"] = f"private, max-age={YEAR}, immutable"
    response["Content-Security-Policy"] = "default-src 'none'"
    return response
