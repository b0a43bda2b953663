"""What a person may see: computed once a request from memberships and appointments, as sets of tree paths."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from school.people.enums import OVERSIGHT_ROLES, Role
from school.people.models.organisations import paths_upward
from school.people.models.posts import Appointment, Membership

if TYPE_CHECKING:
    from school.people.models.users import User


@dataclass(frozen=True)
class Scope:
    """Tree paths: `own` of one's organisations, `own_and_above` with all ancestors, `overseen` as subtree roots."""

    own: frozenset[str]
    own_and_above: frozenset[str]
    overseen: frozenset[str]
    posts: frozenset[tuple[str, str]]  # (role, path)

    def has_role(self, *roles: str) -> bool:
        return any(role in roles for role, _ in self.posts)

    def paths_of(self, *roles: str) -> frozenset[str]:
        """Subtree roots for which the person holds one of these roles."""
        return frozenset(path for role, path in self.posts if role in roles)

    def covers(self, path: str, *roles: str) -> bool:
        """Does one of these roles reach the organisation at `path`?"""
        return any(path.startswith(root) for root in self.paths_of(*roles))

    @property
    def roles(self) -> list[str]:
        return sorted({role for role, _ in self.posts}, key=list(Role.values).index)


def scope_of(user: "User") -> Scope:
    """Read the scope with two queries. Prefer `user.scope`, which keeps it for the request."""
    own = frozenset(Membership.objects.current().filter(user=user).values_list("organisation__path", flat=True))
    posts = frozenset(Appointment.objects.current().filter(user=user).values_list("role", "organisation__path"))
    above = frozenset(step for path in own for step in paths_upward(path))
    overseen = frozenset(path for role, path in posts if role in OVERSIGHT_ROLES)
    return Scope(own=own, own_and_above=above, overseen=overseen, posts=posts)
