"""Reads one table from a spreadsheet on standard input and prints it as JSON. Runs in a limited child process.

Started by `tables.read_table`; imports no Django and trusts nothing of the file, neither its name nor its sizes.
"""

import csv
import io
import json
import os
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

MEMORY_BYTES = 512 * 1024**2
CPU_SECONDS = 30
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_UNPACKED = 50 * 1024**2
MAX_PARTS = 1_000
MAX_MERGES = 50_000
MAX_TEXT = 20_000_000  # characters of all cells together
MAX_CELL = 1_000  # characters; the rest of a longer cell is cut, which every column's own limit then refuses
HEAD_ROWS = 10  # title and header rows above the data
EXACT = 10**15  # Excel keeps 15 digits: a longer number has lost its last ones
NOT_CALCULATED = "#未计算的公式"

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BARE_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再导入。"
TOO_MANY_ROWS = f"数据超过 {MAX_ROWS} 行，请分成几个文件，每个不超过 {MAX_ROWS} 行，再分别导入。"
TOO_MANY_COLUMNS = f"列数超过 {MAX_COLUMNS}，请删除名册以外的列后再导入。"
TOO_MUCH = "文件内容过多或过于复杂，请只保留名册这一张表，删除图片、多余的列和空行，另存后再导入。"
PASSWORD = "文件设了打开密码，请先取消密码，另存后再导入。"


class Refused(Exception):
    """A file that is not read: a stable code and a Chinese message that names the cure."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def read(content: bytes) -> dict[str, Any]:
    """The first sheet with content: {"sheet", "rows": [[number, [text, …]], …], "merged": ["A1:B2"], "others": […]}."""
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return read_xlsx(content)
    if content.startswith((OLE, *BARE_BIFF)):
        return read_xls(content)
    return {"sheet": "", "rows": gather(enumerate(read_text(content), start=1)), "merged": [], "others": []}


# --- text -----------------------------------------------------------------------------------------------------------
def read_text(content: bytes) -> Iterator[list[str]]:
    text = decode(content)
    if re.match(r"\s*<(!doctype|html|table|\?xml|meta|head)", text[:200], re.IGNORECASE):
        raise Refused("not_a_table", f"文件内容其实是网页或 XML，不是表格文件。{SAVE_AS}")
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    try:
        for row, cells in enumerate(lines, start=1):  # noqa: B007 the number is told when reading fails
            yield cells
    except csv.Error as error:
        raise Refused(
            "bad_csv", f"第 {row + 1} 行的引号不成对，或单元格过长，请在表格软件里检查后重新导出。"
        ) from error


def decode(content: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with a mark, else GB18030."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text
    raise Refused("not_a_table", f"这不是能识别的表格文件（支持 .xlsx、.xls 和 .csv）。{SAVE_AS}")


# --- XLS ------------------------------------------------------------------------------------------------------------
def read_xls(content: bytes) -> dict[str, Any]:
    import xlrd

    if ENCRYPTED in content:
        raise Refused("encrypted", PASSWORD)
    options: dict[str, Any] = {"file_contents": content, "formatting_info": True, "logfile": io.StringIO()}
    try:
        try:
            book = xlrd.open_workbook(**options)
        except (UnicodeDecodeError, LookupError):
            book = xlrd.open_workbook(**options, encoding_override="gb18030")
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise Refused("encrypted", PASSWORD) from error
        raise Refused("damaged", f"文件已损坏，或不是 Excel 表格。{SAVE_AS}") from error
    names = [sheet.name for sheet in book.sheets() if sheet.visibility == 0 and sheet.nrows]
    if not names:
        return {"sheet": "", "rows": [], "merged": [], "others": []}
    sheet = book.sheet_by_name(names[0])
    numbered = ((row + 1, [_xls_value(cell, book.datemode) for cell in sheet.row(row)]) for row in range(sheet.nrows))
    merged = [f"{letter(left)}{top + 1}:{letter(right - 1)}{end}" for top, end, left, right in sheet.merged_cells]
    return {"sheet": names[0], "rows": gather(numbered), "merged": merged, "others": names[1:]}


def _xls_value(cell: Any, datemode: int) -> Any:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, datemode)
        except (xlrd.XLDateError, OverflowError, ValueError):
            return cell.value
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#N/A")
    return cell.value


# --- XLSX -----------------------------------------------------------------------------------------------------------
def read_xlsx(content: bytes) -> dict[str, Any]:
    try:
        scans = scan_archive(zipfile.ZipFile(io.BytesIO(content)))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise Refused("damaged", f"文件不完整或已损坏。{SAVE_AS}") from error
    if not any(name.endswith("workbook.xml") for name in scans):
        raise Refused("not_a_table", f"这是压缩文件或其他文档，不是 Excel 表格。{SAVE_AS}")
    sheets = [sheet for sheet in _open(content).worksheets if sheet.sheet_state == "visible"]
    filled = [sheet for sheet in sheets if any(any(v is not None for v in row) for row in _values(sheet))]
    if not filled:
        return {"sheet": "", "rows": [], "merged": [], "others": []}
    sheet = filled[0]
    has_formulas, merged = scans.get(sheet._worksheet_path.lstrip("/"), (True, []))
    rows = _with_formulas(content, sheet) if has_formulas else _values(sheet)
    others = [other.title for other in filled[1:]]
    return {"sheet": sheet.title, "rows": gather(enumerate(rows, start=1)), "merged": merged, "others": others}


def scan_archive(archive: zipfile.ZipFile) -> dict[str, tuple[bool, list[str]]]:
    """Unpack every part once, counting, before any XML parser sees it: (has formulas, merged ranges) by part."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refused("too_large", TOO_MUCH)
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("encrypted", PASSWORD)
    scans, left = {}, MAX_UNPACKED
    for part in parts:
        scan = _PartScan()
        with archive.open(part) as stream:
            while chunk := stream.read(65_536):
                left -= len(chunk)
                if left < 0:
                    raise Refused("too_large", TOO_MUCH)
                if part.filename.endswith((".xml", ".rels", ".vml")):
                    scan.feed(chunk)
        scans[part.filename] = (scan.has_formulas, list(scan.merged))
    return scans


