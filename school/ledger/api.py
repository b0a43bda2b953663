"""The ledger over the API."""

from typing import Any, Literal

from ninja import Router

from school.ledger.models import LedgerEntry
from school.people.models import SignedInRequest

router = Router(tags=["ledger"])


@router.get("/me/ledger")
def my_ledger(request: SignedInRequest, unit: Literal["hour", "credit", "point"] | None = None) -> list[dict[str, Any]]:
    entries = LedgerEntry.objects.of(request.user).select_related("rule")
    if unit:
        entries = entries.in_unit(unit)
    return [
        {
            "id": entry.pk,
            "unit": entry.unit,
            "amount": entry.amount,
            "clipped": entry.clipped,
            "kind": entry.kind,
            "cause": entry.cause_label,
            "url": entry.cause_url,
            "rule": entry.rule.name if entry.rule else None,
            "occurred_on": entry.occurred_on,
            "reverses": entry.reverses_id,
        }
        for entry in entries[:500]
    ]
