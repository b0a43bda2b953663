"""Kinds of organisations, members and roles, in the words of docs/glossary (domain/rules §5)."""

from django.db import models


class OrganisationKind(models.TextChoices):
    ENTERPRISE = "enterprise", "企业"
    COMMITTEE = "committee", "党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"
    PARTY_GROUP = "party_group", "党小组"
    LEAGUE_COMMITTEE = "league_committee", "团委"
    LEAGUE_GENERAL_BRANCH = "league_general_branch", "团总支"
    LEAGUE_BRANCH = "league_branch", "团支部"
    LEAGUE_GROUP = "league_group", "团小组"


# Which kind may stand directly below which.
ALLOWED_CHILDREN: dict[str, frozenset[str]] = {
    OrganisationKind.ENTERPRISE: frozenset({OrganisationKind.COMMITTEE, OrganisationKind.LEAGUE_COMMITTEE}),
    OrganisationKind.COMMITTEE: frozenset(
        {OrganisationKind.COMMITTEE, OrganisationKind.GENERAL_BRANCH, OrganisationKind.BRANCH}
    ),
    OrganisationKind.GENERAL_BRANCH: frozenset({OrganisationKind.BRANCH}),
    OrganisationKind.BRANCH: frozenset({OrganisationKind.PARTY_GROUP}),
    OrganisationKind.LEAGUE_COMMITTEE: frozenset(
        {OrganisationKind.LEAGUE_GENERAL_BRANCH, OrganisationKind.LEAGUE_BRANCH}
    ),
    OrganisationKind.LEAGUE_GENERAL_BRANCH: frozenset({OrganisationKind.LEAGUE_BRANCH}),
    OrganisationKind.LEAGUE_BRANCH: frozenset({OrganisationKind.LEAGUE_GROUP}),
}


class BranchForm(models.TextChoices):
    """How a branch is formed; only branches have one."""

    ORDINARY = "ordinary", "普通"
    JOINT = "joint", "联合"
    TEMPORARY = "temporary", "临时"


class MembershipKind(models.TextChoices):
    FULL = "full_member", "正式党员"
    PROBATIONARY = "probationary_member", "预备党员"
    CANDIDATE = "development_candidate", "发展对象"
    ACTIVIST = "activist", "入党积极分子"
    APPLICANT = "applicant", "入党申请人"
    LEAGUE = "league_member", "团员"
    MASSES = "masses", "群众"


PARTY_MEMBER_KINDS = (MembershipKind.FULL, MembershipKind.PROBATIONARY)


class Gender(models.TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class Role(models.TextChoices):
    """Posts in the organisation and duties on the platform. A person holds many, each for a place and a period."""

    COMMITTEE_SECRETARY = "committee_secretary", "党委书记"
    ORGANISATION_DEPARTMENT = "organisation_department", "组织部门"
    BRANCH_SECRETARY = "branch_secretary", "党支部书记"
    ORGANISATION_COMMISSIONER = "organisation_commissioner", "组织委员"
    PUBLICITY_COMMISSIONER = "publicity_commissioner", "宣传委员"
    DISCIPLINE_COMMISSIONER = "discipline_commissioner", "纪检委员"
    GROUP_LEADER = "group_leader", "党小组组长"
    PARTY_WORKER = "party_worker", "党务工作者"
    TRAINER = "trainer", "培训管理员"
    EDITOR = "editor", "编辑"
    REVIEWER = "reviewer", "审稿人"
    EXAMINER = "examiner", "命题人"
    MARKER = "marker", "阅卷人"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


# Duties that open the records of the members below the organisation they are held for.
OVERSIGHT_ROLES = frozenset(
    {
        Role.COMMITTEE_SECRETARY,
        Role.ORGANISATION_DEPARTMENT,
        Role.BRANCH_SECRETARY,
        Role.ORGANISATION_COMMISSIONER,
        Role.PARTY_WORKER,
        Role.TRAINER,
    }
)
# Duties that may enter and change member records there.
ROSTER_ROLES = frozenset({Role.ORGANISATION_DEPARTMENT, Role.PARTY_WORKER})
# Duties that may assign study there.
TRAINING_ROLES = frozenset({Role.TRAINER, Role.ORGANISATION_DEPARTMENT, Role.BRANCH_SECRETARY})
# Duties that open Wagtail's admin; each is mirrored by a Wagtail group of the same name.
STUDIO_ROLES = frozenset({Role.EDITOR, Role.REVIEWER, Role.EXAMINER, Role.SYSTEM_ADMIN})
# Posts of branch Party workers in the wider sense: new holders are trained first.
PARTY_WORK_POSTS = frozenset(
    {
        Role.BRANCH_SECRETARY,
        Role.ORGANISATION_COMMISSIONER,
        Role.PUBLICITY_COMMISSIONER,
        Role.DISCIPLINE_COMMISSIONER,
        Role.PARTY_WORKER,
    }
)


class Visibility(models.TextChoices):
    PUBLIC = "public", "全体党员可见"
    INTERNAL = "internal", "仅本组织及下级可见"


class Taxonomy(models.TextChoices):
    """The six fields of Party building: the topics of lessons, rules and experience (domain/rules §7)."""

    THOUGHT = "thought", "思想建设"
    ORGANISATION = "organisation", "组织建设"
    CONDUCT = "conduct", "作风建设"
    INTEGRITY = "integrity", "反腐倡廉"
    INSTITUTION = "institution", "制度建设"
    DISCIPLINE = "discipline", "纪律建设"
