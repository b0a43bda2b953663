"""Files of a video: only by one's own address, whole or in the part that a player asks for."""

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from media.domain.playback import RangeNotSatisfiable, playback_for, range_of, read_part
from media.models import Video
from tests.factories import make_lesson, make_member

BODY = bytes(range(100))


@pytest.fixture
def segment(db: None, settings: Any, tmp_path: Path, client: Client) -> str:
    """The address of a file of 100 bytes, for a member who is signed in."""
    settings.MEDIA_ROOT = tmp_path
    make_lesson()
    video = Video.objects.get()
    video.folder.mkdir(parents=True)
    (video.folder / "0.m4s").write_bytes(BODY)
    member = make_member()
    client.force_login(member)
    return playback_for(video, member).manifest_url.replace("master.m3u8", "0.m4s")


def ask(client: Client, address: str, header: str, **headers: str) -> HttpResponse:
    return client.get(address, headers={"range": header, **headers})  # type: ignore[return-value]


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=10-", 10, 99),
        ("bytes=-5", 95, 99),
        ("bytes=-500", 0, 99),
        ("bytes=90-500", 90, 99),
        ("Bytes= 99 - 99", 99, 99),
    ],
)
def test_a_part(client: Client, segment: str, header: str, first: int, last: int) -> None:
    response = ask(client, segment, header)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/100"
    assert response["Content-Length"] == str(last - first + 1)
    assert response["Content-Type"] == "video/iso.segment"
    assert body_of(response) == BODY[first : last + 1]


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=999999999999999999-"])
def test_a_part_behind_the_end(client: Client, segment: str, header: str) -> None:
    response = ask(client, segment, header)
    assert (response.status_code, response["Content-Range"], response.content) == (416, "bytes */100", b"")


@pytest.mark.parametrize(
    "header",
    ["", "bytes=-", "bytes=9-3", "bytes=a-b", "lines=0-1", "bytes=0-1,5-6", "bytes=0", "bytes=٣-٤", "x" * 5000],
)
def test_what_is_not_understood_is_ignored(client: Client, segment: str, header: str) -> None:
    response = ask(client, segment, header)
    assert (response.status_code, response["Accept-Ranges"], body_of(response)) == (200, "bytes", BODY)
    assert "Content-Range" not in response


def test_a_part_of_a_file_that_changed_is_the_whole_file(client: Client, segment: str) -> None:
    whole = client.get(segment)
    again = ask(client, segment, "bytes=0-9", **{"if-range": whole["Last-Modified"]})
    assert again.status_code == 206
    changed = ask(client, segment, "bytes=0-9", **{"if-range": "Mon, 01 Jan 2001 00:00:00 GMT"})
    assert (changed.status_code, body_of(changed)) == (200, BODY)


def test_head_sends_no_part(client: Client, segment: str) -> None:
    response = client.head(segment, headers={"range": "bytes=0-9"})
    assert (response.status_code, response["Content-Length"]) == (200, "100")


@pytest.mark.parametrize("change", ["0.m4s/../../0.m4s", "1.m4s", "", "..%2f..%2f0.m4s"])
def test_nothing_outside(client: Client, segment: str, change: str) -> None:
    assert client.get(segment.replace("0.m4s", change)).status_code == 404


def test_only_by_ones_own_address(client: Client, segment: str) -> None:
    client.force_login(make_member())
    assert ask(client, segment, "bytes=0-9").status_code == 404
    client.logout()
    assert ask(client, segment, "bytes=0-9").status_code == 302


@given(
    st.integers(0, 50),
    st.text("bytes=-,0123456789 ", max_size=14) | st.from_regex(r"bytes=\d{0,2}-\d{0,2}", fullmatch=True),
)
def test_any_header_gives_bytes_of_the_file_or_none(size: int, header: str) -> None:
    try:
        part = range_of(header, size)
    except RangeNotSatisfiable:
        return
    assert part is None or (part and part[0] >= 0 and part[-1] < size)


def test_large_parts_come_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(bytes(200_000))
    pieces = list(read_part(path, range(10, 190_010)))
    assert (len(pieces), sum(map(len, pieces))) == (3, 190_000)
