"""The clean-up deletes what nothing names, and nothing else: not what is in use, not what is young."""

import io
import json
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from media.domain import parts, shelf
from media.domain.cleaning import clean, find_leftovers
from media.enums import LeftoverKind, RunState, UploadState
from media.models import Transcoding, Upload, Video
from school.kernel.models import AuditEvent
from school.people.domain.studio import ensure_studio, join_studio
from school.people.enums import Role
from tests.factories import appoint, make_member, make_tree

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return tmp_path


def age(path: Path, hours: float = 30) -> None:
    for each in (*path.rglob("*"), path):
        os.utime(each, (time.time() - hours * 3600,) * 2)


def make_video(generation: int = 3, made: int = 3, *, days: float = 3) -> Video:
    """A video with the files of generations 1 … `made`, the newest of which is `days` old."""
    video = Video.objects.create(title="片", type="video", file=f"media/{uuid4()}.mp4", generation=generation)
    Video.objects.filter(pk=video.pk).update(
        created_at=timezone.now() - timedelta(days=days), requested_file=video.file.name
    )
    for number in range(1, made + 1):
        work = shelf.workshop(video) / "ready"
        work.mkdir(parents=True)
        (work / "master.m3u8").write_text("x" * 100)
        shelf.publish(video, number, work)
    age(shelf.workshop(video), days * 24)
    return video


def kinds() -> list[str]:
    return sorted(each.kind for each in find_leftovers())


def test_old_generations_go_and_the_current_one_stays() -> None:
    video = make_video()
    gone = clean(find_leftovers(), by=None)
    assert (gone.count, gone.size) == (2, 200)
    assert shelf.generations(video) == [3]
    event = AuditEvent.objects.get(action="media.clean")
    assert event.detail == {"deleted": {"generation": {"count": 2, "bytes": 200}}}


def test_a_generation_that_no_row_names_yet_goes_when_its_run_is_long_dead() -> None:
    video = make_video(generation=1, made=2)
    run = Transcoding.objects.create(video=video, request=1, state=RunState.LOST, beat_at=timezone.now() - 2 * DAY)
    assert kinds() == [LeftoverKind.GENERATION]
    Transcoding.objects.filter(pk=run.pk).update(beat_at=timezone.now())
    assert kinds() == []
    Transcoding.objects.filter(pk=run.pk).update(beat_at=timezone.now() - 2 * DAY, state=RunState.RUNNING)
    assert kinds() == []


def test_what_a_viewer_may_still_watch_stays_a_day() -> None:
    video = make_video()
    done = timezone.now() - timedelta(hours=23)
    run = Transcoding.objects.create(video=video, request=1, state=RunState.PUBLISHED, beat_at=done, finished_at=done)
    assert kinds() == []
    Transcoding.objects.filter(pk=run.pk).update(beat_at=done - DAY, finished_at=done - DAY)
    assert kinds() == [LeftoverKind.GENERATION] * 2


def test_files_of_deleted_videos_go_after_a_day() -> None:
    video = make_video(made=1, generation=1, days=0.5)
    key = video.key
    video.delete()
    assert kinds() == []
    age(shelf.workshop(Video(key=key)))
    assert kinds() == [LeftoverKind.DELETED]
    clean(find_leftovers(), by=None)
    assert shelf.generations(Video(key=key)) == []


def test_work_of_the_dead_goes_and_of_the_living_stays() -> None:
    video = make_video(made=1, generation=1)
    work = shelf.workshop(video) / "work-abc"
    work.mkdir()
    (work / "half.m4s").write_text("half")
    assert kinds() == []  # young
    age(work)
    assert kinds() == [LeftoverKind.WORK]
    run = Transcoding.objects.create(video=video, request=1, state=RunState.RUNNING)
    assert kinds() == []
    run.delete()
    clean(find_leftovers(), by=None)
    assert not work.exists()
    assert shelf.generations(video) == [1]


def test_parts_of_open_uploads_stay() -> None:
    person = make_member()
    values = {"owner": person, "title": "片", "file_name": "a.mp4", "size": 9, "part_bytes": 9}
    open_one, ended = Upload.objects.create(**values), Upload.objects.create(**values, state=UploadState.ABANDONED)
    for upload in (open_one, ended):
        parts.place_of(upload.pk).write_bytes(b"123")
        age(parts.place_of(upload.pk))
    loose = parts.folder() / "part-xyz"
    loose.write_bytes(b"1")
    assert kinds() == [LeftoverKind.PART]
    age(loose)
    clean(find_leftovers(), by=None)
    assert [path.name for path in parts.folder().iterdir()] == [parts.place_of(open_one.pk).name]


def test_originals_and_renditions_without_a_row_go() -> None:
    root = Path(settings.MEDIA_ROOT)
    for folder in ("media", "images/0123456789abcdef01234567"):
        (root / folder).mkdir(parents=True)
        (root / folder / "stray.bin").write_bytes(b"12")
        age(root / folder / "stray.bin")
    video = make_video(made=0, generation=0)
    used = root / video.file.name
    used.write_bytes(b"film")
    age(used)
    assert kinds() == [LeftoverKind.ORIGINAL, LeftoverKind.RENDITION]
    clean(find_leftovers(), by=None)
    assert used.exists()
    assert not list(root.rglob("stray.bin"))


def test_what_became_current_since_the_list_was_made_stays() -> None:
    video = make_video()
    listed = find_leftovers()
    Video.objects.filter(pk=video.pk).update(generation=2)
    clean(listed, by=None)
    assert 2 in shelf.generations(video)


def test_the_command_lists_first_and_then_deletes() -> None:
    video = make_video()
    out = io.StringIO()
    call_command("clean_media", "--dry-run", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert ([each["bytes"] for each in answer["found"]], answer["deleted"]) == ([100, 100], {})
    assert shelf.generations(video) == [1, 2, 3]
    out = io.StringIO()
    call_command("clean_media", stdout=out)
    assert "共删除 2 项" in out.getvalue()
    assert shelf.generations(video) == [3]
    with pytest.raises(CommandError, match="24"):
        call_command("clean_media", "--older-than-hours", "1")


def test_the_page_shows_then_deletes_for_those_who_run_the_school() -> None:
    ensure_studio()
    root, branch, _ = make_tree()
    video = make_video()
    answers = {}
    for role, place in ((Role.SYSTEM_ADMIN, root), (Role.SYSTEM_ADMIN, branch), (Role.EDITOR, root)):
        person = make_member(branch)
        appoint(person, role, place)
        join_studio(person, role)
        client = Client()
        client.force_login(person)
        answers[(role, place)] = client
    assert [client.get("/admin/media/cleaning/").status_code for client in answers.values()] == [200, 302, 302]
    for client in list(answers.values())[1:]:
        client.post("/admin/media/cleaning/")
    assert shelf.generations(video) == [1, 2, 3]
    chief = answers[(Role.SYSTEM_ADMIN, root)]
    assert "旧的播放版本（2 项）" in chief.get("/admin/media/cleaning/").content.decode()
    assert shelf.generations(video) == [1, 2, 3]
    assert "已清理 2 项" in chief.post("/admin/media/cleaning/", follow=True).content.decode()
    assert shelf.generations(video) == [3]
