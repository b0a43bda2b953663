"""Pictures for tests, good and hostile, made on the spot."""

import struct
import zlib
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

SECRET = "拍摄地点绝密"


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    output = BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()


def drawn(width: int = 900, height: int = 600, mode: str = "RGB") -> Image.Image:
    """Left half blue, right half orange, a white disc in the middle."""
    image = Image.new("RGB", (width, height), "#1d5a9e")
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 2, 0, width, height), fill="#e08a1e")
    draw.ellipse((width // 2 - 40, height // 2 - 40, width // 2 + 40, height // 2 + 40), fill="white")
    return image.convert(mode)


def with_place() -> bytes:
    """A telephone's photograph lying on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90° for viewing
    exif[0x010E] = "SECRET-PLACE"
    exif.get_ifd(0x8825)[1] = "N"
    return encoded(drawn(), "JPEG", exif=exif, comment=SECRET.encode())


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width: int, height: int, *extra: bytes) -> bytes:
    """A PNG whose header claims a size that its few bytes of pixels do not fill."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(extra) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def text_bomb() -> bytes:
    """A tiny PNG with a compressed comment of 100 MB."""
    comment = b"Comment\0\0" + zlib.compress(b"A" * 100_000_000, 9)
    return png_of(10, 10, chunk(b"zTXt", comment))


def commented_png() -> bytes:
    notes = PngInfo()
    notes.add_itxt("Location", SECRET)
    return encoded(drawn(), "PNG", pnginfo=notes)


def animation() -> bytes:
    frames = [drawn(200, 100), Image.new("RGB", (200, 100), "red")]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)


@cache
def hostile() -> dict[str, bytes]:
    jpeg = encoded(drawn(), "JPEG")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    entity = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg>&e;</svg>'
    bmp = encoded(drawn(50, 50), "BMP")
    gif_header = b"GIF89a" + struct.pack("<HHBBB", 65000, 65000, 0, 0, 0) + b";"
    return {
        "empty.png": b"",
        "bomb.png": png_of(50_000, 50_000),
        "wide.png": png_of(40_000, 10),
        "text_bomb.png": text_bomb(),
        "huge_header.gif": gif_header,
        "script.svg": svg,
        "svg_as.png": svg,
        "entity.png": entity,
        "page.jpg": b"<html><script>alert(1)</script></html>",
        "php.gif": b"GIF89a<?php system($_GET[0]); ?>",
        "program.png": b"\x7fELF" + b"\0" * 500,
        "archive.jpg": b"PK\x03\x04" + b"\0" * 500,
        "cut.jpg": jpeg[: len(jpeg) // 2],
        "cut.png": encoded(drawn(), "PNG")[:2000],
        "no_pixels.png": png_of(900, 600),
        "bitmap.png": bmp,
        "postscript.jpg": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        "tiff.jpg": encoded(drawn(50, 50), "TIFF"),
        "cut.webp": encoded(drawn(), "WEBP")[:200],
        "cut.avif": encoded(drawn(300, 200), "AVIF")[:300],
        "zeros.jpg": b"\xff\xd8\xff\xe0" + b"\0" * 2000,
    }
