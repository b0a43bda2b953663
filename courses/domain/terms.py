"""The rules of a lesson as they are when it is opened; a session keeps them until it ends."""

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from courses.models import LessonPage

MIN_PROMPTED_MS = 300_000  # shorter videos ask nobody whether they are there


@dataclass(frozen=True)
class Terms:
    """`rate` and `percent` are percentages; `stops` are [id, at_ms, must_answer], in order of time."""

    duration_ms: int
    rate: int
    percent: int
    asks_presence: bool
    stops: list[list[int]]

    @cached_property
    def needed_ms(self) -> int:
        """Credited milliseconds from which the video counts as watched, rounded up."""
        return -(-self.duration_ms * self.percent // 100)

    @property
    def allowance_ms(self) -> int:
        """What a first viewing may leave out in small gaps: as much as the coverage rule forgives."""
        return self.duration_ms - self.needed_ms

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    def gate(self, answered: list[int]) -> int | None:
        """Where the first question stands that must be answered before anything behind it counts."""
        return next((at for stop, at, must in self.stops if must and stop not in answered), None)


def terms_of(lesson: LessonPage) -> Terms:
    """Read them from the page (one query)."""
    stops = [[stop.pk, stop.at_ms, int(stop.must_answer)] for stop in lesson.stops.all()]
    duration = lesson.duration_ms
    return Terms(
        duration_ms=duration,
        rate=lesson.max_rate,
        percent=lesson.watched_percent,
        asks_presence=lesson.asks_presence and duration >= MIN_PROMPTED_MS,
        stops=[stop for stop in stops if stop[1] < duration],
    )
