"""A table from an uploaded file, whatever its name says: rows of text with their numbers. Nothing is interpreted here.

The file is opened only in a child process with limits on memory, processor time and wall time (see sheets).
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from school.kernel.errors import DomainError, InvalidInput, TooLarge
from school.people.domain import sheets

MAX_FILE_BYTES = 10 * 1024**2
WALL_SECONDS = 40
CHILD = Path(sheets.__file__)

column_letter = sheets.letter


@dataclass(frozen=True)
class TableRow:
    """`number` is what the spreadsheet shows at its left edge; cells are stripped text, empty ones at the end cut."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Merge:
    """A merged range: its rows counted from 1, and the letters of its columns within the limit."""

    reference: str
    first_row: int
    last_row: int
    letters: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    sheet: str
    rows: tuple[TableRow, ...]
    merged: tuple[Merge, ...]
    other_sheets: tuple[str, ...]  # visible sheets with content that were not read


def read_table(content: bytes, file_name: str) -> Table:
    """Read XLSX, XLS (also when named .xlsx) or CSV in UTF-8, UTF-16 or GB18030.

    InvalidInput or TooLarge, with a message that names the cure, for a file that cannot be read within the limits.
    """
    if not content.strip():
        raise InvalidInput(f"文件“{file_name}”是空的，请填好名册、保存后再导入。", code="empty_file")
    if len(content) > MAX_FILE_BYTES:
        raise TooLarge(f"文件超过 {MAX_FILE_BYTES // 1024**2} MB，请删除图片和无关的工作表，或分成几个文件再导入。")
    answer = _answer_of_child(content, file_name)
    if "refused" in answer:
        raise _refusal(*answer["refused"])
    return Table(
        sheet=answer["sheet"],
        rows=tuple(TableRow(number, tuple(cells)) for number, cells in answer["rows"]),
        merged=tuple(_merge(reference) for reference in answer["merged"]),
        other_sheets=tuple(answer["others"]),
    )


def _answer_of_child(content: bytes, file_name: str) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(CHILD)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            check=False,
            env={"LC_ALL": "C.UTF-8"},  # no secret of ours reaches the process that opens a stranger's file
        )
    except subprocess.TimeoutExpired as error:
        raise TooLarge(sheets.TOO_MUCH) from error
    if done.returncode < 0:
        raise TooLarge(sheets.TOO_MUCH)
    if done.returncode:
        raise InvalidInput(f"文件“{file_name}”已损坏，或不是标准的表格。{sheets.SAVE_AS}", code="damaged")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _refusal(code: str, message: str) -> DomainError:
    return TooLarge(message) if code == "too_large" else InvalidInput(message, code=code)


LETTERS = [column_letter(index) for index in range(sheets.MAX_COLUMNS)]


def _merge(reference: str) -> Merge:
    corners = [re.fullmatch(r"([A-Z]+)(\d+)", corner) for corner in reference.split(":")]
    (first, top), (last, bottom) = (corner.groups() for corner in corners if corner)
    start = LETTERS.index(first) if first in LETTERS else len(LETTERS)
    end = LETTERS.index(last) + 1 if last in LETTERS else len(LETTERS)
    return Merge(reference, int(top), int(bottom), tuple(LETTERS[start:end]))
