"""Pictures in the editing rooms and on pages: words required, copies in three formats, originals kept inside."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from PIL import Image as Pillow
from wagtail.models import Collection, UploadedFile

from media.models import Image
from school.people.domain.studio import ensure_studio, join_studio
from school.people.enums import Role
from tests.factories import make_lesson, make_member
from tests.media.drawings import drawn, encoded, with_place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_memory() -> None:
    """Wagtail remembers copies by the picture's number, which each test starts anew."""
    cache.clear()


@pytest.fixture
def editor() -> Client:
    ensure_studio()
    user = make_member()
    join_studio(user, Role.EDITOR)
    client = Client()
    client.force_login(user)
    return client


def make_image(width: int = 900, height: int = 600, **fields: Any) -> Image:
    values = {"title": "接线图", "alt_text": "两段母线之间有一台断路器", **fields}
    image = Image(file=ContentFile(encoded(drawn(width, height), "PNG"), name="diagram.png"), **values)
    image.save()
    return image


def upload(client: Client, content: bytes, name: str = "a.jpg", **fields: str) -> Any:
    values = {"title": "图", "collection": Collection.get_first_root_node().pk, **fields}
    return client.post(reverse("wagtailimages:add"), {**values, "file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize(
    ("fields", "words"),
    [({}, "请写替代文字"), ({"alt_text": "  "}, "请写替代文字"), ({"alt_text": "IMG_0023.JPG"}, "不能用文件名")],
)
def test_a_picture_without_words_is_not_taken(editor: Client, fields: dict[str, str], words: str) -> None:
    answer = upload(editor, with_place(), **fields)
    assert words in answer.content.decode()
    assert Image.objects.count() == 0


def test_words_or_the_mark_of_decoration_are_enough(editor: Client) -> None:
    upload(editor, with_place(), alt_text="工作负责人在现场唱票")
    upload(editor, encoded(drawn(), "PNG"), "b.png", is_decorative="on")
    assert sorted(Image.objects.values_list("alt_text", "is_decorative")) == [
        ("", True),
        ("工作负责人在现场唱票", False),
    ]


def test_many_at_once_ask_for_words_and_are_cleaned(editor: Client) -> None:
    files = {"title": "图", "files[]": SimpleUploadedFile("a.jpg", with_place())}
    answer = editor.post(reverse("wagtailimages:add_multiple"), files).json()
    assert "替代文字" in answer["form"]
    assert "装饰图片" in answer["form"]
    assert Image.objects.count() == 0
    waiting = UploadedFile.objects.get()
    address = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[waiting.pk])
    prefix = f"uploaded-image-{waiting.pk}"
    fields = {f"{prefix}-title": "图", f"{prefix}-collection": Collection.get_first_root_node().pk}
    assert editor.post(address, fields).json()["success"] is False
    assert editor.post(address, {**fields, f"{prefix}-alt_text": "安全帽摆成一排"}).json()["success"] is True
    stored: Any = Image.objects.get()
    assert b"SECRET" not in stored.file.read()


def test_a_hostile_file_is_refused_in_both_windows(editor: Client) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    assert "不是可用的图片" in upload(editor, svg, "a.svg", alt_text="图").content.decode()
    answer = editor.post(reverse("wagtailimages:add_multiple"), {"files[]": SimpleUploadedFile("a.png", svg)}).json()
    assert answer["success"] is False
    assert "不是可用的图片" in answer["error_message"]


def shown(image: Image, tag: str = "picture") -> str:
    return Template("{% load pictures %}{% " + tag + " image %}").render(Context({"image": image}))


def test_a_picture_comes_in_three_formats_and_keeps_its_place() -> None:
    html = shown(make_image())
    kinds = re.findall(r'<source [^>]*srcset="([^"]+)"[^>]*type="image/(\w+)"', html)
    assert [kind for _, kind in kinds] == ["avif", "webp"]
    assert [re.findall(r" (\d+)w", srcset) for srcset, _ in kinds] == [["400", "800", "900"]] * 2
    assert 'width="400"' in html
    assert 'height="266"' in html
    assert 'loading="lazy"' in html
    assert 'alt="两段母线之间有一台断路器"' in html
    assert "sizes=" in html
    for address in re.findall(r"/uploads/\S+?\.(?:jpg|webp|avif)", html):
        answer = Client().get(address)
        assert answer.status_code == 200
        assert Pillow.open(BytesIO(b"".join(answer.streaming_content))).format in ("JPEG", "WEBP", "AVIF")


def test_a_small_picture_is_not_enlarged_and_a_decorative_one_is_silent() -> None:
    html = shown(make_image(300, 200, is_decorative=True, alt_text=""))
    assert 'width="300"' in html
    assert "400w" not in html
    assert 'alt=""' in html


def test_originals_and_guessed_addresses_answer_not_found() -> None:
    image = make_image()
    shown(image)
    name = image.renditions.first().file.name
    assert Client().get(f"/uploads/{name}").status_code == 200
    guessed = re.sub(r"/[0-9a-f]{24}/", f"/{'0' * 24}/", name)
    for path in (image.file.name, guessed, "images/../original_images/diagram.png", "images/%2e%2e/x.png", "videos/x"):
        assert Client().get(f"/uploads/{path}", follow=True).status_code == 404


def test_a_crop_keeps_the_focal_point() -> None:
    wide = Pillow.new("RGB", (2000, 400), "#1d5a9e")
    wide.paste("#ff0000", (1880, 150, 1960, 250))
    image = Image(title="人", alt_text="人", file=ContentFile(encoded(wide, "PNG"), name="w.png"))
    image.save()
    for point, is_kept in ((None, False), ((1920, 200, 80, 100), True)):
        if point:
            image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height = point
            image.save()
        crop = Pillow.open(image.get_rendition("fill-320x180|format-png").file).convert("RGB")
        colours = [colour for _, colour in crop.getcolors(100_000) if colour[0] > 200 and colour[2] < 80]
        assert bool(colours) is is_kept


def test_copies_are_made_in_the_background(run_jobs: Any) -> None:
    image = make_image()
    run_jobs()
    assert image.renditions.count() == 9
    assert shown(image)
    assert image.renditions.count() == 9


def test_a_lesson_shows_its_pictures_with_the_words_of_their_place() -> None:
    image = make_image(description="来源：城北供电公司")
    words = {"image": image.pk, "alt_text": "此处要看断路器的位置", "decorative": False}
    lesson = make_lesson(seconds=0)
    lesson.body = [{"type": "image", "value": words}]
    lesson.save()
    client = Client()
    client.force_login(make_member())
    page = client.get(lesson.url).content.decode()
    assert 'alt="此处要看断路器的位置"' in page
    assert "<figcaption>来源：城北供电公司" in page
    assert 'type="image/avif"' in page


@pytest.mark.parametrize(
    ("need", "shown_titles"), [("words", {"缺"}), ("unused", {"缺", "好", "饰"}), ("large", set())]
)
def test_the_report_lists_what_needs_work(editor: Client, need: str, shown_titles: set[str]) -> None:
    for title, fields in (("缺", {"alt_text": ""}), ("好", {}), ("饰", {"alt_text": "", "is_decorative": True})):
        make_image(title=f"图{title}", **fields)
    page = editor.get(reverse("media_picture_report"), {"need": need})
    assert {image.title[1:] for image in page.context["object_list"]} == shown_titles
    assert editor.get(reverse("media_picture_report"), {"need": need, "export": "csv"}).status_code == 200
