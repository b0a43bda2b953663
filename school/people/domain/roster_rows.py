"""Rows of a roster: finds the header, reads each row by column, and names every cell that is wrong.

Looks at the file alone; whether the people are known already is the business of roster_matching.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypedDict

from school.kernel.errors import InvalidInput, TooLarge
from school.people.domain import roster_cells as cells
from school.people.domain import sheets
from school.people.domain.tables import Table, TableRow, column_letter

HEADER_ROWS = 5  # the header stands among the first five rows that hold anything
HELP_SHEETS = ("填写说明", "填表说明", "说明")


class RowError(TypedDict):
    """One refused cell: the row as the spreadsheet numbers it, the column's letter, a stable code, the cure."""

    row: int
    column: str
    code: str
    message: str


@dataclass(frozen=True)
class Column:
    name: str
    title: str
    read: Callable[[str], Any]
    synonyms: str = ""
    required: bool = False
    example: str = ""

    @property
    def titles(self) -> set[str]:
        return {self.title, *self.synonyms.split()}


COLUMNS = (
    Column(
        "staff_no",
        "员工编号",
        cells.read_staff_no,
        "工号 员工号 人员编号 人员编码 职工编号 员工编码 ERP编号 ERP编码",
        required=True,
        example="00012345",
    ),
    Column("name", "姓名", cells.read_name, "党员姓名 人员姓名 名字", required=True, example="张三"),
    Column("identity", "身份证号", cells.read_id_no, "身份证 身份证号码 公民身份号码 公民身份证号 证件号码"),
    Column("gender", "性别", cells.read_gender, example="男"),
    Column("phone", "手机", cells.read_phone, "手机号 手机号码 联系电话 移动电话 联系方式", example="13800001234"),
    Column("kind", "身份", cells.read_kind, "人员类别 党员类别 党员身份 政治面貌 人员身份", example="正式党员"),
    Column("joined_on", "入党日期", cells.read_day, "入党时间 加入党组织日期 加入中共组织日期", example="2012-07-01"),
    Column("confirmed_on", "转正日期", cells.read_day, "转正时间 转为正式党员日期", example="2013-07-01"),
    Column("place_code", "组织代码", cells.read_place, "党组织代码 组织编码 党组织编码 支部代码"),
    Column("place_name", "组织名称", cells.read_place, "党组织名称 组织 党组织 所在组织 所在党组织 所在党支部 党支部"),
)
BY_TITLE = {title: column for column in COLUMNS for title in column.titles}
REQUIRED = [column for column in COLUMNS if column.required]


@dataclass
class RosterRow:
    """What one row says; `values` holds only the cells that are filled and right."""

    number: int
    letters: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)

    def get(self, name: str) -> Any:
        return self.values.get(name)

    def refuse(self, name: str, code: str, message: str) -> None:
        column = self.letters.get(name) or next(iter(self.letters.values()))
        self.errors.append({"row": self.number, "column": column, "code": code, "message": message})


@dataclass(frozen=True)
class Roster:
    rows: list[RosterRow]
    ignored: list[str]  # titles of columns that are not part of a roster


def read_roster(table: Table) -> Roster:
    """Read all rows below the header. InvalidInput when the file as a whole cannot be a roster."""
    _refuse_several_sheets(table)
    header, columns, ignored = _find_header(table)
    body = [row for row in table.rows if row.number > header.number]
    letters = {column.name: column_letter(index) for index, column in columns.items()}
    rows = [row for line in body if (row := _read_row(line, columns, letters))]
    if not rows:
        raise InvalidInput(f"第 {header.number} 行表头下面没有数据，请填写后再导入。", code="no_rows")
    if len(rows) > sheets.MAX_ROWS:
        raise TooLarge(sheets.TOO_MANY_ROWS)
    _refuse_merged(rows, table, header)
    _refuse_repeated(rows, "staff_no", "duplicate_staff_no", "员工编号", lambda value: value.casefold())
    _refuse_repeated(rows, "identity", "duplicate_id", "身份证号", lambda value: value.number)
    return Roster(rows, ignored)


def _refuse_several_sheets(table: Table) -> None:
    others = [title for title in table.other_sheets if title.strip() not in HELP_SHEETS]
    if others:
        raise InvalidInput(
            f"文件里有多张有内容的工作表（“{table.sheet}”之外还有“{'”“'.join(others[:5])}”），"
            "一次只读一张：请合并到一张，或分别另存后再导入。",
            code="several_sheets",
        )


