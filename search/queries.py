"""One search over everything. Permission and filters are part of the query, also for counts and facets."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.safestring import SafeString

from search.engines import engine
from search.highlighting import highlight, snippet
from search.models import SearchDocument, SearchPassage
from search.plan import Plan, plan_of
from search.registry import SOURCES, SearchSource

if TYPE_CHECKING:
    from school.people.models import User

PER_PAGE = 10
FEW = 1  # with fewer hits than this, any of the words is enough

BEST_PASSAGES = """
WITH matched AS MATERIALIZED ({match}),
best AS (
  SELECT p.document_id, m.passage_id, m.score,
    ROW_NUMBER() OVER (PARTITION BY p.document_id ORDER BY m.score, m.passage_id) AS place,
    COUNT(*) OVER (PARTITION BY p.document_id) AS places
  FROM matched m JOIN search_searchpassage p ON p.id = m.passage_id
  WHERE p.document_id IN ({permitted})
)
SELECT document_id, passage_id, places FROM best WHERE place = 1 ORDER BY score, document_id LIMIT %s OFFSET %s
"""
FACETS = """
WITH matched AS MATERIALIZED ({match})
SELECT d.kind, COUNT(DISTINCT d.id) FROM matched m
JOIN search_searchpassage p ON p.id = m.passage_id JOIN search_searchdocument d ON d.id = p.document_id
WHERE d.id IN ({permitted}) GROUP BY d.kind
"""


@dataclass(frozen=True)
class Hit:
    """One document with its best passage, marked; `more` counts its other matching passages."""

    document: SearchDocument
    source: SearchSource
    title: SafeString
    heading: str
    snippet: SafeString
    url: str
    more: int


@dataclass(frozen=True)
class Results:
    """A page of hits. `widened` says that not all words were found together, so any of them was enough."""

    plan: Plan
    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    everything: int = 0
    facets: dict[str, int] = field(default_factory=dict)
    page: int = 1
    pages: int = 1
    widened: bool = False


def search(query: str, user: "User", *, kind: str = "", with_ended: bool = False, page: int = 1) -> Results:
    """What this person may see that matches; `with_ended` adds repealed and replaced rules."""
    plan = plan_of(query)
    if plan.is_empty:
        return Results(plan)
    permitted = SearchDocument.objects.visible_to(user)
    if not with_ended:
        permitted = permitted.in_force()
    widened = False
    facets = _facets(plan, permitted, any_term=False)
    if sum(facets.values()) < FEW and len(plan.terms) > 1:
        widened, facets = True, _facets(plan, permitted, any_term=True)
    total = facets.get(kind, 0) if kind else sum(facets.values())
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    chosen = permitted.filter(kind=kind) if kind else permitted
    hits = _hits(plan, chosen, any_term=widened, offset=(page - 1) * PER_PAGE) if total else []
    return Results(plan, hits, total, sum(facets.values()), facets, page, pages, widened and bool(total))


def _facets(plan: Plan, permitted: Any, *, any_term: bool) -> dict[str, int]:
    rows = _rows(FACETS, plan, permitted, any_term=any_term)
    return {kind: count for kind, count in rows if kind in SOURCES}


def _hits(plan: Plan, permitted: Any, *, any_term: bool, offset: int) -> list[Hit]:
    rows = _rows(BEST_PASSAGES, plan, permitted, PER_PAGE, offset, any_term=any_term)
    documents = SearchDocument.objects.in_bulk([row[0] for row in rows])
    passages = SearchPassage.objects.in_bulk([row[1] for row in rows])
    return [
        _hit(documents[document], passages[passage], places - 1, plan)
        for document, passage, places in rows
        if document in documents and passage in passages
    ]


def _hit(document: SearchDocument, passage: SearchPassage, more: int, plan: Plan) -> Hit:
    anchor = f"#{passage.locator}" if passage.locator else ""
    return Hit(
        document=document,
        source=SOURCES[document.kind],
        title=highlight(document.title, plan),
        heading=passage.heading,
        snippet=snippet(passage.text, plan),
        url=f"{document.url}{anchor}",
        more=more,
    )


def _rows(template: str, plan: Plan, permitted: Any, *extra: Any, any_term: bool) -> list[Any]:
    match, match_parameters = engine().match_sql(plan, any_term=any_term)
    permitted_sql, permitted_parameters = permitted.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            template.format(match=match, permitted=permitted_sql), [*match_parameters, *permitted_parameters, *extra]
        )
        return cursor.fetchall()
