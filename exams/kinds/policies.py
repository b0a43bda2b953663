"""How a multiple-choice answer earns its mark. A paper stores the policy's name with its version (`missing_half:1`)."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
CENT = Decimal("0.01")


def rounded(mark: Decimal) -> Decimal:
    """The one rounding of a mark: half up, to 0.01, at the very end."""
    return mark.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Choice:
    """One answer beside its question, as sets of option ids; `fractions` is what each option is worth, from -1 to 1."""

    chosen: frozenset[str]
    correct: frozenset[str]
    options: frozenset[str]
    fractions: Mapping[str, Decimal] = field(default_factory=dict)


class ScoringPolicy(ABC):
    """`score(choice, mark)` returns 0 ≤ score ≤ mark, rounded."""

    code: str
    version = 1
    label: str

    @property
    def name(self) -> str:
        return f"{self.code}:{self.version}"

    def score(self, choice: Choice, mark: Decimal) -> Decimal:
        """The mark for an answered question; an empty choice is "not answered" and earns nothing."""
        if not choice.chosen:
            return ZERO
        return rounded(min(mark, max(ZERO, self._raw(choice, mark))))

    @abstractmethod
    def _raw(self, choice: Choice, mark: Decimal) -> Decimal:
        """The mark before clamping and rounding; `choice.chosen` is not empty."""


class AllOrNothing(ScoringPolicy):
    code, label = "all_or_nothing", "全对得分"

    def _raw(self, choice: Choice, mark: Decimal) -> Decimal:
        return mark if choice.chosen == choice.correct else ZERO


class MissingHalf(ScoringPolicy):
    code, label = "missing_half", "漏选得一半，错选不得分"

    def _raw(self, choice: Choice, mark: Decimal) -> Decimal:
        if choice.chosen == choice.correct:
            return mark
        return mark / 2 if choice.chosen < choice.correct else ZERO


class MissingProportional(ScoringPolicy):
    code, label = "missing_proportional", "漏选按比例得分，错选不得分"

    def _raw(self, choice: Choice, mark: Decimal) -> Decimal:
        return mark * len(choice.chosen) / len(choice.correct) if choice.chosen <= choice.correct else ZERO


class MissingFixed(ScoringPolicy):
    code, label = "missing_fixed", "漏选时每对一项得 0.5 分，错选不得分"
    each = Decimal("0.5")

    def _raw(self, choice: Choice, mark: Decimal) -> Decimal:
        if choice.chosen == choice.correct:
            return mark
        return self.each * len(choice.chosen) if choice.chosen < choice.correct else ZERO


class RightMinusWrong(ScoringPolicy):
    code, label = "right_minus_wrong", "选对得分，选错倒扣，最低零分"

    def _raw(self, choice: Choice, mark: Decimal) -> Decimal:
        right, wrong = choice.chosen & choice.correct, choice.chosen - choice.correct
        return mark * (len(right) - len(wrong)) / len(choice.correct)


class PerOption(ScoringPolicy):
    code, label = "per_option", "每个选项按对错判断计分"

    def _raw(self, choice: Choice, mark: Decimal) -> Decimal:
        return mark * (len(choice.options) - len(choice.chosen ^ choice.correct)) / len(choice.options)


class OptionFractions(ScoringPolicy):
    """The author's own weights. A question without any counts as all or nothing."""

    code, label = "option_fractions", "按各选项设定的比例计分"

    def _raw(self, choice: Choice, mark: Decimal) -> Decimal:
        if choice.chosen == choice.correct:
            return mark  # the thirds of an author need not add up to exactly one
        return mark * sum((choice.fractions.get(id_, ZERO) for id_ in choice.chosen), ZERO)


POLICIES: dict[str, ScoringPolicy] = {
    policy.name: policy
    for policy in (
        *(AllOrNothing(), MissingHalf(), MissingProportional(), MissingFixed()),
        *(RightMinusWrong(), PerOption(), OptionFractions()),
    )
}
BY_FRACTIONS = frozenset({OptionFractions().name})  # every multiple choice on such a paper needs fractions
DEFAULT_POLICY = MissingHalf().name
POLICY_CHOICES = [(name, policy.label) for name, policy in POLICIES.items()]
