"""What members read and search: WebVTT of captions and chapters, the transcript, and stretches for the search."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from media.domain import captions
from media.domain.chapters import Mark, chapters_text, read_list, save_chapters, version_of
from media.domain.subtitles import CaptionsRefused
from media.domain.transcript import stretches_of, transcript_of
from media.enums import CaptionSource, Language
from media.kinds.caption_format import Line, Reading
from media.models import Video
from media.views import captions_vtt, chapters_vtt
from school.kernel.errors import NotFound
from search.text import normalise
from tests.factories import make_lesson, make_member

GET = RequestFactory().get("/")


@pytest.fixture
def video(db: None) -> Video:
    return make_lesson(seconds=300).video


def say(video: Video, *lines: Line, language: str = Language.CHINESE, source: str = CaptionSource.UPLOADED) -> None:
    captions.keep_reading(video, language, Reading(list(lines)), source=source)


def body(response: HttpResponse) -> str:
    return response.content.decode()


def test_published_captions_are_served_escaped(video: Video) -> None:
    say(video, Line(1000, 2000, "<script>alert(1)</script> --> &"))
    response = captions_vtt(GET, video, Language.CHINESE)
    assert response["Content-Type"].startswith("text/vtt")
    expected = "1\n00:00:01.000 --> 00:00:02.000\n&lt;script&gt;alert(1)&lt;/script&gt; --&gt; &amp;\n"
    assert body(response) == "WEBVTT\n\n" + expected


def test_drafts_and_other_languages_look_like_none(video: Video) -> None:
    say(video, Line(0, 1000, "草稿"), source=CaptionSource.RECOGNISED)
    for language in (Language.CHINESE, Language.ENGLISH, "../x"):
        with pytest.raises(NotFound):
            captions_vtt(GET, video, language)
    assert transcript_of(video, normalise).scripts == []
    assert list(stretches_of(video)) == []


def test_chapters_last_until_the_next_one(video: Video) -> None:
    save_chapters(video, [Mark(0, "开场", 1), Mark(60_000, "第二章", 2)], version=version_of(video), by=make_member())
    text = body(chapters_vtt(GET, video))
    assert "00:00:00.000 --> 00:01:00.000\n开场" in text
    assert "00:01:00.000 --> 00:05:00.000\n第二章" in text


def test_a_pasted_list_of_chapters() -> None:
    marks = read_list("00:00 开场\n\n（１：２３）　第一张清单\n[1:02:03] - 小结 2 分钟\n2分5秒 案例")
    assert [(mark.start_ms, mark.title) for mark in marks] == [
        (0, "开场"),
        (83_000, "第一张清单"),
        (3_723_000, "小结 2 分钟"),
        (125_000, "案例"),
    ]
    with pytest.raises(CaptionsRefused, match="第 2 行：看不出时间"):
        read_list("00:00 开场\n没有时间\n")


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ([Mark(0, "", 1)], "第 1 行：没有章节名"),
        ([Mark(0, "甲", 1), Mark(0, "乙", 2)], "第 2 行：00:00 已有一个章节"),
        ([Mark(300_000, "甲", 1)], "第 1 行：时间在视频结束（05:00）之后"),
        ([Mark(0, "长" * 81, 1)], "第 1 行：章节名超过 80 字"),
    ],
)
def test_bad_chapters_are_refused_and_nothing_changes(video: Video, marks: list[Mark], said: str) -> None:
    editor = make_member()
    save_chapters(video, [Mark(0, "原来", 1)], version=version_of(video), by=editor)
    with pytest.raises(CaptionsRefused, match=said):
        save_chapters(video, marks, version=version_of(video), by=editor)
    assert list(video.chapters.values_list("title", flat=True)) == ["原来"]


def test_chapters_changed_meanwhile(video: Video) -> None:
    editor, before = make_member(), version_of(video)
    save_chapters(video, [Mark(0, "先", 1)], version=before, by=editor)
    with pytest.raises(captions.ChangedMeanwhile):
        save_chapters(video, [Mark(0, "后", 1)], version=before, by=editor)
    assert "先" in chapters_text(Video.objects.get(pk=video.pk))


@pytest.mark.parametrize("count", [1, 200])
def test_a_transcript_costs_three_queries(
    video: Video, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    say(video, *[Line(n * 1000, n * 1000 + 900, f"第{n}句") for n in range(count)])
    say(video, Line(0, 900, "黨費"), language=Language.TRADITIONAL)
    with django_assert_num_queries(3):
        found = transcript_of(video, normalise)
    assert [script.language for script in found.scripts] == ["zh-Hans", "zh-Hant"]
    assert found.scripts[1].lines[0].folded == "党费"
    assert len(found.scripts[0].lines) == count


def test_folding_keeps_each_sign_in_its_place(video: Video) -> None:
    say(video, Line(0, 900, "第…ⅣＡ黨ﬁ"))
    line = transcript_of(video, normalise).scripts[0].lines[0]
    assert len(line.folded) == len(line.text)
    assert "a党" in line.folded


def test_stretches_are_about_half_a_minute(video: Video) -> None:
    say(video, *[Line(n * 4000, n * 4000 + 3000, f"第{n}句" + ("。" if n % 2 else "，")) for n in range(30)])
    found = list(stretches_of(video))
    assert "\n".join(stretch.text for stretch in found).count("句") == 30
    gaps = [after.start_ms - before.start_ms for before, after in zip(found, found[1:], strict=False)]
    assert all(30_000 <= gap <= 45_000 for gap in gaps)
    assert all(stretch.text.endswith("。") for stretch in found)
