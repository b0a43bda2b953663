"""The style sheet that pages load holds every component, once, in the order of its index."""

import re
from pathlib import Path

import pytest

from school.kernel.management.commands.build_frontend import STYLES, joined_styles

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
