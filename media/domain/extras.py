"""What stands beside the renditions, made from them: poster, thumbnails, waveform, one plain MP4."""

import json
import math
import shutil
import sys
from array import array
from pathlib import Path

from PIL import Image, ImageStat

from media.domain import graphs
from media.domain.planning import Plan, Rung
from media.domain.playlists import segments_of
from media.domain.running import Tick, run
from media.domain.sandbox import sandbox

COLUMNS = 10
MOST_TILES = 200  # in one picture that phones still decode
TILE_SIDE = 160
DARK, FLAT = 28, 12  # brightness and contrast (0 to 255) below which a frame says nothing
WAVEFORM_RATE = 4000  # samples a second
MOST_PEAKS = 1800
SHORTEST_PEAK_MS = 100


def make_extras(work: Path, plan: Plan, seconds: float, poster_ms: int | None, tick: Tick) -> None:
    """Write all extras of a finished ladder into its folder; temporary files begin with "tmp" and are gone after."""
    inputs = []
    if plan.rungs:
        join(work / plan.rungs[-1].name, work / "tmp-video")
        inputs.append("tmp-video")
    if plan.has_audio:
        join(work / "audio", work / "tmp-audio")
        inputs.append("tmp-audio")
    box = sandbox(work / inputs[0], work)
    run(graphs.progressive(box, inputs, "progressive.mp4"), seconds, tick)
    if plan.rungs:
        brightest = _thumbnails(work, plan, seconds, tick)
        at_ms = poster_ms if poster_ms is not None else brightest
        write_poster(work / plan.rungs[0].name, work, at_ms, tick)
    else:
        _waveform(work, seconds, tick)
    for name in inputs:
        (work / name).unlink()


def join(folder: Path, target: Path, names: list[str] | None = None) -> None:
    """A rendition, or the named segments of it, as one fragmented MP4: its parts simply follow each other."""
    with target.open("wb") as out:
        for name in ["init.mp4", *(names if names is not None else [name for name, _ in segments_of(folder)])]:
            with (folder / name).open("rb") as part:
                shutil.copyfileobj(part, out)


def segment_at(rung: Path, at_ms: int) -> tuple[str, float, float]:
    """Name, start and length in seconds of the segment that holds a moment; the last one for any moment after it."""
    start, found = 0.0, ("", 0.0, 0.0)
    for name, seconds in segments_of(rung):
        found = (name, start, seconds)
        start += seconds
        if at_ms / 1000 < start:
            break
    return found


def write_poster(rung: Path, target: Path, at_ms: int, tick: Tick) -> None:
    """poster.jpg below `target`: the frame at that moment, out of the one segment of a rung that holds it."""
    name, start, seconds = segment_at(rung, at_ms)
    inside = min(max(at_ms / 1000 - start, 0), max(seconds - 0.3, 0))
    join(rung, target / "tmp-poster", [name])
    run(graphs.poster(sandbox(target / "tmp-poster", target), "poster.jpg", round(inside, 3)), seconds, tick)
    (target / "tmp-poster").unlink()


def _thumbnails(work: Path, plan: Plan, seconds: float, tick: Tick) -> int:
    """sprite.jpg and thumbnails.vtt; returns the moment, in milliseconds, of the first frame that shows something."""
    frames = len(segments_of(work / plan.rungs[-1].name))
    every = math.ceil(frames / MOST_TILES)
    count = math.ceil(frames / every)
    grid = (min(COLUMNS, count), math.ceil(count / COLUMNS))
    size = _tile_size(plan.rungs[-1])
    run(graphs.sprite(sandbox(work / "tmp-video", work), "sprite.jpg", every, size, grid), seconds, tick)
    step = plan.segment_seconds * every
    lines = ["WEBVTT", ""]
    for number in range(count):
        place = f"{number % COLUMNS * size[0]},{number // COLUMNS * size[1]},{size[0]},{size[1]}"
        times = f"{_clock(number * step)} --> {_clock(min((number + 1) * step, max(seconds, number * step + 1)))}"
        lines += [times, f"sprite.jpg#xywh={place}", ""]
    (work / "thumbnails.vtt").write_text("\n".join(lines), encoding="utf-8")
    return round(_first_telling(work / "sprite.jpg", count, size) * step * 1000)


def _first_telling(sprite: Path, count: int, size: tuple[int, int]) -> int:
    """The number of the first tile that is neither black nor of one colour; else of the one with most contrast."""
    best, most = 0, -1.0
    with Image.open(sprite) as picture:
        grey = picture.convert("L")
    for number in range(count):
        left, top = number % COLUMNS * size[0], number // COLUMNS * size[1]
        measured = ImageStat.Stat(grey.crop((left, top, left + size[0], top + size[1])))
        if measured.mean[0] >= DARK and measured.stddev[0] >= FLAT:
            return number
        if measured.stddev[0] > most:
            best, most = number, measured.stddev[0]
    return best


def _tile_size(rung: Rung) -> tuple[int, int]:
    scale = TILE_SIDE / max(rung.width, rung.height)
    return max(2, round(rung.width * scale / 2) * 2), max(2, round(rung.height * scale / 2) * 2)


def _waveform(work: Path, seconds: float, tick: Tick) -> None:
    """waveform.json: the loudest sample of each stretch, 0 to 255."""
    run(graphs.samples(sandbox(work / "tmp-audio", work), "tmp-samples", WAVEFORM_RATE), seconds, tick)
    step_ms = max(SHORTEST_PEAK_MS, math.ceil(seconds * 1000 / MOST_PEAKS))
    peaks = []
    with (work / "tmp-samples").open("rb") as file:
        while piece := file.read(step_ms * WAVEFORM_RATE // 1000 * 2):
            part = array("h", piece[: len(piece) // 2 * 2])
            if sys.byteorder == "big":
                part.byteswap()
            peaks.append(min(255, max(max(part), -min(part)) * 256 // 32768))
    (work / "tmp-samples").unlink()
    (work / "waveform.json").write_text(json.dumps({"peaks": peaks, "ms_per_peak": step_ms}))


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"
