"""From a caption file to cues that may be kept: format, limits, order, and a report of every row that cannot stay."""

import re

from media.domain.encodings import decode
from media.kinds.caption_format import Fault, Line, Reading
from media.kinds.timestamps import short_clock
from media.registry import format_of
from school.kernel.errors import InvalidInput, TooLarge

MAX_BYTES = 2 * 1024 * 1024
MAX_CUES = 20_000
MAX_TEXT = 500
MAX_ROW = 5_000  # no line of words is so long; patterns stay cheap below it
REPORTED = 20
ROWS = re.compile(r"\r\n|\r|\n")


class CaptionsRefused(InvalidInput):
    """A caption file of which nothing was kept; `faults` names each row and its cure."""

    code = "captions_refused"

    def __init__(self, faults: list[Fault]) -> None:
        shown = [str(fault) for fault in faults[:REPORTED]]
        more = [f"另有 {len(faults) - REPORTED} 处类似问题。"] if len(faults) > REPORTED else []
        super().__init__("字幕没有保存。" + " ".join([*shown, *more]), fields={"file": "\n".join([*shown, *more])})
        self.faults = faults
        self.rows = [*shown, *more]


def read_captions(content: bytes, duration_ms: int = 0) -> Reading:
    """The cues of an SRT, WebVTT, ASS or SSA file in order of time, with notices; raises CaptionsRefused or TooLarge.

    `duration_ms` is the video's length; 0 when it is not known. A cue that lasts longer is shortened to it.
    """
    if len(content) > MAX_BYTES:
        raise TooLarge("字幕文件超过 2 MB。请确认选对了文件；一堂课的字幕通常只有几十 KB。")
    text = decode(content)
    rows = ROWS.split(text)
    too_long = [Fault(n, "这一行过长，不像字幕。请检查文件。") for n, row in enumerate(rows, 1) if len(row) > MAX_ROW]
    if too_long:
        raise CaptionsRefused(too_long)
    reading = format_of(text).read(rows)
    arranged = arrange(reading.lines, duration_ms)
    faults = sorted([*reading.faults, *arranged.faults], key=lambda fault: fault.row)
    if faults:
        raise CaptionsRefused(faults)
    if not arranged.lines:
        raise CaptionsRefused([Fault(0, "文件里没有一条字幕。请检查是不是选错了文件，或导出时没有带上文字。")])
    return Reading(arranged.lines, [], [*reading.notices, *arranged.notices])


def arrange(lines: list[Line], duration_ms: int = 0) -> Reading:
    """The cues sorted by time without the empty ones; faults for what is reversed, too long or beyond the end."""
    result = Reading()
    if len(lines) > MAX_CUES:
        result.faults.append(Fault(0, f"字幕有 {len(lines):,} 条，超过上限 {MAX_CUES:,} 条。请拆分视频，或合并字幕。"))
        return result
    worded = [line for line in lines if line.text]
    result.faults = [fault for line in worded if (fault := _fault_of(line, duration_ms))]
    shortened = [line for line in worded if duration_ms and line.end_ms > duration_ms]
    kept = [Line(n.start_ms, min(n.end_ms, duration_ms or n.end_ms), n.text, n.row) for n in worded]
    result.lines = sorted(kept, key=lambda line: (line.start_ms, line.end_ms))
    result.notices = _notices(len(lines) - len(worded), len(shortened), kept, result.lines)
    return result


def _fault_of(line: Line, duration_ms: int) -> Fault | None:
    if min(line.start_ms, line.end_ms) < 0:  # the editor's sign for a time that it could not read
        return Fault(line.row, "时间写法不对。请写成“01:23.400”的样子。")
    if line.end_ms <= line.start_ms:
        return Fault(line.row, "结束时间不晚于开始时间。请检查这两个时间是否写反。")
    if len(line.text) > MAX_TEXT:
        return Fault(line.row, f"这一条有 {len(line.text)} 个字，超过 {MAX_TEXT} 字。请分成几条。")
    if duration_ms and line.start_ms >= duration_ms:
        return Fault(
            line.row,
            f"开始时间 {short_clock(line.start_ms)} 在视频结束（{short_clock(duration_ms)}）之后。"
            "请确认字幕和视频是同一部，或改正时间。",
        )
    return None


def _notices(empty: int, shortened: int, given: list[Line], ordered: list[Line]) -> list[str]:
    overlapping = sum(after.start_ms < before.end_ms for before, after in zip(ordered, ordered[1:], strict=False))
    told = {
        f"{empty} 条没有文字，已略过。": empty,
        f"{shortened} 条超出视频结尾，已截到结尾。": shortened,
        "条目没有按时间先后排列，已重新排序。": given != ordered,
        f"{overlapping} 处前后两条在时间上重叠，播放时会同时显示。": overlapping,
    }
    return [words for words, is_so in told.items() if is_so]
