"""Scoring policies: the table of the design as literal cases, and what must hold for all input."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.kinds import KINDS, POLICIES, Choice
from school.kernel.errors import InvalidInput

OPTIONS = frozenset("ABCD")
CORRECT = frozenset("ABD")
MARK = Decimal(3)
FRACTIONS = {"A": Decimal("0.5"), "B": Decimal("0.25"), "C": Decimal("-0.5"), "D": Decimal("0.25")}


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
        ("option_fractions:1", "AB", "2.25"), ("option_fractions:1", "ABC", "0.75"),
        ("option_fractions:1", "ABD", "3"), ("option_fractions:1", "C", "0"), ("option_fractions:1", "", "0"),
    ],
)  # fmt: skip
def test_table_of_the_design(policy: str, chosen: str, expected: str) -> None:
    assert POLICIES[policy].score(Choice(frozenset(chosen), CORRECT, OPTIONS, FRACTIONS), MARK) == Decimal(expected)


@given(
    policy=st.sampled_from(sorted(POLICIES)),
    chosen=st.frozensets(st.sampled_from("ABCD")),
    correct=st.frozensets(st.sampled_from("ABCD"), min_size=2),
    mark=st.decimals("0.01", "100", places=2),
    fractions=st.dictionaries(st.sampled_from("ABCD"), st.decimals("-1", "1", places=4)),
)
def test_marks_stay_between_nothing_and_all(
    policy: str, chosen: frozenset[str], correct: frozenset[str], mark: Decimal, fractions: dict[str, Decimal]
) -> None:
    score = POLICIES[policy].score(Choice(chosen, correct, OPTIONS, fractions), mark)
    assert 0 <= score <= mark
    assert score == score.quantize(Decimal("0.01"))
    if chosen == correct:
        assert score == mark
    if not chosen:
        assert score == 0


def options(fractions: dict[str, str]) -> list[dict[str, str]]:
    return [{"id": id_, "text": f"选项{id_}", "fraction": value} for id_, value in fractions.items()]


@st.composite
def weighted_questions(draw: st.DrawFn) -> tuple[list[dict[str, str]], list[str]]:
    """A valid question: the right options share 100 %, each wrong one costs something."""
    right = draw(st.integers(2, 4))
    parts = draw(st.lists(st.integers(1, 100), min_size=right, max_size=right))
    shares = [Decimal(part) / sum(parts) for part in parts]
    values = [str(round(share, 4)) for share in shares]
    wrong = draw(st.lists(st.integers(-100, -1), min_size=1, max_size=4))
    values += [str(Decimal(percent) / 100) for percent in wrong]
    return options(dict(zip("ABCDEFGH", values, strict=False))), list("ABCDEFGH"[:right])


@given(question=weighted_questions(), mark=st.decimals("0.01", "100", places=2), data=st.data())
def test_fractions_reward_right_options_and_never_guessing(
    question: tuple[list[dict[str, str]], list[str]], mark: Decimal, data: st.DataObject
) -> None:
    definition, key = question
    kind, policy = KINDS["multiple"], POLICIES["option_fractions:1"]
    kind.validate(definition, key)
    ids = [option["id"] for option in definition]
    chosen = data.draw(st.lists(st.sampled_from(ids), unique=True))

    def score(answer: list[str]) -> Decimal:
        return kind.mark(answer, key, definition, mark, policy)

    assert score(key) == mark
    for id_ in ids:
        if id_ in chosen:
            continue
        if id_ in key:
            assert score([*chosen, id_]) >= score(chosen)
        elif set(chosen) != set(key):
            assert score([*chosen, id_]) <= score(chosen)
    assert score(ids) <= mark


@pytest.mark.parametrize(
    ("kind", "fractions", "key"),
    [
        ("multiple", {"A": "0.5", "B": "0.4", "C": "0"}, "AB"),  # 90 % in all
        ("multiple", {"A": "1", "B": "0", "C": "0"}, "AB"),  # a right option worth nothing
        ("multiple", {"A": "1.5", "B": "-0.5", "C": "0"}, "AB"),
        ("multiple", {"A": "0.5", "B": "0.5", "C": "0.1"}, "AB"),  # a wrong option that pays
        ("multiple", {"A": "0.5", "B": "0.5", "C": "-2"}, "AB"),
        ("multiple", {"A": "0.5", "B": "一半", "C": "0"}, "AB"),
        ("multiple", {"A": "0.5", "B": "NaN", "C": "0"}, "AB"),
        ("single", {"A": "1", "B": "0"}, "A"),
    ],
)
def test_unfair_fractions_are_refused(kind: str, fractions: dict[str, str], key: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        KINDS[kind].validate(options(fractions), list(key))
    assert "options" in refused.value.fields


def test_a_question_without_fractions_is_all_or_nothing() -> None:
    plain = [{"id": id_, "text": id_} for id_ in "ABC"]
    policy = POLICIES["option_fractions:1"]
    assert KINDS["multiple"].mark(["A"], ["A", "B"], plain, MARK, policy) == 0
    assert KINDS["multiple"].mark(["A", "B"], ["A", "B"], plain, MARK, policy) == MARK
