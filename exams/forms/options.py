"""The table of options in the question form: for each its text, whether it is right, and perhaps its share."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from exams.kinds.choice import MAX_OPTIONS
from exams.kinds.written import blanks

LETTERS = "ABCDEFGHIJ"[:MAX_OPTIONS]
USUAL_ROWS = 8
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class OptionRow:
    """One line as typed; `percent` is the share of the mark in percent, empty for none."""

    letter: str
    text: str = ""
    is_right: bool = False
    percent: str = ""


class OptionTable(forms.Widget):
    template_name = "exams/admin/option_table.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        rows: list[OptionRow] = value or []
        shown = rows + [OptionRow(letter) for letter in LETTERS[len(rows) : USUAL_ROWS]]
        return {**super().get_context(name, value, attrs), "rows": shown}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[OptionRow]:
        right = data.getlist(f"{name}-right")
        return [
            OptionRow(
                letter,
                data.get(f"{name}-text-{letter}", "").strip(),
                letter in right,
                data.get(f"{name}-percent-{letter}", "").strip().rstrip("%％"),
            )
            for letter in LETTERS
            if letter in LETTERS[:USUAL_ROWS] or f"{name}-text-{letter}" in data
        ]

    def id_for_label(self, id_: str | None) -> str:
        return ""  # the rows carry labels of their own

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


class OptionsField(forms.Field):
    """Cleans to the rows as typed; `content_of_rows` makes version content of them."""

    widget = OptionTable

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [row for row in initial or [] if row.text] != [row for row in data or [] if row.text]


def rows_of(options: list[dict[str, str]], key: list[str]) -> list[OptionRow]:
    """The lines that show stored options."""
    return [
        OptionRow(letter, option["text"], option["id"] in key, _percent(option.get("fraction")))
        for letter, option in zip(LETTERS, options, strict=False)
    ]


def content_of_rows(rows: list[OptionRow]) -> tuple[list[dict[str, str]], list[str]]:
    """Options and key. Lines left empty close up, so that the ids are A, B, C … without a gap."""
    options: list[dict[str, str]] = []
    key: list[str] = []
    for row in rows:
        if not row.text:
            if row.is_right:
                raise ValidationError(f"选项 {row.letter} 标为正确，但没有填写内容。")
            continue
        option = {"id": LETTERS[len(options)], "text": row.text}
        if row.percent:
            option["fraction"] = _fraction(row)
        options.append(option)
        if row.is_right:
            key.append(option["id"])
    return options, key


def rows_of_blanks(options: list[dict[str, str]], key: list[list[str]]) -> list[OptionRow]:
    """One line for each blank, its accepted wordings between bars."""
    return [OptionRow(letter, " | ".join(wordings)) for letter, wordings in zip(LETTERS, key, strict=False)]


def content_of_blanks(rows: list[OptionRow]) -> tuple[list[dict[str, str]], list[list[str]]]:
    """Blanks and the accepted wordings of each, in the order of the filled lines."""
    key = [[text.strip() for text in re.split(r"[|｜]", row.text) if text.strip()] for row in rows if row.text]
    return blanks(len(key)), key


def _fraction(row: OptionRow) -> str:
    try:
        percent = Decimal(row.percent)
    except InvalidOperation as error:
        raise ValidationError(f"选项 {row.letter} 的得分比例应为数字，例如 50 或 -50。") from error
    if not -HUNDRED <= percent <= HUNDRED:
        raise ValidationError(f"选项 {row.letter} 的得分比例应在 -100 到 100 之间。")
    return format((percent / HUNDRED).normalize(), "f")


def _percent(fraction: str | None) -> str:
    return format((Decimal(fraction) * HUNDRED).normalize(), "f") if fraction else ""
