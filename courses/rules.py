"""Who may assign study, and where."""

from typing import TYPE_CHECKING

from school.people.enums import TRAINING_ROLES
from school.people.models import Organisation

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from school.people.models import User


def can_assign(user: "User", organisation: Organisation) -> bool:
    """Holds a training duty for the organisation or one above it. Its queryset twin is `assignable_by`."""
    return user.scope.covers(organisation.path, *TRAINING_ROLES)


def assignable_by(user: "User") -> "QuerySet[Organisation]":
    """The organisations to whose members this person may assign study."""
    return Organisation.objects.in_force().below(list(user.scope.paths_of(*TRAINING_ROLES))).order_by("path")
