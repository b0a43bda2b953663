"""SRT: numbered cues, times with a comma. Written by many programs, so read with patience."""

import re
from collections.abc import Iterable

from media.kinds.caption_format import CaptionFormat, Fault, Line, Reading, tidy, without_tags
from media.kinds.timestamps import ARROW, BadTime, clock, parse_span

BAD_TIME = "时间写法不对。请写成“00:00:01,000 --> 00:00:03,500”的样子。"
NO_TIME = "序号 {} 后面没有时间。请补上“开始 --> 结束”一行，或删去这个序号。"
STRAY = "第 {} 行的文字不属于任何一条字幕，已略过。"
NUMBER = re.compile(r"\s*(\d{1,6})\s*", re.ASCII)


class SubRip(CaptionFormat):
    code, label, content_type = "srt", "SRT", "application/x-subrip"

    def claims(self, text: str) -> bool:
        return True  # the last to be asked: the format has no mark of its own

    def read(self, rows: list[str]) -> Reading:
        reading, blocks = Reading(), spans_of(rows)
        first = blocks[0][0] if blocks else len(rows)
        reading.notices += [STRAY.format(n + 1) for n in range(first) if is_words(rows, n, first)]
        for place, (row, span) in enumerate(blocks):
            following = blocks[place + 1][0] if place + 1 < len(blocks) else len(rows)
            if span is None:
                reading.faults.append(Fault(row + 1, BAD_TIME))
                continue
            body = _without_number(rows[row + 1 : following]) if place + 1 < len(blocks) else rows[row + 1 : following]
            reading.faults += _missing_times(rows[row - 1] if row else "", body, row + 1)
            reading.lines.append(Line(*span, tidy(without_tags("\n".join(body))), row + 1))
        return reading

    def write(self, lines: Iterable[Line]) -> str:
        return "\n".join(
            f"{number}\n{clock(line.start_ms, ',')} --> {clock(line.end_ms, ',')}\n{ARROW.sub(' → ', line.text)}\n"
            for number, line in enumerate(lines, start=1)
        )


def spans_of(rows: list[str]) -> list[tuple[int, tuple[int, int] | None]]:
    """The rows (from 0) that hold times, with the times; None where they cannot be read."""
    found: list[tuple[int, tuple[int, int] | None]] = []
    for row, text in enumerate(rows):
        try:
            span = parse_span(text)
        except BadTime:
            found.append((row, None))
        else:
            if span:
                found.append((row, span))
    return found


def is_words(rows: list[str], row: int, following: int) -> bool:
    """Is this row text, and not blank or the number of the cue that begins at `following`?"""
    return bool(rows[row].strip()) and not (row + 1 == following and NUMBER.fullmatch(rows[row]))


def _without_number(body: list[str]) -> list[str]:
    """Without the next cue's number, which stands directly above its times."""
    return body[:-1] if body and NUMBER.fullmatch(body[-1]) else body


def _missing_times(number: str, body: list[str], top: int) -> list[Fault]:
    """A blank row, then the next number, then words: a cue whose times were lost."""
    own = NUMBER.fullmatch(number)
    if not own:
        return []
    expected = int(own[1]) + 1
    return [
        Fault(top + place + 1, NO_TIME.format(expected))
        for place in range(1, len(body) - 1)
        if not body[place - 1].strip() and body[place].strip() == str(expected) and body[place + 1].strip()
    ]
