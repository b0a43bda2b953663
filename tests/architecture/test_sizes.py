"""Files and functions stay of a size that one reads in one go. Tests, migrations and data are not counted."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.architecture import PACKAGES, files_of, short

Sizes = dict[str, int]

FILE_MEDIAN, FILE_USUAL, FILE_LIMIT = 80, 300, 500
FUNCTION_USUAL, FUNCTION_LIMIT = 35, 60
SHARE = 0.95


def file_sizes() -> Sizes:
    return {short(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files_of(PACKAGES, "*.py")}


def functions_of(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{short(path)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def function_sizes() -> Sizes:
    return {name: size for path in files_of(PACKAGES, "*.py") for name, size in functions_of(path)}


def above(sizes: Sizes, limit: int) -> Sizes:
    return {name: size for name, size in sizes.items() if size > limit}


def test_no_file_and_no_function_is_huge() -> None:
    assert above(file_sizes(), FILE_LIMIT) == {}
    assert above(function_sizes(), FUNCTION_LIMIT) == {}


def test_half_of_the_files_fit_on_a_screen_or_two() -> None:
    written = [size for size in file_sizes().values() if size]
    assert median(written) <= FILE_MEDIAN


def test_few_are_large() -> None:
    for sizes, usual in ((file_sizes(), FILE_USUAL), (function_sizes(), FUNCTION_USUAL)):
        large = above(sizes, usual)
        assert len(large) <= (1 - SHARE) * len(sizes), large


def test_the_ruler_measures() -> None:
    here = dict(functions_of(Path(__file__)))
    assert next(size for name, size in here.items() if name.endswith(" above")) == 2
    assert len(file_sizes()) > 50
