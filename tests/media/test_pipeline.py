"""The pipeline with a real ffmpeg: a real clip becomes playable, hostile files are refused in words."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files import File
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from media.domain.binaries import ffmpeg
from media.domain.planning import plan
from media.domain.playback import playback_for
from media.domain.probing import Probe, probe
from media.domain.running import TranscodingFailed, run
from media.domain.runs import UNEXPECTED
from media.domain.signatures import member_value
from media.domain.videos import request_transcoding, transcode_video
from media.enums import VideoState
from media.models import Video
from school.kernel.errors import InvalidInput
from tests.factories import make_member


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven seconds of a moving picture with a tone, 640 by 360."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    sources = ["-f", "lavfi", "-i", "testsrc=s=640x360:r=10:d=7", "-f", "lavfi", "-i", "sine=d=7"]
    command = [ffmpeg(), "-nostdin", "-loglevel", "error", *sources, "-pix_fmt", "yuv420p", "-movflags", "+faststart"]
    subprocess.run([*command, str(path)], check=True)
    return path


def save_video(path: Path) -> Video:
    video = Video(title="片子", type="video", duration=0)
    with path.open("rb") as file:
        video.file.save(path.name, File(file), save=False)
    video.save()
    return video


def hostile(folder: Path, clip: Path) -> dict[str, Path]:
    secret = folder / "secret.ts"
    secret.write_bytes(clip.read_bytes())
    contents = {
        "empty": b"",
        "text": "这是一段文字".encode() * 50,
        "playlist": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{secret}\n#EXT-X-ENDLIST\n".encode(),
        "concat": b"ffconcat version 1.0\nfile secret.ts\n",
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    }
    for name, content in contents.items():
        (folder / f"{name}.mp4").write_bytes(content)
    return {name: folder / f"{name}.mp4" for name in contents}


@pytest.mark.parametrize("name", ["empty", "text", "playlist", "concat", "svg"])
def test_hostile_files_are_refused(name: str, tmp_path: Path, clip: Path) -> None:
    with pytest.raises(InvalidInput, match="文件"):
        probe(hostile(tmp_path, clip)[name])


def test_the_probe_tells_what_a_clip_is(clip: Path) -> None:
    found = probe(clip)
    assert (found.width, found.height, found.has_audio) == (640, 360, True)
    assert found.duration == pytest.approx(7, abs=0.2)


@pytest.mark.django_db
def test_a_clip_becomes_playable_once(
    clip: Path, run_jobs: Callable[[], int], client: Client, django_capture_on_commit_callbacks: Callable
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        video = save_video(clip)
    run_jobs()
    transcode_video(video.pk, 1)  # delivered a second time
    video.refresh_from_db()
    assert (video.state, video.progress, video.generation) == (VideoState.READY, 100, 1)
    assert [path.name for path in video.folder.parent.iterdir()] == ["1"]
    master = (video.folder / "master.m3u8").read_text()
    assert "RESOLUTION=640x360" in master
    assert "CODECS=" in master

    owner = make_member()
    client.force_login(owner)
    client.cookies["playback"] = member_value(owner)
    address = playback_for(video, owner).manifest_url
    assert client.get(address)["Content-Type"] == "application/vnd.apple.mpegurl"
    assert client.get(address.replace("master.m3u8", "../../../../secret")).status_code == 404
    client.force_login(make_member())
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_truncated_file_fails_in_words(
    clip: Path, tmp_path: Path, run_jobs: Callable[[], int], django_capture_on_commit_callbacks: Callable
) -> None:
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    with django_capture_on_commit_callbacks(execute=True):
        video = save_video(cut)
    run_jobs()
    video.refresh_from_db()
    assert video.state == VideoState.FAILED
    assert "重新导出" in video.error
    assert not video.is_ready
    assert list(video.folder.parent.iterdir()) == []


@pytest.mark.django_db
def test_a_failed_video_can_be_requested_again(
    clip: Path, tmp_path: Path, run_jobs: Callable[[], int], django_capture_on_commit_callbacks: Callable
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"not a film")
    with django_capture_on_commit_callbacks(execute=True):
        video = save_video(broken)
    run_jobs()
    Path(video.file.path).write_bytes(clip.read_bytes())  # the damaged upload is repaired in place
    request_transcoding(video)
    request_transcoding(video)  # while it waits, a second request adds nothing
    assert run_jobs() == 1
    video.refresh_from_db()
    assert (video.state, video.error, video.generation) == (VideoState.READY, "", 1)


@pytest.mark.django_db
def test_a_replaced_file_is_transcoded_and_an_overtaken_job_publishes_nothing(
    clip: Path, tmp_path: Path, run_jobs: Callable[[], int], django_capture_on_commit_callbacks: Callable
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        video = save_video(clip)
    with django_capture_on_commit_callbacks(execute=True), clip.open("rb") as file:
        video = Video.objects.get(pk=video.pk)
        video.file.save("second.mp4", File(file))
    run_jobs()  # the first job finds itself overtaken
    video.refresh_from_db()
    assert (video.state, video.generation, video.request) == (VideoState.READY, 1, 2)
    assert video.requested_file == video.file.name


@pytest.mark.django_db
def test_a_fault_of_ours_is_told_and_can_be_retried(
    clip: Path, run_jobs: Callable[[], int], django_capture_on_commit_callbacks: Callable
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        video = save_video(clip)
    upload = Path(video.file.path)
    upload.unlink()  # the disk lost it
    with pytest.raises(FileNotFoundError):
        run_jobs()
    video.refresh_from_db()
    assert (video.state, video.error) == (VideoState.FAILED, UNEXPECTED)
    upload.write_bytes(clip.read_bytes())
    request_transcoding(video)
    run_jobs()
    video.refresh_from_db()
    assert video.state == VideoState.READY


def test_a_talkative_ffmpeg_does_not_hang() -> None:
    talk = "import sys; sys.stderr.write('x' * 500_000); sys.exit(3)"
    with pytest.raises(TranscodingFailed):
        run([sys.executable, "-c", talk], 1, lambda percent: None)


@given(width=st.integers(16, 4096), height=st.integers(16, 2304), rotation=st.sampled_from([0, 90, 180, -90]))
def test_plans_never_scale_up(width: int, height: int, rotation: int) -> None:
    source = Probe("mov", 10, width, height, 25, True, rotation)
    rungs = plan(source).rungs
    assert rungs
    for rung in rungs:
        assert rung.width % 2 == rung.height % 2 == 0
        assert min(rung.width, rung.height) <= source.short_side
    assert len({rung.name for rung in rungs}) == len(rungs)
