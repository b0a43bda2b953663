"""What a phone has to load."""

import gzip

from django.conf import settings

LIMIT = 45_000
HEAVY = {"hls.min.js"}  # the player's engine, loaded only where there is a video


def test_our_scripts_together_stay_small() -> None:
    """All scripts of the public site at once, compressed: more than any single page loads (issue's limit 45 kB)."""
    scripts = [
        path
        for package in ("school", "media", "exams", "courses", "home", "search", "library")
        for path in (settings.BASE_DIR / package).rglob("static/**/*.js")
        if path.name not in HEAVY
    ]
    assert scripts
    assert sum(len(gzip.compress(path.read_bytes())) for path in scripts) < LIMIT
