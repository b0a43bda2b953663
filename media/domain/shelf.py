"""Where the files of finished transcodings lie: one folder a generation, named by the video's key.

Nothing else in the school knows whether that is a disk or an object store. A generation is visible to nobody until the
video's row names it, so that members see the old files or the new ones and never half.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from media.models import Video


def publish(video: Video, generation: int, work: Path) -> int:
    """Make the finished folder `work` this generation, whole or not at all; returns its bytes. Safe to repeat."""
    target = _folder(video, generation)
    size = _bytes_below(work)
    shutil.rmtree(target, ignore_errors=True)  # left by a worker that died between rename and commit
    work.chmod(0o750)
    work.rename(target)
    return size


def workshop(video: Video) -> Path:
    """The folder below which a run makes its temporary folder: on the disk where the result will lie."""
    folder = _home(video)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def generations(video: Video) -> list[int]:
    """The generations whose files exist, oldest first, whether the row names them or not."""
    home = _home(video)
    return sorted(int(path.name) for path in home.iterdir() if path.name.isdigit()) if home.exists() else []


def remove(video: Video, generation: int) -> int:
    """Delete the files of one generation; returns the bytes that became free."""
    folder = _folder(video, generation)
    size = _bytes_below(folder)
    shutil.rmtree(folder, ignore_errors=True)
    return size


def bytes_of(video: Video, generation: int) -> int:
    return _bytes_below(_folder(video, generation))


def path_of(video: Video, name: str) -> Path | None:
    """The file `name` of the current generation on this disk; None when it is absent or lies outside the folder."""
    folder = _folder(video, video.generation).resolve()
    path = (folder / name).resolve()
    return path if path.is_relative_to(folder) and path.is_file() else None


def fetch(video: Video, name: str, target: Path) -> None:
    """Copy the file `name` of the current generation to a path on this disk. FileNotFoundError when it is absent."""
    path = path_of(video, name)
    if path is None:
        raise FileNotFoundError(name)
    shutil.copyfile(path, target)


def replace(video: Video, name: str, new: Path) -> None:
    """Put a new file in the place of `name` in the current generation; readers get the old one or the new one."""
    target = _folder(video, video.generation) / name
    beside = target.with_name(f"{target.name}.new")
    shutil.copyfile(new, beside)
    beside.replace(target)


@contextmanager
def source_of(video: Video) -> Iterator[Path]:
    """A path on this disk at which the uploaded file can be read for the while."""
    yield Path(video.file.path)


def _home(video: Video) -> Path:
    return Path(settings.MEDIA_ROOT) / "videos" / str(video.key)


def _folder(video: Video, generation: int) -> Path:
    return _home(video) / str(generation)


def _bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
