"""Backgrounds of title cards: a calm field for the words at the left, an abstract figure at the right for each topic.

The figures show no emblem and no flag. `turn` (0 to 1) varies a figure a little, so that neighbours differ.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, radians, sin

from PIL import Image, ImageChops, ImageDraw

from school.people.enums import Taxonomy

WIDTH, HEIGHT = 1280, 720
FINE = 2  # drawn twice as large, for smooth edges
Line = tuple[int, int, int, int]
Figure = Callable[[ImageDraw.ImageDraw, Line, float], None]


@dataclass(frozen=True)
class Tone:
    """Colours after the design tokens (kernel/tokens.css); title and labels have at least 4.5:1 on the whole field."""

    start: str  # top left of the field
    end: str  # bottom right
    title: str
    label: str
    accent: str
    figure: Line  # RGBA


RED = Tone("#a51520", "#6f0c14", "#ffffff", "#f3d9a4", "#e3b65c", (255, 222, 170, 52))
SAND = Tone("#fbf5e8", "#f0dcb0", "#7d0f18", "#6b4a0c", "#b07d1e", (165, 21, 32, 58))
INK = Tone("#2a2d34", "#15171b", "#ffffff", "#e6c078", "#c4222e", (227, 182, 92, 60))


def background(topic: str, turn: float) -> Image.Image:
    """The field and its figure, 1280 by 720, without words."""
    tone, figure = STYLES.get(topic, STYLES[Taxonomy.THOUGHT])
    field = _slope(tone.start, tone.end).convert("RGBA")
    layer = Image.new("RGBA", (WIDTH * FINE, HEIGHT * FINE), (*tone.figure[:3], 0))
    figure(ImageDraw.Draw(layer), tone.figure, turn)
    layer = layer.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    layer.putalpha(ImageChops.multiply(layer.getchannel("A"), _fading()))
    return Image.alpha_composite(field, layer).convert("RGB")


def tone_of(topic: str) -> Tone:
    return STYLES.get(topic, STYLES[Taxonomy.THOUGHT])[0]


def _slope(start: str, end: str) -> Image.Image:
    """A slant from one colour to the other."""
    across = Image.linear_gradient("L").rotate(90).resize((WIDTH, HEIGHT))
    down = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    mask = Image.blend(across, down, 0.45)
    return Image.composite(Image.new("RGB", mask.size, end), Image.new("RGB", mask.size, start), mask)


def _fading() -> Image.Image:
    """Nothing at the left, where the words stand; the whole figure from two thirds on."""
    ramp = Image.linear_gradient("L").rotate(90)
    return ramp.point(lambda value: max(0, min(255, round((value - 90) * 2.6)))).resize((WIDTH, HEIGHT))


def _rays(draw: ImageDraw.ImageDraw, colour: Line, turn: float) -> None:
    """Light from the lower right: arcs crossed by rays."""
    x, y = 1180 * FINE, (640 + 60 * turn) * FINE
    for number in range(1, 9):
        radius = (90 + number * 88) * FINE
        draw.arc((x - radius, y - radius, x + radius, y + radius), 170, 300, fill=colour, width=5 * FINE)
    for number in range(13):
        angle = radians(172 + number * 10 + 8 * turn)
        ends = [(x + cos(angle) * r * FINE, y + sin(angle) * r * FINE) for r in (180, 820)]
        draw.line(ends, fill=(*colour[:3], colour[3] // 2), width=3 * FINE)


def _lattice(draw: ImageDraw.ImageDraw, colour: Line, turn: float) -> None:
    """People and groups: points joined to their neighbours."""
    step = 112 * FINE
    points = {
        (column, row): (
            (560 + column * 112) * FINE + step * 0.22 * sin(5 * column + 3 * row + 6 * turn),
            (40 + row * 112) * FINE + step * 0.22 * cos(4 * column - 2 * row + 5 * turn),
        )
        for column in range(7)
        for row in range(7)
    }
    for (column, row), place in points.items():
        for near in ((column + 1, row), (column, row + 1), (column + 1, row + 1) if (column + row) % 2 else (-1, 0)):
            if near in points:
                draw.line([place, points[near]], fill=(*colour[:3], colour[3] * 2 // 3), width=2 * FINE)
        radius = (12 if (2 * column + row) % 5 == 0 else 6) * FINE
        draw.ellipse((place[0] - radius, place[1] - radius, place[0] + radius, place[1] + radius), fill=colour)


def _pylons(draw: ImageDraw.ImageDraw, colour: Line, turn: float) -> None:
    """Lines over land: pylons that grow towards the reader, with sagging wires."""
    tops: list[list[tuple[float, float]]] = []
    for x, tall in ((640 + 40 * turn, 210), (850 + 20 * turn, 330), (1130, 510)):
        tops.append(_pylon(draw, colour, x * FINE, tall * FINE))
    tops.append([(px + 420 * FINE, py - 130 * FINE) for px, py in tops[-1]])
    for left, right in zip(tops, tops[1:], strict=False):
        for (ax, ay), (bx, by) in zip(left, right, strict=True):
            sag = 0.16 * (bx - ax)
            steps = [number / 24 for number in range(25)]
            wire = [(ax + (bx - ax) * t, ay + (by - ay) * t + sag * 4 * t * (1 - t)) for t in steps]
            draw.line(wire, fill=(*colour[:3], colour[3] * 2 // 3), width=2 * FINE)


def _pylon(draw: ImageDraw.ImageDraw, colour: Line, x: float, tall: float) -> list[tuple[float, float]]:
    """One lattice mast standing on the lower edge; returns the ends of its arms."""
    foot, width, thick = 690 * FINE, tall * 0.17, max(2 * FINE, round(tall / 110))
    top = foot - tall
    for side in (-1, 1):
        draw.line([(x + side * width, foot), (x + side * width * 0.18, top)], fill=colour, width=thick)
    levels = [number / 6 for number in range(7)]
    half = [width * (1 - 0.82 * level) for level in levels]
    for number in range(6):
        low, high = foot - tall * levels[number], foot - tall * levels[number + 1]
        draw.line([(x - half[number], low), (x + half[number + 1], high)], fill=colour, width=thick // 2 + 1)
        draw.line([(x + half[number], low), (x - half[number + 1], high)], fill=colour, width=thick // 2 + 1)
    ends = []
    for share, reach in ((0.66, 0.25), (0.83, 0.2), (1.0, 0.15)):
        y = foot - tall * share
        draw.line([(x - tall * reach, y), (x + tall * reach, y)], fill=colour, width=thick)
        ends += [(x - tall * reach, y), (x + tall * reach, y)]
    return ends


def _hills(draw: ImageDraw.ImageDraw, colour: Line, turn: float) -> None:
    """Quiet hills in layers, and a disc above them."""
    draw.ellipse([edge * FINE for edge in (930, 110 + 40 * turn, 1120, 300 + 40 * turn)], fill=colour)
    for number in range(5):
        base, swing = 330 + number * 78, 70 - number * 6
        ridge = [
            (x * FINE, (base + swing * sin(x / (150 + 30 * number) + number * 1.7 + 3 * turn)) * FINE)
            for x in range(400, WIDTH + 20, 10)
        ]
        shape = [*ridge, (WIDTH * FINE, HEIGHT * FINE), (400 * FINE, HEIGHT * FINE)]
        draw.polygon(shape, fill=(*colour[:3], 22 + 13 * number))


def _sheets(draw: ImageDraw.ImageDraw, colour: Line, turn: float) -> None:
    """Sheets of a rule, one behind the other, with their lines."""
    for number in range(3):
        left, top = 800 + number * 74 - 20 * turn, 230 - number * 76 + 16 * turn
        box = [edge * FINE for edge in (left, top, left + 370, top + 500)]
        draw.rounded_rectangle(box, 14 * FINE, fill=(*colour[:3], 26), outline=colour, width=3 * FINE)
        for row in range(8):
            y = (top + 70 + row * 52) * FINE
            length = (290, 250, 290, 180)[row % 4]
            draw.line([((left + 40) * FINE, y), ((left + 40 + length) * FINE, y)], fill=colour, width=5 * FINE)


def _rings(draw: ImageDraw.ImageDraw, colour: Line, turn: float) -> None:
    """Measure and boundary: rings of ticks around a centre."""
    x, y = 1010 * FINE, 360 * FINE
    for ring, count in ((130, 24), (210, 36), (290, 48), (370, 60)):
        draw.arc(
            [x - ring * FINE, y - ring * FINE, x + ring * FINE, y + ring * FINE], 0, 360, fill=colour, width=2 * FINE
        )
        for number in range(count):
            angle = 2 * pi * (number + turn) / count
            reach = 26 if number % 6 == 0 else 13
            ends = [(x + cos(angle) * r * FINE, y + sin(angle) * r * FINE) for r in (ring, ring + reach)]
            draw.line(ends, fill=colour, width=4 * FINE)


STYLES: dict[str, tuple[Tone, Figure]] = {
    Taxonomy.THOUGHT: (RED, _rays),
    Taxonomy.ORGANISATION: (INK, _lattice),
    Taxonomy.CONDUCT: (SAND, _pylons),
    Taxonomy.INTEGRITY: (SAND, _hills),
    Taxonomy.INSTITUTION: (RED, _sheets),
    Taxonomy.DISCIPLINE: (INK, _rings),
}
