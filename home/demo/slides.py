"""Lesson videos made at seed time: slides drawn by Pillow, put together by ffmpeg with silence."""

import subprocess
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from media.domain.binaries import ffmpeg
from media.domain.typefaces import BOLD, REGULAR, typeface

SIZE = (1280, 720)
BACK, INK, GOLD = "#a51520", "#ffffff", "#e3b65c"


def make_video(slides: list[dict[str, Any]], target: Path) -> None:
    """Write an MP4 in which each slide stands for its `seconds`."""
    with tempfile.TemporaryDirectory() as folder:
        inputs: list[str] = []
        for number, slide in enumerate(slides):
            picture = Path(folder) / f"{number}.png"
            _draw(slide, number + 1, len(slides)).save(picture)
            inputs += ["-loop", "1", "-t", str(slide["seconds"]), "-framerate", "10", "-i", str(picture)]
        seconds = sum(slide["seconds"] for slide in slides)
        inputs += ["-f", "lavfi", "-t", str(seconds), "-i", "anullsrc=r=48000:cl=stereo"]
        joined = "".join(f"[{number}:v]" for number in range(len(slides))) + f"concat=n={len(slides)}[film]"
        maps = ["-filter_complex", joined, "-map", "[film]", "-map", f"{len(slides)}:a"]
        codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
        command = [ffmpeg(), "-nostdin", "-loglevel", "error", "-y", *inputs, *maps, *codecs, str(target)]
        subprocess.run(command, check=True, timeout=120)


def _draw(slide: dict[str, Any], number: int, count: int) -> Image.Image:
    image = Image.new("RGB", SIZE, BACK)
    draw = ImageDraw.Draw(image)
    draw.text((96, 150), slide["title"], font=typeface(BOLD, 76), fill=INK)
    draw.rectangle((96, 280, 236, 286), fill=GOLD)
    for row, line in enumerate(slide["lines"]):
        draw.text((96, 340 + row * 76), line, font=typeface(REGULAR, 44), fill=INK)
    draw.text((96, 640), f"城北供电公司网络党校　{number} / {count}", font=typeface(REGULAR, 26), fill=GOLD)
    return image
