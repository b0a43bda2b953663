"""The arithmetic of credit: against a bitmap, against a dishonest client, and for an honest one on a bad line."""

from random import Random

from courses.domain import crediting, intervals
from courses.enums import Uncounted

SIZE, CASES = 48, 20_000
MINUTE = 60_000


def pieces_of(chance: Random) -> list[tuple[int, int]]:
    return [tuple(sorted((chance.randint(0, SIZE), chance.randint(0, SIZE)))) for _ in range(chance.randint(0, 6))]


def bits(pieces: list[tuple[int, int]]) -> int:
    """The milliseconds of the pieces as the bits of one number."""
    found = 0
    for start, end in pieces:
        found |= (1 << end) - (1 << start)
    return found


def lowest(mask: int, count: int) -> int:
    kept = 0
    while mask and count > 0:
        kept |= mask & -mask
        mask &= mask - 1
        count -= 1
    return kept


def test_twenty_thousand_random_cases_agree_with_a_bitmap() -> None:
    chance = Random(20261124)
    for _ in range(CASES):
        one, other, limit = pieces_of(chance), pieces_of(chance), chance.randint(0, SIZE)
        below = (1 << limit) - 1
        union = intervals.union(one, other)
        assert bits(union) == bits(one) | bits(other)
        assert all(a[1] < b[0] for a, b in zip(union, union[1:], strict=False))
        assert intervals.total(union) == bits(union).bit_count()
        assert bits(intervals.subtract(one, other)) == bits(one) & ~bits(other)
        assert bits(intervals.clip(one, limit)) == bits(one) & below
        before, after = intervals.split(intervals.union(one), limit)
        assert (bits(before), bits(after)) == (bits(one) & below, bits(one) & ~below)
        assert bits(intervals.first(intervals.union(one), limit)) == lowest(bits(one), limit)


def test_what_is_paid_and_held_is_the_new_part_and_nothing_else() -> None:
    chance = Random(7)
    for _ in range(2_000):
        claimed, known = intervals.union(pieces_of(chance)), intervals.union(pieces_of(chance))
        room = chance.randint(0, SIZE)
        verdict = crediting.credit(claimed, known, room_ms=room, allowance_ms=chance.choice([None, 0, 4]))
        held = [(start, end) for start, end, _ in verdict.held]
        assert bits(verdict.paid) & bits(held) == 0
        assert bits(verdict.paid) | bits(held) == bits(claimed) & ~bits(known)
        assert verdict.paid_ms <= room


def test_the_reach_overlooks_slips_but_not_jumps() -> None:
    assert crediting.reach([(0, 10_000), (12_000, 20_000)], 5_000) == 20_000
    assert crediting.reach([(0, 10_000), (12_001, 20_000)], 5_000) == 10_000
    assert crediting.reach([(0, 1_000), (3_000, 4_000), (6_000, 7_000), (9_000, 9_500)], 4_000) == 7_000
    assert crediting.reach([(2_001, 9_000)], 5_000) == 0


def test_a_question_ends_what_counts() -> None:
    verdict = crediting.credit([(0, 9)], [], room_ms=99, allowance_ms=0, limit_ms=4)
    assert verdict == crediting.Verdict([(0, 4)], [(4, 9, Uncounted.QUESTION)])


class Server:
    """One member's account, as the domain keeps it, over several lessons."""

    def __init__(self, rate: int, lengths: list[int]) -> None:
        self.rate, self.lengths = rate, lengths
        self.bank = self.seen = self.paid = 0
        self.known: list[list[tuple[int, int]]] = [[] for _ in lengths]

    def report(self, now: int, lesson: int, claim: list[tuple[int, int]]) -> None:
        self.bank = crediting.filled(self.bank, now - self.seen, self.rate)
        self.seen = max(self.seen, now)
        length = self.lengths[lesson]
        claimed = intervals.clip(claim, length)
        verdict = crediting.credit(claimed, self.known[lesson], room_ms=self.bank, allowance_ms=length // 20)
        self.bank -= verdict.paid_ms
        self.paid += verdict.paid_ms
        self.known[lesson] = intervals.union(self.known[lesson], verdict.paid)


def dishonest(chance: Random, now: int, length: int, sent: list) -> list[tuple[int, int]]:
    """A huge claim, a jump, a replay, sixteen times the speed, or fragments in disorder."""
    trick = chance.randrange(5)
    if trick == 0:
        return [(0, length)]
    if trick == 1:
        start = chance.randrange(length)
        return [(start, min(length, start + MINUTE))]
    if trick == 2 and sent:
        return chance.choice(sent)
    if trick == 3:
        return [(0, now * 16)]
    return [(start, start + 900) for start in chance.sample(range(0, length, 1_000), 100)]


def test_a_dishonest_client_never_earns_more_than_the_rate_times_the_clock() -> None:
    for seed in range(24):
        chance = Random(seed)
        rate = chance.choice([100, 125, 150, 200])
        server = Server(rate, [30 * MINUTE] * 8)
        now, sent = 0, []
        for _ in range(250):
            now += chance.choice([0, 0, 10, 1_000, 20_000, 400_000])
            claim = dishonest(chance, now, 30 * MINUTE, sent)
            sent.append(claim)
            server.report(now - chance.choice([0, 0, 5_000]), chance.randrange(8), claim)
            assert server.paid <= now * rate // 100
            assert server.paid == sum(intervals.total(known) for known in server.known)


def test_an_honest_viewer_on_a_bad_line_is_credited_in_full() -> None:
    """40 % of reports lost, answers late or lost, others twice and out of order; one last report gets through."""
    for seed in range(60):
        chance = Random(seed)
        server = Server(150, [10 * MINUTE])
        waiting: list[tuple[int, list[tuple[int, int]]]] = []
        watched = 0
        for now in range(20_000, 10 * MINUTE + 1, 20_000):
            watched = now
            if chance.random() >= 0.4:
                waiting += [(now + chance.randrange(70_000), [(0, watched)])] * chance.choice([1, 1, 2])
            for moment, claim in [entry for entry in waiting if entry[0] <= now]:
                server.report(moment, 0, claim)
            waiting = [entry for entry in waiting if entry[0] > now]
        server.report(11 * MINUTE, 0, [(0, watched)])
        assert server.paid == 10 * MINUTE
