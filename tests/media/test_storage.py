"""Uploads and videos in a bucket, with a real S3 server: moto's own, on a free port of this machine."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as project
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from moto.server import ThreadedMotoServer
from wagtail.images.tests.utils import get_test_image_file

from media.domain import shelf
from media.domain.binaries import ffmpeg
from media.domain.playback import playback_for
from media.domain.presigned import rewritten
from media.domain.runs import UNEXPECTED
from media.domain.signatures import member_value
from media.domain.videos import choose_poster
from media.enums import VideoState
from media.models import Document, Image, Video
from school.settings.storages import origin_of, storage_from
from tests.factories import make_member

SECRET = "very/secret"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    moto.start()
    yield "{}:{}".format(*moto.get_host_and_port())
    moto.stop()


@pytest.fixture
def bucket(server: str, settings: Any, tmp_path: Path, db: None) -> Iterator[Any]:
    """The school with an empty bucket of its own; gives the client that looks into it."""
    url = f"s3://key:{SECRET.replace('/', '%2F')}@{server}/school-files?secure=0&prefix=school"
    settings.STORAGES = {**settings.STORAGES, "default": storage_from(url)}
    settings.STORAGE_URL, settings.MEDIA_SERVER, settings.WAGTAILDOCS_SERVE_METHOD = url, "s3", "redirect"
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path / "var", tmp_path / "nowhere"
    client = default_storage.connection.meta.client
    client.create_bucket(Bucket="school-files")
    yield client
    for name in names_in(client):
        client.delete_object(Bucket="school-files", Key=name)
    client.delete_bucket(Bucket="school-files")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of picture and tone, 320 by 180."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    sources = ["-f", "lavfi", "-i", "testsrc=s=320x180:r=10:d=3", "-f", "lavfi", "-i", "sine=d=3"]
    command = [ffmpeg(), "-nostdin", "-loglevel", "error", *sources, "-pix_fmt", "yuv420p", "-movflags", "+faststart"]
    subprocess.run([*command, str(path)], check=True)
    return path


@pytest.fixture
def shelved(bucket: Any, tmp_path: Path) -> Video:
    """A video with a first generation of 21 small files in the bucket."""
    video = Video.objects.create(title="片子", type="video", duration=60, generation=1, state=VideoState.READY)
    assert shelf.publish(video, 1, folder_below(tmp_path / "first")) == 221
    return video


def folder_below(folder: Path) -> Path:
    """What a run leaves: a master playlist of 21 bytes and twenty segments of ten."""
    (folder / "480").mkdir(parents=True)
    for number in range(20):
        (folder / "480" / f"{number:04}.m4s").write_bytes(b"x" * 10)
    (folder / "master.m3u8").write_bytes(b"#EXTM3U\n480/a.m3u8\n\n\n")
    return folder


def uploaded(clip: Path) -> Video:
    video = Video(title="片子", type="video", duration=0)
    video.file.save("clip.mp4", ContentFile(clip.read_bytes()), save=False)
    video.save()
    return video


def names_in(client: Any) -> list[str]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket="school-files")
    return [entry["Key"] for page in pages for entry in page.get("Contents", ())]


def fetch(address: str, **headers: str) -> Any:
    return urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=10)


def test_a_film_from_the_upload_to_the_last_byte(
    bucket: Any, clip: Path, client: Client, run_jobs: Callable[[], int], django_capture_on_commit_callbacks: Callable
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        video = uploaded(clip)
    run_jobs()
    video.refresh_from_db()
    assert (video.state, video.error) == (VideoState.READY, "")
    assert f"school/{video.file.name}" in names_in(bucket)
    assert not Path(project.MEDIA_ROOT).exists()
    assert list(shelf.workshop(video).iterdir()) == []

    member = make_member()
    client.force_login(member)
    client.cookies["playback"] = member_value(member)
    playback = playback_for(video, member)
    master = client.get(playback.manifest_url)
    assert master["Content-Type"] == "application/vnd.apple.mpegurl"
    rung = client.get(playback.manifest_url.replace("master.m3u8", f"{video.rungs[0]}/index.m3u8")).content.decode()
    segments = [line for line in rung.splitlines() if line and not line.startswith("#")]
    assert [urlsplit(address).path[-9:] for address in segments] == ["/0000.m4s"]
    with fetch(segments[0], Range="bytes=0-9") as part:
        assert (part.status, len(part.read()), part.headers["Content-Type"]) == (206, 10, "video/iso.segment")
        assert "max-age" in part.headers["Cache-Control"]
    assert SECRET not in rung
    first = fetch(client.get(playback.poster_url)["Location"]).read()
    thumbnails = client.get(playback.thumbnails_url).content.decode()
    assert f"/school-files/school/videos/{video.key}/1/sprite.jpg?" in thumbnails
    assert "#xywh=" in thumbnails
    choose_poster(video, 2500, member)
    again = playback_for(video, member).poster_url
    assert again != playback.poster_url
    assert fetch(client.get(again)["Location"]).read() not in (first, b"")


def test_the_bucket_is_no_way_around_the_permit(shelved: Video, client: Client) -> None:
    member, stranger = make_member(), make_member()
    client.force_login(member)
    client.cookies["playback"] = member_value(member)
    address = playback_for(shelved, member).manifest_url
    assert client.get(address).status_code == 200
    assert client.get(address.replace("master.m3u8", "../../x.m3u8")).status_code == 404
    assert client.get(address.replace("master.m3u8", "none.m3u8")).status_code == 404
    client.cookies["playback"] = member_value(stranger)
    assert client.get(address).status_code == 404
    assert client.get(address.replace("master.m3u8", "480/0000.m4s")).status_code == 404


def test_a_generation_is_counted_and_removed(shelved: Video, bucket: Any, tmp_path: Path) -> None:
    shelf.publish(shelved, 12, folder_below(tmp_path / "second"))
    assert (shelf.generations(shelved), shelf.bytes_of(shelved, 1)) == ([1, 12], 221)
    assert shelf.remove(shelved, 1) == 221
    assert (shelf.generations(shelved), shelf.bytes_of(shelved, 12)) == ([12], 221)
    assert shelf.remove(shelved, 1) == 0


def test_a_publication_that_breaks_off_shows_nothing(
    shelved: Video, bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third upload fails, as when the bucket goes away; what was sent is no generation of the row."""
    work = folder_below(tmp_path / "second")
    (work / "480" / "old.m4s").write_bytes(b"x")
    sent: list[str] = []
    whole = type(bucket).upload_file

    def breaking(self: Any, path: str, bucket_name: str, key: str, **more: Any) -> None:
        sent.append(key)
        if len(sent) == 3:
            raise OSError("the line is down")
        whole(self, path, bucket_name, key, **more)

    monkeypatch.setattr(type(bucket), "upload_file", breaking)
    with pytest.raises(OSError, match="the line is down"):
        shelf.publish(shelved, 2, work)
    assert len(sent) < 22
    shelved.refresh_from_db()
    assert shelved.generation == 1
    assert shelf.text_of(shelved.key, 1, "master.m3u8")
    monkeypatch.undo()
    (work / "480" / "old.m4s").unlink()
    assert shelf.publish(shelved, 2, work) == 221
    assert shelf.bytes_of(shelved, 2) == 221  # nothing is left of the first attempt


