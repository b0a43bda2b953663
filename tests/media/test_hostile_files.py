"""Files that want to do harm, or are simply not films: all refused in words, within limits of time and memory."""

import gzip
import http.server
import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from media.domain.checking import check_film
from media.domain.limits import DEMUXERS
from media.domain.probing import UNREADABLE, probe
from media.domain.reading import MEMORY_BYTES
from media.domain.scanning import FOUND, UNCHECKED, scan
from school.kernel.errors import InvalidInput
from tests.media import clips

TOP = Path(__file__).parents[2]
MOST_SECONDS = 12


class Canary(http.server.BaseHTTPRequestHandler):
    """Listens where hostile playlists point; nothing may ever arrive."""

    heard: list[str] = []

    def do_GET(self) -> None:
        self.heard.append(self.path)
        self.send_error(404)


@pytest.fixture(scope="module")
def canary() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Canary)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Whole clips that the hostile ones are cut from."""
    folder = tmp_path_factory.mktemp("parts")
    first = clips.film(folder / "first.mp4", "-movflags", "+faststart", size="160x90", rate="10", seconds=2)
    last = clips.film(folder / "last.mp4", size="160x90", rate="10", seconds=2)
    huge = clips.encode(
        folder / "huge.mov", "-f", "lavfi", "-i", "color=s=9000x9000:r=1:d=1", "-c:v", "png", "-pix_fmt", "rgb24"
    )
    slow = ["-f", "lavfi", "-i", "color=s=64x36:r=10:d=0.4", "-vf", "setpts=N*18000/TB", "-fps_mode", "passthrough"]
    hours = clips.encode(folder / "hours.mp4", *slow)
    hours_mkv = clips.encode(folder / "hours.mkv", "-i", str(hours), "-c", "copy")
    crowd = folder / "crowd.mkv"
    maps = [part for _ in range(60) for part in ("-map", "0:v")]
    clips.encode(crowd, "-f", "lavfi", "-i", "testsrc=s=32x32:r=5:d=1", *maps, "-c:v", "ffv1")
    png = clips.encode(folder / "p.png", "-f", "lavfi", "-i", "color=s=64x64:d=1", "-frames:v", "1")
    secret = clips.film(folder / "secret.ts", size="160x90", rate="10", seconds=2)
    names = {
        "first": first,
        "last": last,
        "huge": huge,
        "hours": hours,
        "hours_mkv": hours_mkv,
        "crowd": crowd,
        "png": png,
        "secret": secret,
    }
    return {name: path.read_bytes() for name, path in names.items()}


def absurdly_fast(whole: bytes) -> bytes:
    """Each frame lasts one tick of ten million a second."""
    place = whole.index(b"mdhd") + 4 + 12
    return whole[:place] + struct.pack(">I", 200_000_000) + whole[place + 4 :]


def hostile(parts: dict[str, bytes], canary: str, secret: str) -> dict[str, bytes]:
    first, last = parts["first"], parts["last"]
    to_file = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{secret}\n#EXT-X-ENDLIST\n".encode()
    to_web = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{canary}/a.ts\n#EXT-X-ENDLIST\n".encode()
    mpd = f'<?xml version="1.0"?><MPD><Period><BaseURL>{canary}/b</BaseURL></Period></MPD>'.encode()
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{canary}/c"/></svg>'.encode()
    return {
        "empty.mp4": b"",
        "one.mp4": b"\0",
        "program.mp4": b"MZ" + os.urandom(4000),
        "elf.mp4": Path(sys.executable).resolve().read_bytes()[:60_000],
        "page.mp4": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        "drawing.mp4": svg,
        "picture.mp4": parts["png"],
        "picture.mov": parts["png"],
        "to_file.m3u8": to_file,
        "to_file.mp4": to_file,
        "to_file.mov": to_file,
        "passwd.mp4": to_file.replace(secret.encode(), b"/etc/passwd"),
        "to_web.m3u8": to_web,
        "to_web.mp4": to_web,
        "key.mp4": to_web.replace(b"#EXTINF", f'#EXT-X-KEY:METHOD=AES-128,URI="{canary}/k"\n#EXTINF'.encode()),
        "concat.mp4": b"ffconcat version 1.0\nfile secret.ts\n",
        "concat_far.mkv": f"ffconcat version 1.0\nfile '{secret}'\n".encode(),
        "dash.mp4": mpd,
        "sdp.mp4": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
        "list.mp4": b"[playlist]\nFile1=secret.ts\n",
        "half.mp4": first[: len(first) // 2],
        "almost.mp4": first[:-1],
        "no_index.mp4": last[: last.index(b"moov") - 4],
        "head.mp4": first[:24],
        "huge.mov": parts["huge"],
        "ten_hours.mp4": parts["hours"],
        "ten_hours.mkv": parts["hours_mkv"],
        "crowd.mkv": parts["crowd"],
        "fast.mp4": absurdly_fast(first),
        "archive.mp4": b"PK\x03\x04" + os.urandom(3000),
        "bomb.mp4": gzip.compress(b"\0" * 20_000_000),
        "script.mp4": b"#!/bin/sh\nrm -rf /\n",
        "php.mp4": b"<?php system($_GET['c']); ?>" * 20,
        "-i.mp4": b"not a film",
        "-vf movie=secret.ts.mp4": b"not a film",
        "a'\"; rm -rf $HOME `id`.mp4": b"not a film",
        "line\nbreak.mp4": b"not a film",
        "concat:secret.ts|secret.ts": b"not a film",
        "noise.mp4": os.urandom(200_000),
        "zeros.mkv": b"\0" * 100_000,
        "ebml.mkv": b"\x1aE\xdf\xa3\xff\xff\xff\xff\xff\xff\xff\xff" + os.urandom(1000),
        "text.mp3": "这是一段文字。".encode() * 500,
    }


MEASURE = """
import resource, sys
from pathlib import Path
from media.domain.checking import check_film
from school.kernel.errors import InvalidInput
for name in sys.stdin.buffer.read().split(b"\\0"):
    try:
        print("taken", check_film(Path(name.decode())), sep="\\t")
    except InvalidInput as refused:
        print("refused", refused.message, sep="\\t")
