"""Importing a roster of members: all of it or, when asked, only its right rows; and their first passwords."""

import hashlib
import secrets
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from school.kernel.domain import audit
from school.kernel.errors import DomainError, NotFound
from school.people.domain.roster_matching import Change, Matching, batches
from school.people.domain.roster_rows import Roster, RowError, read_roster
from school.people.domain.tables import read_table
from school.people.enums import ROSTER_ROLES, Role
from school.people.models import Appointment, Membership, Organisation, RosterImport, User
from school.people.rules import can_enter_members

UPDATABLE = ["staff_no", "gender", "birth_date", "phone", "joined_on", "confirmed_on", "id_no_cipher", "id_no_digest"]
PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 signs that are not mistaken for each other
PASSWORD_LENGTH = 16  # 80 bits: strong by itself, so that its hash needs no slow rounds
PASSWORD_ROUNDS = 1_000


@dataclass(frozen=True)
class RosterResult:
    """What came of an import. Counts are people; `record` is None after a dry run."""

    read: int
    created: int
    updated: int
    unchanged: int
    errors: list[RowError]
    ignored: list[str]
    record: RosterImport | None = None

    def as_json(self) -> dict[str, Any]:
        names = ("read", "created", "updated", "unchanged", "errors")
        return {name: getattr(self, name) for name in names}


def import_roster(
    content: bytes,
    file_name: str,
    organisation: Organisation,
    *,
    by: User | None,
    dry_run: bool = False,
    partial: bool = False,
) -> RosterResult:
    """Enter the people of a roster at or below `organisation`; `by` None is the operator at the command line.

    One refused row keeps all from being written unless `partial`. A dry run counts as a real one would and writes
    nothing. Importing the same file again changes nothing. Raises InvalidInput or TooLarge for an unusable file.
    """
    if by and not can_enter_members(by, organisation):
        raise NotFound
    roster = read_roster(read_table(content, file_name))
    # Read before the transaction, so that others wait for the writing only; constraints catch what changed meanwhile.
    changes = Matching(organisation, by).match(roster.rows)
    result = _count(roster, changes, partial=partial)
    if dry_run:
        return result
    if result.errors and not partial:
        changes = []
    try:
        with transaction.atomic():
            _write(changes)
            record = _record(result, organisation, by, file_name, content)
            _audit(record, changes, by=by, partial=partial)
    except IntegrityError as error:
        message = "同一批人员正在被另一次导入登记，这次没有写入；请稍后重新导入。"
        raise DomainError(message, code="conflict") from error
    return replace(result, record=record)


def _count(roster: Roster, changes: list[Change], *, partial: bool) -> RosterResult:
    """Refused rows make every count zero unless the right rows are wanted by themselves."""
    errors = [error for row in roster.rows for error in row.errors]
    errors.sort(key=lambda error: (error["row"], len(error["column"]), error["column"]))
    counts = Counter(_outcome(change) for change in changes if partial or not errors)
    return RosterResult(
        read=len(roster.rows),
        created=counts["created"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        errors=errors,
        ignored=roster.ignored,
    )


def _outcome(change: Change) -> str:
    return "created" if change.is_new else "unchanged" if change.is_unchanged else "updated"


def _write(changes: list[Change]) -> None:
    """A fixed number of statements for every batch of people."""
    for batch in batches(changes):
        User.objects.bulk_create([change.user for change in batch if change.is_new])
        User.objects.bulk_update([change.user for change in batch if change.fields], UPDATABLE)
        Membership.objects.bulk_update([change.ended for change in batch if change.ended], ["kind", "valid_to"])
        opened = [change.place for change in batch if change.place]
        for place in opened:
            place.user_id = place.user.pk
        Membership.objects.bulk_create(opened)


def _record(
    result: RosterResult, organisation: Organisation, by: User | None, file_name: str, content: bytes
) -> RosterImport:
    return RosterImport.objects.create(
        organisation=organisation,
        uploaded_by=by,
        file_name=file_name[-200:],
        file_digest=hashlib.sha256(content).hexdigest(),
        **result.as_json(),
    )


def _audit(record: RosterImport, changes: list[Change], *, by: User | None, partial: bool) -> None:
    audit.record(
        "roster.import",
        actor=by,
        target=record,
        organisation=record.organisation.code,
        file_digest=record.file_digest,
        partial=partial,
        refused_cells=len(record.errors),
        created=[change.user.pk for change in changes if change.is_new],
        updated=[change.user.pk for change in changes if not change.is_new and not change.is_unchanged],
    )


# --- first passwords ------------------------------------------------------------------------------------------------
def awaiting_password(organisation: Organisation, by: User) -> QuerySet[User]:
    """Entered members at or below the organisation who have never signed in and whose account gives no power beyond.

    Whoever sets a password could sign in with it: holders of administrator duties, or of posts outside the reach of
    `by`, are left to the security administrator.
    """
    if not can_enter_members(by, organisation):
        raise NotFound
    reach = Appointment.objects.current().below(by.scope.paths_of(*ROSTER_ROLES))
    administrators = Q(role__in=[Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
    beyond = Appointment.objects.current().filter(~Q(pk__in=reach.values("pk")) | administrators)
    return (
        User.objects.members_of([organisation.path])
        .filter(is_active=True, must_change_password=True, last_login=None)
        .exclude(pk__in=beyond.values("user_id"))
        .order_by("staff_no")
    )


@transaction.atomic
def issue_first_passwords(organisation: Organisation, *, by: User) -> list[tuple[str, str, str]]:
    """Give each of them a new random password: (account, name, password), known only to the caller, this once.

    Earlier ones that were never used stop working. The password must be changed at the first sign-in.
    """
    issued = []
    people = list(awaiting_password(organisation, by).select_for_update(of=("self",)))
    for user in people:
        clear = "".join(secrets.choice(PASSWORD_LETTERS) for _ in range(PASSWORD_LENGTH))
        user.password = _hash_of_random(clear)
        issued.append((user.username, user.name, clear))
    User.objects.bulk_update(people, ["password"], batch_size=500)
    if people:
        audit.record("user.first_passwords", actor=by, target=organisation, users=[user.pk for user in people])
    return issued


def _hash_of_random(clear: str) -> str:
    """A quick hash for a password of 80 random bits; Django renews it at the first sign-in."""
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return str(hasher.encode(clear, hasher.salt(), PASSWORD_ROUNDS))
    return make_password(clear)
