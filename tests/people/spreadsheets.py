"""Makers of spreadsheet files for tests: XLSX by openpyxl, XLS (BIFF8 in a compound file) by hand, and hostile ones."""

import csv
import io
import struct
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

Rows = Sequence[Sequence[Any]]


def xlsx(rows: Rows, *, merges: Sequence[str] = (), sheets: dict[str, Rows] | None = None) -> bytes:
    book = Workbook()
    book.active.title = "名册"
    for row in rows:
        book.active.append(list(row))
    for reference in merges:
        book.active.merge_cells(reference)
    for title, others in (sheets or {}).items():
        sheet = book.create_sheet(title)
        for row in others:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_file(rows: Rows, encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def replace_part(content: bytes, name: str, change: Any) -> bytes:
    """The same XLSX with one part's bytes changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            body = old.read(part)
            new.writestr(part, change(body) if part == name else body)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
OLE_GARBAGE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 600


def bomb(megabytes: int = 144) -> bytes:
    """A small XLSX whose sheet unpacks to many megabytes of cells."""
    cells = b'<row><c t="inlineStr"><is><t>aaaaaaaaaa</t></is></c></row>'
    filling = cells * (megabytes * 1024**2 // len(cells))
    return replace_part(xlsx([["x"]]), SHEET, lambda body: body.replace(b"</sheetData>", filling + b"</sheetData>"))


def lying_about_its_size(content: bytes, declared: int) -> bytes:
    """The same archive with another unpacked size of the sheet in both zip directories."""
    changed = bytearray(content)
    for mark, size_at, length_at, name_at in ((b"PK\x03\x04", 22, 26, 30), (b"PK\x01\x02", 24, 28, 46)):
        at = -1
        while (at := changed.find(mark, at + 1)) >= 0:
            length = struct.unpack_from("<H", changed, at + length_at)[0]
            if bytes(changed[at + name_at : at + name_at + length]) == SHEET.encode():
                struct.pack_into("<I", changed, at + size_at, declared)
    return bytes(changed)


def xls(rows: Rows, *, merges: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """A BIFF8 workbook of text, numbers and ("date", serial) pairs; merges as 0-based (row, last row, column, last)."""
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0x600))
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            sheet += _cell(row, column, value)
    if merges:
        ranges = b"".join(struct.pack("<HHHH", *reference) for reference in merges)
        sheet += _record(0xE5, struct.pack("<H", len(merges)) + ranges)
    sheet += _record(0x0A)
    name = "名册".encode("utf-16-le")
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 0x600)) + _record(0x42, b"\xb0\x04")
    head += _record(0xE0, struct.pack("<HHHBBBBIIH", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    head += _record(0xE0, struct.pack("<HHHBBBBIIH", 0, 14, 0, 0, 0, 0, 0, 0, 0, 0))
    bound = struct.pack("<BBBB", 0, 0, len(name) // 2, 1) + name
    offset = len(head) + 4 + 4 + len(bound) + 4
    return _compound(head + _record(0x85, struct.pack("<I", offset) + bound) + _record(0x0A) + sheet)


def _cell(row: int, column: int, value: Any) -> bytes:
    if isinstance(value, tuple):
        return _record(0x203, struct.pack("<HHHd", row, column, 1, value[1]))
    if isinstance(value, int | float):
        return _record(0x203, struct.pack("<HHHd", row, column, 0, value))
    text = str(value).encode("utf-16-le")
    return _record(0x204, struct.pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text)


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _compound(stream: bytes) -> bytes:
    """The stream as "Workbook" in an OLE2 file: sector 0 the allocation table, 1 the directory, then the stream."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % 512)
    count = len(stream) // 512
    assert count <= 126, "one allocation sector only"
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack(
        "<HHHHH6sIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    entries = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream))
    return header + table + entries.ljust(512, b"\0") + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    nobody = 0xFFFFFFFF
    body = struct.pack("<64sHBBIII", text, len(text), kind, 1, nobody, nobody, child) + b"\0" * 36
    return body + struct.pack("<IQ", start, size)
