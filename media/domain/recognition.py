"""Speech recognition by a command of the operator's choice (SPEECH_COMMAND): off unless it is set.

The command gets the sound of the video as a 16 kHz mono WAV and writes SRT or WebVTT, to its standard output or to a
file beside the WAV. What it heard becomes a draft that a person reads before members see it.
"""

import os
import resource
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from media.domain import shelf
from media.domain.captions import import_track, is_of_person
from media.domain.limits import DEMUXERS
from media.domain.running import GLOBAL_FLAGS, TranscodingFailed, run
from media.domain.sandbox import sandbox
from media.domain.subtitles import MAX_BYTES
from media.enums import HEARING_MOVES, CaptionSource, HearingState, Language
from media.models import Hearing, Video
from school.kernel import transitions
from school.kernel.domain.jobs import enqueue
from school.kernel.enums import JobState
from school.kernel.errors import DomainError, InvalidInput
from school.kernel.models import BackgroundJob

if TYPE_CHECKING:
    from school.people.models import User

UNEXPECTED = "语音识别时系统出错，请稍后重试；若仍失败，请联系系统管理员。"
NOTHING_HEARD = "语音识别没有写出字幕。请确认视频里有讲话声；若有，请联系系统管理员检查识别程序。"
SECONDS_PER_SECOND = 10  # a minute of speech may take ten minutes
LEAST_SECONDS, MOST_SECONDS = 300, 5 * 3600  # below the video cluster's own limit
MEMORY = 16 * 1024**3  # address space; the models of recognisers are large
FILE_SIZE = 2 * 1024**3
OUTPUTS = (".vtt", ".srt")


class HearingFailed(DomainError):
    """The command did not do its work; the message is for the editor."""

    code = "hearing_failed"


def is_offered() -> bool:
    """Has the operator named a command?"""
    return bool(settings.SPEECH_COMMAND)


def request_recognition(video: Video, language: str, *, by: "User") -> Hearing:
    """Queue the recognition of a video's speech. While one is under way, a second request changes nothing.

    InvalidInput when recognition is off, or a person already made or changed captions of this language.
    """
    if not is_offered():
        raise InvalidInput("这所学校没有启用语音识别。请上传字幕文件，或联系系统管理员。")
    if language not in Language.values:
        raise InvalidInput("请选择字幕的语言。")
    with transaction.atomic():
        Video.objects.select_for_update().get(pk=video.pk)
        track = video.captions.filter(language=language).first()
        if track and is_of_person(track):
            raise InvalidInput("这个语言已有字幕。要重新识别，请先删除它。")
        asked = {"language": language, "requested_by": by, "requested_at": timezone.now(), "error": ""}
        hearing, is_new = Hearing.objects.get_or_create(video=video, defaults={"request": 1, **asked})
        if not is_new:
            if _is_under_way(hearing):
                return hearing
            transitions.move(hearing, HearingState.QUEUED, HEARING_MOVES, request=hearing.request + 1, **asked)
        enqueue(hear, hearing.pk, hearing.request, key=_key(hearing), cluster="video")
    return hearing


def hear(hearing_id: int, request: int) -> None:
    """Background task: sound, command, draft. Run twice, it writes the same draft."""
    hearing = Hearing.objects.select_related("video").filter(pk=hearing_id, request=request).first()
    if hearing is None or hearing.state not in (HearingState.QUEUED, HearingState.RUNNING):
        return
    transitions.move(hearing, HearingState.RUNNING, HEARING_MOVES)
    try:
        with tempfile.TemporaryDirectory(prefix="hearing-") as folder:
            content = _heard(hearing, Path(folder))
        import_track(hearing.video, hearing.language, content, source=CaptionSource.RECOGNISED)
    except DomainError as error:
        transitions.move(
            hearing, HearingState.FAILED, HEARING_MOVES, error=error.message[:300], finished_at=timezone.now()
        )
    except Exception:
        transitions.move(hearing, HearingState.FAILED, HEARING_MOVES, error=UNEXPECTED, finished_at=timezone.now())
        raise
    else:
        transitions.move(hearing, HearingState.DONE, HEARING_MOVES, finished_at=timezone.now())


def _key(hearing: Hearing) -> str:
    return f"hear:{hearing.video_id}:{hearing.request}"


def _is_under_way(hearing: Hearing) -> bool:
    """A job that was given up after killing its workers leaves its hearing "running": it may be asked for again."""
    is_alive = BackgroundJob.objects.filter(key=_key(hearing), state__in=[JobState.QUEUED, JobState.RUNNING]).exists()
    return is_alive and hearing.state in (HearingState.QUEUED, HearingState.RUNNING)


def _heard(hearing: Hearing, folder: Path) -> bytes:
    """What the command wrote."""
    audio = folder / "speech.wav"
    seconds = min(MOST_SECONDS, max(LEAST_SECONDS, hearing.video.duration * SECONDS_PER_SECOND))
    with shelf.source_of(hearing.video) as source:
        _extract(source, audio, hearing.video.duration)
    words = {"audio": str(audio), "language": hearing.language, "folder": str(folder)}
    command = [part.format_map(words) for part in shlex.split(settings.SPEECH_COMMAND)]
    if shutil.which(command[0]) is None:
        raise HearingFailed("找不到语音识别程序。请系统管理员检查设置 SPEECH_COMMAND。")
    printed = _run(command, folder, seconds, "语音识别程序没有正常结束。请稍后重试，或联系系统管理员。")
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in OUTPUTS and path.is_file())
    content = _beginning(files[0]) if files else printed
    if not content.strip():
        raise HearingFailed(NOTHING_HEARD)
    return content


def _beginning(path: Path) -> bytes:
    """One byte above the limit at most: import_track says that it is too large."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _extract(source: Path, audio: Path, seconds: float) -> None:
    """The first sound track, as recognisers want it, through the sandbox of the transcoder."""
    box = sandbox(source, audio.parent)
    wav = ("-map", "0:a:0", "-vn", "-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le", "-f", "wav")
    guarded = ("-protocol_whitelist", "file", "-format_whitelist", DEMUXERS, "-i", box.source)
    command = [*box.prefix, *GLOBAL_FLAGS, "-loglevel", "error", *guarded, *wav, f"{box.target}/{audio.name}"]
    try:
        run(command, seconds, lambda share: None)
    except TranscodingFailed as error:
        raise HearingFailed("视频里没有可以识别的声音。") from error


def _run(command: list[str], folder: Path, seconds: float, words: str) -> bytes:
    """Run a command in a group of its own, limited and with a deadline; what it printed. HearingFailed otherwise."""
    printed = folder / "printed"
    with printed.open("wb") as output:
        process = subprocess.Popen(
            ["nice", "-n", "10", *command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_limits(seconds),
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "HOME": str(folder)},
        )
        try:
            code = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise HearingFailed("语音识别超过了时限，已停止。请把视频拆短，或联系系统管理员。") from error
        finally:
            _end(process)
    if code != 0:
        raise HearingFailed(words)
    return _beginning(printed)


def _limits(seconds: float) -> Callable[[], None]:
    def apply() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    return apply


def _end(process: "subprocess.Popen[bytes]") -> None:
    """The command may have left children behind: the whole group ends with it."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()
