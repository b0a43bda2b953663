"""What a refused file seems to be, for the words of the refusal only: no decision rests on this."""

from pathlib import Path

HEAD_BYTES = 4096
MAGIC: list[tuple[bytes, str]] = [
    (b"MZ", "Windows 程序"),
    (b"\x7fELF", "Linux 程序"),
    (b"\xca\xfe\xba\xbe", "程序文件"),
    (b"#!", "脚本文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"%PDF", "PDF 文档"),
    (b"PK\x03\x04", "压缩包或 Office 文档"),
    (b"\x1f\x8b", "压缩包"),
    (b"BZh", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"Rar!", "压缩包"),
    (b"\xfd7zXZ", "压缩包"),
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文档"),
    (b"#EXTM3U", "播放列表"),
    (b"ffconcat", "播放列表"),
    (b"[playlist]", "播放列表"),
    (b"SQLite format 3", "数据库文件"),
]
MARKUP = [
    (b"<svg", "矢量图"),
    (b"<mpd", "播放列表"),
    (b"<html", "网页"),
    (b"<!doctype html", "网页"),
    (b"<script", "网页"),
]


def seems(path: Path) -> str:
    """A Chinese noun such as “图片”; empty when the first bytes say nothing."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "图片"
    for start, name in MAGIC:
        if head.startswith(start):
            return name
    lower = head.lower()
    for sign, name in MARKUP:
        if sign in lower:
            return name
    return "文本文件" if _is_text(head) else ""


def _is_text(head: bytes) -> bool:
    if not head or b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 4  # a letter cut by the end of what was read
    return True
