"""The audit call: one sealed row for each change that someone may ask about later."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from school.kernel.models import AuditEvent, AuditHead


def record(
    action: str, *, actor: Any = None, target: models.Model | None = None, address: str = "", **detail: Any
) -> AuditEvent:
    """Append one audit row inside the caller's transaction. `actor` is a user or None for the system itself."""
    content = json.loads(json.dumps(detail, cls=DjangoJSONEncoder))
    with transaction.atomic():
        head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
        event = AuditEvent(
            at=timezone.now(),
            actor=actor,
            action=action,
            target_type=target._meta.label_lower if target else "",
            target_id=str(target.pk) if target else "",
            target_label=str(target)[:200] if target else "",
            detail=content,
            address=address,
            previous_digest=head.digest,
        )
        event.digest = digest_of(event)
        event.save()
        head.digest = event.digest
        head.save(update_fields=["digest"])
    return event


def digest_of(event: AuditEvent) -> str:
    """SHA-256 over the row's content and the digest before it (hex, 64 characters)."""
    sealed = {
        "at": event.at.isoformat(),
        "actor": event.actor_id,  # type: ignore[attr-defined]
        "action": event.action,
        "target": [event.target_type, event.target_id, event.target_label],
        "detail": event.detail,
        "address": event.address,
        "previous": event.previous_digest,
    }
    return hashlib.sha256(json.dumps(sealed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def first_broken_link() -> AuditEvent | None:
    """The first row whose digest or predecessor does not fit, or None when the chain is whole."""
    previous = ""
    for event in AuditEvent.objects.order_by("id").iterator(chunk_size=1000):
        if event.previous_digest != previous or event.digest != digest_of(event):
            return event
        previous = event.digest
    return None
