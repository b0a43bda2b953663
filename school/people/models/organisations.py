"""The organisation tree: dated, of Party and Youth League kinds, with a stable code for each node."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from school.people.enums import ALLOWED_CHILDREN, BranchForm, OrganisationKind

if TYPE_CHECKING:
    from school.people.models.users import User


class OrganisationQuerySet(MP_NodeQuerySet):
    def in_force(self, day: date | None = None) -> "OrganisationQuerySet":
        """Organisations that exist on `day` (today when omitted)."""
        day = day or timezone.localdate()
        return self.filter(valid_from__lte=day).filter(models.Q(valid_to=None) | models.Q(valid_to__gte=day))

    def below(self, paths: "list[str] | tuple[str, ...]") -> "OrganisationQuerySet":
        """The organisations at or below any of these tree paths."""
        return self.filter(subtree("path", paths))

    def visible_to(self, user: "User") -> "OrganisationQuerySet":
        """The person's own organisations and all that the person oversees."""
        scope = user.scope
        return self.filter(subtree("path", scope.overseen) | models.Q(path__in=scope.own))

    def branches(self) -> "OrganisationQuerySet":
        return self.filter(kind__in=[OrganisationKind.BRANCH, OrganisationKind.LEAGUE_BRANCH])


class OrganisationManager(MP_NodeManager.from_queryset(OrganisationQuerySet)):  # type: ignore[misc]
    """treebeard's manager names its own queryset class, so ours is named here."""

    def get_queryset(self) -> OrganisationQuerySet:
        return OrganisationQuerySet(self.model, using=self._db).order_by("path")


def subtree(field: str, paths: "list[str] | tuple[str, ...] | frozenset[str]") -> models.Q:
    """Condition that the path in `field` lies at or below one of `paths`; no paths match nothing."""
    condition = models.Q(pk__in=[])
    for path in sorted(paths):
        condition |= models.Q(**{f"{field}__startswith": path})
    return condition


class Organisation(MP_Node):
    """One node of the tree. Renaming, founding and abolition are dates, so that old reports stay true."""

    steplen = 4

    code = models.CharField(
        "组织代码", max_length=40, unique=True, error_messages={"unique": "这个组织代码已被使用，请换一个。"}
    )
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类别", max_length=24, choices=OrganisationKind.choices)
    form = models.CharField("支部形式", max_length=12, choices=BranchForm.choices, default=BranchForm.ORDINARY)
    external_code = models.CharField("上级系统代码", max_length=32, blank=True)
    approved_exception = models.BooleanField("人数不足经上级批准", default=False)
    valid_from = models.DateField("成立日期", default=timezone.localdate)
    valid_to = models.DateField("撤销日期", null=True, blank=True)

    objects = OrganisationManager()

    class Meta:
        verbose_name = verbose_name_plural = "组织"
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="organisation_dates_in_order",
                violation_error_message="撤销日期不能早于成立日期。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        parent = self.get_parent() if self.depth else None
        if parent and self.kind not in ALLOWED_CHILDREN.get(parent.kind, frozenset()):
            upper, own = parent.get_kind_display(), self.get_kind_display()
            raise ValidationError({"kind": f"“{upper}”下面不能设“{own}”，请重新选择上级组织或类别。"})

    @property
    def ancestor_paths(self) -> list[str]:
        """Paths of this node and of all above it, root first."""
        return paths_upward(self.path)


def paths_upward(path: str) -> list[str]:
    """A tree path and all its prefixes, root first."""
    step = Organisation.steplen
    return [path[:end] for end in range(step, len(path) + 1, step)]
