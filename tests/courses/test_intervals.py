"""Interval arithmetic against a bitmap."""

from hypothesis import given
from hypothesis import strategies as st

from courses.domain import intervals

SIZE = 60
piece = st.tuples(st.integers(0, SIZE), st.integers(0, SIZE)).map(lambda pair: (min(pair), max(pair)))
pieces = st.lists(piece, max_size=12)


def bits(some: list[tuple[int, int]]) -> set[int]:
    return {ms for start, end in some for ms in range(start, end)}


@given(pieces, pieces)
def test_union_is_the_union_sorted_and_disjoint(one: list, other: list) -> None:
    result = intervals.union(one, other)
    assert bits(result) == bits(one) | bits(other)
    assert all(a[1] < b[0] for a, b in zip(result, result[1:], strict=False))
    assert intervals.total(result) == len(bits(result))


@given(pieces, pieces)
def test_subtract_is_the_difference(whole: list, taken: list) -> None:
    assert bits(intervals.subtract(whole, taken)) == bits(whole) - bits(taken)


@given(pieces, st.integers(0, SIZE))
def test_clip_and_first(some: list, limit: int) -> None:
    assert bits(intervals.clip(some, limit)) == {ms for ms in bits(some) if ms < limit}
    earliest = intervals.first(intervals.union(some), limit)
    assert bits(earliest) == set(sorted(bits(some))[:limit])
