"""The empty roster for download: an XLSX file with the right header, text columns and a sheet of instructions."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from school.people.domain.roster_rows import COLUMNS
from school.people.domain.sheets import MAX_ROWS, letter
from school.people.enums import Gender, MembershipKind

FORMATTED_ROWS = 2_000
NOTES = {
    "staff_no": "必填。登录账号就是员工编号；字母、数字和 - _ . 组成，请保留开头的 0。",
    "name": "必填。与证件一致。",
    "identity": "18 位，列已设为文本；加密保存，只显示前 3 位和后 4 位。没有可留空。",
    "gender": "男或女；填了身份证号可留空。",
    "phone": "11 位手机号，没有可留空。",
    "kind": f"{'、'.join(MembershipKind.labels)}；留空时，党组织按正式党员、团组织按团员登记，已登记的人不变。",
    "joined_on": "写到日，如 2012-07-01。",
    "confirmed_on": "写到日，如 2013-07-01。",
    "place_code": "导入时所选组织或其下级的代码；留空就登记到所选组织，已登记的人不变。",
    "place_name": "不知道代码时填名称，两项填一项即可。",
}


def build_template() -> bytes:
    """The file's bytes. An imported template without people is refused as having no rows."""
    book = Workbook()
    sheet = book.create_sheet("名册")
    del book["Sheet"]
    for index, column in enumerate(COLUMNS):
        place = letter(index)
        cell = sheet.cell(1, index + 1, f"{column.title}*" if column.required else column.title)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="F3E3E3")
        sheet.column_dimensions[place].width = 24 if column.name in ("identity", "place_name") else 14
        for row in range(2, FORMATTED_ROWS + 2):
            sheet.cell(row, index + 1).number_format = "@"
        _offer_choices(sheet, column.name, f"{place}2:{place}{FORMATTED_ROWS + 1}")
    sheet.freeze_panes = "C2"
    _explain(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _offer_choices(sheet: Worksheet, name: str, cells: str) -> None:
    labels = {"gender": Gender.labels, "kind": MembershipKind.labels}.get(name)
    if labels:
        choices = DataValidation(type="list", formula1=f'"{",".join(labels)}"', allow_blank=True)
        choices.add(cells)
        sheet.add_data_validation(choices)


def _explain(book: Workbook) -> None:
    sheet = book.create_sheet("填写说明")
    sheet.append(["列", "怎么填", "例子", "也认得的列名"])
    for column in COLUMNS:
        sheet.append([column.title, NOTES[column.name], column.example, "、".join(column.synonyms.split())])
    sheet.append(["其他", f"一行一人，不要合并单元格；最多 {MAX_ROWS} 行；表头放在前 5 行；其他列不读取。", "", ""])
    for place, width in zip("ABCD", (12, 60, 16, 50), strict=True):
        sheet.column_dimensions[place].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
