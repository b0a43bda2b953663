"""Debian's nginx before a real gunicorn of the school, with the documented configuration: who sends which bytes."""

import http.client
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db  # with the tests that find the database as it was made
TOP = Path(__file__).parents[2]
KEY = "nginx-test-key-0123456789-abcdefghijk"
START_SECONDS = 120  # on a machine that does much else


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass
class School:
    """The school behind nginx; `django_log` names each request that reached Django."""

    port: int
    django_log: Path
    facts: dict[str, Any]

    def ask(self, address: str, cookies: str = "", method: str = "GET", **headers: str) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        line.request(method, address, headers={"Host": "school.example", "Cookie": cookies, **headers})
        answer = line.getresponse()
        found = Answer(answer.status, answer.headers, answer.read())
        line.close()
        return found

    def reached_django(self, word: str) -> bool:
        """A line is written after its answer was sent, so one more request is made and waited for."""
        last = f"/healthz?{time.monotonic_ns()}"
        self.ask(last)
        deadline = time.monotonic() + 10
        while last not in self.django_log.read_text():
            assert time.monotonic() < deadline, "Django writes no log"
            time.sleep(0.02)
        time.sleep(0.05)
        return word in self.django_log.read_text()

    def file(self, name: str) -> str:
        return str(self.facts["manifest"]).replace("master.m3u8", name)


@pytest.fixture(scope="module")
def nginx() -> str:
    """The path of Debian's nginx, installed where that is possible."""
    done = subprocess.run(["bash", str(TOP / "tests/services/install.sh"), "nginx"], check=False)
    path = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not path and done.returncode != 0 and os.environ.get("CI") != "true":
        pytest.skip("nginx is missing: install the package `nginx` and run again")
    assert path, "nginx could not be installed"
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Path:
    """The school's folder, its database a copy of the suite's empty one: migrating anew takes half a minute."""
    folder = tmp_path_factory.mktemp("nginx")
    (folder / "var").mkdir()
    with django_db_blocker.unblock():
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(folder / "var" / "school.sqlite3")) as copy:
                connection.connection.backup(copy)
    return folder


@pytest.fixture(scope="module")
def school(nginx: str, folder: Path) -> Iterator[School]:
    port, inner = free_port(), free_port()
    environment = production(folder)
    manage = [sys.executable, str(TOP / "manage.py")]
    filled = [sys.executable, "-m", "tests.media.nginx_school"]
    facts = json.loads(subprocess.run(filled, env=environment, check=True, cwd=TOP, stdout=subprocess.PIPE).stdout)
    write = [*manage, "write_nginx", str(folder / "conf"), "--server-name", "school.example"]
    write += ["--listen", f"127.0.0.1:{port}", "--upstream", f"127.0.0.1:{inner}"]
    subprocess.run(write, env=environment, check=True, cwd=TOP, stdout=subprocess.DEVNULL)
    log = folder / "django.log"
    web = [sys.executable, "-m", "gunicorn", "school.wsgi:application", "--bind", f"127.0.0.1:{inner}"]
    web += ["--worker-class", "gthread", "--threads", "4", "--access-logfile", str(log), "--log-level", "warning"]
    front = [nginx, "-c", str(around(folder)), "-p", str(folder)]
    with ended(subprocess.Popen(web, env=environment, cwd=TOP)), ended(subprocess.Popen(front)):
        found = School(port, log, facts)
        wait_for(found)
        yield found