print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, sep="\\t")
"""


def test_every_hostile_file_is_refused_in_words(tmp_path: Path, parts: dict[str, bytes], canary: str) -> None:
    secret = tmp_path / "secret.ts"
    secret.write_bytes(parts["secret"])
    files = hostile(parts, canary, str(secret))
    assert len(files) >= 32
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    names = "\0".join(str(tmp_path / name) for name in files).encode()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "school.settings.test"}
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], input=names, capture_output=True, check=True, cwd=TOP, env=environment
    )
    *answers, last = done.stdout.decode().splitlines()
    verdicts = dict(zip(files, answers, strict=True))
    assert {name: said for name, said in verdicts.items() if not said.startswith("refused\t")} == {}
    assert all("。" in said for said in verdicts.values())
    assert Canary.heard == []
    assert int(last.split("\t")[1]) <= 700 * 1024**2 < MEMORY_BYTES


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("picture.mp4", "图片"),
        ("page.mp4", "网页"),
        ("program.mp4", "程序"),
        ("to_file.mp4", "播放列表"),
        ("archive.mp4", "压缩包"),
        ("script.mp4", "脚本"),
        ("huge.mov", "尺寸过大"),
        ("ten_hours.mp4", "4 小时"),
        ("crowd.mkv", "轨道过多"),
        ("fast.mp4", "帧率"),
        ("empty.mp4", "空"),
        ("half.mp4", "不完整"),
    ],
)
def test_the_words_say_what_is_wrong(
    tmp_path: Path, parts: dict[str, bytes], canary: str, name: str, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(hostile(parts, canary, str(tmp_path / "secret.ts"))[name])
    started = time.monotonic()
    with pytest.raises(InvalidInput, match=words):
        check_film(path)
    assert time.monotonic() - started < MOST_SECONDS


def test_odd_names_of_good_films_do_no_harm(tmp_path: Path, parts: dict[str, bytes]) -> None:
    for name in ("-y.mp4", "a'b\"c.mp4", "new\nline.mp4", "；rm -rf.mp4", "$(id).mp4", "noending"):
        (tmp_path / name).write_bytes(parts["first"])
        assert probe(tmp_path / name).duration == pytest.approx(2, abs=0.2)


def test_no_reader_of_playlists_is_allowed() -> None:
    assert not {"hls", "concat", "dash", "sdp", "image2", "svg_pipe"} & set(DEMUXERS.split(","))
    assert "MP4" in UNREADABLE


def test_the_scanner_decides(tmp_path: Path, settings: object) -> None:
    scanner = tmp_path / "scanner.sh"
    scanner.write_text('#!/bin/sh\ntest -r "$1" || exit 2\nif grep -q EICAR "$1"; then exit 1; fi\n')
    scanner.chmod(0o755)
    good, bad = tmp_path / "a b'c.txt", tmp_path / "-bad.txt"
    good.write_text("fine")
    bad.write_text("EICAR")
    scan(bad)  # off by default
    settings.VIRUS_SCAN_COMMAND = f"{scanner} {{file}}"  # type: ignore[attr-defined]
    scan(good)
    with pytest.raises(InvalidInput, match=FOUND[:10]):
        scan(bad)
    settings.VIRUS_SCAN_COMMAND = f"{tmp_path}/absent {{file}}"  # type: ignore[attr-defined]
    with pytest.raises(InvalidInput, match=UNCHECKED[:10]):
        scan(good)
    settings.VIRUS_SCAN_COMMAND = "/bin/sh -c 'exit 2'"  # type: ignore[attr-defined]
    with pytest.raises(InvalidInput, match=UNCHECKED[:10]):
        scan(good)
