"""Uploading in parts over HTTP: resumed, verified, deduplicated, owned by one person, and never half in the library."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection

from media.domain import parts, uploads
from media.domain.intake import check_upload
from media.domain.uploads import tend_uploads
from media.enums import UploadState, VideoState
from media.models import Upload, Video
from school.people.domain.studio import ensure_studio, join_studio
from school.people.enums import Role
from school.people.models import User
from tests.factories import make_member
from tests.media.test_uploads import encode

LIST = "/admin/media/uploads/"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return encode(tmp_path_factory.mktemp("parts") / "clip.mp4").read_bytes()


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> int:
    """Parts so small that a tiny clip has several."""
    monkeypatch.setattr(uploads, "PART_BYTES", 4096)
    return 4096


def make_editor() -> User:
    ensure_studio()
    user = make_member()
    join_studio(user, Role.EDITOR)
    return user


@pytest.fixture
def person(db: None) -> User:
    return make_editor()


@pytest.fixture
def client(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def work(run_jobs: Callable[[], int], django_capture_on_commit_callbacks: Any) -> Callable[[], None]:
    """Check what was finished, then transcode what that brought in."""

    def run() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            run_jobs()
        run_jobs()

    return run


def begin(client: Client, content: bytes, *, name: str = "安全讲评.mp4", **more: Any) -> Any:
    sent = {
        "file_name": name,
        "size": len(content),
        "collection": Collection.get_first_root_node().pk,
        "fingerprint": hashlib.sha256(content).hexdigest(),
        **more,
    }
    return client.post(LIST, json.dumps(sent), content_type="application/json")


def send(client: Client, upload: dict[str, Any], content: bytes, number: int, digest: str | None = None) -> Any:
    length = upload["part_bytes"]
    body = content[number * length : (number + 1) * length]
    header = {"X-Part-SHA256": hashlib.sha256(body).hexdigest() if digest is None else digest}
    address = f"{LIST}{upload['id']}/parts/{number}/"
    return client.put(address, body, content_type="application/octet-stream", headers=header)


def send_all(client: Client, content: bytes, **more: Any) -> dict[str, Any]:
    upload = begin(client, content, **more).json()["upload"]
    for number in upload["missing"]:
        assert send(client, upload, content, number).status_code == 200
    finished = client.post(f"{LIST}{upload['id']}/finish/")
    assert finished.status_code == 200, finished.content
    return dict(finished.json())


def test_parts_in_any_order_become_a_video(
    client: Client, clip: bytes, small_parts: int, work: Callable[[], None], person: User
) -> None:
    upload = begin(client, clip, title="夏季安全讲评").json()["upload"]
    assert len(upload["missing"]) > 2
    for number in reversed(upload["missing"]):
        answered = send(client, upload, clip, number).json()
    assert (answered["missing"], answered["bytes_received"]) == ([], len(clip))
    assert client.post(f"{LIST}{upload['id']}/finish/").json()["state"] == UploadState.CHECKING
    work()
    video = Video.objects.get()
    assert (video.title, video.uploaded_by_user, video.width) == ("夏季安全讲评", person, 320)
    assert video.file.read() == clip
    assert (video.sha256, video.size) == (hashlib.sha256(clip).hexdigest(), len(clip))
    assert video.state == VideoState.READY
    shown = client.get(LIST).json()["uploads"][0]
    assert shown["video"]["state"] == VideoState.READY
    assert not shown["video"]["is_twin"]
    assert list(parts.folder().glob(f"{upload['id']}*")) == []


def test_an_interrupted_upload_goes_on_where_it_was(client: Client, clip: bytes, small_parts: int) -> None:
    upload = begin(client, clip).json()["upload"]
    send(client, upload, clip, 1)
    again = begin(client, clip, name="改过名字.mp4").json()["upload"]
    assert again["id"] == upload["id"]
    assert again["missing"] == [number for number in upload["missing"] if number != 1]
    assert Upload.objects.count() == 1


def test_without_a_fingerprint_name_and_size_tell_the_file(client: Client, clip: bytes) -> None:
    first = begin(client, clip, fingerprint="").json()["upload"]
    assert begin(client, clip, fingerprint="").json()["upload"]["id"] == first["id"]
    assert begin(client, clip, fingerprint="", name="other.mp4").json()["upload"]["id"] != first["id"]


def test_a_damaged_part_does_not_count(client: Client, clip: bytes, small_parts: int) -> None:
    upload = begin(client, clip).json()["upload"]
    wrong = send(client, upload, clip, 0, digest="0" * 64)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "part_damaged")
    short = client.put(f"{LIST}{upload['id']}/parts/0/", b"abc", content_type="application/octet-stream")
    assert short.json()["code"] == "part_cut"
    long = client.put(f"{LIST}{upload['id']}/parts/0/", b"x" * 4097, content_type="application/octet-stream")
    assert long.json()["code"] == "part_cut"
    assert 0 in client.get(f"{LIST}{upload['id']}/").json()["missing"]
    assert send(client, upload, clip, 10_000).json()["code"] == "no_such_part"
    assert list(parts.folder().glob(f"{parts.LOOSE}*")) == []


def test_a_part_that_counted_is_not_overwritten(client: Client, clip: bytes, small_parts: int) -> None:
    upload = begin(client, clip).json()["upload"]
    send(client, upload, clip, 0)
    assert send(client, upload, b"x" * len(clip), 0).status_code == 200
    assert parts.place_of(Upload.objects.get().pk).read_bytes() == clip[:4096]


def test_a_part_without_a_digest_is_taken(client: Client, clip: bytes, small_parts: int) -> None:
    upload = begin(client, clip).json()["upload"]
    assert send(client, upload, clip, 0, digest="").status_code == 200
    assert Upload.objects.get().received["0"] == hashlib.sha256(clip[:4096]).hexdigest()


def test_what_the_disk_lost_is_asked_for_again(
    client: Client, clip: bytes, small_parts: int, work: Callable[[], None]
) -> None:
    finished = send_all(client, clip)
    place = parts.place_of(Upload.objects.get().pk)
    with place.open("r+b") as file:
        file.seek(4096)
        file.write(b"\0" * 4096)
    work()
    shown = client.get(f"{LIST}{finished['id']}/").json()
    assert (shown["state"], shown["missing"]) == (UploadState.RECEIVING, [1])
    assert "补传" in shown["error"]
    send(client, shown, clip, 1)
    client.post(f"{LIST}{finished['id']}/finish/")
    work()
    assert Video.objects.get().file.read() == clip


def test_finishing_needs_all_parts_and_happens_once(client: Client, clip: bytes, small_parts: int) -> None:
    upload = begin(client, clip).json()["upload"]
    assert client.post(f"{LIST}{upload['id']}/finish/").json()["code"] == "parts_missing"
    for number in upload["missing"]:
        send(client, upload, clip, number)
    for _ in range(3):
        assert client.post(f"{LIST}{upload['id']}/finish/").status_code == 200
    assert Upload.objects.get().checks == 1
    for _ in range(2):
        check_upload(upload["id"])
    assert Video.objects.count() == 1


def test_a_duplicate_is_named_before_its_bytes_travel(client: Client, clip: bytes, work: Callable[[], None]) -> None:
    send_all(client, clip, title="第一份")
    work()
    known = begin(client, clip, sha256=hashlib.sha256(clip).hexdigest()).json()
    assert (known["upload"], known["is_certain"], known["twin"]["title"]) == (None, True, "第一份")
    likely = begin(client, clip).json()
    assert (likely["upload"], likely["is_certain"], likely["twin"]["title"]) == (None, False, "第一份")
    assert begin(client, clip, is_copy_wanted=True).json()["upload"]


def test_a_duplicate_is_recognised_afterwards_too(client: Client, clip: bytes, work: Callable[[], None]) -> None:
    send_all(client, clip, title="第一份")
    work()
    second = send_all(client, clip, title="第二份", fingerprint="")
    work()
    shown = client.get(f"{LIST}{second['id']}/").json()
    assert shown["video"]["is_twin"]
    assert shown["video"]["title"] == "第一份"
    assert Video.objects.count() == 1
    assert not parts.place_of(Upload.objects.get(pk=second["id"]).pk).exists()


def test_what_is_no_video_is_refused_in_words(client: Client, work: Callable[[], None]) -> None:
    finished = send_all(client, "这是一段文字".encode() * 50)
    work()
    shown = client.get(f"{LIST}{finished['id']}/").json()
    assert shown["state"] == UploadState.REFUSED
    assert "视频" in shown["error"]
    assert not Video.objects.exists()
    assert not parts.place_of(Upload.objects.get().pk).exists()


def test_a_cut_file_is_refused(client: Client, clip: bytes, work: Callable[[], None]) -> None:
    send_all(client, clip[: len(clip) // 2])
    work()
    assert Upload.objects.get().state == UploadState.REFUSED
    assert not Video.objects.exists()


def test_others_find_nothing(client: Client, clip: bytes, small_parts: int) -> None:
    upload = begin(client, clip).json()["upload"]
    stranger = Client()
    stranger.force_login(make_editor())
    address = f"{LIST}{upload['id']}/"
    assert stranger.get(address).status_code == 404
    assert send(stranger, upload, clip, 0).status_code == 404
    for act in ("finish", "give-up", "title"):
        assert stranger.post(f"{address}{act}/", {"title": "x"}, content_type="application/json").status_code == 404
    assert stranger.get(LIST).json() == {"uploads": []}
    assert begin(stranger, clip).json()["upload"]["id"] != upload["id"]


def test_only_editors_upload(db: None, clip: bytes) -> None:
    ensure_studio()
    examiner = make_member()
    join_studio(examiner, Role.EXAMINER)
    client = Client()
    client.force_login(examiner)
    assert client.get("/admin/media/upload/").status_code == 302
    assert begin(client, clip).status_code in (403, 422)
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("more", "status", "word"),
    [
        ({"size": uploads.MAX_BYTES + 1}, 413, "4 GB"),
        ({"size": 0}, 422, "空"),
        ({"size": "很大"}, 422, ""),
        ({"file_name": ""}, 422, ""),
        ({"file_name": "a\0b.mp4"}, 422, ""),
        ({"collection": 10**30}, 422, ""),
        ({"fingerprint": "xyz"}, 422, ""),
    ],
)
def test_odd_beginnings_are_refused(client: Client, clip: bytes, more: dict[str, Any], status: int, word: str) -> None:
    refused = begin(client, clip, **more)
    assert refused.status_code == status
    assert word in refused.json()["message"]
    assert not Upload.objects.exists()


@pytest.mark.parametrize("body", ["", "[1]", "{", "null"])
def test_a_body_that_is_no_form_is_refused(client: Client, body: str) -> None:
    assert client.post(LIST, body, content_type="application/json").status_code == 422


def test_a_full_disk_is_said_before_anything_travels(
    client: Client, clip: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "free_bytes", lambda: uploads.RESERVE_BYTES + len(clip) - 1)
    refused = begin(client, clip)
    assert (refused.status_code, refused.json()["code"]) == (507, "disk_full")


def test_open_uploads_are_counted(client: Client, clip: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_OPEN", 2)
    for number in range(2):
        assert begin(client, clip, fingerprint=str(number) * 64).status_code == 200
    assert begin(client, clip, fingerprint="f" * 64).json()["code"] == "too_many_open"


def test_giving_up_frees_the_disk(
    client: Client, clip: bytes, small_parts: int, django_capture_on_commit_callbacks: Any
) -> None:
    upload = begin(client, clip).json()["upload"]
    send(client, upload, clip, 0)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{LIST}{upload['id']}/give-up/").json()["state"] == UploadState.ABANDONED
    assert not parts.place_of(Upload.objects.get().pk).exists()
    assert send(client, upload, clip, 0).json()["code"] == "upload_closed"


def test_uploads_expire_after_seven_idle_days(
    client: Client, clip: bytes, small_parts: int, django_capture_on_commit_callbacks: Any
) -> None:
    upload = begin(client, clip).json()["upload"]
    send(client, upload, clip, 0)
    assert tend_uploads() == 0
    Upload.objects.update(touched_at=timezone.now() - timedelta(days=7, minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert tend_uploads() == 1
    assert Upload.objects.get().state == UploadState.ABANDONED
    assert not parts.place_of(Upload.objects.get().pk).exists()


def test_a_check_whose_worker_died_runs_again(client: Client, clip: bytes, work: Callable[[], None]) -> None:
    send_all(client, clip)
    from school.kernel.models import BackgroundJob

    BackgroundJob.objects.update(state="running")  # and then came a kill -9
    Upload.objects.update(touched_at=timezone.now() - timedelta(hours=3))
    tend_uploads()
    work()
    assert Upload.objects.get().state == UploadState.DONE
    assert Video.objects.count() == 1


def test_a_title_follows_into_the_library(client: Client, clip: bytes, work: Callable[[], None]) -> None:
    finished = send_all(client, clip)
    address = f"{LIST}{finished['id']}/title/"
    client.post(address, json.dumps({"title": "途中改名"}), content_type="application/json")
    work()
    assert Video.objects.get().title == "途中改名"
    client.post(address, json.dumps({"title": "入库后改名"}), content_type="application/json")
    assert Video.objects.get().title == "入库后改名"
    assert client.post(address, json.dumps({"title": " "}), content_type="application/json").status_code == 422


def test_a_replacement_keeps_the_video_and_drops_the_old_file(
    client: Client, clip: bytes, work: Callable[[], None], tmp_path: Path
) -> None:
    send_all(client, clip, title="旧片")
    work()
    old = Video.objects.get()
    other = encode(tmp_path / "other.mp4", "-vf", "negate").read_bytes()
    send_all(client, other, replaces=old.pk)
    work()
    new = Video.objects.get()
    assert (new.pk, new.title, new.generation) == (old.pk, "旧片", 2)
    assert new.file.read() == other
    assert not Path(old.file.path).exists()


def test_a_stranger_to_the_collection_replaces_nothing(client: Client, clip: bytes, db: None) -> None:
    from wagtail.models import GroupCollectionPermission

    video = Video.objects.create(title="片", type="video", file="media/none.mp4")
    GroupCollectionPermission.objects.filter(permission__codename__in=["change_media", "delete_media"]).delete()
    assert client.get(reverse("media_replace", args=[video.pk])).status_code == 404
    assert begin(client, clip, replaces=video.pk).status_code == 422


def test_the_page_shows_what_is_needed(client: Client) -> None:
    page = client.get("/admin/media/upload/").content.decode()
    assert 'data-url="/admin/media/uploads/"' in page
    assert f'data-part-bytes="{uploads.PART_BYTES}"' in page
    assert f'data-max-bytes="{uploads.MAX_BYTES}"' in page
