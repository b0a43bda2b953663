"""The checks that every uploaded film passes, whichever way it came: viruses, what it really is, and is it whole."""

from pathlib import Path

from media.domain.completeness import check_complete
from media.domain.probing import Probe, probe
from media.domain.scanning import scan


def check_film(path: Path) -> Probe:
    """What the probe found. Raises InvalidInput, in words for the editor, when the file is not to be kept."""
    found = probe(path)
    check_complete(path)
    scan(path)
    return found
