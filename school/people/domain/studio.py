"""Who may work in Wagtail's admin: one group for each duty, and the approval workflow over all pages."""

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from school.people.enums import STUDIO_ROLES, Role
from school.people.models import User

PAGE_PERMISSIONS = {
    Role.EDITOR: ["add_page", "change_page"],
    Role.REVIEWER: ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"],
}
# Wagtail asks for the permissions of its own models, whatever models take their place.
FILE_PERMISSIONS = [("wagtailimages", "image"), ("wagtaildocs", "document"), ("wagtailmedia", "media")]
# Which rows these reach is said by the duty: exams.rules.
BANK_MODELS = ("bank", "question", "paper")
BANK_ACTIONS = {
    Role.EXAMINER: ("view", "add", "change"),
    Role.EDITOR: ("view", "add"),
    Role.REVIEWER: ("view",),
}
WORKFLOW = "内容审核"
COMMON_FILES = "公共文件"  # Wagtail creates the topmost folder with an English name


def ensure_studio() -> None:
    """Create the groups, their permissions and the workflow; safe to repeat."""
    access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    root_page = Page.objects.filter(depth=1).get()
    root_collection = Collection.get_first_root_node()
    Collection.objects.filter(pk=root_collection.pk, name="Root").update(name=COMMON_FILES)
    for role in sorted(STUDIO_ROLES):
        group, _ = Group.objects.get_or_create(name=Role(role).label)
        group.permissions.add(access)
        for codename in PAGE_PERMISSIONS.get(Role(role), []):
            permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
            GroupPagePermission.objects.get_or_create(group=group, page=root_page, permission=permission)
        if Role(role) in PAGE_PERMISSIONS:
            _allow_files(group, root_collection)
        _allow_banks(group, BANK_ACTIONS.get(Role(role), ()))
    _ensure_workflow(root_page)


def join_studio(user: User, role: str) -> None:
    """Let the holder of a studio duty into its group."""
    if role in STUDIO_ROLES:
        user.groups.add(Group.objects.get(name=Role(role).label))


def _allow_files(group: Group, collection: Collection) -> None:
    for app, model in FILE_PERMISSIONS:
        for action in ("add", "change", "choose"):
            permission = Permission.objects.filter(content_type__app_label=app, codename=f"{action}_{model}").first()
            if permission:
                GroupCollectionPermission.objects.get_or_create(
                    group=group, collection=collection, permission=permission
                )


def _allow_banks(group: Group, actions: tuple[str, ...]) -> None:
    codenames = [f"{action}_{model}" for action in actions for model in BANK_MODELS]
    group.permissions.add(*Permission.objects.filter(content_type__app_label="exams", codename__in=codenames))


def _ensure_workflow(root_page: Page) -> None:
    workflow, _ = Workflow.objects.get_or_create(name=WORKFLOW)
    task, created = GroupApprovalTask.objects.get_or_create(name="审稿人审核")
    if created:
        task.groups.add(Group.objects.get(name=Role.REVIEWER.label))
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.update_or_create(page=root_page, defaults={"workflow": workflow})
