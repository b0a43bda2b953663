"""May this person see, add or change what an organisation has written? AuthoredQuerySet holds the twin filters."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from wagtail.permission_policies import ModelPermissionPolicy

from exams.enums import CHANGING_ROLES, SEEING_ROLES, WRITING_ROLES, Sharing
from exams.kinds import MACHINE_MARKED
from exams.models import Attempt, Bank, Paper, Question
from exams.models.authorship import AuthoredQuerySet, above

if TYPE_CHECKING:
    from school.people.models import Organisation, User

Authored = Bank | Paper | Question


def can_see(user: "User", item: Authored) -> bool:
    owner = _owner(item)
    if owner.organisation is None:
        return False
    is_offered = owner.visibility == Sharing.PUBLIC and owner.organisation.path in above(user)
    return is_offered or user.scope.covers(owner.organisation.path, *SEEING_ROLES)


def can_write(user: "User", item: Authored) -> bool:
    return can_write_for(user, _owner(item).organisation)


def can_write_for(user: "User", organisation: "Organisation | None") -> bool:
    """May the person found a bank or a paper of this organisation?"""
    return organisation is not None and user.scope.covers(organisation.path, *WRITING_ROLES)


def can_change(user: "User", item: Authored) -> bool:
    if isinstance(item, Question) and item.kind not in MACHINE_MARKED:
        return False  # its scoring points come from a file; there is no form for them
    organisation = _owner(item).organisation
    return organisation is not None and user.scope.covers(organisation.path, *CHANGING_ROLES)


def is_frozen(paper: Paper) -> bool:
    """Someone has sat this paper: what was asked, and for how many marks, no longer changes."""
    return Attempt.objects.filter(exam__paper=paper).exists()


class AuthoredPolicy(ModelPermissionPolicy):
    """Wagtail's question "may this user …?": the group must allow the action, and the duty must reach the row."""

    def user_has_permission_for_instance(self, user: "User", action: str, instance: Authored) -> bool:
        if not self.user_has_permission(user, action):
            return False
        return can_see(user, instance) if action in ("view", "choose") else can_change(user, instance)

    def instances_user_has_any_permission_for(
        self, user: "User | AnonymousUser", actions: Iterable[str]
    ) -> AuthoredQuerySet:
        rows: AuthoredQuerySet = self.model._default_manager.all()
        held = {action for action in actions if self.user_has_permission(user, action)}
        if not held or isinstance(user, AnonymousUser):
            return rows.none()
        return rows.visible_to(user) if held & {"view", "choose"} else rows.changeable_by(user)


def _owner(item: Authored) -> Bank | Paper:
    return item.bank if isinstance(item, Question) else item
