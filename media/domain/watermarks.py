"""The reader's name and number over a picture, in tiles that can neither be overlooked nor cut away."""

from io import BytesIO
from typing import IO

from PIL import Image, ImageDraw

from media.domain.typefaces import MEDIUM, typeface

LONGEST_SIDE = 1920  # what is handed out is large enough to read and cheap to mark
SHADE, LIGHT = (0, 0, 0, 72), (255, 255, 255, 92)  # dark and light together are seen on any picture
SLANT = 28  # degrees


def marked(file: IO[bytes], words: str) -> bytes:
    """A JPEG of at most 1920 pixels with `words` tiled all over it. `file` is a picture that the intake has cleaned."""
    with Image.open(file) as source:
        source.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        picture = source.convert("RGBA")
    ground = Image.new("RGBA", picture.size, "white")
    ground.alpha_composite(picture)
    ground.alpha_composite(_tiles(words, picture.size))
    output = BytesIO()
    ground.convert("RGB").save(output, "JPEG", quality=88)
    return output.getvalue()


def _tiles(words: str, size: tuple[int, int]) -> Image.Image:
    """A transparent layer with rows of the words, each row shifted against the one before."""
    width, height = size
    letter = max(16, min(width, height) // 24)
    font = typeface(MEDIUM, letter)
    length = font.getlength(words)
    across, down = round(length + letter * 3), letter * 5
    reach = round((width**2 + height**2) ** 0.5) + across
    sheet = Image.new("RGBA", (reach, reach), (0, 0, 0, 0))
    draw = ImageDraw.Draw(sheet)
    for row, y in enumerate(range(0, reach, down)):
        for x in range(-(row % 2) * across // 2, reach, across):
            draw.text((x, y), words, font=font, fill=LIGHT, stroke_width=max(1, letter // 14), stroke_fill=SHADE)
    turned = sheet.rotate(SLANT, Image.Resampling.BICUBIC)
    left, top = (reach - width) // 2, (reach - height) // 2
    return turned.crop((left, top, left + width, top + height))
