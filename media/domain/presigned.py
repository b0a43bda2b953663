"""Playlists whose files lie in a bucket: each relative address becomes one that the bucket answers itself."""

import re
from collections.abc import Callable

from django.core.cache import cache

from media.domain import shelf
from media.domain.signatures import Permit

OURS = (".m3u8", ".vtt", ".json")  # small texts stay with us: what they name is relative to them, or they are rewritten
URI = re.compile(r'URI="([^"]*)"')
PICTURE = re.compile(r"^([\w./-]+\.jpg)(?=#|$)", re.MULTILINE)
KEPT_SECONDS = 600


def text_with_addresses(permit: Permit, name: str, seconds: int) -> str | None:
    """The text file `name` of a generation, its files named by addresses of the bucket that last `seconds` or more.

    Kept for some minutes: signing hundreds of segments takes longer than all else of the request. The addresses name no
    member, so one text serves all whose permits end at the same moment.
    """
    kept_as = f"playlist:{permit.key}:{permit.generation}:{permit.expires}:{name}"
    if (kept := cache.get(kept_as)) is not None:
        return str(kept)
    text = shelf.text_of(permit.key, permit.generation, name)
    if text is None:
        return None
    folder = name.rpartition("/")[0]

    def address_of(file: str) -> str:
        whole = f"{folder}/{file}" if folder else file
        return shelf.bucket_address(permit.key, permit.generation, whole, seconds)

    changed = rewritten(text, address_of)
    cache.set(kept_as, changed, min(KEPT_SECONDS, seconds))
    return changed


def rewritten(text: str, address_of: Callable[[str], str]) -> str:
    """The playlist or thumbnail track with every file in it named by `address_of`, further texts excepted."""
    if text.startswith("WEBVTT"):
        return PICTURE.sub(lambda found: address_of(found[1]), text)
    return "\n".join(_line(line, address_of) for line in text.split("\n"))


def _line(line: str, address_of: Callable[[str], str]) -> str:
    if line.startswith("#"):
        return URI.sub(lambda found: found[0] if _is_ours(found[1]) else f'URI="{address_of(found[1])}"', line)
    return line if not line.strip() or _is_ours(line.strip()) else address_of(line.strip())


def _is_ours(name: str) -> bool:
    return name.endswith(OURS)
