"""Content registers itself here; the search knows no content type."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models

from school.people.enums import Visibility

PASSAGE_LIMIT = 4000


@dataclass(frozen=True)
class Passage:
    """A stretch of text with the heading it stands under and the anchor where it stands."""

    text: str
    heading: str = ""
    locator: str = ""


@dataclass(frozen=True)
class Entry:
    """One findable thing as the index keeps it. `aliases` are found like the title but not shown."""

    title: str
    url: str
    passages: list[Passage]
    aliases: str = ""
    note: str = ""
    organisation_id: int | None = None
    visibility: str = Visibility.PUBLIC
    valid_from: date | None = None
    valid_to: date | None = None
    published_at: datetime | None = None


class SearchSource(ABC):
    """How one model becomes findable."""

    kind: str
    label: str
    icon: str
    model: type[models.Model]

    @abstractmethod
    def objects(self) -> "models.QuerySet[Any]":
        """All objects that may be found by somebody."""

    @abstractmethod
    def entry(self, item: Any) -> Entry:
        """What the index keeps of one object."""


SOURCES: dict[str, SearchSource] = {}


def register(source: SearchSource) -> None:
    SOURCES[source.kind] = source


def source_for(model: type[models.Model]) -> SearchSource | None:
    return next((source for source in SOURCES.values() if source.model is model), None)


def split_text(text: str, *, heading: str = "", locator: str = "") -> Iterator[Passage]:
    """Cut a long text at paragraph ends into passages of at most PASSAGE_LIMIT characters."""
    held = ""
    for paragraph in text.split("\n"):
        while len(paragraph) > PASSAGE_LIMIT:
            if held:
                yield Passage(held, heading, locator)
                held = ""
            yield Passage(paragraph[:PASSAGE_LIMIT], heading, locator)
            paragraph = paragraph[PASSAGE_LIMIT:]
        if held and len(held) + len(paragraph) + 1 > PASSAGE_LIMIT:
            yield Passage(held, heading, locator)
            held = ""
        held = f"{held}\n{paragraph}" if held else paragraph
    if held.strip():
        yield Passage(held, heading, locator)