class ended:
    """A process that is ended on leaving."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def __enter__(self) -> None: ...

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait(20)


def production(folder: Path) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return environment | {
        "VAR_DIR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "school.settings.production",
        "SECRET_KEY": "nginx-test-" + "0123456789abcdefghij" * 3,
        "IDENTITY_KEY": "nginx-test-" + "0123456789abcdefghij" * 3,
        "PLAYBACK_KEY": KEY,
        "ALLOWED_HOSTS": "school.example",
        "MEDIA_SERVER": "nginx",
        "SECURE_SSL_REDIRECT": "off",
    }


def around(folder: Path) -> Path:
    """A main configuration that keeps everything of nginx below `folder`."""
    kept = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""  # the worker must be able to read the folder of the test
    path = folder / "nginx.conf"
    path.write_text(
        f"{user} daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        "events {}\n"
        f"http {{ include /etc/nginx/mime.types; access_log off; {kept} include {folder}/conf/school.conf; }}\n"
    )
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(school: School) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError):
            if school.ask("/healthz").status == 200:
                return
        time.sleep(0.2)
    raise AssertionError(f"the school did not answer in {START_SECONDS} s")


def test_a_film_comes_from_nginx_alone(school: School) -> None:
    member = school.facts["member"]
    master = school.ask(school.facts["manifest"], member)
    assert (master.status, master.headers["Content-Type"]) == (200, "application/vnd.apple.mpegurl")
    assert b"#EXT-X-STREAM-INF" in master.body
    playlist = school.ask(school.file(f"{school.facts['rung']}/index.m3u8"), member).body.decode()
    segment = next(line for line in playlist.splitlines() if line.endswith(".m4s"))
    whole = school.ask(school.file(f"{school.facts['rung']}/{segment}"), member)
    assert (whole.status, whole.headers["Content-Type"]) == (200, "video/iso.segment")
    assert whole.headers["Cache-Control"].startswith("private")
    part = school.ask(school.file(f"{school.facts['rung']}/{segment}"), member, Range="bytes=10-19")
    assert (part.status, part.body) == (206, whole.body[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.body)}"
    for name, kind in {
        "progressive.mp4": "video/mp4",
        "poster.jpg": "image/jpeg",
        "thumbnails.vtt": "text/vtt",
    }.items():
        answer = school.ask(school.file(name), member)
        assert (answer.status, answer.headers["Content-Type"].split(";")[0]) == (200, kind)
    assert whole.headers["Server"] == "nginx"
    assert school.reached_django("/healthz")
    assert not school.reached_django("/media/v/")


def test_only_for_its_member_and_only_in_time(school: School) -> None:
    member, manifest = school.facts["member"], school.facts["manifest"]
    expires, signature, key, generation = manifest.split("/")[3:7]
    later = manifest.replace(expires, str(int(expires) + 1))
    forged = manifest.replace(signature, signature[:-1] + ("A" if signature[-1] != "A" else "Q"))
    for address in (later, forged, manifest.replace(f"/{generation}/master", "/2/master"), school.facts["expired"]):
        assert school.ask(address, member).status == 404, address
    for cookies in ("", school.facts["other"], "playback=", "playback=" + "0" * 40):
        assert school.ask(manifest, cookies).status == 404, cookies
    assert school.ask(manifest, member).status == 200
    assert key in manifest


def test_nothing_outside_the_generation(school: School) -> None:
    member = school.facts["member"]
    for name in (
        *("../../../documents/x.m3u8", "..%2f..%2f..%2fdocuments%2fx.m3u8", "%2e%2e/master.m3u8", "480//master.m3u8"),
        *("master.m3u8%00.jpg", "a/b/master.m3u8", ".hidden.jpg", "", "none.m4s"),
    ):
        assert school.ask(school.file(name), member).status in (400, 404), name
    for address in (
        f"/protected/{quote(school.facts['document_name'])}",
        f"/uploads/{quote(school.facts['document_name'])}",
        f"/uploads/{school.facts['original']}",
        f"/uploads/images/../{school.facts['original']}",
        f"/uploads/images/..%2f{school.facts['original']}",
        "/static/../uploads/",
        "/static../school.sqlite3",
    ):
        assert school.ask(address, member).status in (400, 404), address
    assert school.ask(school.facts["manifest"], member, "POST").status in (403, 405)


def test_captions_come_through_django_under_the_same_address(school: School) -> None:
    address = school.facts["captions"]
    answer = school.ask(address, school.facts["member"])
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/vtt; charset=utf-8")
    assert "听党话" in answer.body.decode()
    assert school.reached_django("captions/zh-Hans.vtt")
    assert school.ask(address, school.facts["other"]).status == 404
    assert school.ask(address).status == 404


def test_a_document_is_allowed_by_django_and_sent_by_nginx(school: School) -> None:
    answer = school.ask(school.facts["document"], school.facts["member"])
    assert (answer.status, answer.body.decode()) == (200, "请按时学习")
    assert "filename*=UTF-8''%E9%80%9A%E7%9F%A5" in answer.headers["Content-Disposition"]
    assert answer.headers["Accept-Ranges"] == "bytes"  # nginx's: Django's answer had neither bytes nor ranges
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert "X-Accel-Redirect" not in answer.headers
    part = school.ask(school.facts["document"], school.facts["member"], Range="bytes=0-2")
    assert (part.status, part.body.decode()) == (206, "请")
    assert school.ask(school.facts["document"]).status == 302


def test_pictures_and_static_files_come_from_nginx(school: School) -> None:
    picture = school.ask(school.facts["picture"])
    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/png")
    assert not school.reached_django("/uploads/")
    page = school.ask("/login/").body.decode()
    style = next(word for word in page.split('"') if word.startswith("/static/") and word.endswith(".css"))
    answer = school.ask(style, **{"Accept-Encoding": "gzip"})
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
    assert "immutable" in answer.headers["Cache-Control"]
    assert not school.reached_django("/static/")


def test_pages_keep_django_s_policy_and_the_admin_gets_its_own(school: School) -> None:
    public = school.ask("/login/").headers.get_all("Content-Security-Policy")
    assert len(public or []) == 1
    assert "unsafe-inline" not in public[0]
    admin = school.ask("/admin/").headers.get_all("Content-Security-Policy")
    assert len(admin or []) == 1
    assert "frame-ancestors 'self'" in admin[0]


def test_large_bodies_only_where_they_belong(school: School) -> None:
    assert school.ask("/api/v1/me", "", "POST", **{"Content-Length": str(13 * 1024**2)}).status == 413
