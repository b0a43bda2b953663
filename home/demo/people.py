"""The demo enterprise: four committees, twelve branches, 120 fictional members and the demo accounts."""

import random
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from school.people.domain.identity import Identity, check_digit, digest, encrypt, set_identity
from school.people.domain.studio import join_studio
from school.people.enums import BranchForm, Gender, MembershipKind, OrganisationKind, Role
from school.people.models import Appointment, Membership, Organisation, User

PASSWORD = "school-demo-2026"
FOUNDED = date(2015, 1, 1)
FIRST_STAFF_NO = "10001"
COMMITTEES = [
    ("公司机关党委", [("党建人资支部", 12), ("财务审计支部", 9), ("办公后勤支部", 12)]),
    ("运检中心党委", [("变电运维支部", 14), ("输电支部", 11), ("配电支部", 9)]),
    ("营销服务党委", [("客户服务支部", 13), ("计量支部", 8), ("城区供电所支部", 12)]),
    ("建设产业党委", [("工程项目临时支部", 6), ("产业联合支部", 5), ("离退休支部", 9)]),
]
FORMS = {"工程项目临时支部": BranchForm.TEMPORARY, "产业联合支部": BranchForm.JOINT}
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN = ("安宁 晓禾 一苇 景行 知远 长河 望舒 清和 立群 春山 明川 思齐 若谷 砚秋 云帆 致远 向阳 青禾 守正 泽民").split()  # noqa: SIM905

# account, name, branch, and duties with the place each is held for ("" is the enterprise)
ACCOUNTS: list[tuple[str, str, str, list[tuple[str, str]]]] = [
    ("member", "李晓禾", "变电运维支部", []),
    ("secretary", "陈立群", "变电运维支部", [(Role.BRANCH_SECRETARY, "branch")]),
    ("trainer", "沈知远", "党建人资支部", [(Role.TRAINER, "")]),
    ("worker", "唐一苇", "变电运维支部", [(Role.PARTY_WORKER, "branch")]),
    ("editor", "许清和", "党建人资支部", [(Role.EDITOR, "")]),
    ("reviewer", "韩守正", "党建人资支部", [(Role.REVIEWER, "")]),
    ("examiner", "何砚秋", "党建人资支部", [(Role.EXAMINER, "")]),
    ("marker", "吕思齐", "财务审计支部", [(Role.MARKER, "")]),
    ("sysadmin", "秦云帆", "办公后勤支部", [(Role.SYSTEM_ADMIN, "")]),
    ("secadmin", "施若谷", "办公后勤支部", [(Role.SECURITY_ADMIN, "")]),
    ("auditor", "严明川", "财务审计支部", [(Role.AUDIT_ADMIN, "")]),
]


@transaction.atomic
def seed_organisations(enterprise: str) -> Organisation:
    """The tree; returns its root."""
    root = Organisation.objects.filter(code="DX").first()
    if root:
        return root
    root = Organisation.add_root(code="DX", name=enterprise, kind=OrganisationKind.ENTERPRISE, valid_from=FOUNDED)
    for number, (name, branches) in enumerate(COMMITTEES, start=1):
        committee = root.add_child(
            code=f"DX.{number:03}",
            name=name,
            kind=OrganisationKind.COMMITTEE,
            approved_exception=True,
            valid_from=FOUNDED,
        )
        for place, (branch, _) in enumerate(branches, start=1):
            form = FORMS.get(branch, BranchForm.ORDINARY)
            code = f"{committee.code}.{place:03}"
            committee.add_child(code=code, name=branch, kind=OrganisationKind.BRANCH, form=form, valid_from=FOUNDED)
            committee.refresh_from_db()
        root.refresh_from_db()
    return Organisation.objects.get(code="DX")


# kind, how many, and the branches they are spread over
NOT_YET_MEMBERS = [
    (MembershipKind.APPLICANT, 8, ["客户服务支部", "城区供电所支部"]),
    (MembershipKind.ACTIVIST, 10, ["变电运维支部", "输电支部", "配电支部"]),
    (MembershipKind.CANDIDATE, 4, ["党建人资支部", "计量支部"]),
    (MembershipKind.LEAGUE, 15, ["生产团支部", "机关团支部"]),
]
LEAGUE_BRANCHES = ["机关团支部", "生产团支部"]


@transaction.atomic
def seed_members() -> list[User]:
    """The 120 Party members; the demo accounts are among them. Who has moved or been corrected since stays so."""
    if not User.objects.filter(username=FIRST_STAFF_NO).exists():
        _first_members()
    return list(User.objects.party_members_of([Organisation.objects.get(code="DX").path]).order_by("pk"))


def _first_members() -> None:
    draw = random.Random(20261124)
    branches = {branch.name: branch for branch in Organisation.objects.branches()}
    for username, name, branch, posts in ACCOUNTS:
        _demo_account(username, name, branches[branch], posts)
    number = 0
    for _, rows in COMMITTEES:
        for name, size in rows:
            branch = branches[name]
            missing = size - Membership.objects.current().filter(organisation=branch).count()
            for _ in range(missing):
                number += 1
                _member(f"{10000 + number}", draw.choice(SURNAMES) + draw.choice(GIVEN), branch, draw)
            _secretary(branch)
    root = Organisation.objects.get(code="DX")
    _people_of_note(list(User.objects.party_members_of([root.path]).order_by("pk")))
    _not_yet_members(draw)


