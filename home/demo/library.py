"""The libraries of the demo school: rules of public record as summaries, and fictional experience of its branches."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from wagtail.models import Page

from home.demo.drawings import EXPERIENCE_DRAWINGS, picture_of
from library.models import (
    ExperienceIndexPage,
    ExperiencePage,
    LibraryPage,
    RegulationArticle,
    RegulationIndexPage,
    RegulationPage,
)
from school.people.models import Organisation

CONTENT = Path(__file__).parent / "content"
DATES = ("signed_on", "published_on", "effective_on", "expired_on", "entered_on", "review_on")
REGULATION_FIELDS = (
    "slug", "title", "short_title", "kind", "level", "topic", "audience", "keywords", "summary", "is_summary", "source",
)  # fmt: skip
EXPERIENCE_FIELDS = (
    "slug", "title", "authors", "topic", "summary", "background", "practice", "innovation", "results", "scope", "award",
    "entry_no",
)  # fmt: skip


@transaction.atomic
def seed_library(home: Page, root: Organisation) -> None:
    """Both libraries below the portal; what exists is left as it is."""
    library = LibraryPage.objects.first() or home.add_child(instance=LibraryPage(title="资料库", slug="library"))
    regulations = RegulationIndexPage.objects.first() or library.add_child(
        instance=RegulationIndexPage(title="制度规范库", slug="regulations")
    )
    library.refresh_from_db()
    experiences = ExperienceIndexPage.objects.first() or library.add_child(
        instance=ExperienceIndexPage(title="典型经验库", slug="experiences")
    )
    fresh = [row for row in _rows("regulations.json") if _regulation(regulations, root, row)]
    for row in fresh:
        if row.get("replaces"):
            _link(row["slug"], row["replaces"])
    for row in _rows("experiences.json"):
        _experience(experiences, row)


def _regulation(index: Page, root: Organisation, row: dict[str, Any]) -> bool:
    """True when the page is new."""
    if RegulationPage.objects.child_of(index).filter(slug=row["slug"]).exists():
        return False
    page = RegulationPage(
        organisation=root,
        issuers="、".join(row["issuers"]),
        doc_number=row["doc_number"] or "",
        **{name: row[name] for name in REGULATION_FIELDS},
        **_dates(row),
    )
    page.articles = [RegulationArticle(sort_order=n, **article) for n, article in enumerate(row["articles"])]
    index.add_child(instance=page)
    page.save_revision().publish()
    return True


def _link(slug: str, replaced: str) -> None:
    page = RegulationPage.objects.get(slug=slug)
    page.replaces = RegulationPage.objects.filter(slug=replaced).first()
    page.save_revision().publish()


def _experience(index: Page, row: dict[str, Any]) -> None:
    if ExperiencePage.objects.child_of(index).filter(slug=row["slug"]).exists():
        return
    page = ExperiencePage(
        organisation=Organisation.objects.filter(name=row["reported_by"]).first(),
        labels=" ".join(row["tags"]),
        picture=picture_of(drawing) if (drawing := EXPERIENCE_DRAWINGS.get(row["slug"])) else None,
        **{name: row[name] for name in EXPERIENCE_FIELDS},
        **_dates(row),
    )
    index.add_child(instance=page)
    page.save_revision().publish()


def _dates(row: dict[str, Any]) -> dict[str, date | None]:
    return {name: date.fromisoformat(row[name]) if row[name] else None for name in DATES if name in row}


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((CONTENT / name).read_text(encoding="utf-8"))
    return rows
