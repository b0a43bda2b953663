"""One run after the other: cancelled, lost, failed, repeated; and a video that is added twice."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_q.models import OrmQ
from PIL import Image

from media.domain import running, runs
from media.domain.rescue import GIVEN_UP, MOST_LOSSES, check_pulse, rescue_stalled
from media.domain.videos import add_video, cancel_transcoding, choose_poster, retry
from media.enums import RunState, VideoState
from media.management.commands import add_video as command
from media.models import CaptionTrack, Transcoding, Video
from school.kernel.domain.jobs import beat
from school.kernel.enums import JobState
from school.kernel.errors import IllegalMove, InvalidInput
from school.kernel.models import BackgroundJob, Heartbeat
from tests.factories import make_member
from tests.media import clips

Drain = Callable[[], int]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clips.film(tmp_path_factory.mktemp("runs") / "clip.mp4", size="160x90", rate="10", seconds=2)


@pytest.fixture
def added(clip: Path, db: None, django_capture_on_commit_callbacks: Any) -> Video:
    with django_capture_on_commit_callbacks(execute=True):
        video, is_new = add_video(clip, title="片子", by=None)
    assert is_new
    video.refresh_from_db()
    return video


@pytest.fixture
def ready(added: Video, run_jobs: Drain) -> Video:
    run_jobs()
    added.refresh_from_db()
    assert added.state == VideoState.READY, added.error
    return added


@pytest.fixture
def long_run(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Every ffmpeg is slowed to the speed of the film, so that there is time to interrupt it."""
    slow: list[int] = []
    original = running.subprocess.Popen

    def start(command: list[str], **options: Any) -> Any:
        if "-i" not in command:
            return original(command, **options)
        place = command.index("-i")
        process = original([*command[:place], "-re", *command[place:]], **options)
        slow.append(process.pid)
        return process

    monkeypatch.setattr(running.subprocess, "Popen", start)
    yield slow
    monkeypatch.undo()


def test_what_is_known_of_a_new_video(added: Video, clip: Path) -> None:
    assert (added.state, added.type, added.size) == (VideoState.QUEUED, "video", clip.stat().st_size)
    assert added.facts["video_codec"] == "h264"
    assert len(added.sha256) == 64


def test_a_published_run_leaves_its_row(ready: Video) -> None:
    run = ready.transcodings.get()
    assert (run.state, run.generation, run.source_ms) == (RunState.PUBLISHED, 1, pytest.approx(2000, abs=100))
    assert run.stored_bytes == ready.stored_bytes > 0
    assert (ready.rungs, ready.progress) == (["90"], 100)


def test_the_same_bytes_are_one_video(ready: Video, clip: Path, tmp_path: Path) -> None:
    other = tmp_path / "other name.mp4"
    other.write_bytes(clip.read_bytes())
    again, is_new = add_video(other, title="别的名字", by=None)
    assert (again.pk, is_new, again.title) == (ready.pk, False, "片子")
    assert Video.objects.count() == 1


def test_an_unusable_file_leaves_nothing(db: None, tmp_path: Path) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"MZ not a film")
    with pytest.raises(InvalidInput, match="程序"):
        add_video(bad, title="坏的", by=None)
    assert not Video.objects.exists()


def test_what_waits_is_cancelled_and_can_be_tried_again(added: Video, run_jobs: Drain) -> None:
    editor = make_member()
    cancel_transcoding(added, editor)
    run_jobs()
    added.refresh_from_db()
    assert (added.state, added.is_ready) == (VideoState.CANCELLED, False)
    with pytest.raises(IllegalMove):
        cancel_transcoding(added, editor)
    retry(added, editor)
    retry(added, editor)  # while it waits nothing is added
    run_jobs()
    added.refresh_from_db()
    assert (added.state, added.generation, added.request) == (VideoState.READY, 1, 2)


def test_what_runs_is_cancelled_within_two_seconds(
    added: Video, monkeypatch: pytest.MonkeyPatch, long_run: list[int], run_jobs: Drain
) -> None:
    """The person's click falls between two beats; from then on the worker has two seconds."""
    editor, clicked = make_member(), [0.0]
    note = runs.Beat._note

    def click_then_note(self: runs.Beat, percent: int) -> None:
        if percent > 6 and not clicked[0]:
            clicked[0] = time.monotonic()
            cancel_transcoding(added, editor)
            return
        note(self, percent)

    monkeypatch.setattr(runs.Beat, "_note", click_then_note)
    run_jobs()
    assert 0 < time.monotonic() - clicked[0] < 2.5
    added.refresh_from_db()
    assert (added.state, added.generation) == (VideoState.CANCELLED, 0)
    assert added.transcodings.get().state == RunState.CANCELLED
    assert not list((added.folder.parent).glob("*"))
    for pid in long_run:
        assert not Path(f"/proc/{pid}").exists()


def test_a_film_that_gets_broken_keeps_its_old_form(ready: Video, run_jobs: Drain) -> None:
    Path(ready.file.path).write_bytes(b"broken on disk")
    retry(ready, make_member())
    run_jobs()
    ready.refresh_from_db()
    assert (ready.state, ready.generation, ready.is_ready) == (VideoState.FAILED, 1, True)
    assert (ready.folder / "master.m3u8").exists()
    assert "视频" in ready.error
    assert ready.transcodings.first().error == ready.error


def test_the_generation_before_stays_for_those_who_watch(ready: Video, run_jobs: Drain) -> None:
    retry(ready, make_member())
    run_jobs()
    ready.refresh_from_db()
    assert ready.generation == 2
    assert sorted(path.name for path in ready.folder.parent.iterdir()) == ["1", "2"]


