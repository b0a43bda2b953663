"""Keeping the index in step with the content. Each function is harmless when repeated."""

import hashlib
import json
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from school.kernel.domain.jobs import enqueue
from search.engines import engine
from search.models import SearchDocument, SearchPassage
from search.registry import SOURCES, Entry, SearchSource


def queue_refresh(kind: str, object_id: Any) -> None:
    """Let a worker bring one object's entry up to date; queued in the caller's transaction."""
    enqueue(refresh, kind, str(object_id), key=f"search:{kind}:{object_id}:{uuid4().hex}")


def refresh(kind: str, object_id: str) -> None:
    """Write, rewrite or remove the entry of one object, by what the object is now."""
    source = SOURCES[kind]
    with transaction.atomic():
        _lock(kind, object_id)  # before reading: two refreshes at once must not end with the older text
        item = source.objects().filter(pk=object_id).first()
        if item is None:
            remove(kind, object_id)
        else:
            write(source, item)


def _lock(kind: str, object_id: str) -> SearchDocument | None:
    """The stored document, locked to the end of the transaction."""
    rows = SearchDocument.objects.select_for_update(of=("self",))
    return rows.filter(kind=kind, object_id=object_id).first()


def write(source: SearchSource, item: Any, *, force: bool = False) -> bool:
    """Write the entry of one object if it differs from the stored one; True when it was written."""
    entry = source.entry(item)
    digest = _digest(entry)
    with transaction.atomic():
        document = _lock(source.kind, str(item.pk))
        if document and document.content_hash == digest and not force:
            return False
        document = document or SearchDocument(kind=source.kind, object_id=str(item.pk))
        _fill(document, entry, digest)
        document.save()
        _replace_passages(document, entry)
    return True


def remove(kind: str, object_id: str) -> None:
    """Forget one object."""
    with transaction.atomic():
        for document in SearchDocument.objects.filter(kind=kind, object_id=object_id):
            _forget_passages(document)
            document.delete()


def rebuild() -> dict[str, int]:
    """Write every entry anew and remove what no longer exists; readers always find the old or the new entry."""
    counts = {"read": 0, "written": 0, "removed": 0}
    for source in SOURCES.values():
        seen = set()
        for item in source.objects().iterator(chunk_size=200):
            counts["read"] += 1
            seen.add(str(item.pk))
            counts["written"] += write(source, item, force=True)
        stored = SearchDocument.objects.filter(kind=source.kind).values_list("object_id", flat=True)
        for object_id in set(stored) - seen:
            remove(source.kind, object_id)
            counts["removed"] += 1
    for document in SearchDocument.objects.exclude(kind__in=list(SOURCES)):
        remove(document.kind, document.object_id)
        counts["removed"] += 1
    return counts


def _fill(document: SearchDocument, entry: Entry, digest: str) -> None:
    for name in ("title", "url", "note", "organisation_id", "visibility", "valid_from", "valid_to", "published_at"):
        setattr(document, name, getattr(entry, name))
    document.content_hash = digest
    document.indexed_at = timezone.now()


def _replace_passages(document: SearchDocument, entry: Entry) -> None:
    _forget_passages(document)
    passages = SearchPassage.objects.bulk_create(
        SearchPassage(document=document, position=n, heading=p.heading, text=p.text, locator=p.locator)
        for n, p in enumerate(entry.passages)
    )
    engine().write(passages, f"{entry.title}\n{entry.aliases}")


def _forget_passages(document: SearchDocument) -> None:
    engine().forget(list(document.passages.values_list("pk", flat=True)))
    document.passages.all().delete()


def _digest(entry: Entry) -> str:
    text = json.dumps(asdict(entry), cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
