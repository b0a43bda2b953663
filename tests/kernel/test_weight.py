"""What a phone has to load."""

import gzip

from django.conf import settings

LIMIT = 45_000
PLAYER_LIMIT = 260_000  # media-chrome and all of hls.js; without its full build a separate sound track stays silent
PACKAGES = ("school", "media", "exams", "courses", "home", "search", "library")


def test_our_scripts_together_stay_small() -> None:
    """All scripts of the public site at once, compressed: more than any single page loads (issue's limit 45 kB)."""
    scripts = [path for package in PACKAGES for path in (settings.BASE_DIR / package).rglob("static/**/*.js")]
    assert scripts
    assert sum(len(gzip.compress(path.read_bytes())) for path in scripts) < LIMIT


def test_the_player_libraries_stay_within_their_limit() -> None:
    """They are one file, loaded only by a lesson page that has a video, after the page itself (docs/decisions/0014)."""
    bundle = settings.BASE_DIR / "var" / "frontend" / "vendor" / "player.js"
    assert len(gzip.compress(bundle.read_bytes())) < PLAYER_LIMIT


def test_only_lesson_pages_load_the_player() -> None:
    templates = [path for package in PACKAGES for path in (settings.BASE_DIR / package).rglob("templates/**/*.html")]
    users = {path.name for path in templates if "vendor/player.js" in path.read_text(encoding="utf-8")}
    assert users == {"lesson_page.html"}
