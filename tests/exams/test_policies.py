"""Scoring policies: the table of the design as literal cases, and what must hold for all input."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.kinds import POLICIES

OPTIONS = frozenset("ABCD")
CORRECT = frozenset("ABD")
MARK = Decimal(3)


@pytest.mark.parametrize(
    ("policy", "chosen", "expected"),
    [
        ("all_or_nothing:1", "AB", "0"), ("all_or_nothing:1", "ABC", "0"), ("all_or_nothing:1", "ABD", "3"),
        ("missing_half:1", "AB", "1.5"), ("missing_half:1", "ABC", "0"), ("missing_half:1", "ABD", "3"),
        ("missing_proportional:1", "AB", "2"), ("missing_proportional:1", "ABC", "0"),
        ("missing_proportional:1", "ABD", "3"),
        ("missing_fixed:1", "AB", "1"), ("missing_fixed:1", "ABC", "0"), ("missing_fixed:1", "ABD", "3"),
        ("right_minus_wrong:1", "AB", "2"), ("right_minus_wrong:1", "ABC", "1"), ("right_minus_wrong:1", "ABD", "3"),
        ("per_option:1", "AB", "2.25"), ("per_option:1", "ABC", "1.5"), ("per_option:1", "ABD", "3"),
    ],
)  # fmt: skip
def test_table_of_the_design(policy: str, chosen: str, expected: str) -> None:
    assert POLICIES[policy].score(frozenset(chosen), CORRECT, OPTIONS, MARK) == Decimal(expected)


@given(
    policy=st.sampled_from(sorted(POLICIES)),
    chosen=st.frozensets(st.sampled_from("ABCD")),
    correct=st.frozensets(st.sampled_from("ABCD"), min_size=2),
    mark=st.decimals("0.01", "100", places=2),
)
def test_marks_stay_between_nothing_and_all(
    policy: str, chosen: frozenset[str], correct: frozenset[str], mark: Decimal
) -> None:
    score = POLICIES[policy].score(chosen, correct, OPTIONS, mark)
    assert 0 <= score <= mark
    assert score == score.quantize(Decimal("0.01"))
    if chosen == correct:
        assert score == mark
    if not chosen:
        assert score == 0
