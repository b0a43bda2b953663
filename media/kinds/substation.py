"""ASS and SSA: only the words of dialogue lines are kept; drawings, comments and effects are left out."""

import re

from media.kinds.caption_format import CaptionFormat, Fault, Line, Reading, tidy, without_tags
from media.kinds.timestamps import BadTime, parse_time

BAD_TIME = "时间写法不对。请写成“0:00:01.00,0:00:03.50”的样子。"
SHORT = "这一行的栏目不全。请在字幕软件里重新导出。"
USUAL = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"]
OVERRIDE = re.compile(r"\{[^{}]*\}")  # linear however many braces a hostile line has
DRAWING = re.compile(r"\\p[1-9]")
HEADING = re.compile(r"\s*\[(script info|v4\+? styles|events)\]", re.IGNORECASE)


class SubStation(CaptionFormat):
    code, label, content_type = "ass", "ASS / SSA", "text/x-ssa"

    def claims(self, text: str) -> bool:
        return any(HEADING.match(row) for row in text.split("\n", 200)[:200])

    def read(self, rows: list[str]) -> Reading:
        reading, columns, is_inside = Reading(), USUAL, False
        seen: set[tuple[int, int, str]] = set()
        for number, row in enumerate(rows, start=1):
            kind, _, rest = row.strip().partition(":")
            if row.strip().startswith("["):
                is_inside = row.strip().lower() == "[events]"
            elif is_inside and kind.lower() == "format":
                columns = [name.strip().lower() for name in rest.split(",")]
            elif is_inside and kind.lower() == "dialogue":
                _read_dialogue(reading, columns, rest, number, seen)
        return reading


def _read_dialogue(
    reading: Reading, columns: list[str], rest: str, number: int, seen: set[tuple[int, int, str]]
) -> None:
    values = dict(zip(columns, rest.split(",", len(columns) - 1), strict=False))
    if not {"start", "end", "text"} <= set(values):
        reading.faults.append(Fault(number, SHORT))
        return
    if any(DRAWING.search(override) for override in OVERRIDE.findall(values["text"])):
        return
    try:
        times = parse_time(values["start"]), parse_time(values["end"])
    except BadTime:
        reading.faults.append(Fault(number, BAD_TIME))
        return
    words = _words(values["text"])
    if (*times, words) not in seen:  # outlines and shadows repeat a line on another layer
        seen.add((*times, words))
        reading.lines.append(Line(*times, words, number))


def _words(text: str) -> str:
    plain = OVERRIDE.sub("", text).replace("\\h", " ").replace("\\n", "\n").replace("\\N", "\n")
    return tidy(without_tags(plain))
