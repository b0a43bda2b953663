"""Chapters of a video: a list of times and titles that is replaced as a whole, read from a pasted list, and served."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from media.domain.captions import ChangedMeanwhile
from media.domain.subtitles import CaptionsRefused
from media.kinds.caption_format import Fault, Line, tidy
from media.kinds.timestamps import BadTime, parse_time, short_clock
from media.models import Chapter, Video
from media.registry import WEBVTT
from school.kernel.domain import audit

if TYPE_CHECKING:
    from school.people.models import User

MAX_CHAPTERS = 200
MAX_TITLE = 80
FIRST_WORD = re.compile(r"\s*[(（【\[]?\s*([\d０-９][\d０-９:：.,，分秒时小钟]*)\s*[)）】\]]?[\s　、.\-—:：]*(.*)")
ONE_HOUR_MORE = 3_600_000  # how long the last chapter lasts where the video's length is not known


@dataclass(frozen=True)
class Mark:
    """A chapter as written: where it begins, in milliseconds, and its name; `row` counts from 1."""

    start_ms: int
    title: str
    row: int = 0


def read_list(text: str) -> list[Mark]:
    """The chapters of a pasted list with lines such as `00:00 开场`; CaptionsRefused names each bad line."""
    marks, faults = [], []
    for row, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        found = FIRST_WORD.fullmatch(line)
        try:
            marks.append(Mark(parse_time(found[1] if found else ""), tidy(found[2] if found else ""), row))
        except BadTime:
            faults.append(Fault(row, "看不出时间。请写成“02:30 章节名”的样子，每行一章。"))
    if faults:
        raise CaptionsRefused(faults)
    return marks


def save_chapters(video: Video, marks: list[Mark], *, version: str, by: "User") -> None:
    """Replace the chapters. `version` is `version_of` as the editor was opened; an empty list removes all.

    Raises ChangedMeanwhile, or CaptionsRefused with a fault for each bad row; then nothing is written.
    """
    with transaction.atomic():
        locked = Video.objects.select_for_update().get(pk=video.pk)
        if version_of(locked) != version:
            raise ChangedMeanwhile("章节刚刚被别人改过，您的修改还没有保存。请先复制您的文字，再刷新页面。")
        faults = _faults_of(marks, locked.duration_ms)
        if faults:
            raise CaptionsRefused(faults)
        locked.chapters.all().delete()
        Chapter.objects.bulk_create(Chapter(video=locked, start_ms=m.start_ms, title=m.title) for m in marks)
        audit.record("chapters.saved", actor=by, target=locked, chapters=len(marks))


def version_of(video: Video) -> str:
    """A digest of the chapters: it differs whenever they do."""
    rows = [[chapter.start_ms, chapter.title] for chapter in video.chapters.all()]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def chapters_text(video: Video) -> str:
    """The chapters as WebVTT: each lasts until the next begins, the last one until the video ends."""
    marks = list(video.chapters.values_list("start_ms", "title"))
    end = max(video.duration_ms, marks[-1][0] + 1) if marks else 0
    if marks and not video.duration_ms:
        end = marks[-1][0] + ONE_HOUR_MORE
    ends = [start for start, _ in marks[1:]] + [end]
    return WEBVTT.write(Line(start, stop, title) for (start, title), stop in zip(marks, ends, strict=False))


def _faults_of(marks: list[Mark], duration_ms: int) -> list[Fault]:
    if len(marks) > MAX_CHAPTERS:
        return [Fault(0, f"章节超过 {MAX_CHAPTERS} 个。请合并一些。")]
    faults, seen = [], set()
    for mark in marks:
        if not mark.title:
            faults.append(Fault(mark.row, "没有章节名。请填写，或删去这一行。"))
        elif len(mark.title) > MAX_TITLE:
            faults.append(Fault(mark.row, f"章节名超过 {MAX_TITLE} 字。请写短一些。"))
        if mark.start_ms in seen:
            faults.append(Fault(mark.row, f"{short_clock(mark.start_ms)} 已有一个章节。请改成不同的时间。"))
        elif duration_ms and mark.start_ms >= duration_ms:
            faults.append(Fault(mark.row, f"时间在视频结束（{short_clock(duration_ms)}）之后。请改正。"))
        seen.add(mark.start_ms)
    return faults
