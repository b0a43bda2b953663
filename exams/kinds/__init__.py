"""Question kinds and scoring policies: each a class behind a registry, never an `if kind ==`."""

from exams.kinds.choice import Judge, Multiple, QuestionType, Single
from exams.kinds.policies import DEFAULT_POLICY, POLICIES, ScoringPolicy

KINDS: dict[str, QuestionType] = {kind.code: kind for kind in (Single(), Multiple(), Judge())}

__all__ = ["DEFAULT_POLICY", "KINDS", "POLICIES", "QuestionType", "ScoringPolicy"]
