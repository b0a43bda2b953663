"""Whose videos a person works with: the collections decide, as everywhere in Wagtail's files."""

from typing import TYPE_CHECKING

from django.db import models
from wagtail.models import Collection
from wagtail.permissions import policy_registry
from wagtailmedia import get_permission_policy

from media.models import Image, Video
from school.people.enums import STUDIO_ROLES, Role
from school.people.models import Organisation

if TYPE_CHECKING:
    from school.people.models import User

SEEING = ("add", "change", "delete", "choose")


def can_see_videos(user: "User") -> bool:
    """May the person open the library at all?"""
    return bool(get_permission_policy().user_has_any_permission(user, SEEING))


def can_add_videos(user: "User") -> bool:
    return bool(get_permission_policy().user_has_permission(user, "add"))


def can_see(user: "User", video: Video) -> bool:
    """Its queryset twin is `videos_seen_by`."""
    return bool(get_permission_policy().user_has_any_permission_for_instance(user, SEEING, video))


def can_change(user: "User", video: Video) -> bool:
    """Its queryset twin is `videos_changed_by`."""
    return bool(get_permission_policy().user_has_permission_for_instance(user, "change", video))


def videos_seen_by(user: "User") -> models.QuerySet[Video]:
    found: models.QuerySet[Video] = get_permission_policy().instances_user_has_any_permission_for(user, SEEING)
    return found


def videos_changed_by(user: "User") -> models.QuerySet[Video]:
    found: models.QuerySet[Video] = get_permission_policy().instances_user_has_permission_for(user, "change")
    return found


def videos_deleted_by(user: "User") -> models.QuerySet[Video]:
    """Those who may delete files, or change them: a video that is used by nothing harms nobody by going."""
    found: models.QuerySet[Video] = get_permission_policy().instances_user_has_any_permission_for(
        user, ["change", "delete"]
    )
    return found


def collections_to_add_to(user: "User") -> models.QuerySet[Collection]:
    found: models.QuerySet[Collection] = get_permission_policy().collections_user_has_permission_for(user, "add")
    return found


def organisations_to_add_for(user: "User") -> models.QuerySet[Organisation]:
    """The organisations that the person's duties in the studio reach."""
    paths = user.scope.paths_of(*STUDIO_ROLES)
    found: models.QuerySet[Organisation] = Organisation.objects.in_force().below(paths).order_by("path")
    return found


def works_in_studio(user: "User") -> bool:
    return bool(user.scope.has_role(*STUDIO_ROLES))


def can_clean(user: "User") -> bool:
    """Deleting files of the whole school is for those who run it, and for reviewers of the topmost organisation."""
    root = Organisation.get_first_root_node()
    return root is not None and user.scope.covers(root.path, Role.SYSTEM_ADMIN, Role.REVIEWER)


def works_with_pictures(user: "User") -> bool:
    """May the person see the report on pictures?"""
    return bool(policy_registry.get_by_type(Image).user_has_any_permission(user, ("add", "change", "delete")))
