"""Migration operation that makes a table append-only in the database itself, on SQLite and PostgreSQL."""

from typing import Any

from django.db import migrations

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION school_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
POSTGRES = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH ROW EXECUTE FUNCTION school_append_only()
"""

SQLITE_OLD_ONLY = """
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN OLD.{column} > datetime('now', '-{days} days')
BEGIN SELECT RAISE(ABORT, '{table} keeps its rows for {days} days'); END
"""
POSTGRES_OLD_ONLY = """
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
FOR EACH ROW WHEN (OLD.{column} > now() - interval '{days} days') EXECUTE FUNCTION school_append_only()
"""


def append_only(table: str) -> migrations.RunPython:
    """The operation that refuses UPDATE and DELETE on `table` from now on. Dropping the table drops the triggers."""

    def create(apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        if vendor == "postgresql":
            schema_editor.execute(POSTGRES_FUNCTION.replace("%", "%%"))
        template = {"sqlite": SQLITE, "postgresql": POSTGRES}.get(vendor)
        for verb in ("update", "delete"):
            if template:
                schema_editor.execute(template.format(table=table, verb=verb))

    def drop(apps: Any, schema_editor: Any) -> None:
        suffix = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{suffix}")

    return migrations.RunPython(create, drop)


def append_only_for(table: str, *, column: str, days: int) -> migrations.RunPython:
    """Like `append_only`, for rows too many to keep for ever: those whose `column` lies `days` back may be deleted."""

    def create(apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        if vendor == "postgresql":
            schema_editor.execute(POSTGRES_FUNCTION.replace("%", "%%"))
        templates = {"sqlite": (SQLITE, SQLITE_OLD_ONLY), "postgresql": (POSTGRES, POSTGRES_OLD_ONLY)}.get(vendor, ())
        for template in templates:
            schema_editor.execute(template.format(table=table, verb="update", column=column, days=days))

    def drop(apps: Any, schema_editor: Any) -> None:
        suffix = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{suffix}")

    return migrations.RunPython(create, drop)
