"""Marking what was found, in the raw text: the engines only know pairs of characters."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.plan import Plan
from search.text import normalise_with_offsets

SNIPPET = 110
LEAD = 24


def highlight(text: str, plan: Plan) -> SafeString:
    """The whole text, escaped, with every word of the plan in <mark>."""
    return _marked(text, _spans(text, plan))


def snippet(text: str, plan: Plan) -> SafeString:
    """About 110 characters around the first word found, escaped and marked."""
    spans = _spans(text, plan)
    start = max(0, spans[0][0] - LEAD) if spans else 0
    if start < LEAD:
        start = 0
    end = min(len(text), start + SNIPPET)
    inside = [(a - start, min(b, end) - start) for a, b in spans if a >= start and a < end]
    marked = _marked(text[start:end], inside)
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return mark_safe(f"{before}{marked}{after}")  # noqa: S308 - `marked` is escaped piece by piece


def _spans(text: str, plan: Plan) -> list[tuple[int, int]]:
    """Where the words stand in the raw text: (start, end) without overlaps, in order."""
    normal, offsets = normalise_with_offsets(text)
    found = []
    for term in plan.terms:
        place = normal.find(term.word)
        while place >= 0:
            found.append((offsets[place], offsets[place + len(term.word) - 1] + 1))
            place = normal.find(term.word, place + len(term.word))
    return _merged(sorted(found))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _marked(text: str, spans: list[tuple[int, int]]) -> SafeString:
    pieces, last = [], 0
    for start, end in spans:
        pieces += [escape(text[last:start]), "<mark>", escape(text[start:end]), "</mark>"]
        last = end
    pieces.append(escape(text[last:]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece of text above is escaped
