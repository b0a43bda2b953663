"""What a file really is, found by PyAV in a limited child process: hostile files never meet the web server."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from media.domain.limits import MAX_PIXELS, MAX_SECONDS
from media.domain.sniffing import seems
from school.kernel.errors import InvalidInput

TIMEOUT_SECONDS = 15
SHORTEST_SECONDS = 0.5
SMALLEST_SIDE = 16
FASTEST_FPS = 240
HDR_TRANSFERS = {"smpte2084", "arib-std-b67"}
UNREADABLE = "不是能识别的视频文件，或文件不完整。请上传 MP4、MOV、MKV 或 AVI 格式的完整视频。"
EMPTY = "这个文件是空的（0 字节），请重新导出或重新上传。"
SLOW = "这个文件读取超时，可能已损坏，请用转换工具另存为 MP4 后再传。"


@dataclass(frozen=True)
class Subtitle:
    """A subtitle stream of text; `language` as the file has it (ISO 639-2), often empty."""

    index: int
    codec: str
    language: str


@dataclass(frozen=True)
class Probe:
    """Durations in seconds, size in pixels as stored, rotation in degrees, frames a second.

    `width` and `height` are 0 when there is no picture. `pixel_aspect` is the width of a pixel over its height.
    """

    container: str
    duration: float
    width: int
    height: int
    fps: float
    has_audio: bool
    rotation: int
    video_index: int = 0
    audio_index: int = 1
    video_seconds: float = 0  # of the stream alone; 0 where the container does not say
    audio_seconds: float = 0
    video_codec: str = ""
    audio_codec: str = ""
    pixel_format: str = "yuv420p"
    bit_depth: int = 8
    transfer: str = ""  # "smpte2084" is HDR10's PQ, "arib-std-b67" is HLG
    matrix: str = ""
    pixel_aspect: float = 1
    is_interlaced: bool = False
    is_variable: bool = False  # the frame rate varies, as on phones
    channels: int = 2
    sample_rate: int = 48000
    subtitles: tuple[Subtitle, ...] = ()

    @property
    def has_picture(self) -> bool:
        return self.width > 0

    @property
    def is_hdr(self) -> bool:
        return self.transfer in HDR_TRANSFERS

    @property
    def display_size(self) -> tuple[int, int]:
        """Width and height as seen: pixels made square, rotation applied."""
        width, height = round(self.width * self.pixel_aspect), self.height
        return (height, width) if self.rotation % 180 else (width, height)

    @property
    def short_side(self) -> int:
        return min(self.display_size)

    def as_facts(self) -> dict[str, Any]:
        """As JSON values, for Video.facts."""
        return json.loads(json.dumps(asdict(self)))


def probe(path: Path) -> Probe:
    """Probe a file in a child process. InvalidInput, in words for the editor, when it is no usable video or sound."""
    if path.stat().st_size == 0:
        raise InvalidInput(EMPTY, fields={"file": EMPTY})
    facts = _ask_child(path)
    found = Probe(**{**facts, "subtitles": tuple(Subtitle(**each) for each in facts["subtitles"])})
    _check(found)
    return found


def _ask_child(path: Path) -> dict[str, Any]:
    """The child gets no environment, so no secret either, and the file by its whole name, so "-x" is no option."""
    command = [sys.executable, "-m", "media.domain.reading", str(path.resolve())]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=TIMEOUT_SECONDS, check=False, cwd=Path(__file__).parents[2], env={}
        )
    except subprocess.TimeoutExpired as error:
        raise InvalidInput(SLOW) from error
    if done.returncode == 0:
        answer: dict[str, Any] = json.loads(done.stdout)
        if "refused" not in answer:
            return answer
        raise InvalidInput(answer["refused"])
    name = seems(path)
    raise InvalidInput(f"这个文件是{name}，不是视频，{UNREADABLE}" if name else f"这{UNREADABLE}")


def _check(found: Probe) -> None:
    if not (found.has_picture or found.has_audio):
        raise InvalidInput("文件里既没有画面也没有声音，请重新导出后再传。")
    if found.width * found.height > MAX_PIXELS:
        raise InvalidInput("画面尺寸过大，最大支持 4096×2304，请缩小后再传。")
    if found.has_picture and min(found.display_size) < SMALLEST_SIDE:
        raise InvalidInput("画面尺寸过小，请上传宽和高都不少于 16 像素的视频。")
    if not SHORTEST_SECONDS <= found.duration <= MAX_SECONDS:
        raise InvalidInput("视频时长应在 0.5 秒到 4 小时之间。请剪辑或分段后再传。")
    if found.has_picture and not 0 < found.fps <= FASTEST_FPS:
        raise InvalidInput("视频的帧率异常，文件可能已损坏。请用转换工具另存为 25 帧的 MP4 后再传。")