def lose(video: Video, *, beat_age: int = 61) -> None:
    """As a worker leaves things that is killed in the middle of a run."""
    job = BackgroundJob.objects.filter(state=JobState.QUEUED).latest("pk")
    BackgroundJob.objects.filter(pk=job.pk).update(state=JobState.RUNNING, starts=1)
    run = runs._start(video.pk, Video.objects.get(pk=video.pk).request)
    assert run is not None
    Transcoding.objects.filter(pk=run.pk).update(beat_at=timezone.now() - timedelta(seconds=beat_age))


def test_a_lost_run_is_taken_up_again(added: Video, run_jobs: Drain) -> None:
    lose(added, beat_age=30)
    assert rescue_stalled() == 0  # it may be alive
    Transcoding.objects.update(beat_at=timezone.now() - timedelta(seconds=61))
    assert rescue_stalled() == 1
    assert rescue_stalled() == 0
    run_jobs()
    added.refresh_from_db()
    assert (added.state, added.generation) == (VideoState.READY, 1)
    assert list(added.transcodings.order_by("pk").values_list("state", flat=True)) == ["lost", "published"]


def test_a_film_that_kills_its_workers_fails_in_words(added: Video) -> None:
    for _ in range(MOST_LOSSES):
        lose(added)
        rescue_stalled()
    added.refresh_from_db()
    assert (added.state, added.error) == (VideoState.FAILED, GIVEN_UP)
    assert rescue_stalled() == 0


def test_a_redelivered_job_does_not_disturb_its_twin(added: Video) -> None:
    lose(added, beat_age=5)
    runs.transcode_video(added.pk, added.request)
    assert added.transcodings.get().state == RunState.RUNNING


def test_a_lost_message_is_sent_again(added: Video) -> None:
    BackgroundJob.objects.update(queued_at=timezone.now() - timedelta(minutes=5))
    assert rescue_stalled() == 0  # the cluster has shown no sign since
    beat("video")
    assert rescue_stalled() == 1
    added.refresh_from_db()
    assert (added.state, added.request) == (VideoState.QUEUED, 2)


def test_the_pulse_goes_through_an_idle_queue_only(db: None) -> None:
    check_pulse()
    check_pulse()
    assert OrmQ.objects.filter(key="video").count() == 1


def test_a_run_beats_for_its_cluster(ready: Video) -> None:
    assert Heartbeat.objects.filter(cluster="video").exists()


def test_the_poster_is_chosen_and_chosen_again(
    db: None, tmp_path: Path, run_jobs: Drain, django_capture_on_commit_callbacks: Any
) -> None:
    halves = "drawbox=c=red:t=fill:enable='lt(t,6)',drawbox=c=blue:t=fill:enable='gte(t,6)'"
    path = clips.film(tmp_path / "two.mp4", "-vf", halves, size="160x90", rate="10", seconds=9)
    with django_capture_on_commit_callbacks(execute=True):
        video, _ = add_video(path, title="红蓝", by=None)
    run_jobs()
    video.refresh_from_db()

    def colour() -> tuple[int, ...]:
        with Image.open(video.folder / "poster.jpg") as picture:
            return picture.convert("RGB").getpixel((80, 45))

    choose_poster(video, 1000, make_member())
    assert colour()[0] > 200
    choose_poster(video, 7500, make_member())
    assert colour()[2] > 200
    assert (video.poster_ms, video.generation) == (7500, 1)
    with pytest.raises(InvalidInput, match="封面"):
        choose_poster(video, 9_500, make_member())
    retry(video, make_member())
    run_jobs()
    video.refresh_from_db()
    assert video.generation == 2
    assert colour()[2] > 200  # the choice holds for what comes after


def test_subtitles_of_the_film_become_tracks(
    db: None, tmp_path: Path, run_jobs: Drain, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        video, _ = add_video(clips.captioned(tmp_path / "c.mkv", "ass"), title="字幕", by=None)
    run_jobs()
    tracks = CaptionTrack.objects.filter(video=video)
    assert sorted(track.language for track in tracks) == ["en", "zh-Hans"]
    assert tracks.get(language="zh-Hans").cues.first().text == "党员学习"


def add(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("add_video", *arguments, stdout=out, stderr=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_command_adds_once_and_waits(
    clip: Path,
    tmp_path: Path,
    run_jobs: Drain,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        status, said = add(str(clip), "--title", "片子", "--json")
    answer = json.loads(said)
    assert (status, answer["created"], answer["video"]["state"]) == (0, 1, "uploaded")  # queued at the commit
    monkeypatch.setattr(command.time, "sleep", lambda seconds: run_jobs())
    status, said = add(str(clip), "--title", "再来", "--wait")
    assert status == 0
    assert "未改动" in said
    assert "等待转码 0%" in said
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"%PDF-1.7")
    assert add(str(bad), "--title", "坏的")[0] == 2
    status, said = add(str(bad), "--title", "坏的", "--json")
    assert "PDF" in said
    assert add(str(tmp_path / "absent.mp4"), "--title", "无")[0] == 2
    assert add(str(clip), "--title", "片子", "--organisation", "NONE")[0] == 2


def test_the_command_says_that_it_failed(
    db: None,
    clip: Path,
    tmp_path: Path,
    run_jobs: Drain,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        add(str(clip), "--title", "片子")
    Path(Video.objects.get().file.path).write_bytes(b"broken on disk")
    monkeypatch.setattr(command.time, "sleep", lambda seconds: run_jobs())
    status, said = add(str(clip), "--title", "片子", "--wait")
    assert status == 3
    assert "视频" in said
