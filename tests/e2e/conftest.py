"""A real school (web, workers, database file) in a folder of its own, and a real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

TOP = Path(__file__).parents[2]
START_SECONDS = 60
MANAGE = [sys.executable, str(TOP / "manage.py")]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Debian's Chromium, installed with a Chinese font where that is possible."""
    done = subprocess.run(["bash", str(TOP / "tests/services/install.sh"), "chromium"], check=False)
    if not shutil.which("chromium") and done.returncode != 0 and os.environ.get("CI") != "true":
        pytest.skip("Chromium is missing: install the package `chromium` and run again")
    path = shutil.which("chromium")
    assert path, "Chromium could not be installed"
    return path


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of the school that the browser tests visit."""
    folder = tmp_path_factory.mktemp("school")
    found = {**os.environ, "VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "school.settings.local"}
    found.pop("DATABASE_URL", None)
    found.pop("REDIS_URL", None)
    return found


@pytest.fixture(scope="session")
def school(environment: dict[str, str]) -> Iterator[str]:
    """The address of a freshly seeded school that runs as `make run` runs it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"], ["seed_demo"]):
        subprocess.run([*MANAGE, *command], env=environment, check=True, cwd=TOP)
    server = subprocess.Popen([*MANAGE, "serve", "--port", str(port)], env=environment, cwd=TOP)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/healthz")
        yield address
    finally:
        server.terminate()
        server.wait(60)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--autoplay-policy=no-user-gesture-required",
            ],
        )
        yield browser
        browser.close()


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"{address} did not answer in {START_SECONDS} s")
