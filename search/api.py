"""GET /api/v1/search: the result page as JSON."""

from datetime import datetime

from ninja import Query, Router, Schema

from school.people.models import SignedInRequest
from search.queries import search
from search.registry import SOURCES

router = Router(tags=["search"])


class HitOut(Schema):
    """`title` and `snippet` are HTML in which only <mark> occurs; everything else is escaped.

    `standing` is empty for what is in force today.
    """

    kind: str
    id: str
    title: str
    heading: str
    snippet: str
    url: str
    note: str
    standing: str
    published_at: datetime | None
    more: int


class ResultsOut(Schema):
    query: str
    total: int
    page: int
    pages: int
    widened: bool
    cut: bool
    facets: dict[str, int]
    hits: list[HitOut]


@router.get("/search", response=ResultsOut)
def find(
    request: SignedInRequest,
    q: str = Query("", max_length=20_000),
    kind: str = "",
    ended: bool = False,
    page: int = Query(1, ge=1, le=100_000),
) -> dict[str, object]:
    """Only what the caller may see; facets count the same documents."""
    query = q.replace("\x00", " ")
    found = search(query, request.user, kind=kind if kind in SOURCES else "", with_ended=ended, page=page)
    hits = [
        {
            "kind": hit.document.kind,
            "id": hit.document.object_id,
            "title": hit.title,
            "heading": hit.heading,
            "snippet": hit.snippet,
            "url": hit.url,
            "note": hit.document.note,
            "standing": hit.document.standing,
            "published_at": hit.document.published_at,
            "more": hit.more,
        }
        for hit in found.hits
    ]
    return {
        "query": found.plan.text,
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "widened": found.widened,
        "cut": found.plan.was_cut,
        "facets": found.facets,
        "hits": hits,
    }
