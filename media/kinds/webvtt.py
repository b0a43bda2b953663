"""WebVTT: what browsers show. Notes, styles and regions are left out; only words and times are kept."""

import html
import re
from collections.abc import Iterable

from media.kinds.caption_format import TAG, CaptionFormat, Fault, Line, Reading, tidy
from media.kinds.timestamps import BadTime, clock, parse_span

BAD_TIME = "时间写法不对。请写成“00:01.000 --> 00:03.500”的样子。"
STRAY = "第 {} 行的文字不属于任何一条字幕，已略过。"
ASIDE = re.compile(r"(NOTE|STYLE|REGION)(\s|$)")


class WebVtt(CaptionFormat):
    code, label, content_type = "vtt", "WebVTT", "text/vtt"

    def claims(self, text: str) -> bool:
        return bool(re.match(r"\s*WEBVTT(\s|$)", text))

    def read(self, rows: list[str]) -> Reading:
        reading = Reading()
        for top, block in list(_blocks(rows))[1:]:  # the first block is the header
            if not ASIDE.match(block[0]):
                _read_block(reading, top, block)
        return reading

    def write(self, lines: Iterable[Line]) -> str:
        cues = (
            f"{number}\n{clock(line.start_ms)} --> {clock(line.end_ms)}\n{escape(line.text)}\n"
            for number, line in enumerate(lines, start=1)
        )
        return "WEBVTT\n\n" + "\n".join(cues)


def escape(text: str) -> str:
    """Words as cue text: no sign of theirs can begin a tag or look like an arrow between times."""
    return tidy(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _blocks(rows: list[str]) -> Iterable[tuple[int, list[str]]]:
    """(row from 0, rows) of each stretch between blank rows."""
    held: list[str] = []
    for row, text in enumerate([*rows, ""]):
        if text.strip():
            held.append(text)
        elif held:
            yield row - len(held), held
            held = []


def _read_block(reading: Reading, top: int, block: list[str]) -> None:
    for place in range(min(2, len(block))):  # the times stand first, or below the cue's name
        try:
            span = parse_span(block[place])
        except BadTime:
            reading.faults.append(Fault(top + place + 1, BAD_TIME))
            return
        if span:
            words = tidy(html.unescape(TAG.sub("", "\n".join(block[place + 1 :]))))
            reading.lines.append(Line(*span, words, top + place + 1))
            return
    reading.notices.append(STRAY.format(top + 1))
