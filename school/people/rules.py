"""Who may enter members, and where."""

from typing import TYPE_CHECKING

from school.people.enums import ROSTER_ROLES
from school.people.models import Organisation
from school.people.models.organisations import OrganisationQuerySet

if TYPE_CHECKING:
    from school.people.models import User


def can_enter_members(user: "User", organisation: Organisation) -> bool:
    """Holds a duty for the rosters of the organisation or one above it. Its queryset twin is `enterable_by`."""
    return user.scope.covers(organisation.path, *ROSTER_ROLES)


def enterable_by(user: "User") -> OrganisationQuerySet:
    """The organisations whose members this person may enter."""
    paths = list(user.scope.paths_of(*ROSTER_ROLES))
    found: OrganisationQuerySet = Organisation.objects.in_force().below(paths).order_by("path")
    return found
