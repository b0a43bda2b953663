"""Run one call in several threads that start together, each with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connections

T = TypeVar("T")
THREADS = 8
# Marks of a module of races. The rows that migrations made (root page, root collection) are put back before each test.
RACES = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def at_once(call: Callable[[int], T], threads: int = THREADS) -> list[T]:
    """The results of `call(0)` … `call(threads - 1)`; the first exception of any of them is raised."""
    start = Barrier(threads, timeout=30)

    def run(number: int) -> T:
        try:
            connections["default"].ensure_connection()
            start.wait()
            return call(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))