class _PartScan:
    """What the raw bytes of an XML part tell; a tag cut by a chunk's end is seen in the next one."""

    def __init__(self) -> None:
        self.has_formulas = False
        self.merged: dict[str, None] = {}
        self.tail = b""

    def feed(self, chunk: bytes) -> None:
        seen = self.tail + chunk
        # Only UTF-8 is written by real software; in UTF-16 an entity bomb would be hidden from this look.
        if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen or seen[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in seen:
            raise Refused("damaged", f"文件含有不允许的内容。{SAVE_AS}")
        self.has_formulas = self.has_formulas or re.search(rb"<(?:\w+:)?f[\s/>]", seen) is not None
        if len(self.merged) < MAX_MERGES:
            self.merged.update((found.decode(), None) for found in MERGE.findall(seen))
        self.tail = seen[-200:]


def _open(content: bytes, *, cached: bool = True) -> Any:
    import openpyxl

    return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=cached, keep_links=False)


def _values(sheet: Any) -> Iterable[tuple[Any, ...]]:
    sheet.reset_dimensions()  # a forged dimension would pad every row to 16,384 cells
    rows: Iterable[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
    return rows


def _with_formulas(content: bytes, sheet: Any) -> Iterator[list[Any]]:
    """Cached values; a formula that no software has calculated yet is marked instead of read as empty."""
    written = _open(content, cached=False)[sheet.title]
    for values, sources in zip(_values(sheet), _values(written), strict=True):
        yield [
            NOT_CALCULATED if value is None and source is not None else value
            for value, source in zip(values, sources, strict=True)
        ]


# --- cells ----------------------------------------------------------------------------------------------------------
def gather(numbered: Iterable[tuple[int, Iterable[Any]]]) -> list[tuple[int, list[str]]]:
    """Rows that hold anything, as text without trailing empty cells, within the limits."""
    rows: list[tuple[int, list[str]]] = []
    size = 0
    for number, values in numbered:
        cells = [text_of(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        size += sum(map(len, cells))
        if len(cells) > MAX_COLUMNS:
            raise Refused("too_large", TOO_MANY_COLUMNS)
        if len(rows) >= MAX_ROWS + HEAD_ROWS:
            raise Refused("too_large", TOO_MANY_ROWS)
        if size > MAX_TEXT:
            raise Refused("too_large", TOO_MUCH)
        rows.append((number, cells))
    return rows


def text_of(value: Any) -> str:
    """A cell as text: dates as 2012-07-01, whole numbers without a point, numbers beyond 15 digits as 1.1E+17."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        if abs(value) >= EXACT:
            return f"{value:.6E}"
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()[:MAX_CELL]


def letter(index: int) -> str:
    """The letter of a column counted from 0: A … Z, AA …"""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    os.environ["OPENPYXL_LXML"] = "False"
    try:
        answer = read(sys.stdin.buffer.read())
    except Refused as refusal:
        answer = {"refused": [refusal.code, refusal.message]}
    except (MemoryError, OverflowError, RecursionError):
        answer = {"refused": ["too_large", TOO_MUCH]}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
