"""Run the whole school on this machine: web server, two worker clusters, and the watchdog over them."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.utils import timezone

from school.kernel.domain.periodic import ensure_schedules
from school.kernel.models import Heartbeat
from school.kernel.queries import SILENCE, VIDEO_SILENCE

CLUSTERS = {"school": SILENCE, "video": VIDEO_SILENCE}
PATIENCE_SECONDS = 15
PR_SET_PDEATHSIG = 1  # prctl(2)


class Command(BaseCommand):
    help = "启动网站和后台任务，并看护它们（Ctrl-C 全部停止）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--threads", type=int, default=8)

    def handle(self, *args: Any, **options: Any) -> None:
        _check_free(options["host"], options["port"])
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.commands = {"web": self._web(options), **{name: self._cluster() for name in CLUSTERS}}
        ensure_schedules()
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            for name in self.commands:
                self._start(name)
            self.stdout.write(f"网络党校已启动：http://{options['host']}:{options['port']}/  （Ctrl-C 停止）")
            self._watch()
        except KeyboardInterrupt:
            self.stdout.write("正在停止……")
        finally:
            self._stop(*self.children)

    def _web(self, options: dict[str, Any]) -> list[str]:
        bind = f"{options['host']}:{options['port']}"
        return [
            *(sys.executable, "-m", "gunicorn", "school.wsgi:application", "--bind", bind, "--workers", "1"),
            *("--worker-class", "gthread", "--threads", str(options["threads"]), "--timeout", "60"),
            *("--graceful-timeout", "10", "--log-level", "warning", "--worker-tmp-dir", _memory_folder()),
        ]

    def _cluster(self) -> list[str]:
        return [sys.executable, str(settings.BASE_DIR / "manage.py"), "qcluster"]

    def _start(self, name: str) -> None:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
        if name in CLUSTERS:
            environment["Q_CLUSTER_NAME"] = name
        # a session of its own makes the whole group killable, orphans included
        self.children[name] = subprocess.Popen(
            self.commands[name], env=environment, start_new_session=True, preexec_fn=_end_with_parent
        )
        self.started[name] = time.monotonic()

    def _stop(self, *names: str) -> None:
        """Ask the leaders of these parts to end, all at once, then kill what is left of their groups.

        Only the leaders are asked: a cluster whose helpers are told as well waits for them in vain.
        """
        leaving = [self.children[name] for name in names]
        for child in leaving:
            child.terminate()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while any(child.poll() is None for child in leaving) and time.monotonic() < deadline:
            time.sleep(0.1)
        for child in leaving:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        for name in names:  # only now: a Ctrl-C while one restarts must find it still
            del self.children[name]

    def _watch(self) -> None:
        """Restart what ended, and clusters whose heart stopped though their processes live."""
        while True:
            time.sleep(1)
            for name, child in list(self.children.items()):
                if child.poll() is not None or self._is_wedged(name):
                    self.stderr.write(f"{name} 已停止工作，正在重新启动")
                    self._stop(name)
                    time.sleep(1)
                    self._start(name)

    def _is_wedged(self, name: str) -> bool:
        if name not in CLUSTERS or time.monotonic() - self.started[name] < CLUSTERS[name].total_seconds():
            return False
        try:
            beat = Heartbeat.objects.filter(cluster=name).first()
        except DatabaseError as error:  # a database that restarts says nothing of the cluster; all else keeps running
            self.stderr.write(f"数据库暂时没有应答：{error}")
            return False
        finally:
            connection.close()
        return beat is None or timezone.now() - beat.beat_at > CLUSTERS[name]


def _end_with_parent() -> None:
    """Linux asks this process to end when the supervisor dies, even by kill -9: no second set of workers lives on."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _check_free(host: str, port: int) -> None:
    if not 0 < port < 65536:
        raise CommandError("端口号应在 1 至 65535 之间，例如 make run PORT=8001。")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise CommandError(f"没有权限使用端口 {port}，请换一个大于 1023 的，例如 make run PORT=8000。") from error
        except OSError as error:
            raise CommandError(f"端口 {port} 已被占用，请换一个，例如 make run PORT={port + 1}。") from error


def _memory_folder() -> str:
    return "/dev/shm" if os.path.isdir("/dev/shm") else str(settings.VAR_DIR)


def _interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt
