"""Draws the pages of a PDF as WebP pictures. Runs in a limited child process; imports no Django, trusts nothing.

Usage: pdf_pages.py FILE FOLDER. Prints {"pages": [[width, height, letters], …]} or {"refused": message}.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY_BYTES = 1_536 * 1024**2
CPU_SECONDS = 180
MAX_PAGES = 200
MAX_PICTURE_BYTES = 20 * 1024**2
WIDTHS = (720, 1440)
TALLEST = 6  # times as high as wide
QUALITY = 80


class Refused(Exception):
    """A file that is not drawn, with a Chinese message that names the cure."""


def draw(path: Path, folder: Path) -> list[list[int]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Refused("文件打不开：可能设了密码或已损坏，请取消密码、另存为 PDF 后重新上传。") from error
    if not 1 <= len(document) <= MAX_PAGES:
        raise Refused(f"文件应有 1 至 {MAX_PAGES} 页，请拆分后再上传。")
    return [_draw_page(document[number], folder, number + 1) for number in range(len(document))]


def _draw_page(page: Any, folder: Path, number: int) -> list[int]:
    width, height = page.get_size()
    if width <= 0 or height <= 0 or not 1 / TALLEST <= height / width <= TALLEST:
        raise Refused(f"第 {number} 页的尺寸不正常，请另存为 A4 大小的 PDF 后重新上传。")
    for pixels in WIDTHS:
        picture = page.render(scale=pixels / width).to_pil().convert("RGB")
        picture.save(folder / f"{number}-{pixels}.webp", "WEBP", quality=QUALITY)
    letters = sum(not letter.isspace() for letter in page.get_textpage().get_text_bounded())
    return [WIDTHS[0], round(WIDTHS[0] * height / width), letters]


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_PICTURE_BYTES, MAX_PICTURE_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    try:
        answer: dict[str, Any] = {"pages": draw(Path(sys.argv[1]), Path(sys.argv[2]))}
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
