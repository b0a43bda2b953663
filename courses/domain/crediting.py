"""What of a claim is credited: pure arithmetic over watched ranges and a time budget, in whole milliseconds.

A claim is the player's whole unacknowledged set. It passes three gates: the order of a first viewing, an open
question of the lesson, and the clock. What a gate holds back is not lost; the player claims it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from courses.domain import intervals
from courses.domain.intervals import Interval
from courses.enums import Uncounted

MAX_ELAPSED_MS = 300_000  # an open lease banks no more than five minutes at once
JUMP_MS = 2_000  # gaps of a first viewing up to this long are slips of the player, not jumps
MAX_REASONS = 50  # pieces named in one answer


@dataclass(frozen=True)
class Verdict:
    """`paid` is newly credited; `held` says for each other new piece why it does not count."""

    paid: list[Interval]
    held: list[tuple[int, int, Uncounted]]

    @property
    def paid_ms(self) -> int:
        return intervals.total(self.paid)

    @property
    def held_ms(self) -> int:
        return sum(end - start for start, end, _ in self.held)


def credit(
    claimed: Sequence[Interval],
    known: Sequence[Sequence[int]],
    *,
    room_ms: int,
    allowance_ms: int | None,
    limit_ms: int | None = None,
    shortage: Uncounted = Uncounted.BUDGET,
) -> Verdict:
    """Judge the new part of `claimed` against what is `known` (both sorted and disjoint).

    `allowance_ms` is how much a first viewing may leave out in small gaps, None when order no longer matters;
    `limit_ms` is where an unanswered question stands; `shortage` names the gate that set `room_ms`.
    """
    fresh = intervals.subtract(claimed, known)
    held: list[tuple[int, int, Uncounted]] = []
    if allowance_ms is not None:
        end = reach(intervals.union(known, claimed), allowance_ms)
        fresh, ahead = intervals.split(fresh, end)
        held += [(*piece, Uncounted.AHEAD) for piece in ahead]
    if limit_ms is not None:
        fresh, beyond = intervals.split(fresh, limit_ms)
        held += [(*piece, Uncounted.QUESTION) for piece in beyond]
    paid = intervals.first(fresh, room_ms)
    held += [(*piece, shortage) for piece in intervals.subtract(fresh, paid)]
    return Verdict(paid, sorted(held)[:MAX_REASONS])


def reach(pieces: Sequence[Sequence[int]], allowance_ms: int) -> int:
    """The end of the watched beginning: gaps up to JUMP_MS each and `allowance_ms` together are overlooked."""
    end = skipped = 0
    for piece in pieces:
        gap = piece[0] - end
        if gap > JUMP_MS or skipped + max(0, gap) > allowance_ms:
            break
        skipped += max(0, gap)
        end = max(end, piece[1])
    return end


def gained(elapsed_ms: int, rate: int) -> int:
    """Budget that real time brings at `rate` percent: never negative, and capped for a long silence."""
    return min(max(0, elapsed_ms), MAX_ELAPSED_MS) * rate // 100


def filled(bank_ms: int, elapsed_ms: int, rate: int) -> int:
    """The bank after `elapsed_ms`; it holds no more than one full silence brings."""
    return min(bank_ms + gained(elapsed_ms, rate), MAX_ELAPSED_MS * rate // 100)
