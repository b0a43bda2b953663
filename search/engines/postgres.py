"""PostgreSQL tsvector over our own tokens, written as literals so that its parser never cuts them differently."""

from typing import Any

from django.db import connection

from search.engines.base import Engine
from search.models import SearchPassage
from search.plan import Plan, Term
from search.text import tokens

TITLE_GAP = 10  # positions between title and body, so that no phrase spans both


class PostgresEngine(Engine):
    name = "PostgreSQL"

    def create(self, schema_editor: Any) -> None:
        schema_editor.execute(
            # no foreign key: Django could not empty its own tables past one it does not know
            "CREATE TABLE search_vector (passage_id bigint PRIMARY KEY, vector tsvector NOT NULL)"
        )
        schema_editor.execute("CREATE INDEX search_vector_gin ON search_vector USING gin (vector)")

    def drop(self, schema_editor: Any) -> None:
        schema_editor.execute("DROP TABLE IF EXISTS search_vector")

    def write(self, passages: list[SearchPassage], title: str) -> None:
        title_tokens = tokens(title)
        rows = [(p.pk, _vector(title_tokens, tokens(f"{p.heading}\n{p.text}"))) for p in passages]
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO search_vector (passage_id, vector) VALUES (%s, %s::tsvector)", rows)

    def forget(self, passage_ids: list[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM search_vector WHERE passage_id = ANY(%s)", [passage_ids])

    def match_sql(self, plan: Plan, *, any_term: bool = False) -> tuple[str, list[Any]]:
        query = (" | " if any_term else " & ").join(f"({_phrase(term)})" for term in plan.terms)
        sql = "SELECT passage_id, -ts_rank(vector, %s::tsquery) AS score FROM search_vector WHERE vector @@ %s::tsquery"
        return sql, [query, query]


def _phrase(term: Term) -> str:
    """Tokens hold only letters, digits and Chinese characters, so quotes around them are safe."""
    suffix = ":*" if term.is_prefix else ""
    return " <-> ".join(f"'{token}'" for token in term.tokens) + suffix


def _vector(title: list[str], body: list[str]) -> str:
    """The literal of a tsvector: title positions carry weight A."""
    places = [f"'{token}':{place}A" for place, token in enumerate(title, start=1)]
    start = len(title) + TITLE_GAP
    places += [f"'{token}':{place}" for place, token in enumerate(body, start=start)]
    return " ".join(places)
