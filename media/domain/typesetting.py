"""Breaking a Chinese title into lines that look well: no punctuation at a line's start, words and numbers whole, lines
of about equal length, and smaller type where the title is long."""

import re
from dataclasses import dataclass

from PIL import ImageFont

from media.domain.typefaces import BOLD, typeface

CLOSING = "，。、；：？！）》」』】〉”’…—·％%,.;:?!)]}"
OPENING = "（《「『【〈“‘([{"
# Kept whole: a short quotation, a number with the sign it counts, words of Latin letters.
PIECE = re.compile(
    r"[“《「‘（][^“”《》「」（）]{1,5}[”》」’）]"
    r"|\d[\d.]* ?[A-Za-z%\u4e00-\u9fff]+?(?![A-Za-z])"
    r"|[A-Za-z0-9][-A-Za-z0-9.+/&'%:]*|\s+|.",
    re.DOTALL,
)
GOOD_ENDS = ("：", "，", "、", "；", "——", "！", "？", ":", " ")
GOOD_END_BONUS = 0.12
MOST_UNITS = 200
LEADING = 1.36
SIZES_COMPARED = 3
TWO_LINES_FROM, THREE_LINES_FROM = 78, 62  # pixels: large type in many lines crowds the card


@dataclass(frozen=True)
class Setting:
    """Lines of a title and the type in which they fit."""

    lines: tuple[str, ...]
    size: int

    @property
    def font(self) -> ImageFont.FreeTypeFont:
        return typeface(BOLD, self.size)

    @property
    def ends_well(self) -> bool:
        return all(line.endswith(GOOD_ENDS) for line in self.lines[:-1])

    @property
    def leading(self) -> int:
        return round(self.size * LEADING)


def set_title(title: str, width: int, height: int, sizes: tuple[int, ...]) -> Setting:
    """The largest of `sizes` (pixels, falling) in which the title fits the box, in as few lines as it needs.

    A little smaller is taken where every line then ends at a sign and not within a phrase.
    What does not fit even the smallest is cut, with an ellipsis.
    """
    units = units_of(title)
    fitting = [found for size in sizes if (found := _in_size(units, size, width, height))]
    if fitting:
        well_broken = [found for found in fitting[:SIZES_COMPARED] if found.ends_well]
        return well_broken[0] if well_broken else fitting[0]
    size = sizes[-1]
    while len(units) > 1:
        units = units[: max(1, len(units) * 9 // 10)]
        shortened = [*units[:-1], units[-1].rstrip(CLOSING) + "…"]
        if lines := broken(shortened, typeface(BOLD, size), width, height // round(size * LEADING)):
            return Setting(lines, size)
    return Setting((units[0][:8] + "…",), size)


def _in_size(units: list[str], size: int, width: int, height: int) -> Setting | None:
    most = height // round(size * LEADING)
    most = min(most, 2 if size >= TWO_LINES_FROM else 3 if size >= THREE_LINES_FROM else most)
    lines = broken(units, typeface(BOLD, size), width, most)
    return Setting(lines, size) if lines else None


def units_of(title: str) -> list[str]:
    """The pieces between which a line may end: closing signs stay with what precedes, opening ones precede the rest."""
    units: list[str] = []
    for piece in PIECE.findall(" ".join(title.split()))[:MOST_UNITS]:
        joins_last = piece[0] in CLOSING or piece.isspace()
        if units and (joins_last or units[-1][-1] in OPENING):
            units[-1] += piece
        else:
            units.append(piece)
    return units


def broken(units: list[str], font: ImageFont.FreeTypeFont, width: int, most: int) -> tuple[str, ...]:
    """At most `most` lines, as few as possible and as equal as possible; empty when they do not fit."""
    for count in range(1, most + 1):
        if lines := _into(units, font, width, count):
            return lines
    return ()


def _into(units: list[str], font: ImageFont.FreeTypeFont, width: int, count: int) -> tuple[str, ...]:
    """Exactly `count` lines with the least sum of squared deviations from the mean length."""
    lengths = [font.getlength(unit) for unit in units]
    mean = sum(lengths) / count
    if mean > width or count > len(units):
        return ()
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for number in range(1, count + 1):
        row: dict[int, tuple[float, int]] = {}
        for start, (cost, _) in best[-1].items():
            length, end = 0.0, start
            while end < len(units):
                length += lengths[end]
                end += 1
                if font.getlength("".join(units[start:end]).strip()) > width:
                    break
                is_good = number == count or units[end - 1].endswith(GOOD_ENDS)
                total = cost + ((length - mean) / width) ** 2 - (GOOD_END_BONUS if is_good else 0)
                if end not in row or total < row[end][0]:
                    row[end] = (total, start)
        best.append(row)
    return _traced(units, best)


def _traced(units: list[str], best: list[dict[int, tuple[float, int]]]) -> tuple[str, ...]:
    end, lines = len(units), []
    for row in reversed(best[1:]):
        if end not in row:
            return ()
        start = row[end][1]
        lines.append("".join(units[start:end]).strip())
        end = start
    return tuple(reversed(lines)) if end == 0 else ()
