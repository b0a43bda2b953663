"""Models of organisations and people."""

from school.people.models.content import BasePage, BasePageManager, OwnedQuerySet
from school.people.models.organisations import Organisation
from school.people.models.posts import Appointment, Membership
from school.people.models.rosters import RosterImport
from school.people.models.users import ApiToken, SignedInRequest, User

__all__ = [
    "ApiToken",
    "Appointment",
    "BasePage",
    "BasePageManager",
    "Membership",
    "Organisation",
    "OwnedQuerySet",
    "RosterImport",
    "SignedInRequest",
    "User",
]
