"""Intake of pictures: whatever is uploaded is written anew or refused in words, at little cost."""

import resource
import time
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow

from media.domain.pictures import clean_picture
from media.forms import PictureUploadField
from media.models import Image
from school.kernel.errors import InvalidInput
from tests.media.drawings import SECRET, animation, commented_png, drawn, encoded, hostile, png_of, with_place


def cleaned(content: bytes, name: str = "图.jpg") -> Pillow.Image:
    found = clean_picture(name, ContentFile(content))
    return Pillow.open(BytesIO(found.read()))


@pytest.mark.parametrize("name", sorted(hostile()))
def test_hostile_files_are_refused_in_words(name: str) -> None:
    content = hostile()[name]
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(InvalidInput) as refused:
        clean_picture(name, ContentFile(content))
    assert refused.value.code in ("picture_too_large", "picture_unreadable")
    assert "上传" in refused.value.message
    assert time.process_time() - started < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kilobytes


def test_the_form_refuses_before_decoding() -> None:
    from django.core.exceptions import ValidationError

    for name, content in hostile().items():
        with pytest.raises(ValidationError):
            PictureUploadField().clean(SimpleUploadedFile(name, content))


def test_place_and_comments_are_dropped_and_the_picture_stands_upright() -> None:
    content = clean_picture("IMG_1.JPG", ContentFile(with_place()))
    stored = content.read()
    assert b"SECRET" in with_place()
    assert SECRET.encode() in with_place()
    assert b"SECRET" not in stored
    assert SECRET.encode() not in stored
    assert b"Exif" not in stored
    assert Pillow.open(BytesIO(stored)).size == (600, 900)
    assert SECRET.encode() not in clean_picture("a.png", ContentFile(commented_png())).read()


def test_a_second_file_behind_the_first_is_dropped() -> None:
    polyglot = encoded(drawn(), "JPEG") + b"PK\x03\x04<script>alert(1)</script>"
    assert b"<script>" not in clean_picture("a.jpg", ContentFile(polyglot)).read()


@pytest.mark.parametrize(
    ("content", "kind", "mode"),
    [
        (encoded(drawn(mode="CMYK"), "JPEG"), "JPEG", "RGB"),
        (encoded(drawn(), "WEBP"), "JPEG", "RGB"),
        (encoded(drawn(), "AVIF"), "JPEG", "RGB"),
        (encoded(drawn(mode="RGBA"), "PNG"), "PNG", "RGB"),
        (encoded(Pillow.new("RGBA", (20, 20), (0, 0, 0, 0)), "WEBP", lossless=True), "PNG", "RGBA"),
        (encoded(drawn(mode="L"), "PNG"), "PNG", "L"),
        (animation(), "PNG", "RGB"),
    ],
)
def test_every_kind_becomes_a_plain_picture(content: bytes, kind: str, mode: str) -> None:
    found = cleaned(content)
    assert (found.format, found.mode in (mode, "RGBA" if mode == "RGB" else mode)) == (kind, True)
    assert getattr(found, "n_frames", 1) == 1


def test_grey_with_16_bits_keeps_its_shades() -> None:
    deep = Pillow.new("I;16", (10, 10), 40_000)
    assert cleaned(encoded(deep, "PNG")).convert("L").getpixel((5, 5)) == pytest.approx(40_000 // 256, abs=1)


def test_a_large_photograph_is_made_smaller() -> None:
    assert cleaned(encoded(drawn(6000, 3000), "JPEG")).size == (3840, 1920)


@pytest.mark.django_db
def test_every_way_in_leads_through_the_cleaning() -> None:
    direct = Image(title="直接", file=ContentFile(with_place(), name="a.jpg"))
    direct.save()
    by_field = Image(title="字段")
    by_field.file.save("b.jpg", ContentFile(with_place()), save=False)
    by_field.save()
    for image in (direct, Image.objects.get(pk=by_field.pk)):
        stored: Any = image.file.storage.open(image.file.name).read()
        assert b"SECRET" not in stored
        assert (image.width, image.height, image.file_size) == (600, 900, len(stored))
    assert direct.file_hash == by_field.file_hash


@pytest.mark.parametrize(("width", "height"), [(9_000, 8_000), (16_001, 10), (50_000, 50_000)])
def test_too_many_pixels_are_told_by_the_header(width: int, height: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        clean_picture("a.png", ContentFile(png_of(width, height)))
    assert refused.value.code == "picture_too_large"
