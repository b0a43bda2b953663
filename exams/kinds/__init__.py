"""Question kinds and scoring policies: each a class behind a registry, never an `if kind ==`."""

from exams.kinds.choice import Judge, Multiple, QuestionType, Single
from exams.kinds.policies import BY_FRACTIONS, DEFAULT_POLICY, POLICIES, Choice, ScoringPolicy
from exams.kinds.written import Case, Fill, Short

KINDS: dict[str, QuestionType] = {kind.code: kind for kind in (Single(), Multiple(), Judge(), Fill(), Short(), Case())}
MACHINE_MARKED = frozenset(code for code, kind in KINDS.items() if kind.is_marked_by_machine)

__all__ = [
    "BY_FRACTIONS",
    "DEFAULT_POLICY",
    "KINDS",
    "MACHINE_MARKED",
    "POLICIES",
    "Choice",
    "QuestionType",
    "ScoringPolicy",
]
