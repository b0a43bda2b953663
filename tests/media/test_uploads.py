"""Uploads by an editor in the admin: hostile and broken files are refused at the field, and nothing is kept of them."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from media.domain.binaries import ffmpeg
from media.domain.completeness import check_complete
from media.models import Document, Video
from school.kernel.errors import InvalidInput
from school.kernel.models import BackgroundJob
from school.people.domain.studio import ensure_studio, join_studio
from school.people.enums import Role
from tests.factories import make_member

ADD = ("wagtailmedia:add", ["video"])


def encode(path: Path, *options: str) -> Path:
    source = ["-f", "lavfi", "-i", "testsrc=s=320x180:r=10:d=3"]
    command = [ffmpeg(), "-nostdin", "-loglevel", "error", *source, "-pix_fmt", "yuv420p", *options, str(path)]
    subprocess.run(command, check=True)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of picture as index-first MP4, index-last MP4 and MKV."""
    folder = tmp_path_factory.mktemp("uploads")
    encode(folder / "first.mp4", "-movflags", "+faststart")
    encode(folder / "last.mp4")
    encode(folder / "clip.mkv")
    return folder


@pytest.fixture
def editor(db: None, settings: Any) -> Client:
    settings.WAGTAILMEDIA = {**project.WAGTAILMEDIA, "MEDIA_FORM_BASE": "media.forms.VideoUploadForm"}
    ensure_studio()
    user = make_member()
    join_studio(user, Role.EDITOR)
    client = Client()
    client.force_login(user)
    return client


def upload(client: Client, content: bytes, name: str = "片子.mp4", address: str = "") -> Any:
    collection = Collection.get_first_root_node().pk
    fields = {"title": "微党课", "file": SimpleUploadedFile(name, content), "collection": collection}
    return client.post(address or reverse(ADD[0], args=ADD[1]), fields)


@pytest.mark.parametrize("name", ["first.mp4", "last.mp4", "clip.mkv"])
@pytest.mark.parametrize("limit", [0, 10**9])  # the upload handler keeps it on disk, or in memory
def test_a_whole_file_is_taken_and_measured(editor: Client, folder: Path, settings: Any, name: str, limit: int) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = limit
    content = (folder / name).read_bytes()
    response = upload(editor, content, name)
    assert response.status_code == 302, response.context["form"].errors
    video = Video.objects.get()
    assert video.duration == pytest.approx(3, abs=0.2)
    assert (video.width, video.height) == (320, 180)
    assert video.file.read() == content


def hostile(folder: Path) -> dict[str, tuple[bytes, str]]:
    """What is sent, and the words of the refusal."""
    whole = (folder / "first.mp4").read_bytes()
    secret = folder / "first.mp4"
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{secret}\n#EXT-X-ENDLIST\n"
    return {
        "empty": (b"", "空"),
        "text": ("这是一段文字".encode() * 50, "不是能识别的视频文件"),
        "playlist": (playlist.encode(), "不是能识别的视频文件"),
        "concat": (f"ffconcat version 1.0\nfile '{secret}'\n".encode(), "不是能识别的视频文件"),
        "half": (whole[: len(whole) // 2], "不完整"),
        "almost": (whole[:-1], "不完整"),
        "index_lost": ((folder / "last.mp4").read_bytes()[:-2000], "不完整"),
        "head_only": (whole[:20], "不完整"),
    }


@pytest.mark.parametrize("name", ["empty", "text", "playlist", "concat", "half", "almost", "index_lost", "head_only"])
def test_an_unusable_file_is_refused_at_its_field(editor: Client, folder: Path, name: str) -> None:
    content, words = hostile(folder)[name]
    response = upload(editor, content)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["file"]
    assert words in str(response.context["form"].errors["file"])
    assert words in response.content.decode()
    assert not Video.objects.exists()
    assert not BackgroundJob.objects.exists()


def test_a_video_keeps_its_file_when_the_new_one_is_refused(editor: Client, folder: Path) -> None:
    upload(editor, (folder / "first.mp4").read_bytes())
    video = Video.objects.get()
    address = reverse("wagtailmedia:edit", args=[video.pk])
    assert upload(editor, b"nothing", address=address).status_code == 200
    same = Video.objects.get()
    assert (same.file.name, same.duration) == (video.file.name, video.duration)
    assert Path(same.file.path).exists()


def test_a_title_is_changed_without_a_new_file(editor: Client, folder: Path) -> None:
    upload(editor, (folder / "first.mp4").read_bytes())
    video = Video.objects.get()
    fields = {"title": "新标题", "collection": video.collection_id}
    response = editor.post(reverse("wagtailmedia:edit", args=[video.pk]), fields)
    assert response.status_code == 302
    changed = Video.objects.get()
    assert (changed.title, changed.duration) == ("新标题", video.duration)


def test_the_editor_types_no_duration(editor: Client) -> None:
    form = editor.get(reverse(ADD[0], args=ADD[1])).context["form"]
    assert {"title", "file"} <= set(form.fields)
    assert not {"duration", "width", "height"} & set(form.fields)


@pytest.mark.parametrize(
    "content",
    [
        b"\0\0\0\x08ftyp\0\0\0\x07mdat",  # a box shorter than its own header: no endless loop
        b"\0\0\0\x08ftyp\0\0\0\x01mdat\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\0\0\0\x08ftyp\0\0\0\x01mdat\0\0",
    ],
)
def test_absurd_lengths_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "absurd.mp4"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match="不完整"):
        check_complete(path)


def test_a_last_box_to_the_end_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "open.mp4"
    path.write_bytes(b"\0\0\0\x08ftyp\0\0\0\0mdat" + b"x" * 50)
    check_complete(path)


def test_the_same_file_again_is_named(editor: Client, folder: Path) -> None:
    upload(editor, (folder / "first.mp4").read_bytes())
    response = upload(editor, (folder / "first.mp4").read_bytes(), "another.mp4")
    assert "这个文件已在库中：《微党课》" in str(response.context["form"].errors["file"])
    assert Video.objects.count() == 1


def test_films_and_documents_are_scanned(editor: Client, folder: Path, tmp_path: Path, settings: Any) -> None:
    scanner = tmp_path / "scanner.sh"
    scanner.write_text("#!/bin/sh\nexit 1\n")
    scanner.chmod(0o755)
    settings.VIRUS_SCAN_COMMAND = f"{scanner} {{file}}"
    response = upload(editor, (folder / "first.mp4").read_bytes())
    assert "病毒" in str(response.context["form"].errors["file"])
    collection = Collection.get_first_root_node().pk
    fields = {"title": "文件", "file": SimpleUploadedFile("a.txt", b"text"), "collection": collection}
    response = editor.post(reverse("wagtaildocs:add"), fields)
    assert "病毒" in str(response.context["form"].errors["file"])
    assert not Document.objects.exists()
    settings.VIRUS_SCAN_COMMAND = ""
    fields["file"] = SimpleUploadedFile("a.txt", b"text")
    assert editor.post(reverse("wagtaildocs:add"), fields).status_code == 302


def test_the_chooser_and_the_form_lead_to_the_page_for_large_files(editor: Client) -> None:
    link = f'href="{reverse("media_upload")}"'
    assert link in editor.get(reverse(ADD[0], args=ADD[1])).content.decode()
    assert link in json.loads(editor.get(reverse("wagtailmedia:chooser_typed", args=["video"])).content)["html"]
