"""The command of the contract: one JSON object, exit codes 0, 3 and 2."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from school.people.models import Membership, Organisation
from tests.factories import make_tree
from tests.people import spreadsheets as make

pytestmark = pytest.mark.django_db

HEAD = ["员工编号", "姓名", "身份证号"]
RIGHT, WRONG = ["00001", "张三", "11010519491231002X"], ["00002", "李四", "110105194912310021"]


@pytest.fixture
def branch() -> Organisation:
    return make_tree()[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "right.xlsx").write_bytes(make.xlsx([HEAD, RIGHT]))
    (tmp_path / "wrong.csv").write_bytes(make.csv_file([HEAD, RIGHT, WRONG], "gb18030"))
    (tmp_path / "header.csv").write_bytes("甲,乙\n1,2\n".encode())
    return tmp_path


def run(path: Path, code: str, *options: str) -> tuple[int, dict[str, Any]]:
    """(exit code, the JSON object printed)."""
    out, exit_code = io.StringIO(), 0
    try:
        call_command(
            "import_roster", str(path), f"--organisation={code}", "--json", *options, stdout=out, stderr=io.StringIO()
        )
    except SystemExit as end:
        exit_code = int(end.code or 0)
    return exit_code, json.loads(out.getvalue())


def test_a_right_file_exits_0_and_again_unchanged(branch: Organisation, folder: Path) -> None:
    expected = {"read": 1, "created": 1, "updated": 0, "unchanged": 0, "errors": []}
    assert run(folder / "right.xlsx", branch.code, "--dry-run") == (0, expected)
    assert not Membership.objects.exists()
    assert run(folder / "right.xlsx", branch.code) == (0, expected)
    assert run(folder / "right.xlsx", branch.code) == (0, {**expected, "created": 0, "unchanged": 1})
    assert Membership.objects.get().organisation == branch


def test_refused_rows_exit_3_and_nothing_is_written_unless_partial(branch: Organisation, folder: Path) -> None:
    for option in ("--dry-run", "--json"):
        code, answer = run(folder / "wrong.csv", branch.code, option)
        assert (code, answer["read"], answer["created"]) == (3, 2, 0)
        assert [sorted(error) for error in answer["errors"]] == [["code", "column", "message", "row"]]
        assert (answer["errors"][0]["row"], answer["errors"][0]["column"]) == (3, "C")
        assert not Membership.objects.exists()
    code, answer = run(folder / "wrong.csv", branch.code, "--partial")
    assert (code, answer["created"], len(answer["errors"])) == (3, 1, 1)
    assert Membership.objects.get().user.staff_no == "00001"


def test_unusable_files_and_arguments_exit_2(branch: Organisation, folder: Path) -> None:
    (folder / "large.csv").write_bytes(b"a" * (10 * 1024**2 + 1))
    for name, place, expected in [
        ("header.csv", branch.code, "wrong_header"),
        ("absent.csv", branch.code, "no_file"),
        ("", branch.code, "no_file"),
        ("large.csv", branch.code, "too_large"),
        ("right.xlsx", "NOWHERE", "unknown_organisation"),
    ]:
        code, answer = run(folder / name, place)
        assert (code, answer["read"], [error["code"] for error in answer["errors"]]) == (2, 0, [expected])
    with pytest.raises(CommandError):
        call_command("import_roster", str(folder / "right.xlsx"))


def test_words_for_people(branch: Organisation, folder: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_roster", str(folder / "wrong.csv"), organisation=branch.code, stdout=out, stderr=err)
    assert "读取 2 行" in out.getvalue()
    assert "第 3 行 C 列" in err.getvalue()
