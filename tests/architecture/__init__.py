"""The house rules as tests. This package reads the source; it knows where our own files are."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
LINTER = PYPROJECT["tool"]["importlinter"]
PACKAGES: list[str] = LINTER["root_packages"]
LAYERS: list[list[str]] = [
    [name.strip() for name in line.split("|")]
    for contract in LINTER["contracts"]
    if contract["type"] == "layers"
    for line in contract["layers"]
]
# What an app of ours is: a name of the layers that is a package, e.g. `media` or `school.people`.
APPS: list[str] = [name for layer in LAYERS for name in layer if (TOP / name.replace(".", "/")).is_dir()]


def files_of(packages: list[str], pattern: str) -> Iterator[Path]:
    """Our own files of that pattern, without migrations, in a stable order."""
    for package in packages:
        for path in sorted((TOP / package.replace(".", "/")).rglob(pattern)):
            if "migrations" not in path.parts and "__pycache__" not in path.parts:
                yield path


def short(path: Path) -> str:
    return str(path.relative_to(TOP))
