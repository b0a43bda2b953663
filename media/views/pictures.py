"""Bytes of pictures: smaller copies for the pages. Originals have no address."""

import re

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from media.views.handing import answer_of_nginx

NAME = re.compile(r"[0-9a-f]{24}/[^/\\]+\.(avif|webp|jpg|png|gif)")
TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp", "avif": "image/avif"}
YEAR = 31_536_000


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A rendition. Its folder is a key that only the pages which show it tell; in production others send its bytes."""
    found = NAME.fullmatch(name)
    if not found:
        raise Http404
    response = SENDERS[settings.MEDIA_SERVER](f"images/{name}", TYPES[found[1]])
    response["Content-Security-Policy"] = "default-src 'none'"
    return response


def _send(name: str, content_type: str) -> HttpResponseBase:
    try:
        file = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {"Cache-Control": f"private, max-age={YEAR}, immutable"}
    return FileResponse(file, content_type=content_type, headers=headers)


def _leave_to_nginx(name: str, content_type: str) -> HttpResponse:
    """Only where nginx passes on what it could answer itself."""
    return answer_of_nginx(name, content_type)


def _leave_to_bucket(name: str, content_type: str) -> HttpResponseBase:
    """The browser keeps the way for half as long as the bucket honours it."""
    response = HttpResponseRedirect(default_storage.url(name))
    response["Cache-Control"] = f"private, max-age={settings.STORAGE_ADDRESS_SECONDS // 2}"
    return response


SENDERS = {"django": _send, "nginx": _leave_to_nginx, "s3": _leave_to_bucket}
