"""Generations of videos as folders on this disk: published by one rename."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Disk:
    """`root` holds one folder a video, and that one a generation."""

    root: Path

    def publish(self, key: UUID, generation: int, work: Path) -> int:
        target = self._folder(key, generation)
        size = _bytes_below(work)
        shutil.rmtree(target, ignore_errors=True)  # left by a worker that died between rename and commit
        work.chmod(0o750)
        work.rename(target)
        return size

    def workshop(self, key: UUID) -> Path:
        return self.root / str(key)

    def generations(self, key: UUID) -> list[int]:
        home = self.root / str(key)
        return sorted(int(path.name) for path in home.iterdir() if path.name.isdigit()) if home.exists() else []

    def keys(self) -> list[UUID]:
        homes = self.root.iterdir() if self.root.exists() else ()
        return sorted(UUID(home.name) for home in homes if KEY.fullmatch(home.name))

    def changed_at(self, key: UUID) -> float:
        folders = [path for path in (self.root / str(key)).iterdir() if path.name.isdigit()]
        return max((folder.stat().st_mtime for folder in folders), default=0)

    def remove(self, key: UUID, generation: int) -> int:
        folder = self._folder(key, generation)
        size = _bytes_below(folder)
        shutil.rmtree(folder, ignore_errors=True)
        return size

    def bytes_of(self, key: UUID, generation: int) -> int:
        return _bytes_below(self._folder(key, generation))

    def fetch(self, key: UUID, generation: int, name: str, target: Path) -> None:
        path = self.path_of(key, generation, name)
        if path is None:
            raise FileNotFoundError(name)
        shutil.copyfile(path, target)

    def replace(self, key: UUID, generation: int, name: str, new: Path) -> None:
        target = self._folder(key, generation) / name
        beside = target.with_name(f"{target.name}.new")
        shutil.copyfile(new, beside)
        beside.replace(target)

    def path_of(self, key: UUID, generation: int, name: str) -> Path | None:
        if "\0" in name:
            return None
        folder = self._folder(key, generation).resolve()
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder) and path.is_file() else None

    def text_of(self, key: UUID, generation: int, name: str) -> str | None:
        path = self.path_of(key, generation, name)
        return path.read_text(encoding="utf-8") if path else None

    def _folder(self, key: UUID, generation: int) -> Path:
        return self.root / str(key) / str(generation)


def _bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
