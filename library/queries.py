"""What the libraries show. Every list starts from `visible_to`; query counts do not grow with the rows."""

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef

from library.enums import RegulationKind, RegulationLevel, ValidityStatus
from library.models import ExperiencePage, RegulationPage
from school.people.enums import Taxonomy

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.models import Page

    from school.people.models import User

PER_PAGE = 20
SHOWN = 6
STATES = (ValidityStatus.IN_FORCE, ValidityStatus.PENDING, ValidityStatus.REPEALED)


def front_page(user: "User") -> dict[str, Any]:
    """The newest of both libraries."""
    regulations = RegulationPage.objects.visible_to(user).in_force()
    experiences = ExperiencePage.objects.visible_to(user).select_related("organisation")
    return {
        "regulations": regulations.order_by("-effective_on", "pk")[:SHOWN],
        "regulation_count": regulations.count(),
        "experiences": experiences.order_by("-entered_on", "pk")[:SHOWN],
        "experience_count": experiences.count(),
    }


def regulation_list(index: "Page", request: "HttpRequest") -> dict[str, Any]:
    """Filtered by ?state= (in force when omitted), ?kind=, ?level=, ?topic=."""
    chosen = {name: request.GET.get(name, "") for name in ("state", "kind", "level", "topic")}
    state = next((each for each in STATES if each == chosen["state"]), ValidityStatus.IN_FORCE)
    visible = RegulationPage.objects.child_of(index).visible_to(request.user)
    rows = {
        ValidityStatus.IN_FORCE: visible.in_force,
        ValidityStatus.PENDING: visible.pending,
        ValidityStatus.REPEALED: visible.ended,
    }
    states = [
        {"value": value, "label": "已废止或修订" if value == ValidityStatus.REPEALED else value.label, "count": n}
        for value, query in rows.items()
        if (n := query().count()) or value == state
    ]
    found = rows[state]()
    for name, choices in (("kind", RegulationKind), ("level", RegulationLevel), ("topic", Taxonomy)):
        if chosen[name] in choices.values:
            found = found.filter(**{name: chosen[name]})
    newer = RegulationPage.objects.live().filter(replaces=OuterRef("pk"))
    found = found.annotate(is_replaced=Exists(newer)).order_by("-effective_on", "pk")
    return {
        "regulations": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "states": states,
        "state": state,
        "state_is_ended": state == ValidityStatus.REPEALED,
        "state_is_pending": state == ValidityStatus.PENDING,
        "chosen": chosen,
        "facets": _facets(rows[state]()),
    }


def _facets(rows: Any) -> list[dict[str, Any]]:
    facets = []
    for name, heading, choices in (
        ("kind", "种类", RegulationKind),
        ("level", "层级", RegulationLevel),
        ("topic", "主题", Taxonomy),
    ):
        counts = dict(rows.order_by().values_list(name).annotate(n=Count("pk")))
        options = [{"value": v, "label": label, "count": counts[v]} for v, label in choices.choices if counts.get(v)]
        facets.append({"name": name, "heading": heading, "options": options})
    return facets


def regulation_detail(page: RegulationPage, user: "User") -> dict[str, Any]:
    """Articles by chapter, status, and the versions before and after that this person may read."""
    articles = list(page.articles.all())
    chapters = [
        {"heading": heading, "anchor": f"chapter-{number}", "articles": list(rows)}
        for number, (heading, rows) in enumerate(groupby(articles, key=lambda article: article.chapter), start=1)
    ]
    status = page.status_on()
    return {
        "chapters": chapters,
        "has_chapters": any(chapter["heading"] for chapter in chapters),
        "status": status,
        "is_ended": status in (ValidityStatus.REVISED, ValidityStatus.REPEALED),
        "successor": _readable(page.successor, user),
        "replaced": _readable(page.replaces, user),
        "ends_on": page.ends_on,
        "article_count": len(articles),
    }


def _readable(page: RegulationPage | None, user: "User") -> RegulationPage | None:
    """The page if it is live and the person may read it: an internal title is not told to outsiders by a link."""
    return page if page and page.live and page.can_be_read_by(user) else None


def experience_list(index: "Page", request: "HttpRequest") -> dict[str, Any]:
    """Filtered by ?topic=."""
    visible = ExperiencePage.objects.child_of(index).visible_to(request.user).select_related("organisation")
    counts = dict(visible.order_by().values_list("topic").annotate(n=Count("pk")))
    topic = request.GET.get("topic", "")
    found = visible.filter(topic=topic) if topic in counts else visible
    return {
        "experiences": Paginator(found.order_by("-entered_on", "pk"), PER_PAGE).get_page(request.GET.get("page")),
        "topics": [{"value": v, "label": label, "count": counts[v]} for v, label in Taxonomy.choices if counts.get(v)],
        "topic": topic,
    }
