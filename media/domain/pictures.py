"""Intake of pictures: what an editor uploads is decoded within limits and written anew, so that nothing of the upload
but its pixels is kept: no place of the photograph, no comments, no second file hidden behind the first."""

import hashlib
import struct
import zlib
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile, File
from PIL import Image, ImageCms, ImageOps

from school.kernel.errors import InvalidInput

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
MOST_PIXELS = 50_000_000  # what the best telephones take today; 200 MB when decoded
LONGEST_SIDE = 16_000
STORED_SIDE = 3840  # no screen of ours shows more
JPEG_QUALITY = 90
# What Pillow's parsers raise on a damaged or hostile file.
BROKEN = (
    *(OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError, KeyError, AttributeError, OverflowError),
    *(MemoryError, struct.error, zlib.error, Image.DecompressionBombError),
)


def check_picture(file: File[Any]) -> tuple[int, int]:
    """Width and height by the header alone; raises InvalidInput for another format and for too many pixels."""
    with _opened(file) as image:
        return image.size


def clean_picture(name: str, file: File[Any]) -> ContentFile[bytes]:
    """The picture written anew: upright, sRGB with 8 bits, at most 3840 pixels long, without metadata.

    Pictures with transparency and PNG stay PNG, all others become JPEG. Raises InvalidInput where nothing can be read.
    The same upload gives the same bytes, so duplicates are still found.
    """
    with _opened(file) as image:
        kept_as = "PNG" if image.format in ("PNG", "GIF") or image.has_transparency_data else "JPEG"
        try:
            image.draft("RGB", (STORED_SIDE, STORED_SIDE))  # a JPEG is decoded no larger than needed
            image.load()
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((STORED_SIDE, STORED_SIDE), Image.Resampling.LANCZOS)
            plain = _in_srgb(upright)
        except BROKEN as error:
            raise _unreadable() from error
    plain.info = {}
    output = BytesIO()
    if kept_as == "PNG":
        plain.save(output, "PNG", optimize=plain.width * plain.height < MOST_PIXELS // 10)
    else:
        plain.convert("RGB").save(output, "JPEG", quality=JPEG_QUALITY, optimize=True, subsampling="4:4:4")
    stem = PurePath(name).stem or "picture"
    return ContentFile(output.getvalue(), name=f"{stem}.{'png' if kept_as == 'PNG' else 'jpg'}")


def digest_of(content: ContentFile[bytes]) -> str:
    """As Wagtail computes it for its search of duplicates (SHA-1, no matter of security)."""
    content.seek(0)
    digest = hashlib.sha1(content.read(), usedforsecurity=False).hexdigest()
    content.seek(0)
    return digest


def _opened(file: File[Any]) -> Image.Image:
    """The picture with its header read and its size checked; pixels are not decoded yet."""
    file.seek(0)
    try:
        image = Image.open(file, formats=FORMATS)
        width, height = image.size
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except BROKEN as error:
        raise _unreadable() from error
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise _too_large()
    return image


def _in_srgb(image: Image.Image) -> Image.Image:
    """L, RGB or RGBA with 8 bits a channel; an embedded colour profile is applied and dropped."""
    if image.mode.startswith("I"):  # grey with 16 bits, which a plain conversion would clip to white
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    mode = "RGBA" if image.has_transparency_data else "L" if image.mode in ("1", "L") else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            found = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, *BROKEN):
            return image.convert(mode)  # an unusable profile: the colours as they are
        return found or image.convert(mode)
    return image.convert(mode)


def _too_large() -> InvalidInput:
    return InvalidInput(
        f"图片太大：像素最多 {MOST_PIXELS // 10_000} 万，每边最多 {LONGEST_SIDE} 像素。请缩小后再上传。",
        code="picture_too_large",
    )


def _unreadable() -> InvalidInput:
    return InvalidInput(
        "这个文件不是可用的图片，或已损坏。请上传 JPG、PNG、WebP、GIF 或 AVIF 图片。", code="picture_unreadable"
    )
