"""Bar charts as SVG: places and lengths are reckoned here, the template draws. Each bar carries its figure in words."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, FOOT, HEAD = 736, 200, 24, 18
ROW, NAME, FIGURE = 30, 190, 120


@dataclass(frozen=True)
class Bar:
    """`words` is the figure as read; a bar of two parts has the second stacked on the first."""

    label: str
    value: float
    words: str
    second: float = 0


@dataclass(frozen=True)
class Drawn:
    """A bar in the units of its chart; `x` and `y` are its upper left corner."""

    bar: Bar
    x: float
    y: float
    width: float
    height: float
    second: float = 0  # length of the second part
    middle: float = 0


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    bars: list[Drawn]
    title: str


def columns(title: str, bars: Sequence[Bar]) -> Chart:
    """Upright bars from left to right; for days and months."""
    most = max([bar.value + bar.second for bar in bars] or [0]) or 1
    step, room = WIDTH / max(1, len(bars)), HEIGHT - FOOT - HEAD
    drawn = []
    for place, bar in enumerate(bars):
        height, second = room * bar.value / most, room * bar.second / most
        x, width = place * step + step * 0.18, step * 0.64
        drawn.append(Drawn(bar, x, HEIGHT - FOOT - height, width, height, second, x + width / 2))
    return Chart(WIDTH, HEIGHT, drawn, title)


def rows(title: str, bars: Sequence[Bar]) -> Chart:
    """Bars that lie, one below the other; for names that need room."""
    most = max([bar.value + bar.second for bar in bars] or [0]) or 1
    room = WIDTH - NAME - FIGURE
    drawn = [
        Drawn(bar, NAME, place * ROW + 6, room * bar.value / most, ROW - 12, room * bar.second / most, place * ROW + 20)
        for place, bar in enumerate(bars)
    ]
    return Chart(WIDTH, max(1, len(bars)) * ROW, drawn, title)
