"""Which smaller copies of a picture are made, and their making ahead of the first reader."""

from django.db.models import Prefetch
from wagtail.images.models import SourceImageIOError

from media.models import Image, Rendition
from school.kernel.domain import jobs

FORMATS = ("avif", "webp", "jpeg")  # the last one is for old Android WebViews
CONTENT_WIDTHS = (400, 800, 1200, 1600)
COVER_SIZES = ("320x180", "640x360", "960x540")
POSTER_SPEC = "fill-960x540|format-jpeg"  # one of the next
COVER_SPECS = tuple(f"fill-{size}|format-{name}" for name in FORMATS for size in COVER_SIZES)


def content_specs(image: Image) -> tuple[str, ...]:
    """Widths up to the first that reaches the picture's own; a picture is never enlarged."""
    widths = [
        width for number, width in enumerate(CONTENT_WIDTHS) if not number or image.width > CONTENT_WIDTHS[number - 1]
    ]
    return tuple(f"width-{width}|format-{name}" for name in FORMATS for width in widths)


def prefetched(relation: str, specs: tuple[str, ...] = COVER_SPECS) -> "Prefetch[str]":
    """For a list of rows with a picture each: all their renditions by one query (`relation` leads to the image)."""
    renditions = Rendition.objects.filter(filter_spec__in=specs)
    return Prefetch(f"{relation}__renditions", queryset=renditions, to_attr="prefetched_renditions")


def request_renditions(image: Image, kind: str = "content") -> None:
    """Have the copies made in the background; once for each file and kind ("content" or "cover")."""
    jobs.enqueue(make_renditions, image.pk, kind, key=f"renditions-{kind}-{image.pk}-{image.file_hash}")


def make_renditions(image_id: int, kind: str) -> None:
    """The background task. A picture that was deleted meanwhile, or whose file is gone, needs none."""
    image = Image.objects.filter(pk=image_id).first()
    if image is None:
        return
    try:
        image.get_renditions(*(COVER_SPECS if kind == "cover" else content_specs(image)))
    except SourceImageIOError:
        return
