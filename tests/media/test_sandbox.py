"""Each sandbox mode that works here runs the real ffmpeg; what it must not reach, it does not reach."""

import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from media.domain import sandbox as module
from media.domain.running import TranscodingFailed, run
from media.domain.sandbox import MODES, mode_for, sandbox
from tests.media import clips

WORKING = [mode for mode in MODES if module._works(mode)]


def test_ci_has_the_strictest_mode() -> None:
    """Elsewhere a missing mode leaves its tests out; where changes are let in it must not."""
    assert "bwrap" in WORKING or os.environ.get("CI") != "true"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    clips.film(tmp_path / "clip.mp4", size="64x36", rate="5", seconds=1)
    return (tmp_path / "clip.mp4").rename(tmp_path / "abc")


@pytest.mark.parametrize("mode", WORKING)
def test_a_film_is_read_and_written(mode: str, source: Path, tmp_path: Path, settings: Any) -> None:
    settings.TRANSCODE_SANDBOX = mode
    (tmp_path / "out").mkdir()
    box = sandbox(source, tmp_path / "out")
    run([*box.prefix, "-y", "-i", box.source, "-c", "copy", f"{box.target}/a.mp4"], 1, lambda share: None)
    assert (tmp_path / "out" / "a.mp4").stat().st_size > 500
    assert "." not in Path(box.source).name


@pytest.mark.parametrize("mode", [mode for mode in WORKING if mode != "none"])
def test_the_network_is_out_of_reach(mode: str, source: Path, tmp_path: Path, settings: Any) -> None:
    settings.TRANSCODE_SANDBOX = mode
    heard: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_error(404)

    server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    box = sandbox(source, tmp_path)
    address = f"http://127.0.0.1:{server.server_port}/x"
    with pytest.raises(TranscodingFailed):
        run([*box.prefix, "-loglevel", "error", "-i", address, "-f", "null", "-"], 1, lambda share: None)
    server.shutdown()
    assert heard == []


@pytest.mark.parametrize("mode", [mode for mode in WORKING if mode == "bwrap"])
def test_bubblewrap_shows_no_other_file(mode: str, source: Path, tmp_path: Path, settings: Any) -> None:
    settings.TRANSCODE_SANDBOX = mode
    secret = Path(shutil.copy(source, tmp_path / "secret.mp4"))
    (tmp_path / "out").mkdir()
    box = sandbox(source, tmp_path / "out")
    with pytest.raises(TranscodingFailed, match="No such file"):
        run([*box.prefix, "-loglevel", "error", "-i", str(secret), "-f", "null", "-"], 1, lambda share: None)


def test_a_mode_that_does_not_work_is_said() -> None:
    with pytest.raises(ImproperlyConfigured):
        mode_for("jail")
    assert mode_for("auto") == WORKING[0]


def test_arguments_of_bubblewrap(source: Path, tmp_path: Path) -> None:
    words = module._bubble(source, tmp_path)
    assert {"--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "--clearenv"} <= set(words)
    assert words[words.index("/in/src") - 1] == str(source)
    assert "/etc" not in words


def test_limits_hold_in_the_child() -> None:
    limit: Callable[[], None] = module.limits_for(cpu_seconds=7)
    command = ["sh", "-c", "ulimit -t; ulimit -n; ulimit -c; ulimit -v; nice"]
    said = subprocess.run(command, preexec_fn=limit, capture_output=True, text=True, check=True).stdout.split()
    assert said[:4] == ["7", str(module.OPEN_FILES), "0", str(module.MEMORY_BYTES // 1024)]
    assert int(said[4]) >= min(19, os.nice(0) + module.NICENESS)


def test_the_deadline_holds_for_a_silent_program() -> None:
    with pytest.raises(TranscodingFailed, match="时间过长"):
        run(["sleep", "30"], 1, lambda share: None, deadline=0.5)
