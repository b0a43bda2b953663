"""Times as people and programs write them in caption files, in milliseconds. Full-width signs count as plain ones."""

import re
import unicodedata

TIME = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2})(?:[.,:;](\d{1,3})\d*)?", re.ASCII)
CHINESE = re.compile(r"(?:(\d{1,2})(?:小时|时|小時|時))?(\d{1,3})分(?:钟|鐘)?(\d{1,2})秒", re.ASCII)
ARROW = re.compile(r"\s*(?:-{1,3} ?|[—–]{1,2})>\s*")
BEGINS_LIKE_TIME = re.compile(r"-?\w{1,3}\s*[:;]\s*\w")
END = re.compile(r"[\d\s:;.,]+", re.ASCII)
HOUR, MINUTE, SECOND = 3_600_000, 60_000, 1_000


class BadTime(ValueError):
    """A line means to give times, but they cannot be read."""


def parse_time(text: str) -> int:
    """Milliseconds of `1:02:03,5`, `62:03.500`, `01:02`, `1分2秒`; BadTime when it is no time below 100 hours."""
    plain = re.sub(r"\s", "", _plain(text))
    found = TIME.fullmatch(plain) or CHINESE.fullmatch(plain)
    if not found:
        raise BadTime(text)
    hours, minutes, seconds = int(found[1] or 0), int(found[2]), int(found[3])
    if seconds > 59 or (found[1] and minutes > 59):
        raise BadTime(text)
    fraction = found[4] if found.re is TIME and found[4] else ""
    return hours * HOUR + minutes * MINUTE + seconds * SECOND + int(fraction.ljust(3, "0"))


def parse_span(line: str) -> tuple[int, int] | None:
    """(start, end) of a line such as `00:01,000 --> 00:02,000 align:start`; None for a line of words.

    BadTime when the line begins like a time and has an arrow, but one of the two times cannot be read.
    """
    sides = ARROW.split(_plain(line), maxsplit=1)
    if len(sides) != 2 or not BEGINS_LIKE_TIME.match(sides[0].strip()):
        return None
    end = END.match(sides[1])
    if not end:
        raise BadTime(line)
    return parse_time(sides[0]), parse_time(end[0])


def clock(ms: int, separator: str = ".") -> str:
    """01:02:03.500, as WebVTT wants it; SRT wants a comma."""
    seconds, rest = divmod(ms, SECOND)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{separator}{rest:03d}"


def short_clock(ms: int) -> str:
    """01:23, or 1:02:03 from one hour on: what a person reads."""
    minutes, seconds = divmod(ms // SECOND, 60)
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours}:{minutes_left:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("。", ".").replace("\ufeff", "")
