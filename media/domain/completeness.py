"""Is the whole file there? An upload that broke off often still opens, because MP4 keeps its index in front.

Reads only the length of each outer box, so that the answer costs the same for any size; what is inside is not touched.
"""

import struct
from pathlib import Path
from typing import BinaryIO

from school.kernel.errors import InvalidInput

HEADER = 8
LONG_HEADER = 16
MAX_BOXES = 100_000
CUT = "这个视频文件不完整，后半部分缺失。请重新导出，或重新上传完整的文件。"


def check_complete(path: Path) -> None:
    """InvalidInput when an MP4 or MOV file says that it is longer than it is. Other containers are not judged."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if not _is_box_file(file):
            return
        place = 0
        for _ in range(MAX_BOXES):
            if place == size:
                return
            length = _length_of_box(file, place, size)
            if length < HEADER or place + length > size:
                raise InvalidInput(CUT, fields={"file": CUT})
            place += length
    raise InvalidInput(CUT, fields={"file": CUT})


def _is_box_file(file: BinaryIO) -> bool:
    file.seek(4)
    return file.read(4) in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")


def _length_of_box(file: BinaryIO, place: int, size: int) -> int:
    """In bytes with its header; 0 when the header itself is cut off."""
    file.seek(place)
    header = file.read(LONG_HEADER)
    if len(header) < HEADER:
        return 0
    length: int = struct.unpack(">I", header[:4])[0]
    if length == 0:  # "to the end of the file"
        return size - place
    if length == 1:  # the true length follows, for boxes above 4 GiB
        return int(struct.unpack(">Q", header[HEADER:])[0]) if len(header) == LONG_HEADER else 0
    return length
