"""Measure the pipeline on this machine, in pairs within one run: A B B A, so that other load falls on both alike."""

import dataclasses
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from media.domain import binaries, graphs
from media.domain.planning import Plan, plan
from media.domain.probing import Probe, probe
from media.domain.running import Outcome, run
from media.domain.sandbox import Sandbox, mode_for, sandbox
from media.domain.transcoding import transcode

MOST_OVERHEAD, LEAST_SAVING, MOST_MEMORY, MOST_LONG_SECONDS = 1.03, 0.25, 600 * 1024**2, 240
SECONDS, LONG_SECONDS = 20, 600


class Command(BaseCommand):
    help = "测量转码：自身开销、一次解码的节省、内存；--long 另测十分钟的微党课"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--long", action="store_true", help="再转码一个十分钟的幻灯片视频")
        parser.add_argument("--seconds", type=int, default=SECONDS, help="短片的秒数")

    def handle(self, *args: Any, **options: Any) -> None:
        report: dict[str, Any] = {
            "at": timezone.now().isoformat(timespec="seconds"),
            "processors": os.cpu_count(),
            "load_before": os.getloadavg()[0],
            "sandbox": mode_for(settings.TRANSCODE_SANDBOX),
        }
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            bench = Bench(Path(folder), options["seconds"])
            report |= bench.overhead()
            report |= bench.one_decode()
            if options["long"]:
                report |= long_film(Path(folder))
        report["load_after"] = os.getloadavg()[0]
        self._print(report)
        target = settings.VAR_DIR / "bench"
        target.mkdir(parents=True, exist_ok=True)
        (target / "transcoding.json").write_text(json.dumps(report, indent=2))

    def _print(self, report: dict[str, Any]) -> None:
        goals = {
            "overhead_ratio": f"<= {MOST_OVERHEAD}",
            "decode_saving": f">= {LEAST_SAVING}",
            "peak_bytes": f"<= {MOST_MEMORY}",
            "long_seconds": f"<= {MOST_LONG_SECONDS} on 2 idle cores",
        }
        for name, value in report.items():
            told = f"{value:.3f}" if isinstance(value, float) else value
            self.stdout.write(f"{name:<18} {told!s:<28} {goals.get(name, '')}")


class Bench:
    """One clip of slides in 1080p with sound, and the same work done in different ways."""

    def __init__(self, folder: Path, seconds: int) -> None:
        self.folder = folder
        self.source = slides(folder / "clip", seconds)
        self.probe: Probe = probe(self.source)
        self.plan: Plan = plan(self.probe)
        self.peak = 0

    def overhead(self) -> dict[str, Any]:
        """Wall seconds of our runner in its sandbox, and of the same arguments started barely."""
        ours, bare = abba(self._ours, self._bare)
        return {
            "ours_seconds": ours,
            "bare_seconds": bare,
            "overhead_ratio": sum(ours) / sum(bare),
            "overhead_of_best": min(ours) / min(bare),
        }

    def one_decode(self) -> dict[str, Any]:
        """Processor seconds of one run for all rungs, and of a run for each, with sound in all or in one of them."""
        one, three = abba(lambda: self._cpu([self.plan]), lambda: self._cpu(self._alone(sound_in=3)))
        sparing = self._cpu(self._alone(sound_in=1))
        return {
            "one_decode_cpu": one,
            "three_runs_cpu": three,
            "decode_saving": 1 - sum(one) / sum(three),
            "sound_once_cpu": sparing,
            "sound_once_saving": 1 - min(one) / sparing,
            "peak_bytes": self.peak,
        }

    def _ours(self) -> float:
        target = self._target(self.plan)
        started = time.monotonic()
        self._run(self.plan, sandbox(self.source, target))
        return time.monotonic() - started

    def _bare(self) -> float:
        command = ["nice", "-n", "10", *graphs.ladder(self._plain(self.plan), self.probe, self.plan, {})]
        started = time.monotonic()
        subprocess.run(command, check=True, capture_output=True)
        return time.monotonic() - started

    def _cpu(self, plans: list[Plan]) -> float:
        """Without bwrap, below which the system tells nobody what a process has used."""
        outcomes = [self._run(each, self._plain(each)) for each in plans]
        self.peak = max(self.peak, *(outcome.peak_bytes for outcome in outcomes))
        return sum(outcome.cpu_seconds for outcome in outcomes)

    def _alone(self, sound_in: int) -> list[Plan]:
        """A plan for each rung, the first `sound_in` of them with sound."""
        return [
            dataclasses.replace(self.plan, rungs=(rung,), has_audio=number < sound_in)
            for number, rung in enumerate(self.plan.rungs)
        ]

    def _run(self, made: Plan, box: Sandbox) -> Outcome:
        return run(graphs.ladder(box, self.probe, made, {}), self.probe.duration, lambda share: None)

    def _plain(self, made: Plan) -> Sandbox:
        return Sandbox((binaries.ffmpeg(),), str(self.source), str(self._target(made)))

    def _target(self, made: Plan) -> Path:
        target = self.folder / "made"
        shutil.rmtree(target, ignore_errors=True)
        for name in [*(rung.name for rung in made.rungs), "audio"]:
            (target / name).mkdir(parents=True)
        return target


def abba(a: Callable[[], float], b: Callable[[], float]) -> tuple[list[float], list[float]]:
    """The figures of a, b, b, a, by kind."""
    first, second, third, fourth = a(), b(), b(), a()
    return [first, fourth], [second, third]


def slides(path: Path, seconds: int) -> Path:
    """A lecture in 1080p: a page that turns each five seconds, a small moving speaker in the corner, and a tone."""
    pages = f"testsrc2=s=1920x1080:r=1/5:d={seconds},fps=25"
    speaker = f"mandelbrot=s=320x240:r=25,trim=duration={seconds}"
    inputs = [part for each in (pages, speaker, f"sine=d={seconds}") for part in ("-f", "lavfi", "-i", each)]
    graph = ["-filter_complex", "[0][1]overlay=W-w-40:H-h-40:shortest=1[film]", "-map", "[film]", "-map", "2"]
    options = ["-pix_fmt", "yuv420p", "-preset", "fast", "-crf", "20", "-f", "mp4", str(path)]
    subprocess.run([binaries.ffmpeg(), "-nostdin", "-loglevel", "error", "-y", *inputs, *graph, *options], check=True)
    return path


def long_film(folder: Path) -> dict[str, Any]:
    """Ten minutes of slides, one minute over and over, through all phases: analysis, ladder, checks, extras."""
    minute, source, target = slides(folder / "minute", 60), folder / "long", folder / "long-made"
    again = ["-stream_loop", str(LONG_SECONDS // 60 - 1), "-i", str(minute), "-c", "copy", "-f", "mp4", str(source)]
    subprocess.run([binaries.ffmpeg(), "-nostdin", "-loglevel", "error", *again], check=True)
    target.mkdir()
    started = time.monotonic()
    transcode(source, target, probe(source), lambda share: None)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    return {"long_seconds": time.monotonic() - started, "long_bytes": size}
