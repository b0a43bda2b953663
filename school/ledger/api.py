"""The ledger over the API."""

from datetime import date
from decimal import Decimal
from typing import Literal

from ninja import Field, Router, Schema

from school.ledger.models import LedgerEntry
from school.people.models import SignedInRequest

router = Router(tags=["ledger"])


class EntryOut(Schema):
    """`amount` and `clipped` are decimal numbers as strings; `reverses` names the entry that this one cancels."""

    id: int
    unit: str
    amount: Decimal
    clipped: Decimal
    kind: str
    cause: str = Field(alias="cause_label")
    url: str = Field(alias="cause_url")
    rule: str | None
    occurred_on: date
    reverses: int | None = Field(alias="reverses_id")

    @staticmethod
    def resolve_rule(entry: LedgerEntry) -> str | None:
        return entry.rule.name if entry.rule else None


@router.get("/me/ledger", response=list[EntryOut])
def my_ledger(request: SignedInRequest, unit: Literal["hour", "credit", "point"] | None = None) -> list[LedgerEntry]:
    """My newest five hundred entries, with their cause and rule."""
    entries = LedgerEntry.objects.of(request.user).select_related("rule")
    if unit:
        entries = entries.in_unit(unit)
    return list(entries[:500])
