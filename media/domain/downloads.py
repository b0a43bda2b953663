"""Handing out a picture: to those who may read a page that shows it, under their name unless the page is public."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from wagtail.models import Page, ReferenceIndex

from media.domain.watermarks import marked
from media.models import Image
from school.kernel.domain import audit
from school.kernel.errors import NotFound, TooManyRequests
from school.people.enums import Visibility

if TYPE_CHECKING:
    from school.people.models import User

MOST = 30
WINDOW_SECONDS = 600


@dataclass(frozen=True)
class Download:
    """A file for one person. `is_marked` tells that their name stands on it."""

    name: str
    content: bytes
    is_marked: bool


def download(image_id: int, user: "User", address: str = "") -> Download:
    """The picture for this person, noted in the audit log.

    NotFound where no published page shows it to the person; TooManyRequests above 30 pictures in ten minutes.
    """
    image = Image.objects.filter(pk=image_id).first()
    pages = pages_showing(image, user) if image else []
    if image is None or not pages:
        raise NotFound
    _spend(user)
    is_public = any(_is_public(page) for page in pages)
    with image.open_file() as file:
        content = file.read() if is_public else marked(file, words_for(user))
    audit.record("image.download", actor=user, target=image, address=address, marked=not is_public)
    extension = image.file.name.rsplit(".", 1)[-1] if is_public else "jpg"
    return Download(f"{image.title}.{extension}", content, not is_public)


def pages_showing(image: Image, user: "User") -> list[Page]:
    """The published pages with this picture that the person may read."""
    kind = ContentType.objects.get_for_model(Page)
    keys = ReferenceIndex.get_references_to(image).filter(base_content_type=kind).values_list("object_id", flat=True)
    found = Page.objects.live().filter(pk__in=[int(key) for key in keys]).specific()
    return [page for page in found if not hasattr(page, "can_be_read_by") or page.can_be_read_by(user)]


def words_for(user: "User") -> str:
    return " ".join(part for part in (user.name, user.staff_no or user.username) if part)


def _is_public(page: Page) -> bool:
    return getattr(page, "visibility", Visibility.PUBLIC) == Visibility.PUBLIC


def _spend(user: "User") -> None:
    cache, key = caches["shared"], f"image-download:{user.pk}"
    cache.add(key, 0, WINDOW_SECONDS)
    if cache.incr(key) > MOST:
        raise TooManyRequests("下载图片过于频繁，请十分钟后再试。", retry_after=WINDOW_SECONDS)
