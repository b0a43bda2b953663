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
    """The time of `whole` that is not in `taken`."""
    holes = union(taken)
    rest: list[Interval] = []
    for start, end in union(whole):
        for hole_start, hole_end in holes:
            if hole_end <= start or hole_start >= end:
                continue
            if hole_start > start:
                rest.append((start, hole_start))
            start = max(start, hole_end)
        if start < end:
            rest.append((start, end))
    return rest


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
