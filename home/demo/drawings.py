"""Diagrams of the demo school, drawn at seed time: they show what the text beside them says, and nothing invented."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from media.domain.typefaces import BOLD, REGULAR, typeface
from media.models import Image as Picture

PAPER, INK, SOFT, RED, GOLD = "#fffdf8", "#17181c", "#4b4e57", "#a51520", "#b07d1e"
WIDTH = 1600


@dataclass(frozen=True)
class Drawing:
    """One diagram with the words that stand for it (`alt`) and those below it (`caption`)."""

    title: str
    alt: str
    caption: str
    draw: Callable[[], Image.Image]


def picture_of(drawing: Drawing) -> Picture:
    """The diagram in the picture library; drawn once."""
    found: Picture | None = Picture.objects.filter(title=drawing.title).first()
    if found is None:
        output = BytesIO()
        drawing.draw().save(output, "PNG")
        file = ContentFile(output.getvalue(), name="diagram.png")
        found = Picture(title=drawing.title, alt_text=drawing.alt, description=drawing.caption, file=file)
        found.save()
    return found


def flow(steps: list[tuple[str, str]]) -> Image.Image:
    """Numbered steps from left to right, each with a line of explanation."""
    image = Image.new("RGB", (WIDTH, 520), PAPER)
    draw = ImageDraw.Draw(image)
    share = (WIDTH - 120) / len(steps)
    for number, (name, note) in enumerate(steps):
        middle = 60 + share * (number + 0.5)
        if number:
            start, end = middle - share + 74, middle - 74
            draw.line((start, 170, end - 10, 170), fill=GOLD, width=6)
            draw.polygon([(end, 170), (end - 22, 157), (end - 22, 183)], fill=GOLD)
        draw.ellipse((middle - 62, 108, middle + 62, 232), fill=RED)
        draw.text((middle, 170), str(number + 1), font=typeface(BOLD, 58), fill="white", anchor="mm")
        draw.text((middle, 290), name, font=typeface(BOLD, 46), fill=INK, anchor="mm")
        for row, line in enumerate(note.split("\n")):
            draw.text((middle, 360 + row * 50), line, font=typeface(REGULAR, 33), fill=SOFT, anchor="mm")
    return image


def ladder(rows: list[tuple[str, str, int]]) -> Image.Image:
    """Bars of rising length: what it is for, the words at the bar's end, and its length in parts of a hundred."""
    image = Image.new("RGB", (WIDTH, 130 + 130 * len(rows)), PAPER)
    draw = ImageDraw.Draw(image)
    for row, (name, value, length) in enumerate(rows):
        y = 120 + row * 130
        draw.text((480, y), name, font=typeface(REGULAR, 40), fill=INK, anchor="rm")
        end = 520 + length * 8
        draw.rounded_rectangle((520, y - 38, end, y + 38), 12, fill=RED)
        draw.text((end + 28, y), value, font=typeface(BOLD, 48), fill=INK, anchor="lm")
    return image


LESSON_DRAWINGS = {
    "theme-day": Drawing(
        "主题党日五步流程图",
        "五个步骤从左到右：定题、预告、学习、行动、回看",
        "主题党日五步：前一步做实，后一步才有内容。",
        lambda: flow(
            [
                ("定题", "小题目\n一次一件事"),
                ("预告", "提前三天\n发到手机"),
                ("学习", "半小时以内\n只学有关的"),
                ("行动", "到现场去\n到群众中去"),
                ("回看", "十分钟说清\n做成了什么"),
            ]
        ),
    ),
    "dues": Drawing(
        "党费四档比例图",
        "四条由短到长的横条：三千元以下百分之零点五，五千元以下百分之一，一万元以下百分之一点五，一万元以上百分之二",
        "按月领取工资的党员：比例按整个基数来乘，正好在分界线上的按含本数的一档算。",
        lambda: ladder(
            [
                ("3000 元以下（含）", "0.5%", 25),
                ("3000～5000 元（含）", "1%", 50),
                ("5000～10000 元（含）", "1.5%", 75),
                ("10000 元以上", "2%", 100),
            ]
        ),
    ),
}
EXPERIENCE_DRAWINGS = {
    "one-minute-before-shift": Drawing(
        "班前一分钟四步流程图",
        "四个步骤从左到右：定人、定题、定打算、回看",
        "“班前一分钟”的四步做法。",
        lambda: flow(
            [
                ("定人", "按值次排出\n党员责任人"),
                ("定题", "当天工作票上\n一个风险点"),
                ("定打算", "今天盯住哪一步\n记在备注栏"),
                ("回看", "班后三句话\n说结果"),
            ]
        ),
    ),
}
