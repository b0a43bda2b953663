"""A query as all engines understand it: phrases of tokens that must all be found. User text never reaches an engine."""

import re
from dataclasses import dataclass, field

import rjieba

from search.text import is_han, normalise, phrase

MAX_CHARACTERS = 100
MAX_TERMS = 16
QUOTED = re.compile(r'["“”]([^"“”]+)["“”]')


@dataclass(frozen=True)
class Term:
    """One word: its tokens stand next to each other. A single Chinese character at the end matches as a beginning."""

    word: str
    tokens: tuple[str, ...]

    @property
    def is_prefix(self) -> bool:
        return len(self.tokens[-1]) == 1 and is_han(self.tokens[-1])


@dataclass(frozen=True)
class Plan:
    """`terms` must all match; `was_cut` says that the query was longer than what is searched for."""

    text: str
    terms: tuple[Term, ...] = field(default_factory=tuple)
    was_cut: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.terms


def plan_of(query: str) -> Plan:
    """Normalise, take quoted parts whole, cut the rest into words; at most 100 characters and 16 words."""
    text = normalise(" ".join(query[: MAX_CHARACTERS * 10].split()))
    was_cut = len(text) > MAX_CHARACTERS or len(query) > MAX_CHARACTERS * 10
    text = text[:MAX_CHARACTERS]
    words = QUOTED.findall(text)
    for part in QUOTED.sub(" ", text).split():
        words += _cut(part)
    terms: dict[tuple[str, ...], Term] = {}
    for word in words:
        found = tuple(phrase(word))
        if found:
            terms.setdefault(found, Term(word.strip(), found))
    kept = tuple(terms.values())
    return Plan(text, kept[:MAX_TERMS], was_cut or len(kept) > MAX_TERMS)


def _cut(part: str) -> list[str]:
    """Dictionary words; neighbouring single characters are put together again, for they were typed together."""
    words: list[str] = []
    was_single = False
    for word in rjieba.cut(part):
        is_single = len(word) == 1 and is_han(word)
        if is_single and was_single:
            words[-1] += word
        else:
            words.append(word)
        was_single = is_single
    return words
