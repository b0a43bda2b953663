"""Kinds whose answer is written: fill-in, marked by the server; short answer and case, marked by people.

The blanks of a fill-in stand in `options` (`{"id": "1", "text": "第 1 空"}`), the accepted wordings of each in `key`.
The scoring points of a short answer or case stand in `key` as `{"point", "score"}`.
"""

from decimal import Decimal
from typing import Any

from exams.enums import QuestionKind
from exams.kinds.choice import QuestionType
from exams.kinds.policies import ZERO, ScoringPolicy, rounded
from school.kernel.errors import InvalidInput
from search.text import normalise

MAX_BLANKS, MAX_LETTERS = 20, 200


class Fill(QuestionType):
    """Each blank is worth the same; spaces, width, case and traditional characters do not matter."""

    code = QuestionKind.FILL
    input_type = "text"
    shuffles_options = False

    def validate(self, options: list[dict[str, str]], key: list[Any]) -> None:
        if not 1 <= len(options) <= MAX_BLANKS or len(key) != len(options):
            raise InvalidInput(f"填空题应有 1 至 {MAX_BLANKS} 个空。", fields={"options": "请填写每个空的答案。"})
        for place, wordings in enumerate(key, start=1):
            if not wordings or not all(_plain(wording) for wording in wordings):
                raise InvalidInput(f"第 {place} 空还没有答案。", fields={"options": f"请填写第 {place} 空的答案。"})

    def parse(self, answer: Any, options: list[dict[str, str]]) -> list[str]:
        """One text a blank, in order; nothing written at all is no answer."""
        if not isinstance(answer, list) or not all(isinstance(text, str) for text in answer):
            raise InvalidInput("答案格式不正确，应为每个空的文字。")
        if len(answer) > len(options):
            raise InvalidInput("答案比空还多，请刷新页面后重填。")
        if any(len(text) > MAX_LETTERS or "\x00" in text for text in answer):
            raise InvalidInput(f"每个空最多填 {MAX_LETTERS} 个字。")
        return [text.strip() for text in answer] if any(text.strip() for text in answer) else []

    def mark(
        self, answer: list[str], key: list[Any], options: list[dict[str, str]], maximum: Decimal, policy: ScoringPolicy
    ) -> Decimal:
        right = sum(_is_right(text, wordings) for text, wordings in zip(answer, key, strict=False))
        return rounded(maximum * right / len(key)) if right else ZERO

    def from_row(self, row: dict[str, Any]) -> tuple[list[dict[str, str]], list[Any]]:
        return blanks(len(row["answer"])), [list(wordings) for wordings in row["answer"]]

    def lines(self, options: list[dict[str, Any]], key: list[Any], answer: list[str]) -> list[dict[str, Any]]:
        """What was written in each blank; beside a wrong one, what would have been right."""
        found = []
        for place, (option, wordings) in enumerate(zip(options, key, strict=True)):
            text = answer[place] if place < len(answer) else ""
            is_right = _is_right(text, wordings)
            accepted = "／".join(wordings)
            found.append(
                {
                    **option,
                    "letter": option["id"],
                    "text": text or ("未填" if answer else option["text"]),
                    "chosen": bool(text),
                    "right": is_right,
                    "flag": "答对" if is_right else f"正确答案：{accepted}",
                }
            )
        return found


class MarkedByHand(QuestionType):
    """Kept in the bank with its scoring points. It goes on no paper until there are markers to read it."""

    is_marked_by_machine = False
    input_type = "textarea"
    shuffles_options = False

    def validate(self, options: list[dict[str, str]], key: list[Any]) -> None:
        if options or not key or any(not point["point"].strip() or Decimal(point["score"]) <= 0 for point in key):
            raise InvalidInput("请写明采分点和分值。", fields={"key": "每个采分点都要有文字和大于零的分值。"})

    def from_row(self, row: dict[str, Any]) -> tuple[list[dict[str, str]], list[Any]]:
        return [], [{"point": point["point"], "score": str(point["score"])} for point in row["scoring_points"]]

    def lines(self, options: list[dict[str, Any]], key: list[Any], answer: list[str]) -> list[dict[str, Any]]:
        return [
            {"id": str(place), "letter": str(place), "text": f"{point['point']}（{point['score']} 分）", "right": True}
            for place, point in enumerate(key, start=1)
        ]


class Short(MarkedByHand):
    code = QuestionKind.SHORT


class Case(MarkedByHand):
    code = QuestionKind.CASE


def blanks(count: int) -> list[dict[str, str]]:
    return [{"id": str(place), "text": f"第 {place} 空"} for place in range(1, count + 1)]


def _plain(text: str) -> str:
    return "".join(normalise(text).split())


def _is_right(text: str, wordings: list[str]) -> bool:
    return bool(_plain(text)) and _plain(text) in {_plain(wording) for wording in wordings}
