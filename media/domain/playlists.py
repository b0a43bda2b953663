"""Our own master playlist: ffmpeg's leaves the sound out of BANDWIDTH and has no FRAME-RATE or sound-only variant."""

import re
from dataclasses import dataclass
from pathlib import Path

from media.domain.boxes import audio_codec, video_codec
from media.domain.planning import Plan

EXTINF = re.compile(r"#EXTINF:([\d.]+),\s*\n([^#\s]+)")


@dataclass(frozen=True)
class Rate:
    """Bits a second of one rendition: of its heaviest segment, and on the whole."""

    peak: int
    average: int

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(self.peak + other.peak, self.average + other.average)


def segments_of(folder: Path) -> list[tuple[str, float]]:
    """Name and seconds of each segment that a rendition's playlist names."""
    found = EXTINF.findall((folder / "index.m3u8").read_text())
    return [(name, float(seconds)) for seconds, name in found]


def rate_of(folder: Path) -> Rate:
    """As RFC 8216, 4.3.4.2 counts: the peak over single segments (a short last one counts as one second)."""
    segments = [((folder / name).stat().st_size * 8, seconds) for name, seconds in segments_of(folder)]
    total = sum(seconds for _, seconds in segments)
    peak = max(bits / max(seconds, 1.0) for bits, seconds in segments)
    return Rate(int(peak) + 1, int(sum(bits for bits, _ in segments) / max(total, 0.1)) + 1)


def master(folder: Path, plan: Plan) -> str:
    """The master playlist over the renditions below `folder`, measured from the files that lie there."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    sound, codecs = Rate(0, 0), []
    if plan.has_audio:
        sound, codecs = rate_of(folder / "audio"), [audio_codec(folder / "audio" / "init.mp4")]
        lines.append(
            '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="原声",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",'
            'URI="audio/index.m3u8"'
        )
    group = ',AUDIO="audio"' if plan.has_audio else ""
    for rung in plan.rungs:
        rate = rate_of(folder / rung.name) + sound
        names = ",".join([video_codec(folder / rung.name / "init.mp4"), *codecs])
        size = f"RESOLUTION={rung.width}x{rung.height},FRAME-RATE={float(plan.fps):.3f}"
        lines += [_variant(rate, f'{size},CODECS="{names}"{group}'), f"{rung.name}/index.m3u8"]
    if plan.has_audio:
        lines += [_variant(sound, f'CODECS="{codecs[0]}"{group}'), "audio/index.m3u8"]
    return "\n".join(lines) + "\n"


def _variant(rate: Rate, rest: str) -> str:
    return f"#EXT-X-STREAM-INF:BANDWIDTH={rate.peak},AVERAGE-BANDWIDTH={rate.average},{rest}"
