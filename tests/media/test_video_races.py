"""Equal films that come at the same moment."""

from pathlib import Path

from media.domain.videos import add_video
from media.models import Video
from tests.media import clips
from tests.threads import RACES, at_once

pytestmark = RACES


def test_equal_films_at_once_are_one_video(tmp_path: Path) -> None:
    clip = clips.film(tmp_path / "clip.mp4", size="64x36", rate="5", seconds=1)
    answers = at_once(lambda number: add_video(clip, title="片子", by=None), threads=4)
    assert len({video.pk for video, _ in answers}) == 1
    assert sum(is_new for _, is_new in answers) == 1
    video = Video.objects.get()
    folder = Path(video.file.path).parent
    assert [path.name for path in folder.iterdir() if path.stat().st_size == clip.stat().st_size] == [
        Path(video.file.name).name
    ]
