"""A file of a video for a signed address.

The embedded server sends the bytes itself. In production it never opens a file: nginx answers alone or is told the
path, or the bucket answers and we send playlists only (docs/decisions/0011).
"""

import time
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from media.domain import shelf
from media.domain.presigned import OURS, text_with_addresses
from media.domain.ranges import RangeNotSatisfiable, range_of, read_part
from media.domain.signatures import Permit
from media.views.addresses import permitted
from media.views.handing import answer_of_nginx
from school.kernel.errors import NotFound


@require_safe
@permitted
def play(request: HttpRequest, permit: Permit, name: str) -> HttpResponseBase:
    """A file of a generation, or the part of it that the player asks for (iOS plays nothing without 206)."""
    response = SENDERS[settings.MEDIA_SERVER](request, permit, name)
    left = max(permit.expires - int(time.time()), 0)
    response["Cache-Control"] = f"private, max-age={left}"
    return response


def _send(request: HttpRequest, permit: Permit, name: str) -> HttpResponseBase:
    path = shelf.path_of(permit.key, permit.generation, name)
    if path is None:
        raise NotFound
    changed = http_date(path.stat().st_mtime)
    header = request.headers.get("Range", "") if request.method == "GET" else ""
    if request.headers.get("If-Range", changed) != changed:
        header = ""  # the player holds a part of an older file
    response = _part_or_all(path, header)
    response["Accept-Ranges"] = "bytes"
    response["Last-Modified"] = changed
    return response


def _part_or_all(path: Path, header: str) -> HttpResponseBase:
    size, content_type = path.stat().st_size, shelf.content_type_of(path.name)
    try:
        part = range_of(header, size)
    except RangeNotSatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if part is None:
        return FileResponse(path.open("rb"), content_type=content_type)
    headers = {"Content-Range": f"bytes {part.start}-{part.stop - 1}/{size}", "Content-Length": str(len(part))}
    return StreamingHttpResponse(read_part(path, part), status=206, content_type=content_type, headers=headers)


def _leave_to_nginx(request: HttpRequest, permit: Permit, name: str) -> HttpResponseBase:
    """Only where nginx passes on what it could answer itself."""
    if ".." in name.split("/"):
        raise NotFound
    name_on_disk = f"videos/{permit.key}/{permit.generation}/{name}"
    return answer_of_nginx(name_on_disk, shelf.content_type_of(name))


def _leave_to_bucket(request: HttpRequest, permit: Permit, name: str) -> HttpResponseBase:
    seconds = max(permit.expires - int(time.time()), 1)
    if not name.endswith(OURS):
        return HttpResponseRedirect(shelf.bucket_address(permit.key, permit.generation, name, seconds))
    text = text_with_addresses(permit, name, seconds)
    if text is None:
        raise NotFound
    return HttpResponse(text, content_type=shelf.content_type_of(name))


SENDERS = {"django": _send, "nginx": _leave_to_nginx, "s3": _leave_to_bucket}
