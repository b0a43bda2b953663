"""From an uploaded file to a folder that plays: analysis, one decode for all renditions, extras, checks."""

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path

from media.domain import embedded, graphs, playlists
from media.domain.extras import make_extras
from media.domain.planning import Plan, plan
from media.domain.probing import Probe
from media.domain.running import Tick, TranscodingFailed, run
from media.domain.sandbox import sandbox

KEPT_SHARE = 0.98  # an output shorter than this share of the source was cut by a damaged file
SLACK_SECONDS = 0.25  # a frame at the end of a short clip is no damage
SILENCE_LUFS = -50  # below it there is only noise, which must not be made louder
JSON = re.compile(r"\{[^{}]*\}")
MEASURED = ("input_i", "input_tp", "input_lra", "input_thresh", "target_offset")
CUT = "视频文件不完整，后半部分无法读取。请重新导出后再传。"
ANALYSED, ENCODED = 0.06, 0.93  # shares of the whole at which these phases end


@dataclass(frozen=True)
class Result:
    """What was made: the renditions and the texts of embedded subtitles by language."""

    plan: Plan
    subtitles: dict[str, bytes]


def transcode(source: Path, target: Path, probe: Probe, tick: Tick, poster_ms: int | None = None) -> Result:
    """Fill `target` with all files of a generation (docs/architecture.md names them).

    `tick` gets the share that is done, which never falls, each second; what it raises ends the run. Raises
    TranscodingFailed in words for the editor. The source should lie under a name without extension.
    """
    made = plan(probe)
    box = sandbox(source, target)
    loudness = {}
    if probe.has_audio:
        loudness = _loudness(run(graphs.measure_loudness(box, probe), probe.duration, phase(tick, 0, ANALYSED)).talk)
    texts = embedded.extract(box, probe, target, phase(tick, ANALYSED, ANALYSED))
    for name in [*(rung.name for rung in made.rungs), *(["audio"] if made.has_audio else [])]:
        (target / name).mkdir()
    run(graphs.ladder(box, probe, made, loudness), probe.duration, phase(tick, ANALYSED, ENCODED))
    check_whole(target, probe, made)
    (target / "master.m3u8").write_text(playlists.master(target, made), encoding="utf-8")
    make_extras(target, made, probe.duration, poster_ms, phase(tick, ENCODED, ENCODED))
    return Result(made, texts)


def phase(tick: Tick, start: float, end: float) -> Tick:
    """The part of the whole that one run is."""
    return lambda share: tick(min(end, start + (end - start) * share))  # float noise must not pass the next start


def check_whole(target: Path, probe: Probe, made: Plan) -> None:
    """TranscodingFailed when a rendition is shorter than the source says, or lacks a segment that it names."""
    lengths = {}
    for name in [*(rung.name for rung in made.rungs), *(["audio"] if made.has_audio else [])]:
        folder = target / name
        segments = playlists.segments_of(folder) if (folder / "index.m3u8").exists() else []
        files = {path.name for path in folder.glob("*.m4s") if path.stat().st_size}
        if not segments or files != {segment for segment, _ in segments} or not (folder / "init.mp4").exists():
            raise TranscodingFailed(CUT)
        lengths[name] = sum(seconds for _, seconds in segments)
    if max(lengths.values()) < _least(probe.duration):
        raise TranscodingFailed(CUT)
    for name, length in lengths.items():
        own = probe.audio_seconds if name == "audio" else probe.video_seconds
        if length < _least(min(own, probe.duration)):
            raise TranscodingFailed(CUT)


def _least(seconds: float) -> float:
    return seconds * KEPT_SHARE - SLACK_SECONDS


def _loudness(talk: str) -> dict[str, str]:
    """The figures that loudnorm printed last; empty for silence, which stays silent."""
    found = JSON.findall(talk)
    figures: dict[str, str] = json.loads(found[-1]) if found else {}
    measured = [float(figures.get(name, "nan")) for name in MEASURED]
    return figures if all(map(math.isfinite, measured)) and measured[0] >= SILENCE_LUFS else {}
