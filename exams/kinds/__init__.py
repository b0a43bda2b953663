"""Question kinds and scoring policies: each a class behind a registry, never an `if kind ==`."""

from exams.kinds.choice import Judge, Multiple, QuestionType, Single
from exams.kinds.policies import BY_FRACTIONS, DEFAULT_POLICY, POLICIES, Choice, ScoringPolicy

KINDS: dict[str, QuestionType] = {kind.code: kind for kind in (Single(), Multiple(), Judge())}

__all__ = ["BY_FRACTIONS", "DEFAULT_POLICY", "KINDS", "POLICIES", "Choice", "QuestionType", "ScoringPolicy"]
