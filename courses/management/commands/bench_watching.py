"""Heartbeats under load on PostgreSQL: processor time a beat, latency, and what a killed web server loses."""

import hashlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Event, Timer
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from wagtail.models import Page

from courses.domain import intervals
from courses.domain.leases import open_session
from courses.management import beat_load
from courses.models import LessonPage, LessonProgress, WatchSession
from media.models import Video
from school.people.models import User

HOST = "127.0.0.1"
STEP_MS = 2_000
TICKS = os.sysconf("SC_CLK_TCK")
SECRET = "bench-" + "0" * 50


class Command(BaseCommand):
    help = "测量观看上报的处理器开销、时延和断电式重启后的完整性（需要 PostgreSQL，见 make bench）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rate", type=int, default=500)
        parser.add_argument("--seconds", type=int, default=60)
        parser.add_argument("--members", type=int, default=1000)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError(
                "请在 PostgreSQL 上测量：bash tests/services/run.sh .venv/bin/python manage.py bench_watching"
            )
        call_command("migrate", verbosity=0)
        viewers = _viewers(options["members"])
        port = _free_port()
        with _web(port, options["workers"]) as server:
            _load(port, viewers, rate=50, seconds=3)  # warm
            before = _cpu_ms(server.pid)
            steady = _load(port, viewers, rate=options["rate"], seconds=options["seconds"])
            steady["cpu_ms_a_beat"] = round((_cpu_ms(server.pid) - before) / max(1, steady["beats"]), 2)
        killed = self._killed(port, viewers, options)
        found = {"steady": steady, "killed": killed, "lost_after_kill": killed.pop("lost"), "rate": options["rate"]}
        steady.pop("acknowledged")
        self.stdout.write(json.dumps(found, indent=2))
        folder = settings.VAR_DIR / "bench"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "watching.json").write_text(json.dumps(found, indent=2))

    def _killed(self, port: int, viewers: list[dict[str, Any]], options: dict[str, Any]) -> dict[str, Any]:
        """Kill -9 the whole web server in the middle of a run, start another, look for what was acknowledged."""
        servers = []
        with _web(port, options["workers"]) as server:

            def strike() -> None:
                os.killpg(server.pid, signal.SIGKILL)  # master and workers at once: nobody finishes a request
                server.wait()
                with _web(port, options["workers"]) as second:
                    servers.append(second.pid)
                    struck.wait()

            struck = Event()
            timer = Timer(5, strike)
            timer.start()
            run = _load(port, viewers, rate=options["rate"] // 2, seconds=15)
            struck.set()
            timer.join()
        run["lost"] = _lost(run.pop("acknowledged"))
        run["restarted"] = len(servers)
        return run


def _viewers(count: int) -> list[dict[str, Any]]:
    """Members who each watch a lesson of two hours, signed in by a session of their own."""
    lesson = _lesson()
    store = import_module(settings.SESSION_ENGINE).SessionStore
    viewers = []
    for _ in range(count):
        member = User(username=f"bench-{uuid4().hex[:12]}", name="测量")
        member.set_unusable_password()
        member.save()
        session = store()
        backend = settings.AUTHENTICATION_BACKENDS[0]
        session.update({"_auth_user_id": str(member.pk), "_auth_user_backend": backend})
        session["_auth_user_hash"] = _auth_hash(member)
        session.create()
        watch = open_session(member, lesson, login=_digest(session.session_key))
        token = secrets.token_hex(16)
        cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={token}"
        viewers.append({"path": f"/api/v1/watch-sessions/{watch.pk}", "cookie": cookie, "token": token, "at": 0})
    return viewers


def _auth_hash(member: User) -> str:
    settings.SECRET_KEY = SECRET  # the web server under test signs with it
    return member.get_session_auth_hash()


def _digest(key: str | None) -> str:
    return hashlib.sha256((key or "").encode()).hexdigest()


def _lesson() -> LessonPage:
    video = Video(title="测量", type="video", duration=7200, generation=1, state="ready", file="bench.mp4")
    video.save()
    page = LessonPage(title="测量", slug=f"bench-{uuid4().hex[:8]}", summary="测量", video=video, asks_presence=False)
    Page.objects.get(depth=1).add_child(instance=page)
    return page


@contextmanager
def _web(port: int, workers: int) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "school.settings.production",
        **dict.fromkeys(("SECRET_KEY", "IDENTITY_KEY", "PLAYBACK_KEY"), SECRET),
        **{"ALLOWED_HOSTS": HOST, "SECURE_SSL_REDIRECT": "off"},
    }
    command = [
        *(sys.executable, "-m", "gunicorn", "school.wsgi:application", "--bind", f"{HOST}:{port}"),
        *("--workers", str(workers), "--worker-class", "gthread", "--threads", "4", "--timeout", "60"),
        *("--keep-alive", "30", "--log-level", "error", "--worker-tmp-dir", "/dev/shm"),
    ]
    server = subprocess.Popen(command, env=environment, start_new_session=True, cwd=settings.BASE_DIR)
    try:
        _wait_for(port)
        yield server
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(port: int, patience: float = 60) -> None:
    """Until the server answers a whole request."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            with socket.create_connection((HOST, port), timeout=5) as probe:
                probe.sendall(f"GET /healthz HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode())
                if probe.recv(16).startswith(b"HTTP/1"):
                    return
        except OSError:
            time.sleep(0.2)
    raise CommandError("网站没有在一分钟内启动。")


def _load(port: int, viewers: list[dict[str, Any]], *, rate: int, seconds: int) -> dict[str, Any]:
    """Run the generator in a process of its own; viewers go on from where they are."""
    plan = {"host": HOST, "port": port, "rate": rate, "seconds": seconds, "connections": 64, "step_ms": STEP_MS}
    done = subprocess.run(
        [sys.executable, str(Path(beat_load.__file__))],
        input=json.dumps({**plan, "viewers": viewers}).encode(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=seconds * 3 + 60,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    for viewer in viewers:
        ranges = found["acknowledged"].get(viewer["path"])
        if ranges:
            viewer["at"] = ranges[-1][1]
    return found


def _cpu_ms(master: int) -> float:
    """Processor time of the web server and its workers so far."""
    pids = [master]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[1]) == master:
                pids.append(int(entry.name))
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total * 1000 / TICKS


def _lost(acknowledged: dict[str, list[list[int]]]) -> int:
    """Acknowledged milliseconds that the database does not hold."""
    keys = {path.rsplit("/", 1)[1]: ranges for path, ranges in acknowledged.items()}
    progress = dict(WatchSession.objects.filter(pk__in=keys).values_list("pk", "progress"))
    stored = dict(LessonProgress.objects.filter(pk__in=progress.values()).values_list("pk", "ranges"))
    lost = 0
    for session, key in progress.items():
        lost += intervals.total(intervals.subtract(keys[str(session)], stored[key]))
    return lost


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
