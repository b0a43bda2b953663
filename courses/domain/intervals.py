"""Watched time as half-open [start, end) pairs in milliseconds, sorted and disjoint. Pure functions."""

from collections.abc import Iterable, Sequence

Interval = tuple[int, int]


def union(*sets: Iterable[Sequence[int]]) -> list[Interval]:
    """All time that lies in any of the sets; touching pieces are joined, empty ones dropped."""
    pieces = sorted((start, end) for one in sets for start, end in one if start < end)
    joined: list[Interval] = []
    for start, end in pieces:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def subtract(whole: Iterable[Sequence[int]], taken: Iterable[Sequence[int]]) -> list[Interval]:
    """The time of `whole` that is not in `taken`, in one walk over both."""
    holes = union(taken)
    rest: list[Interval] = []
    first_hole = 0
    for start, end in union(whole):
        while first_hole < len(holes) and holes[first_hole][1] <= start:
            first_hole += 1
        place = first_hole
        while place < len(holes) and holes[place][0] < end:
            if holes[place][0] > start:
                rest.append((start, holes[place][0]))
            start = max(start, holes[place][1])
            place += 1
        if start < end:
            rest.append((start, end))
    return rest


def split(pieces: Iterable[Sequence[int]], at: int) -> tuple[list[Interval], list[Interval]]:
    """The pieces before `at` and those from `at` on."""
    before, after = [], []
    for start, end in pieces:
        if start < at:
            before.append((start, min(end, at)))
        if end > at:
            after.append((max(start, at), end))
    return before, after


def total(pieces: Iterable[Sequence[int]]) -> int:
    """Milliseconds covered by disjoint pieces."""
    return sum(end - start for start, end in pieces)


def clip(pieces: Iterable[Sequence[int]], limit: int) -> list[Interval]:
    """What of the pieces lies in [0, limit)."""
    return union((max(0, start), min(end, limit)) for start, end in pieces)


def first(pieces: Iterable[Sequence[int]], budget: int) -> list[Interval]:
    """The earliest pieces that together last at most `budget` milliseconds; the last one may be cut."""
    taken: list[Interval] = []
    for start, end in pieces:
        if budget <= 0:
            break
        stop = min(end, start + budget)
        taken.append((start, stop))
        budget -= stop - start
    return taken
