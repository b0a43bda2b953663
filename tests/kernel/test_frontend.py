"""The style sheet that pages load holds every component, once, in the order of its index."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.base import CommandError

from school.kernel.management.commands.build_frontend import (
    PLAYER,
    SHIPPED,
    STYLES,
    bundle_player,
    joined_styles,
    licences,
)

NAMES = sorted(path.name for path in STYLES.glob("*.css") if path.name != "index.css")


def test_the_index_lists_every_component_once() -> None:
    listed = re.findall(r'@import "([^"]+)"', (STYLES / "index.css").read_text(encoding="utf-8"))
    assert sorted(listed) == NAMES


def test_the_sheet_holds_the_components_in_order(tmp_path: Path) -> None:
    (tmp_path / "index.css").write_text('/* all */\n@import "b.css";\n@import "a.css";\n')
    (tmp_path / "a.css").write_text(".a { top: 0; }\n")
    (tmp_path / "b.css").write_text(".b { top: 0; }\n")
    assert joined_styles(tmp_path / "index.css") == "/* all */\n.b { top: 0; }\n\n.a { top: 0; }\n\n"
    assert "@import" not in joined_styles(STYLES / "index.css")


@pytest.mark.parametrize("name", NAMES)
def test_syntax_fits_the_oldest_browser(name: str) -> None:
    """Chromium 86 and Safari 14 know none of these."""
    text = re.sub(r"/\*.*?\*/", "", (STYLES / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r":has\(|@layer|@container|color-mix\(|\binset:|aspect-ratio:", text) == []
    assert text.count("{") == text.count("}")


def test_the_player_bundle_is_repeatable_and_names_no_map(tmp_path: Path) -> None:
    entry = settings.BASE_DIR / PLAYER
    bundle_player(entry, tmp_path / "one.js")
    bundle_player(entry, tmp_path / "two.js")
    assert (tmp_path / "one.js").read_bytes() == (tmp_path / "two.js").read_bytes()
    assert "sourceMappingURL" not in (tmp_path / "one.js").read_text(encoding="utf-8")


def test_a_broken_entry_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "entry.mjs").write_text("import './absent.mjs';\n", encoding="utf-8")
    with pytest.raises(CommandError, match="absent"):
        bundle_player(tmp_path / "entry.mjs", tmp_path / "out.js")


def test_every_shipped_package_names_its_licence() -> None:
    notes = licences(settings.BASE_DIR / "node_modules", SHIPPED)
    assert all(name in notes for name in SHIPPED)
    assert "Apache" in notes
    assert "MIT" in notes
