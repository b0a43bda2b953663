"""Reading tables: what a file holds counts, not its name; hostile files are refused quickly and with little memory."""

import io
import subprocess
import sys
import textwrap
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from school.kernel.errors import DomainError, InvalidInput, TooLarge
from school.people.domain import tables
from school.people.domain.tables import column_letter, read_table
from tests.people import spreadsheets as make

ROWS = [["员工编号", "姓名"], ["00017", "张三"], ["18", "李四"]]
TEXTS = [("员工编号", "姓名"), ("00017", "张三"), ("18", "李四")]


def texts(content: bytes, name: str = "a.xlsx") -> list[tuple[str, ...]]:
    return [row.cells for row in read_table(content, name).rows]


def refusal(content: bytes) -> DomainError:
    with pytest.raises((InvalidInput, TooLarge)) as caught:
        read_table(content, "a.xlsx")
    return caught.value


@pytest.mark.parametrize(
    "content",
    [
        make.xlsx(ROWS),
        make.xls(ROWS),
        make.csv_file(ROWS),
        make.csv_file(ROWS, "utf-8-sig"),
        make.csv_file(ROWS, "gb18030"),
        make.csv_file(ROWS, "utf-16"),
        "\n".join("\t".join(row) for row in ROWS).encode("gb18030"),
        "\r\n".join(";".join(row) for row in ROWS).encode(),
    ],
    ids=["xlsx", "xls", "utf-8", "utf-8-mark", "gb18030", "utf-16", "tabs", "semicolons"],
)
def test_every_format_is_read_under_the_name_xlsx(content: bytes) -> None:
    assert texts(content) == TEXTS


def test_numbers_dates_and_gaps() -> None:
    rows = [["a"], [], [20001, 20001.0, 1.5, True, date(2012, 7, 1), datetime(2012, 7, 1, 8, 30), 110105194912310021]]
    table = read_table(make.xlsx(rows), "a.xlsx")
    assert [row.number for row in table.rows] == [1, 3]
    expected = ("20001", "20001", "1.5", "TRUE", "2012-07-01", "2012-07-01 08:30:00", "1.101052E+17")
    assert table.rows[1].cells == expected
    assert texts(make.xls([[20001, 1.5, ("date", 41091), 110105194912310021]])) == [
        ("20001", "1.5", "2012-07-01", "1.101052E+17")
    ]


def test_formulas_give_their_cached_value_and_say_when_there_is_none() -> None:
    content = make.replace_part(
        make.xlsx([["a", "=1+1", "=1+2"], ["b"]]), make.SHEET, lambda body: body.replace(b"<v></v>", b"<v>7</v>", 1)
    )
    content = make.replace_part(content, make.SHEET, lambda body: body.replace(b"<v />", b"<v>7</v>", 1))
    assert texts(content) == [("a", "7", "#未计算的公式"), ("b",)]


def test_merged_cells_are_reported_with_their_rows() -> None:
    table = read_table(make.xlsx([["a", "b"], ["c", "d"], ["e"]], merges=["A2:A3"]), "a.xlsx")
    assert [(m.reference, m.first_row, m.last_row) for m in table.merged] == [("A2:A3", 2, 3)]
    table = read_table(make.xls([["a"], ["b"], ["c"]], merges=[(1, 2, 0, 1)]), "a.xls")
    assert [(m.reference, m.first_row, m.last_row) for m in table.merged] == [("A2:B3", 2, 3)]


def test_other_sheets_with_content_are_named() -> None:
    table = read_table(make.xlsx(ROWS, sheets={"空": [], "二支部": [["x"]]}), "a.xlsx")
    assert (table.sheet, table.other_sheets) == ("名册", ("二支部",))


