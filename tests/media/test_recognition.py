"""Speech recognition by a real command: a script that reads the WAV's length and writes captions."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files import File
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from media.domain import captions, recognition
from media.enums import CaptionSource, CaptionState, HearingState, Language
from media.models import CaptionTrack, Hearing, Video
from school.kernel.errors import InvalidInput
from school.people.domain.studio import ensure_studio, join_studio
from school.people.enums import Role
from tests.factories import appoint, make_member, make_tree

pytestmark = pytest.mark.django_db
ZH = Language.CHINESE
LISTENER = """
import sys, wave
sound = wave.open(sys.argv[1])
assert (sound.getframerate(), sound.getnchannels()) == (16000, 1)
ms = round(sound.getnframes() / 16)
print("WEBVTT\\n\\n00:00.000 --> 00:%02d.%03d\\n听到的话" % divmod(ms, 1000))
"""


@pytest.fixture
def video(tmp_path: Path) -> Video:
    import imageio_ffmpeg

    clip = tmp_path / "clip.mkv"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-f", "lavfi", "-i", "sine=440:d=2", str(clip)]
    import subprocess

    subprocess.run(command, check=True)
    video = Video(title="讲话", type="audio", duration=2.5, generation=1, state="ready")
    with clip.open("rb") as file:
        video.file.save("clip.mkv", File(file), save=False)
    video.requested_file = video.file.name  # no transcoding: only the sound is needed
    video.save()
    return video


@pytest.fixture
def listen(settings: Settings, tmp_path: Path) -> Callable[[str], None]:
    def use(script: str) -> None:
        path = tmp_path / "listener.py"
        path.write_text(script, encoding="utf-8")
        settings.SPEECH_COMMAND = f"{sys.executable} {path} {{audio}} {{folder}}"

    return use


def heard(video: Video, run_jobs: Callable[[], int]) -> Hearing:
    recognition.request_recognition(video, ZH, by=make_member())
    run_jobs()
    return Hearing.objects.get()


def test_what_was_heard_is_a_draft(video: Video, listen: Callable[[str], None], run_jobs: Callable[[], int]) -> None:
    listen(LISTENER)
    assert heard(video, run_jobs).state == HearingState.DONE
    track = CaptionTrack.objects.get()
    assert (track.state, track.source, track.changed_by) == (CaptionState.DRAFT, CaptionSource.RECOGNISED, None)
    cue = track.cues.get()
    assert cue.text == "听到的话"
    assert abs(cue.end_ms - 2000) < 100
    assert heard(video, run_jobs).request == 2  # a person may ask again while nobody has read the draft


def test_a_file_beside_the_sound_counts_too(
    video: Video, listen: Callable[[str], None], run_jobs: Callable[[], int]
) -> None:
    listen(
        "import sys; open(sys.argv[2] + '/speech.wav.srt', 'w').write('1\\n00:00 --> 00:01\\nfile\\n'); print('noise')"
    )
    assert heard(video, run_jobs).state == HearingState.DONE
    assert CaptionTrack.objects.get().cues.get().text == "file"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("", "没有写出字幕"),
        ("import sys; sys.exit(3)", "没有正常结束"),
        ("print('no captions')", "没有一条字幕"),
        ("print('x' * 3_000_000)", "超过 2 MB"),
    ],
)
def test_a_failing_command_is_told_in_words(
    video: Video, listen: Callable[[str], None], run_jobs: Callable[[], int], script: str, said: str
) -> None:
    listen(script)
    hearing = heard(video, run_jobs)
    assert hearing.state == HearingState.FAILED
    assert said in hearing.error
    assert not CaptionTrack.objects.exists()


def test_a_hung_command_ends_with_its_children(
    video: Video, listen: Callable[[str], None], run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognition, "LEAST_SECONDS", 1)
    monkeypatch.setattr(recognition, "SECONDS_PER_SECOND", 0)
    late = Path(video.file.path).parent / "late"
    listen(f"import subprocess, time; subprocess.Popen(['sh', '-c', 'sleep 3; touch {late}']); time.sleep(60)")
    hearing = heard(video, run_jobs)
    assert "超过了时限" in hearing.error
    time.sleep(3)
    assert not late.exists()


def test_a_missing_command(video: Video, settings: Settings, run_jobs: Callable[[], int]) -> None:
    settings.SPEECH_COMMAND = "no-such-program {audio}"
    assert "SPEECH_COMMAND" in heard(video, run_jobs).error


def test_a_file_without_sound(video: Video, listen: Callable[[str], None], run_jobs: Callable[[], int]) -> None:
    listen(LISTENER)
    Path(video.file.path).write_bytes(b"not a film")
    assert "没有可以识别的声音" in heard(video, run_jobs).error


def test_captions_of_a_person_are_left_alone(video: Video, listen: Callable[[str], None]) -> None:
    listen(LISTENER)
    captions.import_track(video, ZH, b"1\n00:00 --> 00:01\nx\n", source=CaptionSource.UPLOADED, by=make_member())
    with pytest.raises(InvalidInput, match="已有字幕"):
        recognition.request_recognition(video, ZH, by=make_member())


def test_off_by_default(video: Video, listen: Callable[[str], None]) -> None:
    root, branch, _ = make_tree()
    ensure_studio()
    person = make_member(branch)
    appoint(person, Role.EDITOR, root)
    join_studio(person, Role.EDITOR)
    client = Client()
    client.force_login(person)
    address, button = reverse("media_captions", args=[video.pk]), "media_captions_hear"
    hear = reverse(button, args=[video.pk])
    assert hear not in client.get(address).content.decode()
    client.post(hear, {"language": ZH})
    assert not Hearing.objects.exists()
    listen(LISTENER)
    assert hear in client.get(address).content.decode()
    client.post(hear, {"language": ZH})
    client.post(hear, {"language": ZH})
    assert Hearing.objects.get().request == 1
