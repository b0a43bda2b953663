"""The documents say what the code does: settings with their defaults, API calls, commands."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.management import get_commands

from school.api import api
from tests.architecture import TOP

SETTINGS_PAGE = (TOP / "docs" / "settings.md").read_text(encoding="utf-8")
CONTRACT = (TOP / "docs" / "contract.md").read_text(encoding="utf-8")
PREFIX = "/api/v1"
CALL = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE) (/[^\s`?]*)")
ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]*)` \| ([^|]*) \| ([^|]+) \|$", re.MULTILINE)
# The address of the description itself is not part of the description.
SELF = {("GET", "/openapi.json")}


@dataclass(frozen=True)
class Read:
    """One place that reads an environment variable; `default` is its literal, None where it is required or computed."""

    name: str
    default: str | None
    is_required: bool


def reads_in(source: str) -> Iterator[Read]:
    """Every `env.<type>("NAME", default=…)` of a settings module."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "env" and node.args):
            continue
        default = next((keyword.value for keyword in node.keywords if keyword.arg == "default"), None)
        yield Read(ast.literal_eval(node.args[0]), literal_of(default), default is None)


def literal_of(node: ast.expr | None) -> str | None:
    """The text of a literal default as the page writes it: 12, on, INFO; None for an empty or computed one."""
    try:
        value = ast.literal_eval(node) if node else None
    except ValueError:
        return None
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ",".join(value) or None
    return str(value) if value not in (None, "") else None


def settings_reads() -> list[Read]:
    files = (TOP / "school" / "settings").glob("*.py")
    return [read for path in files for read in reads_in(path.read_text(encoding="utf-8"))]


def documented_calls() -> set[tuple[str, str]]:
    return {(method, re.sub(r"{[^}]*}", "{}", path)) for method, path in CALL.findall(CONTRACT)}


def described_calls() -> set[tuple[str, str]]:
    return {
        (method.upper(), re.sub(r"{[^}]*}", "{}", path.removeprefix(PREFIX)))
        for path, calls in api.get_openapi_schema()["paths"].items()
        for method in calls
    }


def test_settings_page_lists_exactly_what_is_read() -> None:
    rows = [name for name, _, _ in ROW.findall(SETTINGS_PAGE)]
    assert sorted(rows) == sorted({read.name for read in settings_reads()})


def test_settings_page_gives_the_defaults() -> None:
    cells = {name: default for name, default, _ in ROW.findall(SETTINGS_PAGE)}
    wrong = [
        f"{read.name}: the code has {read.default!r}, the page {cells[read.name]!r}"
        for read in settings_reads()
        if (read.default is not None and f"`{read.default}`" not in cells[read.name])
        or (read.is_required and "required" not in cells[read.name])
    ]
    assert wrong == []


def test_contract_and_description_list_the_same_calls() -> None:
    documented = documented_calls() - SELF
    assert {"missing in docs/contract.md": described_calls() - documented} == {"missing in docs/contract.md": set()}
    assert {"gone from the API": documented - described_calls()} == {"gone from the API": set()}


def test_commands_of_the_contract_exist() -> None:
    named = set(re.findall(r"manage\.py (\w+)", CONTRACT))
    assert named
    assert named - set(get_commands()) == set()


def test_make_targets_of_the_contract_exist() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", CONTRACT))
    assert named
    assert named - targets == set()


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ('A = env.str("A", default="x")', Read("A", "x", False)),
        ('A = env.int("A", default=12) * 3600', Read("A", "12", False)),
        ('A = env.bool("A", default=False)', Read("A", "off", False)),
        ('A = env.list("A", default=["a", "b"])', Read("A", "a,b", False)),
        ('A = env.str("A", default=str(B))', Read("A", None, False)),
        ('A = env.str("A")', Read("A", None, True)),
    ],
)
def test_reads_are_seen(source: str, read: Read) -> None:
    assert list(reads_in(source)) == [read]
