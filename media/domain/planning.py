"""Which renditions a video gets: never larger than the source, measured by its short side."""

from dataclasses import dataclass

from media.domain.probing import Probe

SEGMENT_SECONDS = 6
AUDIO_KBIT = 96


@dataclass(frozen=True)
class Rung:
    """One rendition: its size in pixels after rotation and its peak rate in kbit/s."""

    name: str
    width: int
    height: int
    crf: int
    peak_kbit: int


LADDER = [(1080, 23, 3000), (720, 23, 1600), (480, 24, 800)]


def plan(source: Probe) -> list[Rung]:
    """The rungs for a source, best first; a source below the lowest rung keeps its own size."""
    width, height = source.width, source.height
    if source.rotation % 180:
        width, height = height, width
    short = min(width, height)
    sides = [rung for rung in LADDER if rung[0] <= short] or [(short, 24, 800)]
    return [
        Rung(str(side), _even(width * side / short), _even(height * side / short), crf, peak)
        for side, crf, peak in sides
    ]


def _even(pixels: float) -> int:
    """x264 wants even sides."""
    return max(2, round(pixels / 2) * 2)
