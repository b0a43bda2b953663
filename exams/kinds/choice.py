"""Kinds whose answer is a choice among options: single, multiple, true/false."""

from decimal import Decimal, InvalidOperation
from typing import Any

from exams.enums import QuestionKind
from exams.kinds.policies import ZERO, Choice, ScoringPolicy, rounded
from school.kernel.errors import InvalidInput

MIN_OPTIONS, MAX_OPTIONS = 2, 10
WHOLE, TOLERANCE = Decimal(1), Decimal("0.001")  # three times 33.33 % is meant to be the whole


class QuestionType:
    """Common part. An answer is a list of option ids; letters are only how options are shown."""

    code: str
    input_type = "radio"
    shuffles_options = True
    is_marked_by_machine = True

    def validate(self, options: list[dict[str, str]], key: list[str]) -> None:
        """Refuse a definition that no candidate could answer fairly. An option may carry a `fraction` as text."""
        ids = [option["id"] for option in options]
        if not MIN_OPTIONS <= len(options) <= MAX_OPTIONS:
            raise InvalidInput(f"选项应有 {MIN_OPTIONS} 至 {MAX_OPTIONS} 个。", fields={"options": "请增减选项。"})
        if len(set(ids)) != len(ids) or any(not option["text"].strip() for option in options):
            raise InvalidInput("选项不能为空，也不能重复。", fields={"options": "请检查选项。"})
        if not key or not set(key) <= set(ids):
            raise InvalidInput("正确答案必须是已有的选项。", fields={"key": "请选择正确答案。"})
        self._validate_key(key)
        self._validate_fractions(options, key)

    def _validate_fractions(self, options: list[dict[str, str]], key: list[str]) -> None:
        if any("fraction" in option for option in options):
            raise InvalidInput("只有多选题可以设选项比例。", fields={"options": "请清空各选项的比例。"})

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

    def from_row(self, row: dict[str, Any]) -> tuple[list[dict[str, str]], list[Any]]:
        """Options and key of a row `{options: [{key, text}], answer}` of a file of questions."""
        return [{"id": option["key"], "text": option["text"]} for option in row["options"]], sorted(row["answer"])

    def lines(self, options: list[dict[str, Any]], key: list[Any], answer: list[str]) -> list[dict[str, Any]]:
        """The options as a review shows them: which were chosen and which are right."""
        found = []
        for option in options:
            is_chosen, is_right = option["id"] in answer, option["id"] in key
            flag = "正确答案" if is_right else "您选了它" if is_chosen else ""
            found.append({"letter": option["id"], **option, "chosen": is_chosen, "right": is_right, "flag": flag})
        return found


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

    def _validate_fractions(self, options: list[dict[str, str]], key: list[str]) -> None:
        """Right options share the whole mark, wrong ones may cost some: else choosing everything would pay."""
        if not any("fraction" in option for option in options):
            return
        fractions = fractions_of(options)
        right = [fractions.get(id_, ZERO) for id_ in key]
        if any(fraction <= 0 for fraction in right) or abs(sum(right) - WHOLE) > TOLERANCE:
            raise InvalidInput(
                "正确选项的比例都应大于零，合计为 100%。", fields={"options": "请调整正确选项的比例，合计应为 100%。"}
            )
        if any(not -WHOLE <= fractions.get(option["id"], ZERO) <= 0 for option in options if option["id"] not in key):
            raise InvalidInput(
                "错误选项的比例应在 -100% 到 0 之间。", fields={"options": "请把错误选项的比例改为 0 或负数。"}
            )

    def _validate_choice(self, chosen: set[str]) -> None:
        """Any number of options may be chosen."""

    def mark(
        self, answer: list[str], key: list[str], options: list[dict[str, str]], maximum: Decimal, policy: ScoringPolicy
    ) -> Decimal:
        ids = frozenset(option["id"] for option in options)
        return policy.score(Choice(frozenset(answer), frozenset(key), ids, fractions_of(options)), maximum)


def fractions_of(options: list[dict[str, str]]) -> dict[str, Decimal]:
    """What each option is worth (kept as text, so that no float comes near a mark); InvalidInput if not a number."""
    try:
        fractions = {option["id"]: Decimal(option["fraction"]) for option in options if "fraction" in option}
    except (InvalidOperation, TypeError, ValueError) as error:
        raise InvalidInput("选项比例应为数字。", fields={"options": "请检查各选项的比例。"}) from error
    if not all(fraction.is_finite() for fraction in fractions.values()):
        raise InvalidInput("选项比例应为数字。", fields={"options": "请检查各选项的比例。"})
    return fractions
