"""The one tokenizer. Chinese runs become overlapping pairs of characters, other scripts become words.

Pairs need no dictionary in the index, so nothing is re-indexed when a dictionary changes, and a word is found in the
middle of any sentence. Both the search page and Wagtail's admin search use these functions.
"""

import re
import unicodedata
from functools import lru_cache

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
RUNS = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
IS_HAN = re.compile(rf"[{HAN}]")
MAX_TOKEN = 255  # PostgreSQL refuses a word of 2,047 bytes
SIMPLE_RANGE = (0x4E00, 0x9FFF)


def normalise(text: str) -> str:
    """NFKC, lower case, traditional characters to simplified ones, each character by itself.

    Characters are mapped one by one so that a query and a text agree whatever stands beside them.
    """
    return unicodedata.normalize("NFKC", text).lower().translate(_to_simplified())


def normalise_with_offsets(text: str) -> tuple[str, list[int]]:
    """The normalised text, and for each of its characters the index of the character of `text` it came from."""
    pieces = [normalise(character) for character in text]
    offsets = [index for index, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), offsets


def tokens(text: str) -> list[str]:
    """What is indexed: 党员教育 → 党员 员教 教育 育. The last single character makes one-character queries complete."""
    return [token for run in RUNS.findall(normalise(text)) for token in _tokens_of_run(run)]


def phrase(word: str) -> list[str]:
    """What is asked for: the pairs of a word in order, without the trailing single character.

    Where a run ends inside the word (学习，教育), the text has the single character there, so it is asked for too.
    """
    found = tokens(word)
    return found[:-1] if len(found) > 1 and is_han(found[-1]) and len(found[-2]) > 1 and is_han(found[-2]) else found


def pairs(text: str) -> list[str]:
    """The pairs and words of a text, as tokens to be found anywhere: no run's trailing single character."""
    return [token for run in RUNS.findall(normalise(text)) for token in phrase(run)]


def is_han(token: str) -> bool:
    return bool(IS_HAN.match(token))


def _tokens_of_run(run: str) -> list[str]:
    if not is_han(run):
        return [run[:MAX_TOKEN]]
    return [run[place : place + 2] for place in range(len(run))]


@lru_cache(maxsize=1)
def _to_simplified() -> dict[int, str]:
    """Traditional to simplified, by character (OpenCC's table)."""
    from opencc import OpenCC

    characters = [chr(code) for code in range(SIMPLE_RANGE[0], SIMPLE_RANGE[1] + 1)]
    simple = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {ord(old): new for old, new in zip(characters, simple, strict=True) if old != new and len(new) == 1}
