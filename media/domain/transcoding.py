"""One decode, all renditions: HLS in fMP4 with aligned keyframes, a master playlist of our own, and a poster."""

import os
import re
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import ffmpeg

from media.domain import binaries
from media.domain.planning import AUDIO_KBIT, SEGMENT_SECONDS, Rung
from media.domain.probing import Probe
from school.kernel.errors import DomainError

OUT_TIME = re.compile(r"^out_time_us=(\d+)$")
EXTINF = re.compile(r"#EXTINF:([\d.]+)")
KEPT_SHARE = 0.98  # an output shorter than this share of the source was cut by a damaged file


class TranscodingFailed(DomainError):
    """ffmpeg refused the file or cut it short; the message is for the editor."""

    code = "transcoding_failed"


def transcode(source: Path, target: Path, probe: Probe, rungs: list[Rung], on_progress: Callable[[int], None]) -> None:
    """Write master.m3u8, one folder a rung and poster.jpg into `target`. `on_progress` gets whole percents."""
    for rung in rungs:
        (target / rung.name).mkdir(parents=True)
    _run(_ladder(source, target, probe, rungs), probe.duration, on_progress)
    for rung in rungs:
        length = sum(float(s) for s in EXTINF.findall((target / rung.name / "index.m3u8").read_text()))
        if length < probe.duration * KEPT_SHARE:
            raise TranscodingFailed("视频文件不完整，后半部分无法读取。请重新导出后再传。")
    (target / "master.m3u8").write_text(_master(probe, rungs, target), encoding="utf-8")
    _run(_poster(source, target, probe), 1, lambda percent: None)


def _input(source: Path, **options: object) -> "ffmpeg.nodes.FilterableStream":
    return ffmpeg.input(
        str(source),
        protocol_whitelist="file",
        format_whitelist=binaries.DEMUXERS,
        max_pixels=binaries.MAX_PIXELS,
        **options,
    )


def _ladder(source: Path, target: Path, probe: Probe, rungs: list[Rung]) -> list[str]:
    fps = min(30, max(10, round(probe.fps)))
    gop = fps * SEGMENT_SECONDS
    stream = _input(source)
    audio = stream.audio if probe.has_audio else ffmpeg.input("anullsrc=r=48000:cl=stereo", f="lavfi", t=probe.duration)
    pictures = stream.video.filter("fps", fps).filter_multi_output("split", len(rungs))
    outputs = []
    for number, rung in enumerate(rungs):
        scaled = (
            pictures[number].filter("scale", rung.width, rung.height).filter("format", "yuv420p").filter("setsar", 1)
        )
        options = {
            "c:v": "libx264",
            "preset": "veryfast",
            "profile:v": "high",
            "crf": rung.crf,
            "maxrate": f"{rung.peak_kbit}k",
            "bufsize": f"{rung.peak_kbit * 2}k",
            "g": gop,
            "keyint_min": gop,
            "sc_threshold": 0,
            "c:a": "aac",
            "b:a": f"{AUDIO_KBIT}k",
            "ar": 48000,
            "ac": 2,
            "hls_time": SEGMENT_SECONDS,
            "hls_playlist_type": "vod",
            "hls_segment_type": "fmp4",
            "hls_fmp4_init_filename": "init.mp4",
            "hls_segment_filename": str(target / rung.name / "%04d.m4s"),
        }
        outputs.append(ffmpeg.output(scaled, audio, str(target / rung.name / "index.m3u8"), f="hls", **options))
    return list(ffmpeg.compile(ffmpeg.merge_outputs(*outputs), cmd=_command()))


def _poster(source: Path, target: Path, probe: Probe) -> list[str]:
    frame = _input(source, ss=min(1.0, probe.duration / 2)).video.filter("scale", 960, -2)
    return list(ffmpeg.compile(ffmpeg.output(frame, str(target / "poster.jpg"), vframes=1), cmd=_command()))


def _command() -> list[str]:
    return [
        *("nice", "-n", "10", binaries.ffmpeg()),
        *("-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-progress", "pipe:1", "-stats_period", "1"),
    ]


def _master(probe: Probe, rungs: list[Rung], target: Path) -> str:
    """The master playlist; BANDWIDTH is the measured peak of each rung's segments, in bit/s."""
    fps = min(30, max(10, round(probe.fps)))
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for rung in rungs:
        folder = target / rung.name
        lengths = [float(s) for s in EXTINF.findall((folder / "index.m3u8").read_text())]
        sizes = [path.stat().st_size for path in sorted(folder.glob("*.m4s"))]
        peak = max(int(size * 8 / max(length, 0.1)) for size, length in zip(sizes, lengths, strict=True))
        lines.append(
            f"#EXT-X-STREAM-INF:BANDWIDTH={peak},RESOLUTION={rung.width}x{rung.height},FRAME-RATE={fps}.000,"
            'CODECS="avc1.640028,mp4a.40.2"'
        )
        lines.append(f"{rung.name}/index.m3u8")
    return "\n".join(lines) + "\n"


def _run(command: list[str], duration: float, on_progress: Callable[[int], None]) -> None:
    """Run ffmpeg in a group of its own, with a deadline that holds even if it prints nothing any more."""
    # complaints go to a file: a pipe that nobody reads would fill and stop ffmpeg
    with tempfile.TemporaryFile("w+", errors="replace") as complaints:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=complaints, text=True, start_new_session=True
        )
        watchdog = threading.Timer(120 + duration * 20, os.killpg, (process.pid, signal.SIGKILL))
        watchdog.start()
        try:
            for line in process.stdout or ():
                if found := OUT_TIME.match(line.strip()):
                    on_progress(min(99, int(int(found.group(1)) / 10_000 / duration)))
            if process.wait() != 0:
                complaints.seek(0)
                last = complaints.read().strip().splitlines()[-1:] or [""]
                raise TranscodingFailed(f"视频无法转码，请换一种格式重新导出（{last[0][:120]}）。")
        finally:
            watchdog.cancel()
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
