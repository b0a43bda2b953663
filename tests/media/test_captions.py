"""Caption tracks: who may replace what, versions, states, and the signal."""

from collections.abc import Iterator

import pytest

from media.domain import captions
from media.enums import CaptionSource, CaptionState, Language
from media.kinds.caption_format import Line
from media.models import CaptionTrack, Cue, Video
from media.signals import captions_changed
from school.kernel.errors import InvalidInput
from tests.factories import make_lesson, make_member

SRT = "1\n00:01 --> 00:02\n第一句\n\n2\n00:03 --> 00:04\n第二句\n".encode()
OTHER = "1\n00:05 --> 00:06\n另一句\n".encode()
ZH = Language.CHINESE


@pytest.fixture
def video(db: None) -> Video:
    return make_lesson().video


@pytest.fixture
def told() -> Iterator[list[int]]:
    heard: list[int] = []

    def listen(video_id: int, **kwargs: object) -> None:
        heard.append(video_id)

    captions_changed.connect(listen)
    yield heard
    captions_changed.disconnect(listen)


def texts(video: Video) -> list[str]:
    return list(Cue.objects.filter(track__video=video).values_list("text", flat=True))


def test_an_upload_is_published_and_replaced_as_a_whole(video: Video) -> None:
    track = captions.import_track(video, ZH, SRT, source=CaptionSource.UPLOADED)
    assert (track.state, texts(video)) == (CaptionState.PUBLISHED, ["第一句", "第二句"])
    again = captions.import_track(video, ZH, OTHER, source=CaptionSource.UPLOADED)
    assert (again.pk, again.version, texts(video)) == (track.pk, 2, ["另一句"])


def test_a_refused_file_changes_nothing(video: Video) -> None:
    captions.import_track(video, ZH, SRT, source=CaptionSource.UPLOADED)
    with pytest.raises(InvalidInput):
        captions.import_track(video, ZH, SRT + b"\n3\n00:09 --> 00:08\nx\n", source=CaptionSource.UPLOADED)
    with pytest.raises(InvalidInput):
        captions.import_track(video, Language.ENGLISH, b"nothing", source=CaptionSource.UPLOADED)
    assert texts(video) == ["第一句", "第二句"]
    assert CaptionTrack.objects.count() == 1


@pytest.mark.parametrize("source", [CaptionSource.EMBEDDED, CaptionSource.RECOGNISED])
def test_a_machine_leaves_alone_what_a_person_made(video: Video, source: str) -> None:
    captions.import_track(video, ZH, SRT, source=CaptionSource.UPLOADED, by=make_member())
    captions.import_track(video, ZH, OTHER, source=source)
    assert texts(video) == ["第一句", "第二句"]


def test_a_machine_renews_its_own_track(video: Video) -> None:
    captions.import_track(video, ZH, SRT, source=CaptionSource.EMBEDDED)
    captions.import_track(video, ZH, OTHER, source=CaptionSource.EMBEDDED)
    assert texts(video) == ["另一句"]


def test_what_was_heard_is_a_draft(video: Video) -> None:
    track = captions.import_track(video, ZH, SRT, source=CaptionSource.RECOGNISED)
    assert track.state == CaptionState.DRAFT
    captions.publish_track(track, by=make_member())
    captions.withdraw_track(track, by=make_member())
    assert CaptionTrack.objects.get().state == CaptionState.DRAFT


def test_saving_needs_the_newest_version(video: Video) -> None:
    editor, other = make_member(), make_member()
    track = captions.import_track(video, ZH, SRT, source=CaptionSource.UPLOADED)
    saved = captions.save_cues(track, [Line(0, 900, "甲", 1)], version=1, by=editor)
    assert saved.version == 2
    with pytest.raises(captions.ChangedMeanwhile):
        captions.save_cues(track, [Line(0, 900, "乙", 1)], version=1, by=other)
    assert texts(video) == ["甲"]
    assert CaptionTrack.objects.get().changed_by == editor


@pytest.mark.parametrize("bad", [Line(5, 5, "x", 1), Line(5, 9, "", 1), Line(61_000, 62_000, "x", 1)])
def test_bad_rows_are_refused_by_number(video: Video, bad: Line) -> None:
    track = captions.import_track(video, ZH, SRT, source=CaptionSource.UPLOADED)
    with pytest.raises(InvalidInput, match="第 1 行"):
        captions.save_cues(track, [bad, Line(100, 200, "好", 2)], version=1, by=make_member())
    assert len(texts(video)) == 2


def test_each_change_is_told_after_commit(
    video: Video, told: list[int], django_capture_on_commit_callbacks: object
) -> None:
    by = make_member()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        track = captions.import_track(video, ZH, SRT, source=CaptionSource.UPLOADED)
        assert told == []
    for act in (captions.withdraw_track, captions.publish_track, captions.delete_track):
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            act(track, by=by)
    assert told == [video.pk] * 4
