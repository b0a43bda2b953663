"""Runs one ffmpeg: in a process group of its own, with progress each second, a deadline, and a way to stop it."""

import os
import re
import selectors
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from media.domain.sandbox import limits_for
from school.kernel.errors import DomainError

OUT_TIME = re.compile(rb"out_time_us=(\d+)")
GRACE_SECONDS = 2  # between TERM and KILL
TALK_BYTES = 16 * 1024  # what is kept of ffmpeg's complaints
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
GLOBAL_FLAGS = ("-nostdin", "-hide_banner", "-y", "-progress", "pipe:1", "-stats_period", "1", "-nostats")

Tick = Callable[[float], None]  # gets the share that is done, 0 to 1; what it raises stops the run


class TranscodingFailed(DomainError):
    """ffmpeg refused the file or cut it short; the message is for the editor."""

    code = "transcoding_failed"


@dataclass(frozen=True)
class Outcome:
    """What one run said on its error channel (the end of it) and what it cost; under bwrap the cost stays unknown."""

    talk: str
    cpu_seconds: float
    peak_bytes: int


def run(command: list[str], seconds: float, tick: Tick, *, deadline: float | None = None) -> Outcome:
    """Run `command`, which works through `seconds` of film; `tick` is called each second even if ffmpeg is silent.

    Raises TranscodingFailed when it ends with an error or after the deadline, and whatever `tick` raises. In every
    case nothing of the process group is left.
    """
    patience = deadline or 120 + seconds * 20
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        start_new_session=True,
        preexec_fn=limits_for(cpu_seconds=int(300 + seconds * 60)),
    )
    try:
        talk = _follow(process, seconds, tick, time.monotonic() + patience)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        end_group(process)
    if process.returncode != 0:
        raise TranscodingFailed(_words(talk))
    return Outcome(talk, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def end_group(process: "subprocess.Popen[bytes]") -> None:
    """TERM, then KILL to the whole group; waits for the leader. Harmless when it has ended."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
    for pipe in (process.stdout, process.stderr):
        if pipe:
            pipe.close()


def _follow(process: "subprocess.Popen[bytes]", seconds: float, tick: Tick, deadline: float) -> str:
    """Read both channels until they close, so that neither can fill up; returns the end of the complaints."""
    said, done = b"", 0.0
    next_tick = time.monotonic()
    with selectors.DefaultSelector() as waiting:
        for pipe, name in ((process.stdout, "progress"), (process.stderr, "talk")):
            assert pipe is not None
            waiting.register(pipe, selectors.EVENT_READ, name)
        while waiting.get_map():
            for key, _ in waiting.select(timeout=max(0.05, next_tick - time.monotonic())):
                piece = os.read(key.fd, 65536)
                if not piece:
                    waiting.unregister(key.fileobj)
                elif key.data == "talk":
                    said = (said + piece)[-TALK_BYTES:]
                elif found := OUT_TIME.findall(piece):
                    done = min(1.0, int(found[-1]) / 1_000_000 / max(seconds, 0.1))
            now = time.monotonic()
            if now >= deadline:
                raise TranscodingFailed("转码时间过长，已停止。请把视频分段，或另存为 1080p 的 MP4 后再传。")
            if now >= next_tick:
                tick(done)
                next_tick = now + 1
    return said.decode(errors="replace")


def _words(talk: str) -> str:
    last = (talk.strip().splitlines() or [""])[-1]
    return f"视频无法转码，请换一种格式重新导出（{last[-120:]}）。"
