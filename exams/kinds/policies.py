"""How a multiple-choice answer earns its mark. A paper stores the policy's name with its version (`missing_half:1`)."""

from abc import ABC, abstractmethod
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
CENT = Decimal("0.01")


def rounded(mark: Decimal) -> Decimal:
    """The one rounding of a mark: half up, to 0.01, at the very end."""
    return mark.quantize(CENT, ROUND_HALF_UP)


class ScoringPolicy(ABC):
    """`score(chosen, correct, options, mark)` with sets of option ids; returns 0 ≤ score ≤ mark, rounded."""

    code: str
    version = 1
    label: str

    @property
    def name(self) -> str:
        return f"{self.code}:{self.version}"

    def score(self, chosen: frozenset[str], correct: frozenset[str], options: frozenset[str], mark: Decimal) -> Decimal:
        """The mark for an answered question; an empty choice is "not answered" and earns nothing."""
        if not chosen:
            return ZERO
        return rounded(min(mark, max(ZERO, self._raw(chosen, correct, options, mark))))

    @abstractmethod
    def _raw(self, chosen: frozenset[str], correct: frozenset[str], options: frozenset[str], mark: Decimal) -> Decimal:
        """The mark before clamping and rounding; `chosen` is not empty."""


class AllOrNothing(ScoringPolicy):
    code, label = "all_or_nothing", "全对得分"

    def _raw(self, chosen: frozenset[str], correct: frozenset[str], options: frozenset[str], mark: Decimal) -> Decimal:
        return mark if chosen == correct else ZERO


class MissingHalf(ScoringPolicy):
    code, label = "missing_half", "漏选得一半，错选不得分"

    def _raw(self, chosen: frozenset[str], correct: frozenset[str], options: frozenset[str], mark: Decimal) -> Decimal:
        if chosen == correct:
            return mark
        return mark / 2 if chosen < correct else ZERO


class MissingProportional(ScoringPolicy):
    code, label = "missing_proportional", "漏选按比例得分，错选不得分"

    def _raw(self, chosen: frozenset[str], correct: frozenset[str], options: frozenset[str], mark: Decimal) -> Decimal:
        return mark * len(chosen) / len(correct) if chosen <= correct else ZERO


class MissingFixed(ScoringPolicy):
    code, label = "missing_fixed", "漏选时每对一项得 0.5 分，错选不得分"
    each = Decimal("0.5")

    def _raw(self, chosen: frozenset[str], correct: frozenset[str], options: frozenset[str], mark: Decimal) -> Decimal:
        if chosen == correct:
            return mark
        return self.each * len(chosen) if chosen < correct else ZERO


class RightMinusWrong(ScoringPolicy):
    code, label = "right_minus_wrong", "选对得分，选错倒扣，最低零分"

    def _raw(self, chosen: frozenset[str], correct: frozenset[str], options: frozenset[str], mark: Decimal) -> Decimal:
        return mark * (len(chosen & correct) - len(chosen - correct)) / len(correct)


class PerOption(ScoringPolicy):
    code, label = "per_option", "每个选项按对错判断计分"

    def _raw(self, chosen: frozenset[str], correct: frozenset[str], options: frozenset[str], mark: Decimal) -> Decimal:
        return mark * (len(options) - len(chosen ^ correct)) / len(options)


POLICIES: dict[str, ScoringPolicy] = {
    policy.name: policy
    for policy in (AllOrNothing(), MissingHalf(), MissingProportional(), MissingFixed(), RightMinusWrong(), PerOption())
}
DEFAULT_POLICY = MissingHalf().name
POLICY_CHOICES = [(name, policy.label) for name, policy in POLICIES.items()]
