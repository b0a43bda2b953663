"""The admin's pages of captions and chapters: who may open them, what is taken, refused, published and deleted."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from media.domain import captions
from media.enums import CaptionSource, CaptionState, Language
from media.kinds.caption_format import Line, Reading
from media.models import CaptionTrack, Cue, Video
from school.kernel.models import AuditEvent
from school.people.domain.studio import ensure_studio, join_studio
from school.people.enums import Role
from tests.factories import appoint, make_lesson, make_member, make_tree

pytestmark = pytest.mark.django_db
SRT = "1\n00:00:01,000 --> 00:00:03,500\n先念一遍。\n\n2\n00:00:04,000 --> 00:00:06,000\n谢谢大家。\n"
ZH = Language.CHINESE


def signed_in(role: str) -> Client:
    root, branch, _ = make_tree()
    ensure_studio()
    person = make_member(branch)
    appoint(person, role, root)
    join_studio(person, role)
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def editor() -> Client:
    return signed_in(Role.EDITOR)


@pytest.fixture
def video() -> Video:
    return make_lesson(seconds=60).video


@pytest.fixture
def track(video: Video) -> CaptionTrack:
    reading = Reading([Line(1000, 2000, "第一句"), Line(3000, 4000, "第二句")])
    return captions.keep_reading(video, ZH, reading, source=CaptionSource.RECOGNISED)


def upload(client: Client, video: Video, content: bytes, **more: str) -> Any:
    file = SimpleUploadedFile("a.srt", content)
    return client.post(reverse("media_captions", args=[video.pk]), {"language": ZH, "file": file, **more})


def save(client: Client, name: str, arguments: list[Any], **content: Any) -> Any:
    return client.post(reverse(name, args=arguments), json.dumps(content), content_type="application/json")


ADDRESSES = (
    "media_captions",
    "media_chapters",
    "media_caption_editor",
    "media_caption_delete",
    "media_caption_download",
)


def arguments_of(name: str, track: CaptionTrack) -> list[Any]:
    return [track.video_id, ZH][: 1 if name in ADDRESSES[:2] else 2] + (["srt"] if name == ADDRESSES[-1] else [])


@pytest.mark.parametrize("name", ADDRESSES)
def test_editors_open_each_page_and_others_do_not(name: str, track: CaptionTrack, editor: Client) -> None:
    address = reverse(name, args=arguments_of(name, track))
    assert editor.get(address).status_code == 200
    assert signed_in(Role.TRAINER).get(address).status_code in (302, 404)
    assert Client().get(address).status_code == 302
    absent = reverse(name, args=[0, *arguments_of(name, track)[1:]])
    assert editor.get(absent).status_code == 404


def test_others_change_nothing(track: CaptionTrack) -> None:
    stranger = signed_in(Role.TRAINER)
    for name in ("media_caption_state", "media_caption_delete"):
        stranger.post(reverse(name, args=[track.video_id, ZH]), {"state": "published"})
    save(stranger, "media_caption_editor", [track.video_id, ZH], version=1, cues=[])
    save(stranger, "media_chapters", [track.video_id], version="", cues=[])
    upload(stranger, track.video, SRT.encode(), replaces="on")
    assert CaptionTrack.objects.get().state == CaptionState.DRAFT
    assert Cue.objects.count() == 2


def test_upload_in_gb18030(editor: Client, video: Video) -> None:
    assert upload(editor, video, SRT.encode("gb18030")).status_code == 302
    track = CaptionTrack.objects.get()
    assert (track.state, track.source, track.cues.first().text) == ("published", "uploaded", "先念一遍。")
    assert track.changed_by is not None


def test_a_bad_file_is_told_by_row(editor: Client, video: Video) -> None:
    page = upload(editor, video, SRT.replace("00:00:06,000", "00:00:02,000").encode())
    assert "第 6 行：结束时间不晚于开始时间" in page.content.decode()
    assert not CaptionTrack.objects.exists()


def test_a_track_is_replaced_only_by_intention(editor: Client, video: Video, track: CaptionTrack) -> None:
    assert "请勾选这一项" in upload(editor, video, SRT.encode()).content.decode()
    assert Cue.objects.filter(text="第一句").exists()
    assert upload(editor, video, SRT.encode(), replaces="on").status_code == 302
    assert list(Cue.objects.values_list("text", flat=True)) == ["先念一遍。", "谢谢大家。"]


def test_the_editor_saves_and_sees_conflicts(editor: Client, track: CaptionTrack) -> None:
    place = [track.video_id, ZH]
    cues = [{"start": "00:05.000", "end": "0:06,5", "text": " 后 "}, {"start": "1.", "end": "00:02", "text": "x"}]
    answer = save(editor, "media_caption_editor", place, version=1, cues=cues)
    assert answer.status_code == 422
    assert [fault["row"] for fault in answer.json()["faults"]] == [2]
    answer = save(editor, "media_caption_editor", place, version=1, cues=cues[:1])
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert list(Cue.objects.values_list("start_ms", "end_ms", "text")) == [(5000, 6500, "后")]
    answer = save(editor, "media_caption_editor", place, version=1, cues=[])
    assert (answer.status_code, answer.json()["code"]) == (409, "changed_meanwhile")
    assert Cue.objects.count() == 1


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": 1, "cues": [1]}', '{"version": "x", "cues": []}'])
def test_an_incomplete_save_is_refused_in_words(editor: Client, track: CaptionTrack, content: str) -> None:
    for name, place in (("media_caption_editor", [track.video_id, ZH]), ("media_chapters", [track.video_id])):
        answer = editor.post(reverse(name, args=place), content, content_type="application/json")
        assert answer.status_code in (400, 409)
        assert answer.json()["message"]
    assert Cue.objects.count() == 2


def test_publish_withdraw_download_delete(editor: Client, track: CaptionTrack) -> None:
    place = [track.video_id, ZH]
    for state in (CaptionState.PUBLISHED, CaptionState.DRAFT):
        editor.post(reverse("media_caption_state", args=place), {"state": state})
        assert CaptionTrack.objects.get().state == state
    file = editor.get(reverse("media_caption_download", args=[*place, "srt"]))
    assert file.content.decode("utf-8-sig").startswith("1\n00:00:01,000 --> 00:00:02,000\n第一句\n")
    assert "attachment" in file["Content-Disposition"]
    assert editor.get(reverse("media_caption_download", args=[*place, "ass"])).status_code == 404
    editor.get(reverse("media_caption_delete", args=place))
    assert CaptionTrack.objects.exists()
    editor.post(reverse("media_caption_delete", args=place))
    assert not CaptionTrack.objects.exists()
    assert AuditEvent.objects.filter(action="captions.deleted").exists()


def test_chapters_are_pasted_and_saved(editor: Client, video: Video) -> None:
    read = save(editor, "media_chapters", [video.pk], list="00:00 开场\n00:30 小结").json()["rows"]
    assert not video.chapters.exists()
    version = editor.get(reverse("media_chapters", args=[video.pk])).context["version"]
    assert save(editor, "media_chapters", [video.pk], version=version, cues=read).status_code == 200
    assert list(video.chapters.values_list("start_ms", "title")) == [(0, "开场"), (30_000, "小结")]
    again = save(editor, "media_chapters", [video.pk], version=version, cues=[])
    assert again.status_code == 409
    bad = save(editor, "media_chapters", [video.pk], version="", cues=[{"start": "x", "text": "y"}])
    assert bad.json()["faults"][0]["row"] == 1


@pytest.mark.parametrize("count", [1, 5])
def test_the_list_costs_the_same(
    editor: Client, video: Video, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for language in Language.values[:count]:
        captions.keep_reading(video, language, Reading([Line(0, 9, "x")]), source=CaptionSource.UPLOADED)
    editor.get(reverse("media_captions", args=[video.pk]))
    with django_assert_max_num_queries(25) as queries:
        editor.get(reverse("media_captions", args=[video.pk]))
    assert sum("media_captiontrack" in query["sql"] for query in queries.captured_queries) == 1
