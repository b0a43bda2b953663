"""The audit trail: sealed, append-only in the ORM and in the database."""

import pytest
from django.db import DatabaseError, connection, transaction

from school.kernel.domain import audit
from school.kernel.models import AuditEvent

pytestmark = pytest.mark.django_db


def test_rows_form_a_chain() -> None:
    first = audit.record("a", number=1)
    second = audit.record("b", number=2)
    assert second.previous_digest == first.digest
    assert audit.first_broken_link() is None


def test_orm_refuses_change_and_removal() -> None:
    event = audit.record("a")
    event.action = "b"
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    with pytest.raises(TypeError):
        AuditEvent.objects.update(action="b")


@pytest.mark.parametrize("sql", ["UPDATE kernel_auditevent SET action = 'b'", "DELETE FROM kernel_auditevent"])
def test_database_refuses_too(sql: str) -> None:
    audit.record("a")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert AuditEvent.objects.get().action == "a"


def test_a_forged_row_is_found() -> None:
    audit.record("a")
    forged = AuditEvent(action="forged", previous_digest="0" * 64, digest="1" * 64)
    forged.save()
    assert audit.first_broken_link() == forged
