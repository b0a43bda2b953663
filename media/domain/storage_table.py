"""The storage report as an XLSX file. Names are written as text, so that none is ever read as a formula."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from media.queries.storage import Stored

HEADS = [
    "组织",
    "组织代码",
    "视频数",
    "时长（小时）",
    "原文件（字节）",
    "播放文件（字节）",
    "合计（字节）",
    "未被使用（字节）",
]


def storage_table(stored: Sequence[Stored]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet: Worksheet = book.create_sheet("视频存储")
    sheet.append(HEADS)
    for row in stored:
        code = row.organisation.code if row.organisation else ""
        hours = round(row.film_seconds / 3600, 2)
        sheet.append(["", "", row.videos, hours, row.originals, row.renditions, row.total, row.unused])
        for column, text in enumerate((row.name, code), start=1):
            cell = sheet.cell(sheet.max_row, column)
            cell.value = text
            cell.data_type = "s"  # also where it begins with "="
    for column in range(1, len(HEADS) + 1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = 20
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
