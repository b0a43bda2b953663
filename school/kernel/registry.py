"""Work that repeats: apps register their jobs in AppConfig.ready; `kernel.domain.periodic` keeps the schedules."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PeriodicJob:
    """`function` is a dotted path, called without arguments every `minutes`; it must be harmless when run twice.

    `name` is stable: renaming it drops the old schedule. `offset_seconds` delays only the very first run.
    """

    name: str
    function: str
    minutes: int
    offset_seconds: int = 0


PERIODIC: dict[str, PeriodicJob] = {}


def register_periodic(name: str, function: str, *, minutes: int, offset_seconds: int = 0) -> PeriodicJob:
    """Register a job; the same name twice replaces the first, so that a second import changes nothing."""
    if minutes < 1:
        raise ValueError("The queue's shortest interval is one minute.")
    job = PeriodicJob(name, function, minutes, offset_seconds)
    PERIODIC[name] = job
    return job
