"""Bytes of a video for a signed address."""

from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from media.domain.playback import LIFETIME_SECONDS, RangeNotSatisfiable, file_for, range_of, read_part
from school.people.models import SignedInRequest

TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".vtt": "text/vtt",
}


@login_required
@require_safe
def play(request: SignedInRequest, token: str, name: str) -> HttpResponseBase:
    """A file of a video, or the part of it that the player asks for (iOS plays nothing without 206)."""
    path = file_for(token, name, request.user)
    changed = http_date(path.stat().st_mtime)
    header = request.headers.get("Range", "") if request.method == "GET" else ""
    if request.headers.get("If-Range", changed) != changed:
        header = ""  # the player holds a part of an older file
    response = _part_or_all(path, header)
    response["Accept-Ranges"] = "bytes"
    response["Last-Modified"] = changed
    response["Cache-Control"] = f"private, max-age={LIFETIME_SECONDS}"
    return response


def _part_or_all(path: Path, header: str) -> HttpResponseBase:
    size, content_type = path.stat().st_size, TYPES.get(path.suffix, "application/octet-stream")
    try:
        part = range_of(header, size)
    except RangeNotSatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if part is None:
        return FileResponse(path.open("rb"), content_type=content_type)
    headers = {"Content-Range": f"bytes {part.start}-{part.stop - 1}/{size}", "Content-Length": str(len(part))}
    return StreamingHttpResponse(read_part(path, part), status=206, content_type=content_type, headers=headers)
