"""The one way in which pages show pictures: AVIF, WebP and JPEG in several widths, with room reserved for them."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from wagtail.images.models import Picture
from wagtail.images.shortcuts import get_renditions_or_not_found

from media.domain.renditions import CONTENT_WIDTHS, COVER_SPECS, content_specs
from media.models import Image

register = template.Library()


@register.simple_tag
def picture(image: Image | None, sizes: str = "(min-width: 60rem) 50rem, 100vw", *, eager: bool = False) -> SafeString:
    """A picture of running text. `sizes` says how wide it stands; `eager` is for what is seen without scrolling."""
    if image is None:
        return SafeString()
    if image.width < CONTENT_WIDTHS[1]:  # stands at its own width, not blown up to the column
        sizes = f"(min-width: {image.width}px) {image.width}px, 100vw"
    return _element(image, content_specs(image), sizes, eager)


@register.simple_tag
def cover_picture(
    image: Image | None, sizes: str = "(min-width: 60rem) 18rem, 62vw", *, eager: bool = False
) -> SafeString:
    """A picture cropped to 16:9 around its focal point. Decorative: the title stands beside it."""
    return _element(image, COVER_SPECS, sizes, eager, alt="") if image else SafeString()


def _element(image: Image, specs: tuple[str, ...], sizes: str, eager: bool, **attributes: str) -> SafeString:
    renditions = get_renditions_or_not_found(image, specs)
    loading = {} if eager else {"loading": "lazy"}
    html = Picture(renditions, {**attributes, **loading, "decoding": "async", "sizes": sizes}).__html__()
    return mark_safe(html)  # noqa: S308 - Wagtail escapes every attribute
