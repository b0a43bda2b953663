"""A lesson's cover, drawn from its title: the same words always give the same picture."""

import hashlib
from dataclasses import astuple, dataclass
from io import BytesIO

from PIL import Image, ImageDraw

from media.domain.card_patterns import background, tone_of
from media.domain.typefaces import MEDIUM, REGULAR, typeface
from media.domain.typesetting import set_title

COLLECTION = "自动封面"  # where drawn cards lie in the picture library
STYLE = 1  # raise it when the drawing changes: every card is then drawn anew
LEFT, TITLE_WIDTH, TITLE_HEIGHT = 92, 830, 390
SIZES = (108, 98, 88, 78, 70, 62, 54, 48)
LABEL_TOP, TITLE_MIDDLE, FOOT = 76, 340, 626


@dataclass(frozen=True)
class CardText:
    """What stands on a card. `topic` is a value of people.enums.Taxonomy and chooses colours and figure."""

    title: str
    topic: str
    label: str = ""  # above the title: series and topic in words
    lecturer: str = ""
    school: str = ""

    @property
    def digest(self) -> str:
        return hashlib.sha256("\0".join(map(str, (STYLE, *astuple(self)))).encode()).hexdigest()


def draw_card(text: CardText) -> Image.Image:
    """1280 by 720, RGB. Titles of any length: the type shrinks, then the end is cut."""
    tone = tone_of(text.topic)
    image = background(text.topic, int(text.digest[:4], 16) / 0xFFFF)
    draw = ImageDraw.Draw(image)
    if text.label:
        draw.rectangle((LEFT, LABEL_TOP + 8, LEFT + 8, LABEL_TOP + 44), fill=tone.accent)
        draw.text((LEFT + 28, LABEL_TOP + 26), text.label, font=typeface(MEDIUM, 34), fill=tone.label, anchor="lm")
    setting = set_title(text.title, TITLE_WIDTH, TITLE_HEIGHT, SIZES)
    top = TITLE_MIDDLE - setting.leading * len(setting.lines) / 2
    for number, line in enumerate(setting.lines):
        middle = top + setting.leading * (number + 0.5)
        draw.text((LEFT - _overhang(line, setting.size), middle), line, font=setting.font, fill=tone.title, anchor="lm")
    foot = "　".join(part for part in (text.lecturer, text.school) if part)
    if foot:
        draw.rectangle((LEFT, FOOT - 40, LEFT + 96, FOOT - 35), fill=tone.accent)
        draw.text((LEFT, FOOT + 10), foot, font=typeface(REGULAR, 32), fill=tone.label, anchor="lm")
    return image


def card_png(text: CardText) -> bytes:
    output = BytesIO()
    draw_card(text).save(output, "PNG")
    return output.getvalue()


def _overhang(line: str, size: int) -> float:
    """An opening sign's left half is empty: pulled out, so that the lines stand flush."""
    return size * 0.5 if line[:1] in "《（「『【〈" else 0
