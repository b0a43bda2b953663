"""Files of a video: only by one's own address, whole or in the part that a player asks for."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from courses.models import LessonPage
from media.domain.playback import playback_for
from media.domain.ranges import RangeNotSatisfiable, range_of, read_part
from media.domain.signatures import Permit, expiry_from, member_value
from media.models import CaptionTrack, Chapter, Cue, Video
from school.people.models import User
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
    sign_in(client, member)
    return playback_for(video, member).manifest_url.replace("master.m3u8", "0.m4s")


def sign_in(client: Client, member: User) -> None:
    client.force_login(member)
    client.cookies["playback"] = member_value(member)


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
    mine = client.cookies["playback"].value
    stranger = make_member()
    client.force_login(stranger)  # with the copied cookie of another member
    assert ask(client, segment, "bytes=0-9").status_code == 404
    client.cookies["playback"] = member_value(stranger)
    assert ask(client, segment, "bytes=0-9").status_code == 404
    client.logout()
    client.cookies["playback"] = mine
    assert ask(client, segment, "bytes=0-9").status_code == 404


def test_not_without_the_cookie(client: Client, segment: str) -> None:
    del client.cookies["playback"]
    assert client.get(segment).status_code == 404


def test_a_new_password_ends_old_addresses(client: Client, segment: str) -> None:
    member = User.objects.get(pk=client.session["_auth_user_id"])
    member.set_password("another-demo-2026")
    member.save()
    sign_in(client, member)
    assert client.get(segment).status_code == 404


def test_forged_and_expired_addresses(client: Client, segment: str) -> None:
    video, member = Video.objects.get(), User.objects.get(pk=client.session["_auth_user_id"])
    permit = Permit(int(time.time()) + 60, video.key, 1, member_value(member))

    def answer(asked: Permit, signature: str) -> int:
        parts = [str(asked.expires), signature, str(asked.key), str(asked.generation), "0.m4s"]
        return client.get("/media/v/" + "/".join(parts)).status_code

    assert answer(permit, permit.signature) == 200
    past = replace(permit, expires=int(time.time()) - 2)
    assert answer(past, past.signature) == 404
    later, other = replace(permit, expires=permit.expires + 1), replace(permit, generation=2)
    for forged in (later, other, replace(permit, key=UUID(int=1))):
        assert answer(forged, permit.signature) == 404
    assert answer(permit, permit.signature[:-1]) == 404
    assert answer(permit, "签") == 404


@given(st.integers(0, 2**33), st.uuids(), st.integers(0, 10**6), st.text(max_size=50))
def test_every_part_is_signed(expires: int, key: UUID, generation: int, member: str) -> None:
    permit = Permit(expires, key, generation, member)
    others = [replace(permit, expires=expires + 1), replace(permit, generation=generation + 1)]
    others += [replace(permit, key=UUID(int=key.int ^ 1)), replace(permit, member=member + "x")]
    assert len({one.signature for one in (permit, *others)}) == 5


@given(st.integers(10**9, 10**10), st.integers(0, 6 * 3600 - 1))
def test_addresses_last_long_and_stay_the_same_for_hours(now: int, later: int) -> None:
    longest, step = 12 * 3600, 6 * 3600
    assert longest / 2 < expiry_from(now) - now <= longest
    start = now // step * step
    assert expiry_from(start + later) == expiry_from(start)


def test_captions_and_chapters_below_the_same_permit(client: Client, segment: str) -> None:
    video, member = Video.objects.get(), User.objects.get(pk=client.session["_auth_user_id"])
    assert playback_for(video, member).captions == ()
    assert playback_for(video, member).chapters_url == ""
    for language, state in (("zh-Hans", "published"), ("en", "draft")):
        track = CaptionTrack.objects.create(video=video, language=language, state=state)
        Cue.objects.create(track=track, start_ms=0, end_ms=1000, text="听党话")
    Chapter.objects.create(video=video, start_ms=0, title="开场")
    playback = playback_for(video, member)
    assert [(track.language, track.label) for track in playback.captions] == [("zh-Hans", "中文")]
    for address, word in ((playback.captions[0].url, "听党话"), (playback.chapters_url, "开场")):
        assert word in client.get(address).content.decode()
    assert client.get(playback.captions[0].url.replace("zh-Hans", "en")).status_code == 404
    sign_in(client, make_member())
    assert client.get(playback.captions[0].url).status_code == 404
    assert client.get(playback.chapters_url).status_code == 404


def test_addresses_need_two_queries_and_no_file(segment: str, django_assert_num_queries: Any) -> None:
    video, member = Video.objects.get(), make_member()
    with django_assert_num_queries(6):
        old = playback_for(video, member)
        video.rungs = ["480"]
        new = playback_for(video, member)
        video.type = "audio"
        sound = playback_for(video, member)
    names = ("poster_url", "progressive_url", "thumbnails_url", "waveform_url")
    assert [bool(getattr(old, name)) for name in names] == [True, False, False, False]
    assert [bool(getattr(new, name)) for name in names] == [True, True, True, False]
    assert [bool(getattr(sound, name)) for name in names] == [False, True, False, True]


def test_the_lesson_page_lends_the_cookie_and_sign_out_takes_it_back(client: Client, segment: str) -> None:
    del client.cookies["playback"]
    page = client.get(LessonPage.objects.get().url)
    cookie = page.cookies["playback"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/media/v/", True, "Strict")
    address = page.context["playback"].manifest_url.replace("master.m3u8", "0.m4s")
    assert body_of(client.get(address)) == BODY
    ended = client.post("/logout/").cookies["playback"]
    assert (ended.value, ended["max-age"], ended["path"]) == ("", 0, "/media/v/")
    assert client.get(address).status_code == 404


def test_nginx_is_told_the_path_and_django_opens_nothing(client: Client, segment: str, settings: Any) -> None:
    settings.MEDIA_SERVER = "nginx"
    settings.MEDIA_ROOT = "/nowhere"
    response = client.get(segment)
    video = Video.objects.get()
    assert response["X-Accel-Redirect"] == f"/protected/videos/{video.key}/1/0.m4s"
    assert (response.status_code, response.content, response["Content-Type"]) == (200, b"", "video/iso.segment")
    assert client.get(segment.replace("0.m4s", "../x")).status_code == 404


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
