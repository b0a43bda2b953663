"""Signals of watching that a person may wish to look at. A log for a human: nothing is taken from anybody by it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Max, QuerySet, StdDev, Sum
from django.db.models.functions import TruncDate, TruncHour

from courses.models import PresencePrompt, WatchBeat, WatchSession
from school.people.models import User

if TYPE_CHECKING:
    from uuid import UUID

DAY_MS = 16 * 3600 * 1000
FEW_PROMPTS, MISSED_SHARE = 5, 50
INSTANT_MS, INSTANT_PROMPTS = 1_000, 4
CROWD = 5
SWITCHES = 6
FAR_ABOVE_MS, FAR_TIMES = 600_000, 3
STEADY_BEATS, STEADY_MS = 20, 50


@dataclass(frozen=True)
class Signal:
    """`kind` names what was noticed, `words` say it with its figures; `session` is where, if at one place."""

    member_id: int
    kind: str
    words: str
    session: "UUID | None" = None


@dataclass(frozen=True)
class Period:
    """Sessions, reports and prompts of some members between two moments."""

    members: "QuerySet[User]"
    start: datetime
    end: datetime

    def of(self, rows: Any, moment: str, member: str) -> Any:
        return rows.filter(**{f"{moment}__gte": self.start, f"{moment}__lt": self.end, f"{member}__in": self.members})

    @property
    def beats(self) -> Any:
        return self.of(WatchBeat.objects.order_by(), "at", "session__member")

    @property
    def prompts(self) -> Any:
        return self.of(PresencePrompt.objects.order_by(), "asked_at", "session__member")

    @property
    def sessions(self) -> Any:
        return self.of(WatchSession.objects.order_by(), "started_at", "member")


def signals_in(period: Period) -> list[Signal]:
    """All signals of the period, by member; a constant number of queries, one a rule."""
    found = [signal for rule in RULES for signal in rule(period)]
    return sorted(found, key=lambda signal: (signal.member_id, signal.kind))


def long_days(period: Period) -> Iterator[Signal]:
    rows = period.beats.values(member=F("session__member"), day=TruncDate("at")).annotate(ms=Sum("paid_ms"))
    for row in rows.filter(ms__gt=DAY_MS):
        hours = row["ms"] / 3_600_000
        yield Signal(row["member"], "一天学习过长", f"{row['day']:%m-%d} 计入 {hours:.1f} 小时，超过 16 小时。")


def missed_prompts(period: Period) -> Iterator[Signal]:
    rows = period.prompts.values("in_time", member=F("session__member")).annotate(count=Count("pk"))
    asked: dict[int, dict[bool, int]] = {}
    for row in rows:
        asked.setdefault(row["member"], {})[row["in_time"]] = row["count"]
    for member, counts in asked.items():
        total, missed = sum(counts.values()), counts.get(False, 0)
        if total >= FEW_PROMPTS and missed * 100 >= total * MISSED_SHARE:
            yield Signal(member, "常不回应在场确认", f"问了 {total} 次，{missed} 次没有按时回应。")


def instant_answers(period: Period) -> Iterator[Signal]:
    rows = period.prompts.filter(reaction_ms__isnull=False).values(member=F("session__member"))
    for row in rows.annotate(count=Count("pk"), slowest=Max("reaction_ms")):
        if row["count"] >= INSTANT_PROMPTS and row["slowest"] < INSTANT_MS:
            yield Signal(
                row["member"],
                "回应快得不像人",
                f"{row['count']} 次在场确认都在 1 秒内回应，最慢 {row['slowest']} 毫秒。",
            )


def crowded_addresses(period: Period) -> Iterator[Signal]:
    places = period.sessions.exclude(address="").annotate(hour=TruncHour("started_at"))
    heads = {
        (row["address"], row["hour"]): row["count"]
        for row in places.values("address", "hour").annotate(count=Count("member", distinct=True))
        if row["count"] >= CROWD
    }
    addresses = {address for address, _ in heads}
    for row in places.filter(address__in=addresses).values("address", "hour", "member").distinct():
        if count := heads.get((row["address"], row["hour"])):
            words = f"{row['hour']:%m-%d %H} 时，{count} 人从同一地址 {row['address']} 学习；同一办公室上网也会这样。"
            yield Signal(row["member"], "多人同一地址", words)


def switching_places(period: Period) -> Iterator[Signal]:
    rows = period.sessions.annotate(hour=TruncHour("started_at")).values("member", "hour")
    for row in rows.annotate(count=Count("pk"), logins=Count("login", distinct=True)):
        if row["count"] >= SWITCHES and row["logins"] > 1:
            words = f"{row['hour']:%m-%d %H} 时，在 {row['logins']} 处登录之间来回打开 {row['count']} 次。"
            yield Signal(row["member"], "两处来回切换", words)


def claims_far_above(period: Period) -> Iterator[Signal]:
    rows = period.beats.filter(unpaid_ms__gt=FAR_ABOVE_MS).values("session", member=F("session__member"))
    for row in rows.annotate(count=Count("pk"), most=Max("unpaid_ms")):
        if row["count"] >= FAR_TIMES:
            words = f"{row['count']} 次上报远超实际用时，最多超出 {row['most'] // 60_000} 分钟；超出的没有计入。"
            yield Signal(row["member"], "上报远超用时", words, row["session"])


def steady_beats(period: Period) -> Iterator[Signal]:
    rows = period.beats.filter(gap_ms__gt=0).values("session", member=F("session__member"))
    for row in rows.annotate(count=Count("pk"), spread=StdDev("gap_ms")):
        if row["count"] >= STEADY_BEATS and row["spread"] < STEADY_MS:
            words = f"{row['count']} 次上报的间隔几乎一模一样（相差 {row['spread']:.0f} 毫秒），正常播放会有先后。"
            yield Signal(row["member"], "上报间隔过于整齐", words, row["session"])


RULES: tuple[Callable[[Period], Iterator[Signal]], ...] = (
    *(long_days, missed_prompts, instant_answers, crowded_addresses),
    *(switching_places, claims_far_above, steady_beats),
)
