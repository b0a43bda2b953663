"""Who sees, adds and changes what an organisation has written: banks, questions and papers. Not what is sat."""

from typing import TYPE_CHECKING, Any

from django.db import models

from exams.enums import CHANGING_ROLES, SEEING_ROLES, WRITING_ROLES, Sharing
from school.people.models.organisations import paths_upward, subtree

if TYPE_CHECKING:
    from school.people.models import User


class AuthoredQuerySet(models.QuerySet[Any]):
    """`owner` leads from the row to what has an organisation and a visibility (`"bank__"`; empty: the row itself).

    exams.rules holds the single-object twins.
    """

    owner = ""

    def visible_to(self, user: "User") -> "AuthoredQuerySet":
        """What the person's duties reach, and what organisations above these offer to all below."""
        offered = {f"{self.owner}visibility": Sharing.PUBLIC, f"{self.owner}organisation__path__in": above(user)}
        return self.filter(self._reached(user, SEEING_ROLES) | models.Q(**offered))

    def writable_by(self, user: "User") -> "AuthoredQuerySet":
        """Where the person may add: a bank for new questions."""
        return self.filter(self._reached(user, WRITING_ROLES))

    def changeable_by(self, user: "User") -> "AuthoredQuerySet":
        return self.filter(self._reached(user, CHANGING_ROLES))

    def _reached(self, user: "User", roles: frozenset[str]) -> models.Q:
        return subtree(f"{self.owner}organisation__path", user.scope.paths_of(*roles))


def above(user: "User") -> frozenset[str]:
    """The tree paths of the organisations at and above those the person writes or reviews for."""
    return frozenset(step for path in user.scope.paths_of(*SEEING_ROLES) for step in paths_upward(path))