# --- header ---------------------------------------------------------------------------------------------------------
def _find_header(table: Table) -> tuple[TableRow, dict[int, Column], list[str]]:
    """The first row with all required titles, its columns by index, and the titles that mean nothing here."""
    candidates = table.rows[:HEADER_ROWS]
    if not candidates:
        raise InvalidInput("文件里没有内容，请填好名册、保存后再导入。", code="empty_file")
    best = max(candidates, key=lambda row: sum(_title(cell) in BY_TITLE for cell in row.cells))
    _refuse_merged_header(best, table)
    titles = {index: _title(cell) for index, cell in enumerate(best.cells) if cell}
    columns = {index: BY_TITLE[title] for index, title in titles.items() if title in BY_TITLE}
    missing = [column.title for column in REQUIRED if column not in columns.values()]
    if missing:
        found = "、".join(cell for cell in best.cells if cell)[:120]
        raise InvalidInput(
            f"没有找到表头：第 {best.number} 行读到“{found}”，缺少“{'”“'.join(missing)}”列。"
            "请把表头放在前 5 行，列名照模板填写（员工编号、姓名必须有）。",
            code="wrong_header",
        )
    _refuse_double_columns(best, columns)
    ignored = [best.cells[index] for index in titles if index not in columns and titles[index] != "序号"]
    return best, columns, ignored


def _refuse_merged_header(header: TableRow, table: Table) -> None:
    merge = next((merge for merge in table.merged if merge.first_row <= header.number <= merge.last_row), None)
    if merge and len(header.cells) > 1:
        raise InvalidInput(
            f"第 {header.number} 行表头有合并单元格（{merge.reference}），请取消合并，每列只留一个列名。",
            code="merged_cells",
        )


def _title(cell: str) -> str:
    """A header without white space, stars and remarks in brackets: "身份证号码（必填）*" → "身份证号码"."""
    return re.sub(r"\(.*?\)|[\s*:]", "", cells.plain(cell)).replace("erp", "ERP")


def _refuse_double_columns(header: TableRow, columns: dict[int, Column]) -> None:
    first: dict[str, int] = {}
    for index, column in columns.items():
        if column.name in first:
            raise InvalidInput(
                f"第 {header.number} 行表头里 {column_letter(first[column.name])} 列和 {column_letter(index)} 列"
                f"都是“{column.title}”，请删除或改名其中一列。",
                code="double_column",
            )
        first[column.name] = index


# --- rows -----------------------------------------------------------------------------------------------------------
def _read_row(line: TableRow, columns: dict[int, Column], letters: dict[str, str]) -> RosterRow | None:
    """None for a row whose known columns are all empty."""
    row = RosterRow(line.number, letters)
    written = {column: text for index, column in columns.items() if (text := _cell(line, index))}
    if not written:
        return None
    for column, text in written.items():
        try:
            row.values[column.name] = _value(column, text)
        except InvalidInput as error:
            row.refuse(column.name, error.code, error.message)
    for column in REQUIRED:
        if column not in written:
            row.refuse(column.name, f"missing_{column.name}", f"{column.title}没有填，请补上。")
    _refuse_contradictions(row)
    return row


def _cell(line: TableRow, index: int) -> str:
    return cells.plain(line.cells[index]) if index < len(line.cells) else ""


def _value(column: Column, text: str) -> Any:
    if text.startswith("#"):
        raise InvalidInput(
            f"{column.title}是出错或没有计算过的公式，请改成实际的值（复制后“粘贴为数值”）。", code="formula_error"
        )
    return column.read(text)


def _refuse_contradictions(row: RosterRow) -> None:
    identity, gender = row.get("identity"), row.get("gender")
    if identity and gender and identity.gender != gender:
        row.refuse("gender", "gender_mismatch", "性别与身份证号第 17 位不一致，请核对两项。")
    joined, confirmed = row.get("joined_on"), row.get("confirmed_on")
    if joined and confirmed and confirmed < joined:
        row.refuse("confirmed_on", "dates_out_of_order", "转正日期早于入党日期，请核对两项。")


def _refuse_merged(rows: list[RosterRow], table: Table, header: TableRow) -> None:
    """Titles above the header may be merged; below it, a merged cell hides whose value it is."""
    by_number = {row.number: row for row in rows}
    reached = header.number
    letters = set(rows[0].letters.values())
    harmful = [merge for merge in table.merged if letters & set(merge.letters)]
    for merge in sorted(harmful, key=lambda merge: (merge.first_row, -merge.last_row)):
        for number in range(max(merge.first_row, reached + 1), min(merge.last_row, rows[-1].number) + 1):
            if number in by_number:
                message = f"{merge.reference} 是合并单元格，请选中后“取消合并单元格”，并把值填进每一行。"
                column = merge.letters[0]
                error: RowError = {"row": number, "column": column, "code": "merged_cells", "message": message}
                by_number[number].errors.append(error)
        reached = max(reached, merge.last_row)


def _refuse_repeated(rows: Iterable[RosterRow], name: str, code: str, title: str, key: Callable[[Any], str]) -> None:
    """Every row that shares the value with another row is refused, and names the others."""
    same: dict[str, list[RosterRow]] = {}
    for row in rows:
        if value := row.get(name):
            same.setdefault(key(value), []).append(row)
    for group in (group for group in same.values() if len(group) > 1):
        numbers = [row.number for row in group[:6]]
        for row in group:
            others = "、".join(str(number) for number in numbers if number != row.number)
            row.refuse(name, code, f"{title}与第 {others} 行重复，请只保留一行，或改正其中一个。")