def zip_of(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", body)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code", "cure"),
    [
        (b"", "empty_file", "填好名册"),
        (b" \r\n ", "empty_file", "填好名册"),
        (b"%PDF-1.7\n\0\1\2", "not_a_table", "另存为"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not_a_table", "另存为"),
        ("<html><table><tr><td>姓名".encode(), "not_a_table", "另存为"),
        (zip_of(word__document=b"<w/>"), "not_a_table", "另存为"),
        (make.xlsx(ROWS)[:900], "damaged", "另存为"),
        (make.xls(ROWS)[:700], "damaged", "另存为"),
        (make.OLE_GARBAGE, "damaged", "另存为"),
        (make.OLE_GARBAGE + "EncryptedPackage".encode("utf-16-le"), "encrypted", "取消密码"),
        ('姓名,手机\n"张三,1\n'.encode(), "bad_csv", "第 2 行"),
        (zip_of(xl__workbook=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), "damaged", "另存为"),
        (zip_of(xl__workbook="<?xml version='1.0'?><!DOCTYPE a><a/>".encode("utf-16")), "damaged", "另存为"),
        (zip_of(xl__workbook=b"<workbook/>"), "damaged", "另存为"),
    ],
)
def test_files_that_are_no_tables_are_refused_with_the_cure(content: bytes, code: str, cure: str) -> None:
    refused = refusal(content)
    assert (refused.code, cure in refused.message) == (code, True), refused.message


def test_limits_of_size_rows_and_columns() -> None:
    assert "10 MB" in refusal(b"a" * (10 * 1024**2 + 1)).message
    assert "20000" in refusal(b"a,b\n" * 20_011).message
    assert "60" in refusal(make.csv_file([["a"] * 61])).message
    assert len(texts(b"a,b\n" * 20_001)) == 20_001
    assert refusal(make.bomb(60)).status == 413


def memory_of_child(path: Path) -> int:
    """KB used at most by the child on this file, measured from a small process (a fork starts with its parent's)."""
    script = """
        import resource, subprocess, sys
        subprocess.run([sys.executable, "-I", sys.argv[1]], stdin=open(sys.argv[2], "rb"), stdout=subprocess.DEVNULL)
        print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    """
    command = [sys.executable, "-I", "-c", textwrap.dedent(script), str(tables.CHILD), str(path)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def with_rows(filling: bytes) -> bytes:
    return make.replace_part(
        make.xlsx([["x"]]), make.SHEET, lambda b: b.replace(b"<sheetData>", b"<sheetData>" + filling)
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (make.bomb(), "too_large"),
        (make.lying_about_its_size(make.bomb(), 1024**3), "too_large"),
        (make.lying_about_its_size(make.bomb(), 1024), "damaged"),
        (make.lying_about_its_size(make.xlsx([["x"]]), 1024**3), "too_large"),
    ],
    ids=["bomb", "declares 1 GB", "declares 1 KB", "declares 1 GB, holds little"],
)
def test_zip_bombs_are_refused_in_two_seconds_with_little_memory(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    start = time.monotonic()
    assert refusal(content).code == code
    assert time.monotonic() - start < 2
    assert memory_of_child(tmp_path / "a.xlsx") < 50_000


def test_forged_dimensions_and_far_rows_do_no_harm() -> None:
    forged = make.replace_part(
        make.xlsx(ROWS), make.SHEET, lambda body: body.replace(b'ref="A1:B3"', b'ref="A1:XFD1048576"')
    )
    start = time.monotonic()
    assert texts(forged) == TEXTS
    far = with_rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    assert refusal(far).status == 413
    assert time.monotonic() - start < 8


def test_a_child_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "loop.py").write_text("while True: pass")
    monkeypatch.setattr(tables, "CHILD", tmp_path / "loop.py")
    monkeypatch.setattr(tables, "WALL_SECONDS", 0.3)
    assert refusal(b"a").status == 413


def test_the_child_sees_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "tell.py").write_text("import os, json; print(json.dumps({'refused': ['x', str(dict(os.environ))]}))")
    monkeypatch.setattr(tables, "CHILD", tmp_path / "tell.py")
    monkeypatch.setenv("SECRET_KEY", "very-secret")
    assert "very-secret" not in refusal(b"a").message


def test_column_letters() -> None:
    assert [column_letter(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
