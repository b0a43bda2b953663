"""Handing a file to nginx: the answer names the path, nginx sends the bytes. Wagtail's documents come this way too.

SENDFILE_BACKEND names this module, which Wagtail asks for a function `sendfile`.
"""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse

INSIDE = "/protected/"  # nginx serves it to itself only; deploy/nginx/ has the same name


def answer_of_nginx(name: str, content_type: str) -> HttpResponse:
    """`name` is a path below MEDIA_ROOT. nginx adds length and ranges, and 404 when the file is absent."""
    response = HttpResponse(content_type=content_type)
    response["X-Accel-Redirect"] = INSIDE + quote(name)
    return response


def sendfile(request: HttpRequest, filename: str, mimetype: str = "", **rest: Any) -> HttpResponse:
    """What Wagtail calls for a document that the person may read; `filename` is a path on this disk."""
    name = Path(filename).resolve().relative_to(Path(settings.MEDIA_ROOT).resolve())
    return answer_of_nginx(name.as_posix(), mimetype or "application/octet-stream")
