"""What an engine must do. SQL stands only in its subclasses: full-text tables are outside the ORM."""

from abc import ABC, abstractmethod
from typing import Any

from search.models import SearchPassage
from search.plan import Plan


class Engine(ABC):
    """Tokens in, passages out. `any_term` widens a plan from all words to any of them."""

    name: str

    @abstractmethod
    def create(self, schema_editor: Any) -> None:
        """Make the full-text table (called by the migration)."""

    @abstractmethod
    def drop(self, schema_editor: Any) -> None:
        """Remove it again."""

    @abstractmethod
    def write(self, passages: list[SearchPassage], title: str) -> None:
        """Index these saved passages; the title is found with each of them."""

    @abstractmethod
    def forget(self, passage_ids: list[int]) -> None:
        """Remove the tokens of these passages."""

    @abstractmethod
    def match_sql(self, plan: Plan, *, any_term: bool = False) -> tuple[str, list[Any]]:
        """A SELECT of (passage_id, score) with its parameters; a lower score is a better match."""
