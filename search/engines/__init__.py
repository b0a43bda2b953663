"""Full-text engines. Each keeps the tokens of passages beside the tables of search.models and answers plans."""

from django.db import connection

from search.engines.base import Engine
from search.engines.postgres import PostgresEngine
from search.engines.sqlite import SqliteEngine

ENGINES: dict[str, Engine] = {"sqlite": SqliteEngine(), "postgresql": PostgresEngine()}

__all__ = ["ENGINES", "Engine", "engine"]


def engine() -> Engine:
    """The engine of the database in use."""
    return ENGINES[connection.vendor]
