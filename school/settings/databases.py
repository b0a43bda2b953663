"""DATABASE_URL to Django's DATABASES entry, with the SQLite pragmas that docs/decisions/0003 explains."""

from pathlib import Path
from typing import Any

import environ

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA journal_size_limit=67108864;"
    ),
}


def database_from(env: environ.Env, var_dir: Path) -> dict[str, Any]:
    """The default database: DATABASE_URL, or the embedded SQLite file below `var_dir`."""
    url = env.str("DATABASE_URL", default="")
    if not url:
        var_dir.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{var_dir / 'school.sqlite3'}"
    database: dict[str, Any] = dict(environ.Env.db_url_config(url))
    if "sqlite" in database["ENGINE"]:
        database["OPTIONS"] = {**SQLITE_OPTIONS, **database.get("OPTIONS", {})}
    else:
        database["CONN_MAX_AGE"] = 60
        database["CONN_HEALTH_CHECKS"] = True
    return database
