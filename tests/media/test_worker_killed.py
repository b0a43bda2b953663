"""kill -9 at ten random moments: every film ends published, or failed with words; never half, and nothing lives on."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.media import clips

TOP = Path(__file__).parents[2]
KILLS = 10
FILMS = 4


class Workers:
    """Speaks with tests/media/worker.py."""

    def __init__(self, folder: Path, films: list[Path]) -> None:
        # files of the pytest database would be inside its transaction; workers need one of their own
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "school.settings.local", "VAR_DIR": str(folder)}
        environment["DATABASE_URL"] = f"sqlite:///{folder / 'school.sqlite3'}"
        environment["PYTHONPATH"] = str(TOP)
        self.options: dict[str, Any] = {"cwd": TOP, "env": environment, "text": True}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True, **self.options)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.media.worker", *map(str, films)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            **self.options,
        )

    def order(self, word: str) -> str:
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return str(self.process.stdout.readline()).strip()


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    films = [
        clips.film(tmp_path / f"{number}.mp4", size="640x480", rate="25", seconds=3 + number) for number in range(FILMS)
    ]
    workers = Workers(tmp_path / "var", films)
    yield workers
    workers.process.kill()
    workers.process.wait()


def ffmpegs_below(folder: Path) -> list[str]:
    """Command lines of living processes that name the folder, other than the workers themselves."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in line and "tests.media.worker" not in line:
            found.append(line)
    return found


def test_ten_workers_are_killed(workers: Workers, tmp_path: Path) -> None:
    workers.order("add")
    assert [video["state"] for video in json.loads(workers.order("tell"))] == ["queued"] * FILMS
    seen_running = 0
    for _ in range(KILLS):
        pid = int(workers.order("work"))
        time.sleep(random.uniform(0.05, 2))
        seen_running += bool(ffmpegs_below(tmp_path / "var"))
        os.kill(pid, signal.SIGKILL)
        assert int(workers.order("wait")) in (0, signal.SIGKILL)
        deadline = time.monotonic() + 10  # a busy machine takes its time to end what is nice
        while ffmpegs_below(tmp_path / "var") and time.monotonic() < deadline:
            time.sleep(0.05)
        assert ffmpegs_below(tmp_path / "var") == []
        for video in json.loads(workers.order("tell")):
            assert video["has_master"] == (video["generation"] > 0), video
        workers.order("rescue")
    workers.order("work")
    assert workers.order("wait") == "0"
    videos = json.loads(workers.order("tell"))
    assert seen_running >= 2, "the moments were not random enough to meet ffmpeg"
    for video in videos:
        if video["state"] == "failed":
            assert "中断" in video["error"]
            assert (video["generation"], video["has_master"]) == (0, False)
        else:
            assert (video["state"], video["left"], video["has_master"]) == ("ready", [], True)
            assert video["generation"] in video["stored"]
    assert any(video["state"] == "ready" for video in videos)
    assert any("lost" in video["runs"] for video in videos)
