"""The parts of an upload on disk: one file an upload, each part at its place. Knows bytes, no rows."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings

PIECE = 1024 * 1024
SUFFIX = ".parts"
WHOLE = ".whole"  # a second name of the file while the storage takes it
LOOSE = "part-"  # a part on its way, not yet verified


class CutOff(Exception):
    """The line broke before the part was whole, or more came than was promised."""


@dataclass(frozen=True)
class Part:
    """A part that has arrived; `digest` is its SHA-256 as found here."""

    path: Path
    digest: str


def folder() -> Path:
    """Beside the uploads, so that a finished file is moved and not copied."""
    found = Path(settings.MEDIA_ROOT) / "incoming"
    found.mkdir(mode=0o750, parents=True, exist_ok=True)
    return found


def place_of(key: UUID) -> Path:
    return folder() / f"{key}{SUFFIX}"


@contextmanager
def arriving(stream: Any, length: int) -> Iterator[Part]:
    """Write exactly `length` bytes of `stream` to a file of their own, a piece at a time; CutOff when fewer come."""
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(prefix=LOOSE, dir=folder()) as file:
        left = length
        while left:
            piece = stream.read(min(PIECE, left))
            if not piece:
                raise CutOff
            left -= len(piece)
            digest.update(piece)
            file.write(piece)
        if stream.read(1):
            raise CutOff
        file.flush()
        yield Part(Path(file.name), digest.hexdigest())


def put(part: Part, key: UUID, offset: int) -> None:
    """Copy a verified part to its place. The file grows with holes, so parts may come in any order."""
    descriptor = os.open(place_of(key), os.O_WRONLY | os.O_CREAT, 0o640)
    with part.path.open("rb") as source, open(descriptor, "wb") as target:
        target.seek(offset)
        shutil.copyfileobj(source, target, PIECE)


def read_through(key: UUID, part_bytes: int) -> tuple[list[str], str]:
    """The SHA-256 of each part as it lies on disk, and that of the whole, by one reading. An absent file has none."""
    path = place_of(key)
    if not path.exists():
        return [], ""
    whole, found = hashlib.sha256(), []
    with path.open("rb") as file:
        while piece := _read_part(file, part_bytes, whole):
            found.append(piece)
    return found, whole.hexdigest()


def _read_part(file: IO[bytes], part_bytes: int, whole: Any) -> str:
    """The digest of the next part, or "" at the end."""
    digest, left = hashlib.sha256(), part_bytes
    while left and (piece := file.read(min(PIECE, left))):
        left -= len(piece)
        digest.update(piece)
        whole.update(piece)
    return digest.hexdigest() if left < part_bytes else ""


def drop(key: UUID) -> None:
    place_of(key).unlink(missing_ok=True)


def free_bytes() -> int:
    return shutil.disk_usage(folder()).free
