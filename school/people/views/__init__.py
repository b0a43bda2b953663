"""Pages of accounts, rosters and members."""

from school.people.views.accounts import SignInView, change_password
from school.people.views.members import members
from school.people.views.rosters import roster, roster_passwords, roster_template, rosters

__all__ = [
    "SignInView",
    "change_password",
    "members",
    "roster",
    "roster_passwords",
    "roster_template",
    "rosters",
]
