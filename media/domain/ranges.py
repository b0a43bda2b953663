"""Parts of files by HTTP's Range header, for the embedded server; nginx and S3 do it themselves in production."""

import re
from collections.abc import Iterator
from pathlib import Path

SINGLE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)
CHUNK = 64 * 1024


class RangeNotSatisfiable(Exception):
    """The asked range begins behind the end of the file (RFC 9110, 15.5.17)."""


def range_of(header: str, size: int) -> range | None:
    """The bytes that a Range header asks of a file of `size` bytes, or None to send all of it.

    By RFC 9110, 14.2, a server ignores what it does not understand; we also ignore several ranges at once, which no
    player needs. Raises RangeNotSatisfiable for a well-formed range outside the file.
    """
    asked = SINGLE_RANGE.fullmatch(header.replace(" ", ""))
    if asked is None or asked[1] == asked[2] == "":
        return None
    if asked[1] == "":
        start, end = max(size - int(asked[2]), 0), size
    else:
        start = int(asked[1])
        last = int(asked[2]) if asked[2] else size - 1
        if asked[2] and last < start:
            return None
        end = min(last + 1, size)
    if start >= end:
        raise RangeNotSatisfiable
    return range(start, end)


def read_part(path: Path, part: range) -> Iterator[bytes]:
    """The bytes of `part`, in pieces. The file is opened at the first piece, so an unread response leaks nothing."""
    with path.open("rb") as file:
        file.seek(part.start)
        left = len(part)
        while left and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece
