"""SQLite FTS5 over our own tokens; rank is BM25 with the title four times the body."""

from typing import Any

from django.db import connection

from search.engines.base import Engine
from search.models import SearchPassage
from search.plan import Plan, Term
from search.text import tokens


class SqliteEngine(Engine):
    name = "SQLite FTS5"

    def create(self, schema_editor: Any) -> None:
        schema_editor.execute("CREATE VIRTUAL TABLE search_fts USING fts5(title, body)")

    def drop(self, schema_editor: Any) -> None:
        schema_editor.execute("DROP TABLE IF EXISTS search_fts")

    def write(self, passages: list[SearchPassage], title: str) -> None:
        title_tokens = " ".join(tokens(title))
        rows = [(p.pk, title_tokens, " ".join(tokens(f"{p.heading}\n{p.text}"))) for p in passages]
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO search_fts (rowid, title, body) VALUES (%s, %s, %s)", rows)

    def forget(self, passage_ids: list[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM search_fts WHERE rowid = %s", [(pk,) for pk in passage_ids])

    def match_sql(self, plan: Plan, *, any_term: bool = False) -> tuple[str, list[Any]]:
        expression = (" OR " if any_term else " AND ").join(_phrase(term) for term in plan.terms)
        sql = (
            "SELECT rowid AS passage_id, bm25(search_fts, 4.0, 1.0) AS score FROM search_fts WHERE search_fts MATCH %s"
        )
        return sql, [expression]


def _phrase(term: Term) -> str:
    """Tokens hold only letters, digits and Chinese characters, so quotes around them are safe."""
    return f'"{" ".join(term.tokens)}"{" *" if term.is_prefix else ""}'
