"""Who on a roster is known already, and what the roster would change. Decides and refuses; writes nothing.

A person is found by staff number, else by ID number together with the name (domain/rules §5.2). Whatever does not fit
is refused for a person to settle; two records are never merged. People beyond the importer's reach are not described.
"""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q
from django.utils import timezone

from school.people.domain.identity import digest, mask_name, set_identity
from school.people.domain.roster_rows import RosterRow
from school.people.enums import MembershipKind
from school.people.models import Membership, Organisation, User
from school.people.rules import can_enter_members

BATCH = 500
CONTACT = "请核对；确认无误的，请联系上级党组织处理。"
PERSONAL = ("gender", "phone", "joined_on", "confirmed_on")


@dataclass
class Change:
    """One person of the roster: the record to be saved and the place, where they are new or changed."""

    row: RosterRow
    user: User
    is_new: bool = False
    fields: set[str] = field(default_factory=set)
    ended: Membership | None = None  # the former place, ended or, when it began today, corrected
    place: Membership | None = None  # a place to be opened

    @property
    def is_unchanged(self) -> bool:
        return not (self.is_new or self.fields or self.ended or self.place)


class Matching:
    """One roster against the register: three queries for every 500 rows, whatever the rows say."""

    def __init__(self, organisation: Organisation, by: User | None) -> None:
        self.organisation = organisation
        self.by = by
        self.today = timezone.localdate()
        self.choices = list(Organisation.objects.in_force().below([organisation.path]))
        self.by_code = {choice.code.casefold(): choice for choice in self.choices}
        self.by_name: dict[str, list[Organisation]] = {}
        for choice in self.choices:
            self.by_name.setdefault(choice.name, []).append(choice)
        self.staff: dict[str, User] = {}
        self.accounts: dict[str, User] = {}
        self.digests: dict[str, User] = {}
        self.places: dict[int, Membership] = {}

    def match(self, rows: list[RosterRow]) -> list[Change]:
        """The changes of all rows that have no error; rows that do not fit the register get one."""
        good = [row for row in rows if not row.errors]
        for batch in batches(good):
            self._load(batch)
        changes = (self._change(row) for row in good)
        return [change for change in changes if change]

    def _load(self, rows: list[RosterRow]) -> None:
        numbers = {form for row in rows for form in spellings(row.get("staff_no"))}
        digests = {digest(row.get("identity").number) for row in rows if row.get("identity")}
        known = Q(staff_no__in=numbers) | Q(username__in=numbers) | Q(id_no_digest__in=digests)
        people = {user.pk: user for user in User.objects.filter(known)}
        for user in people.values():
            # the first object of a person stays the only one, so that two findings cannot overwrite each other
            user = self.accounts.setdefault(user.username.casefold(), user)
            if user.staff_no:
                self.staff.setdefault(user.staff_no.casefold(), user)
            if user.id_no_digest:
                self.digests.setdefault(user.id_no_digest, user)
        open_places = Membership.objects.filter(is_primary=True, user__in=people).filter(still_open(self.today))
        self.places.update({place.user_id: place for place in open_places.select_related("organisation")})

    def _change(self, row: RosterRow) -> Change | None:
        target = self._target(row)
        identity = row.get("identity")
        holder = self.digests.get(digest(identity.number)) if identity else None
        person = self.staff.get(row.get("staff_no").casefold()) or holder
        if person:
            fits = not row.errors and self._fits(row, person, holder, target)
            return self._update(row, person, target) if fits else None
        if row.get("staff_no").casefold() in self.accounts:
            row.refuse("staff_no", "account_taken", f"这个编号已是另一个账号的登录名，{CONTACT}")
        return None if row.errors else self._new(row, target or self.organisation)

    # --- where ------------------------------------------------------------------------------------------------------
    def _target(self, row: RosterRow) -> Organisation | None:
        """The organisation that the row names, or None when it names none (or a wrong one, which refuses the row)."""
        code, name = row.get("place_code"), row.get("place_name")
        # one column is often filled with codes under the title of names, or the other way round
        by_code = self._find_place(row, "place_code", code) if code else None
        by_name = self._find_place(row, "place_name", name) if name else None
        if by_code and by_name and by_code != by_name:
            row.refuse("place_name", "organisation_mismatch", "组织名称与组织代码不是同一个组织，请核对两项。")
        return by_code or by_name

    def _find_place(self, row: RosterRow, column: str, text: str) -> Organisation | None:
        found = [self.by_code[text.casefold()]] if text.casefold() in self.by_code else self.by_name.get(text, [])
        if len(found) == 1:
            return found[0]
        if found:
            row.refuse(column, "ambiguous_organisation", f"有 {len(found)} 个组织都叫“{text}”，请改填组织代码。")
        else:
            row.refuse(
                column,
                "unknown_organisation",
                f"在“{self.organisation.name}”及其下级没有找到这个组织，请核对代码或名称，或换一个导入组织。",
            )
        return None

    # --- who --------------------------------------------------------------------------------------------------------
    def _fits(self, row: RosterRow, person: User, holder: User | None, target: Organisation | None) -> bool:
        """Is it the same person, at the same place, within reach? Refuses the row when not."""
        place = self.places.get(person.pk)
        known_by_number = (person.staff_no or "").casefold() == row.get("staff_no").casefold()
        column = "staff_no" if known_by_number else "identity"
        if place and self.by and not can_enter_members(self.by, place.organisation):
            row.refuse(column, "outside", f"这个编号或身份证号不能在这里登记，{CONTACT}")
        elif not known_by_number and person.staff_no:
            row.refuse("identity", "duplicate_id", f"身份证号已登记在另一个员工编号名下，{CONTACT}")
        elif person.name != row.get("name"):
            message = f"系统里登记的姓名是“{mask_name(person.name)}”，与名册不同，不能合并，{CONTACT}"
            row.refuse("name", "name_conflict", message)
        elif holder and holder.pk != person.pk:
            row.refuse("identity", "duplicate_id", f"身份证号已登记在另一个人名下，{CONTACT}")
        elif row.get("identity") and person.id_no_digest and not holder:
            row.refuse("identity", "id_conflict", f"与系统里登记的身份证号不同，{CONTACT}")
        elif place and not self._same_place(place.organisation, target):
            message = f"现在属于“{place.organisation.name}”，导入不能代替组织关系转接；请先办转接，或改正组织。"
            row.refuse("place_code" if "place_code" in row.letters else "staff_no", "elsewhere", message)
        elif person.id_no_digest and row.get("gender") and person.gender and row.get("gender") != person.gender:
            row.refuse("gender", "gender_mismatch", "性别与系统里登记的身份证号不一致，请核对。")
        return not row.errors

    def _same_place(self, present: Organisation, target: Organisation | None) -> bool:
        """A row that names no organisation leaves the person where it is, anywhere below the chosen one."""
        return present == target if target else bool(present.path.startswith(self.organisation.path))

    # --- what -------------------------------------------------------------------------------------------------------
    def _new(self, row: RosterRow, target: Organisation) -> Change:
        number = row.get("staff_no")
        user = User(username=number, staff_no=number, name=row.get("name"), must_change_password=True)
        user.password = UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30)
        _fill(user, row)
        self.accounts[number.casefold()] = user
        return Change(row, user, is_new=True, place=self._place(user, target, row.get("kind")))

    def _update(self, row: RosterRow, person: User, target: Organisation | None) -> Change:
        change = Change(row, person, fields=_fill(person, row))
        if not person.staff_no:
            person.staff_no = row.get("staff_no")
            change.fields.add("staff_no")
        former = self.places.get(person.pk)
        kind = row.get("kind")
        if former is None:
            change.place = self._place(person, target or self.organisation, kind)
        elif kind and former.kind != kind:
            self._change_kind(change, former, kind)
        return change

    def _change_kind(self, change: Change, former: Membership, kind: str) -> None:
        """The former period ends yesterday and another begins, so that old reports stay true."""
        change.ended = former
        if former.valid_from >= self.today:
            former.kind = kind
            return
        change.place = self._place(change.user, former.organisation, kind)
        for name in ("is_mobile", "is_exempt", "valid_to"):
            setattr(change.place, name, getattr(former, name))
        former.valid_to = self.today - timedelta(days=1)

    def _place(self, user: User, organisation: Organisation, kind: str | None) -> Membership:
        usual = MembershipKind.LEAGUE if organisation.kind.startswith("league") else MembershipKind.FULL
        return Membership(user=user, organisation=organisation, kind=kind or usual, valid_from=self.today)


def _fill(user: User, row: RosterRow) -> set[str]:
    """Put what the row says on the record; the names of the fields that changed. An empty cell changes nothing."""
    changed = set()
    for name in PERSONAL:
        value: Any = row.get(name)
        if value and value != getattr(user, name):
            setattr(user, name, value)
            changed.add(name)
    if row.get("identity") and not user.id_no_digest:
        set_identity(user, row.get("identity"))
        changed |= {"id_no_cipher", "id_no_digest", "birth_date", "gender"}
    return changed


def still_open(today: date) -> Q:
    return Q(valid_to=None) | Q(valid_to__gte=today)


def spellings(number: str) -> Iterable[str]:
    return {number, number.upper(), number.lower()}


def batches(items: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
