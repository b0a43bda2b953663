"""The library, the queue and the storage report in the admin: who sees what, with true figures and few queries."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Collection, GroupCollectionPermission, ReferenceIndex

from media.enums import RunState, VideoState
from media.models import CaptionTrack, Transcoding, Video
from media.queries.pace import film_by_day, pace, queue, throughput
from media.queries.storage import growth_by_month, stored_by_organisation
from school.kernel.models import BackgroundJob
from school.people.domain.studio import ensure_studio, join_studio
from school.people.enums import Role
from school.people.models import Organisation, User
from tests.factories import appoint, make_lesson, make_member, make_tree

pytestmark = pytest.mark.django_db
LIBRARY, QUEUE = "/admin/media/", "/admin/transcoding/"


class Studio:
    """An editor of the enterprise and one of a branch, and a way to make videos."""

    def __init__(self) -> None:
        ensure_studio()
        self.root, self.branch, self.other = make_tree()
        self.editor = self.person(Role.EDITOR, self.root)
        self.client = Client()
        self.client.force_login(self.editor)

    def person(self, role: str, organisation: Organisation) -> User:
        user = make_member(self.branch)
        appoint(user, role, organisation)
        join_studio(user, role)
        return user

    def video(self, title: str = "片", **fields: Any) -> Video:
        values = {"type": "video", "duration": 60, "state": VideoState.READY, "generation": 1, "width": 1920}
        video = Video(title=title, **{**values, "height": 1080, "uploaded_by_user": self.editor, **fields})
        video.file.save("v.mp4", ContentFile(b"x"), save=False)
        video.requested_file = video.file.name
        video.save()
        return video

    def run(
        self, video: Video, seconds: float, *, source: int = 60, ago: timedelta = timedelta(), **fields: Any
    ) -> Any:
        end = timezone.now() - ago
        values = {"state": RunState.PUBLISHED, "request": 1, "source_ms": source * 1000, "finished_at": end}
        return Transcoding.objects.create(
            video=video, started_at=end - timedelta(seconds=seconds), **{**values, **fields}
        )

    def text(self, address: str) -> str:
        response = self.client.get(address)
        assert response.status_code == 200
        return response.content.decode()


@pytest.fixture
def studio() -> Studio:
    return Studio()


def titles(text: str, *names: str) -> list[str]:
    return [name for name in names if f">{name}</a>" in text]


def test_the_list_shows_and_finds(studio: Studio) -> None:
    studio.video("夏季安全讲评", organisation=studio.branch)
    studio.video("党章专题课", type="audio", state=VideoState.FAILED, error="文件损坏")
    both = ("夏季安全讲评", "党章专题课")
    assert titles(studio.text(LIBRARY), *both) == list(both)
    assert "文件损坏" in studio.text(LIBRARY)
    for query, expected in {
        "q=安全讲": ["夏季安全讲评"],
        "q=专题+党章": ["党章专题课"],
        "q=没有": [],
        "state=failed": ["党章专题课"],
        "type=video": ["夏季安全讲评"],
        f"organisation={studio.branch.get_parent().pk}": ["夏季安全讲评"],
        f"organisation={studio.other.pk}": [],
        "usage=used": [],
        "captions=none": list(both),
        "q=%00&state=x&organisation=999999999999999999999&p=9": list(both),
    }.items():
        assert titles(studio.text(f"{LIBRARY}?{query}"), *both) == expected, query
        assert titles(studio.text(f"{LIBRARY}results/?{query}"), *both) == expected, query


def test_captions_and_usage_filter(studio: Studio, run_jobs: Any) -> None:
    lesson = make_lesson(studio.root)
    used = lesson.video
    Video.objects.filter(pk=used.pk).update(title="用着的")
    CaptionTrack.objects.create(video=used, language="zh-Hans")
    studio.video("闲着的")
    ReferenceIndex.create_or_update_for_object(lesson)
    both = ("用着的", "闲着的")
    assert titles(studio.text(f"{LIBRARY}?usage=used"), *both) == ["用着的"]
    assert titles(studio.text(f"{LIBRARY}?usage=unused"), *both) == ["闲着的"]
    assert titles(studio.text(f"{LIBRARY}?captions=zh-Hans"), *both) == ["用着的"]
    page = studio.text(f"{LIBRARY}{used.pk}/")
    assert lesson.title in page
    assert studio.client.post(f"/admin/media/delete/{used.pk}/", follow=True).redirect_chain
    assert Video.objects.filter(pk=used.pk).exists()


def test_a_used_video_is_kept_with_words(studio: Studio) -> None:
    video = make_lesson(studio.root).video
    answer = studio.client.post(f"/admin/media/delete/{video.pk}/", follow=True)
    assert "处使用，不能删除" in answer.content.decode()
    assert Video.objects.filter(pk=video.pk).exists()
    free = studio.video()
    assert "不能恢复" in studio.text(f"/admin/media/delete/{free.pk}/")
    assert Video.objects.filter(pk=free.pk).exists()
    studio.client.post(f"/admin/media/delete/{free.pk}/")
    assert not Video.objects.filter(pk=free.pk).exists()


def test_only_videos_of_ones_collections_exist(studio: Studio) -> None:
    root = Collection.get_first_root_node()
    mine, theirs = root.add_child(name="我们的"), root.add_child(name="他们的")
    GroupCollectionPermission.objects.filter(collection=root).update(collection=mine)
    seen, hidden = studio.video("看得到", collection=mine), studio.video("看不到", collection=theirs, state="failed")
    assert titles(studio.text(LIBRARY), "看得到", "看不到") == ["看得到"]
    assert studio.client.get(f"{LIBRARY}{seen.pk}/").status_code == 200
    hidden_places = [f"{LIBRARY}{hidden.pk}/", f"{LIBRARY}{hidden.pk}/replace/", f"/admin/media/delete/{hidden.pk}/"]
    assert [studio.client.get(place).status_code for place in hidden_places] == [404] * 3
    for act in ("retry", "cancel", "poster"):
        assert studio.client.post(f"{LIBRARY}{hidden.pk}/{act}/").status_code == 404
    assert "看不到" not in studio.text(QUEUE)
    assert studio.client.get(f"{QUEUE}{hidden.pk}/").status_code == 404


@pytest.mark.parametrize("address", [LIBRARY, QUEUE, "/admin/media/storage/"])
def test_queries_do_not_grow(studio: Studio, address: str) -> None:
    def queries() -> int:
        studio.client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            studio.text(address)
        return len(caught)

    def more() -> None:
        for state in (VideoState.READY, VideoState.QUEUED, VideoState.FAILED):
            studio.run(studio.video(state=state, organisation=studio.branch), 30)
        video = studio.video(state=VideoState.TRANSCODING, progress=10)
        studio.run(video, 5, state=RunState.RUNNING, finished_at=None)

    more()
    few = queries()
    for _ in range(3):
        more()
    assert queries() == few <= 30


def test_the_page_of_a_video_says_everything(studio: Studio) -> None:
    facts = {
        "container": "mov,mp4",
        "width": 1080,
        "height": 1920,
        "fps": 29.97,
        "video_codec": "hevc",
        "bit_depth": 10,
    }
    facts |= {"rotation": 90, "transfer": "arib-std-b67", "has_audio": True, "audio_codec": "aac", "channels": 2}
    video = studio.video("手机拍的", facts={**facts, "sample_rate": 48000}, rungs=["1080", "720"], size=5_000_000)
    studio.run(video, 20, state=RunState.FAILED, error="文件后半部分无法读取。")
    page = studio.text(f"{LIBRARY}{video.pk}/")
    for words in ("H.265", "HDR（HLG）", "转正", "10 位", "48 kHz", "1080、720", "文件后半部分无法读取", "4.8\xa0MB"):
        assert words in page, words


def test_buttons_do_what_they_say(studio: Studio) -> None:
    video = studio.video(state=VideoState.FAILED)
    studio.client.post(f"{LIBRARY}{video.pk}/retry/")
    video.refresh_from_db()
    assert (video.state, video.request) == (VideoState.QUEUED, 1)
    studio.client.post(f"{LIBRARY}{video.pk}/cancel/")
    video.refresh_from_db()
    assert video.state == VideoState.CANCELLED
    again = studio.client.post(f"{LIBRARY}{video.pk}/cancel/", follow=True)
    assert "已取消" in again.content.decode()
    for seconds in ("", "abc", "-1", "9" * 40, "NaN"):
        assert studio.client.post(f"{LIBRARY}{video.pk}/poster/", {"seconds": seconds}).status_code == 302
    assert studio.client.get(f"{LIBRARY}{video.pk}/retry/").status_code == 405


def test_estimates_come_from_real_runs(studio: Studio) -> None:
    assert pace() is None
    first, second = studio.video(state=VideoState.QUEUED, request=1), studio.video(state=VideoState.QUEUED, request=1)
    BackgroundJob.objects.create(key=f"transcode:{second.pk}:1", function="x", cluster="video")
    BackgroundJob.objects.create(key=f"transcode:{first.pk}:1", function="x", cluster="video")
    running, waiting = queue()
    assert [place.ends_at for place in waiting] == [None, None]
    for seconds in (20, 30, 60):
        studio.run(first, seconds)
    assert pace() == pytest.approx(2)
    moving = studio.video(state=VideoState.TRANSCODING, progress=25)
    studio.run(moving, 10, state=RunState.RUNNING, finished_at=None)
    running, waiting = queue()
    assert [place.video for place in running] == [moving]
    assert running[0].seconds_left == pytest.approx(30, abs=1)
    assert [place.video for place in waiting] == [second, first]
    assert (waiting[1].ends_at - running[0].ends_at).total_seconds() == pytest.approx(60, abs=0.1)
    state = studio.client.get(f"{QUEUE}state/").json()
    assert state["running"][0]["progress"] == 25
    assert "html" not in studio.client.get(f"{QUEUE}state/", {"signature": state["signature"]}).json()


def test_throughput_counts_what_was_published(studio: Studio) -> None:
    video = studio.video()
    studio.run(video, 30, ago=timedelta(hours=1))
    studio.run(video, 30, ago=timedelta(days=3))
    studio.run(video, 30, ago=timedelta(days=9))
    studio.run(video, 30, state=RunState.FAILED)
    assert (throughput(timedelta(days=1)).runs, throughput(timedelta(days=7)).runs) == (1, 2)
    days = film_by_day()
    assert len(days) == 14
    assert sum(film for _, film, _ in days) == 3 * 60_000
    assert days[-1][0] == timezone.localdate()


def test_an_empty_queue_is_honest(studio: Studio) -> None:
    page = studio.text(QUEUE)
    for words in ("现在没有视频在转码", "没有视频在等待", "还没有转码记录", "近十四天没有转码"):
        assert words in page


def test_storage_is_counted_by_organisation(studio: Studio) -> None:
    studio.video(organisation=studio.branch, size=1000, stored_bytes=500)
    studio.video(organisation=studio.branch, size=1000, stored_bytes=500)
    studio.video(organisation=studio.other, size=70, stored_bytes=7)
    studio.video(size=3, stored_bytes=1)
    rows = {row.name: row for row in stored_by_organisation(studio.editor)}
    branch = rows[studio.branch.name]
    assert (branch.videos, branch.originals, branch.renditions, branch.unused) == (2, 2000, 1000, 3000)
    assert len(rows) == 3
    assert growth_by_month(studio.editor)[-1][1:] == (2073, 1008)
    local = studio.person(Role.EDITOR, studio.branch)
    assert [row.name for row in stored_by_organisation(local)] == [studio.branch.name]


def test_the_table_holds_text_as_text(studio: Studio) -> None:
    Organisation.objects.filter(pk=studio.branch.pk).update(name='=HYPERLINK("http://x")')
    studio.video(organisation=studio.branch, size=1000)
    response = studio.client.get("/admin/media/storage.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == ('=HYPERLINK("http://x")', "s")
    assert sheet["E2"].value == 1000


def test_examiners_see_storage_and_queue_but_no_library(studio: Studio) -> None:
    examiner = Client()
    examiner.force_login(studio.person(Role.EXAMINER, studio.branch))
    studio.video("保密片", state=VideoState.QUEUED)
    assert examiner.get(LIBRARY).status_code == 302
    assert examiner.get("/admin/media/storage/").status_code == 200
    page = examiner.get(QUEUE).content.decode()
    assert "其他单位的视频" in page
    assert "保密片" not in page


def test_posters_are_shown_to_whoever_sees_the_library(studio: Studio) -> None:
    video = studio.video(rungs=["480"])
    for address in (LIBRARY, f"{LIBRARY}{video.pk}/"):
        page = studio.client.get(address)
        assert "/poster.jpg" in page.content.decode()
        assert page.cookies["playback"]["path"] == "/media/v/"