def test_a_bucket_that_is_away_keeps_the_video_from_being_half(
    bucket: Any,
    clip: Path,
    run_jobs: Callable[[], int],
    django_capture_on_commit_callbacks: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        video = uploaded(clip)

    def refuse(*args: Any, **more: Any) -> None:
        raise ConnectionError("no route")

    monkeypatch.setattr(type(bucket), "upload_file", refuse)
    with pytest.raises(ConnectionError):
        run_jobs()
    video.refresh_from_db()
    assert (video.state, video.error, video.generation) == (VideoState.FAILED, UNEXPECTED, 0)
    assert list(shelf.workshop(video).iterdir()) == []


def test_pictures_and_documents_in_the_bucket(bucket: Any, client: Client) -> None:
    image = Image.objects.create(title="图", file=get_test_image_file(size=(300, 200)))
    rendition = image.get_rendition("width-100")
    pointed = client.get(rendition.url)
    assert pointed["Location"].startswith(origin_of(project.STORAGE_URL))
    assert fetch(pointed["Location"]).read()
    document = Document(title="文件")
    document.file.save("rule.txt", ContentFile("规定".encode()), save=True)
    assert client.get(document.url)["Location"].startswith("/login/")
    client.force_login(make_member())
    answer = client.get(document.url)
    assert fetch(answer["Location"]).read() == "规定".encode()
    assert document.file.size == 6


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://key:hush@host/bucket", "only s3"),
        ("s3://host/bucket", "key or secret is missing"),
        ("s3://key@host/bucket", "key or secret is missing"),
        ("s3://key:hush@/bucket", "host is missing"),
        ("s3://key:hush@host", "exactly one bucket"),
        ("s3://key:hush@host/bucket/folder", "exactly one bucket"),
        ("s3://key:hush@host:port/bucket", "host or port"),
        ("s3://key:hu/sh@host/bucket", "host or port|key or secret"),
        ("s3://key:hush@host/bucket?secure=yes", "secure is 1"),
        ("s3://key:hush@host/bucket?colour=red", "unknown parameter colour"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_secret(url: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words) as refused:
        storage_from(url)
    assert not any(part in str(refused.value) for part in ("hush", "key:", "hu/sh"))
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_an_address_is_taken_apart() -> None:
    options = storage_from("s3://AK:s%2F%40%3Ac@files.example:9000/b?region=cn-north-1&prefix=/a/b/")["OPTIONS"]
    found = (options["access_key"], options["secret_key"], options["endpoint_url"], options["location"])
    assert found == ("AK", "s/@:c", "https://files.example:9000", "a/b")
    assert options["region_name"] == "cn-north-1"
    assert origin_of("s3://a:b@[::1]:9000/b?secure=0") == "http://[::1]:9000"
    assert "FileSystem" in storage_from("")["BACKEND"]


def test_only_files_are_renamed_in_playlists() -> None:
    playlist = (
        '#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n#EXT-X-MEDIA:TYPE=AUDIO,URI="audio/index.m3u8"\n\n0000.m4s\na.m3u8\n'
    )
    changed = rewritten(playlist, lambda name: f"https://b/{name}?s=1")
    assert changed.splitlines() == [
        "#EXTM3U",
        '#EXT-X-MAP:URI="https://b/init.mp4?s=1"',
        '#EXT-X-MEDIA:TYPE=AUDIO,URI="audio/index.m3u8"',
        "",
        "https://b/0000.m4s?s=1",
        "a.m3u8",
    ]
    assert rewritten("WEBVTT\n\n00:00\nsprite.jpg#xywh=0,0,1,1\n", lambda name: "X").endswith("X#xywh=0,0,1,1\n")


def test_pages_may_load_from_the_bucket(server: str, tmp_path: Path) -> None:
    """Settings as another process reads them: the policy of content names the bucket's origin, and no secret."""
    script = "from school.settings import local as s; import json; print(json.dumps(s.CONTENT_SECURITY_POLICY))"
    environment = {"VAR_DIR": str(tmp_path), "STORAGE_URL": f"s3://key:{SECRET[:4]}@{server}/b?secure=0"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    policy = json.loads(done.stdout)["DIRECTIVES"]
    for directive in ("img-src", "media-src", "connect-src"):
        assert f"http://{server}" in policy[directive]
    assert f"http://{server}" not in policy["script-src"]
