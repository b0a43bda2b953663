"""What a file really is, found by PyAV in a limited child process: hostile files never meet the web server."""

import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from school.kernel.errors import InvalidInput

TIMEOUT_SECONDS = 15
MEMORY_BYTES = 2 * 1024**3
MAX_SECONDS = 4 * 3600
MAX_PIXELS = 9_437_184
MAX_STREAMS = 8
CONTAINERS = {"mov", "matroska", "avi", "mpegts", "mpeg", "flv", "asf"}


@dataclass(frozen=True)
class Probe:
    """Duration in seconds, size in pixels as stored, rotation in degrees, frames a second."""

    container: str
    duration: float
    width: int
    height: int
    fps: float
    has_audio: bool
    rotation: int

    @property
    def short_side(self) -> int:
        return min(self.width, self.height)


def probe(path: Path) -> Probe:
    """Probe a file in a child process. InvalidInput, in words for the editor, when it is not a usable video."""
    if path.stat().st_size == 0:
        raise InvalidInput("这个文件是空的（0 字节），请重新导出或重新上传。", fields={"file": "空文件"})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "media.domain.probing", str(path)],
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            text=True,
            check=False,
            cwd=Path(__file__).parents[2],
        )
    except subprocess.TimeoutExpired as error:
        raise InvalidInput("这个文件读取超时，可能已损坏，请用转换工具另存为 MP4 后再传。") from error
    if done.returncode != 0:
        raise InvalidInput("这不是能识别的视频文件，或文件不完整。请上传 MP4、MOV、MKV 或 AVI 格式的完整视频。")
    found = Probe(**json.loads(done.stdout))
    _check(found)
    return found


def _check(found: Probe) -> None:
    if found.width * found.height == 0:
        raise InvalidInput("文件里没有画面，请上传带画面的视频。")
    if found.width * found.height > MAX_PIXELS:
        raise InvalidInput("画面尺寸过大，最大支持 4096×2304，请缩小后再传。")
    if not 0.5 <= found.duration <= MAX_SECONDS:
        raise InvalidInput("视频时长应在 0.5 秒到 4 小时之间。")


def _read(path: str) -> dict[str, Any]:
    """Runs in the child: opens the file with every protocol but the plain file refused."""
    import av

    options = {"protocol_whitelist": "file", "format_whitelist": ",".join(sorted(CONTAINERS))}
    with av.open(path, options=options) as container:
        if not set(container.format.name.split(",")) & CONTAINERS or len(container.streams) > MAX_STREAMS:
            raise ValueError("container")
        video = container.streams.video[0]
        size = {"width": video.width, "height": video.height}
        frame = next(container.decode(video)) if video.width * video.height <= MAX_PIXELS else None
        return {
            "container": container.format.name,
            "duration": float(container.duration or 0) / av.time_base,
            "fps": float(video.average_rate or 25),
            "has_audio": bool(container.streams.audio),
            "rotation": int(getattr(frame, "rotation", 0) or 0),
            **size,
        }


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (TIMEOUT_SECONDS, TIMEOUT_SECONDS))
    sys.stdout.write(json.dumps(_read(sys.argv[1])))
