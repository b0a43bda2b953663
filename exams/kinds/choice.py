"""Kinds whose answer is a choice among options: single, multiple, true/false."""

from decimal import Decimal
from typing import Any

from exams.enums import QuestionKind
from exams.kinds.policies import ZERO, ScoringPolicy, rounded
from school.kernel.errors import InvalidInput

MIN_OPTIONS, MAX_OPTIONS = 2, 10


class QuestionType:
    """Common part. An answer is a list of option ids; letters are only how options are shown."""

    code: str
    input_type = "radio"
    shuffles_options = True

    def validate(self, options: list[dict[str, str]], key: list[str]) -> None:
        """Refuse a definition that no candidate could answer fairly."""
        ids = [option["id"] for option in options]
        if not MIN_OPTIONS <= len(options) <= MAX_OPTIONS:
            raise InvalidInput(f"选项应有 {MIN_OPTIONS} 至 {MAX_OPTIONS} 个。", fields={"options": "请增减选项。"})
        if len(set(ids)) != len(ids) or any(not option["text"].strip() for option in options):
            raise InvalidInput("选项不能为空，也不能重复。", fields={"options": "请检查选项。"})
        if not key or not set(key) <= set(ids):
            raise InvalidInput("正确答案必须是已有的选项。", fields={"key": "请选择正确答案。"})
        self._validate_key(key)

    def _validate_key(self, key: list[str]) -> None:
        if len(key) != 1:
            raise InvalidInput("这种题型只能有一个正确答案。", fields={"key": "请只选一个正确答案。"})

    def parse(self, answer: Any, options: list[dict[str, str]]) -> list[str]:
        """The answer as a sorted list of option ids; InvalidInput for anything else."""
        if not isinstance(answer, list) or len(answer) > MAX_OPTIONS or not all(isinstance(x, str) for x in answer):
            raise InvalidInput("答案格式不正确，应为选项编号的列表。")
        chosen = set(answer)
        if not chosen <= {option["id"] for option in options}:
            raise InvalidInput("答案里有这道题没有的选项，请刷新页面后重选。")
        self._validate_choice(chosen)
        return sorted(chosen)

    def _validate_choice(self, chosen: set[str]) -> None:
        if len(chosen) > 1:
            raise InvalidInput("这道题只能选一项。")

    def mark(
        self, answer: list[str], key: list[str], options: list[dict[str, str]], maximum: Decimal, policy: ScoringPolicy
    ) -> Decimal:
        return rounded(maximum) if answer and set(answer) == set(key) else ZERO


class Single(QuestionType):
    code = QuestionKind.SINGLE


class Judge(QuestionType):
    code = QuestionKind.JUDGE
    shuffles_options = False


class Multiple(QuestionType):
    code = QuestionKind.MULTIPLE
    input_type = "checkbox"

    def _validate_key(self, key: list[str]) -> None:
        if len(set(key)) < 2:
            raise InvalidInput("多选题至少有两个正确答案；只有一个时请改为单选题。", fields={"key": "请再选一个。"})

    def _validate_choice(self, chosen: set[str]) -> None:
        """Any number of options may be chosen."""

    def mark(
        self, answer: list[str], key: list[str], options: list[dict[str, str]], maximum: Decimal, policy: ScoringPolicy
    ) -> Decimal:
        ids = frozenset(option["id"] for option in options)
        return policy.score(frozenset(answer), frozenset(key), ids, maximum)