def _member(staff_no: str, name: str, branch: Organisation, draw: random.Random) -> User:
    joined = date(draw.randint(1990, 2023), draw.randint(1, 12), draw.randint(1, 28))
    user = User(
        username=staff_no,
        staff_no=staff_no,
        name=name,
        joined_on=joined,
        confirmed_on=joined.replace(year=joined.year + 1),
    )
    user.set_unusable_password()
    user.save()
    kind = MembershipKind.PROBATIONARY if int(staff_no) % 20 == 0 else MembershipKind.FULL
    exempt = branch.name == "离退休支部"
    Membership.objects.create(user=user, organisation=branch, kind=kind, is_exempt=exempt, valid_from=joined)
    return user


def _demo_account(username: str, name: str, branch: Organisation, posts: list[tuple[str, str]]) -> None:
    if User.objects.filter(username=username).exists():
        return
    user = User.objects.create_user(username, PASSWORD, name=name, staff_no=f"D{username}", joined_on=date(2012, 7, 1))
    Membership.objects.create(user=user, organisation=branch, valid_from=date(2012, 7, 1))
    root = branch.get_root()
    since = timezone.localdate() - timedelta(days=60 if username == "worker" else 700)
    for role, place in posts:
        organisation = branch if place == "branch" else root
        Appointment.objects.create(user=user, organisation=organisation, role=role, valid_from=since)
        join_studio(user, role)


def _secretary(branch: Organisation) -> None:
    if Appointment.objects.current().filter(organisation=branch, role=Role.BRANCH_SECRETARY).exists():
        return
    first = User.objects.members_of([branch.path]).order_by("pk").first()
    months = 150 if branch.name == "计量支部" else 900
    Appointment.objects.create(
        user=first,
        organisation=branch,
        role=Role.BRANCH_SECRETARY,
        valid_from=timezone.localdate() - timedelta(days=months),
    )


@transaction.atomic
def seed_league(root: Organisation) -> None:
    """The Youth League stands beside the Party branches as a tree of its own."""
    if Organisation.objects.filter(kind=OrganisationKind.LEAGUE_COMMITTEE).exists():
        return
    root = Organisation.objects.get(pk=root.pk)
    committee = root.add_child(
        code="DX.T01", name="公司团委", kind=OrganisationKind.LEAGUE_COMMITTEE, valid_from=FOUNDED
    )
    for place, name in enumerate(LEAGUE_BRANCHES, start=1):
        committee = Organisation.objects.get(pk=committee.pk)
        committee.add_child(
            code=f"DX.T01.{place:03}", name=name, kind=OrganisationKind.LEAGUE_BRANCH, valid_from=FOUNDED
        )


def _people_of_note(members: list[User]) -> None:
    """A mobile member, a second new Party worker, and two records with a fault for somebody to find."""
    plain = [member for member in members if member.username.isdecimal()]
    Membership.objects.filter(user=plain[40]).update(is_mobile=True)
    branch = Organisation.objects.get(name="变电运维支部")
    Appointment.objects.get_or_create(
        user=User.objects.members_of([branch.path]).filter(pk__in=[member.pk for member in plain]).order_by("pk")[0],
        organisation=branch,
        role=Role.ORGANISATION_COMMISSIONER,
        defaults={"valid_from": timezone.localdate() - timedelta(days=200)},
    )
    User.objects.filter(pk=plain[60].pk).update(joined_on=None, confirmed_on=None)
    _identities(members, faulty=plain[70])


def _identities(members: list[User], *, faulty: User) -> None:
    """Fictional numbers: no place has the region code 990000. One is kept with a wrong check digit."""
    for place, user in enumerate(members):
        if user.id_no_cipher:
            continue
        joined = user.joined_on or date(2005, 7, 1)
        born = date(joined.year - 20 - place % 9, 1 + place % 12, 1 + place % 28)
        digits = f"990000{born:%Y%m%d}{place:03}"
        set_identity(user, Identity(digits + check_digit(digits), born, Gender.MALE if place % 2 else Gender.FEMALE))
        if user == faulty:
            wrong = digits + ("1" if check_digit(digits) != "1" else "2")
            user.id_no_cipher, user.id_no_digest = encrypt(wrong), digest(wrong)
        user.phone = f"1990000{place:04}"
    User.objects.bulk_update(members, ["id_no_cipher", "id_no_digest", "birth_date", "gender", "phone"], batch_size=200)


def _not_yet_members(draw: random.Random) -> None:
    """Applicants, activists, candidates and League members: they have accounts but no Party member's duties."""
    places = {place.name: place for place in Organisation.objects.all()}
    number = 0
    for kind, count, names in NOT_YET_MEMBERS:
        for n in range(count):
            number += 1
            staff_no = f"{20000 + number}"
            if User.objects.filter(username=staff_no).exists():
                continue
            user = User(username=staff_no, staff_no=staff_no, name=draw.choice(SURNAMES) + draw.choice(GIVEN))
            user.set_unusable_password()
            user.save()
            since = timezone.localdate() - timedelta(days=draw.randint(60, 900))
            Membership.objects.create(
                user=user, organisation=places[names[n % len(names)]], kind=kind, valid_from=since
            )
