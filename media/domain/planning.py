"""What a video becomes: renditions never larger than the source, its frame rate, repairs of its picture."""

from dataclasses import dataclass
from fractions import Fraction

from media.domain.probing import Probe

SEGMENT_SECONDS = 6
AUDIO_KBIT = 96
FASTEST = Fraction(30)
SLOWEST = Fraction(5)
STANDARD_RATES = [
    *(Fraction(5), Fraction(6), Fraction(8), Fraction(10), Fraction(12), Fraction(15), Fraction(20)),
    *(Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30)),
]
LADDER = [(1080, 23, 3000), (720, 23, 1600), (480, 24, 800)]
NEARLY = 0.94  # 1920×1072, as some recorders write, still gets its top rung


@dataclass(frozen=True)
class Rung:
    """One rendition: its size in pixels as shown and its peak rate in kbit/s."""

    name: str
    width: int
    height: int
    crf: int
    peak_kbit: int


@dataclass(frozen=True)
class Plan:
    """`rungs` is empty for a recording without picture; `fps` is constant in every output."""

    rungs: tuple[Rung, ...]
    fps: Fraction
    has_audio: bool
    is_interlaced: bool
    is_hdr: bool
    transfer: str
    names_colours: bool  # the source leaves its colours unnamed: say what players would guess for its size

    @property
    def gop(self) -> int:
        """Frames between keyframes: the same in all rungs, so that players can change over at each segment."""
        return max(1, round(self.fps * SEGMENT_SECONDS))

    @property
    def segment_seconds(self) -> float:
        return float(self.gop / self.fps)


def plan(source: Probe) -> Plan:
    """The plan for a source; rungs best first. A source below the lowest rung keeps its own size."""
    return Plan(
        rungs=_rungs(*source.display_size) if source.has_picture else (),
        fps=frame_rate(source.fps, is_variable=source.is_variable) if source.has_picture else Fraction(25),
        has_audio=source.has_audio,
        is_interlaced=source.is_interlaced,
        is_hdr=source.is_hdr,
        transfer=source.transfer,
        names_colours=not source.matrix and source.pixel_format.startswith("yuv"),
    )


def frame_rate(fps: float, *, is_variable: bool = False) -> Fraction:
    """The nearest usual rate: 24, 25, 29.97 stay, 50 and 60 are halved, slides at 10 stay at 10.

    A varying rate is rounded up, so that no moment of movement is lost.
    """
    rate = Fraction(fps).limit_denominator(1001)
    while rate > FASTEST * Fraction(101, 100):
        rate /= 2
    rate = max(rate, SLOWEST)
    nearest = min(STANDARD_RATES, key=lambda each: abs(each - rate))
    if not is_variable and abs(nearest - rate) / rate < Fraction(1, 200):
        return nearest
    return next((each for each in STANDARD_RATES if each >= rate), FASTEST)


def _rungs(width: int, height: int) -> tuple[Rung, ...]:
    short = min(width, height)
    sides = [rung for rung in LADDER if rung[0] * NEARLY <= short] or [(short, 24, 800)]
    return tuple(_rung(width, height, side, crf, peak) for side, crf, peak in sides)


def _rung(width: int, height: int, side: int, crf: int, peak: int) -> Rung:
    scale = min(1.0, side / min(width, height))
    return Rung(str(side), _even(width * scale), _even(height * scale), crf, peak)


def _even(pixels: float) -> int:
    """x264 wants even sides; rounding down never scales up."""
    return max(2, int(pixels + 1e-6) // 2 * 2)
