"""Make the files that pages load: the HLS engine, a sprite of the icons in use, and the joined style sheet."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

PACKAGES = ["school", "media", "search", "library", "exams", "courses", "home"]
WORD = re.compile(r"""["']([a-z][a-z0-9-]+)["']""")
SOURCE_MAP = re.compile(r"//# sourceMappingURL=.*")
IMPORT = re.compile(r'^@import "([a-z-]+\.css)";$', re.MULTILINE)
STYLES = Path(__file__).resolve().parents[2] / "static" / "kernel" / "components"
INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


class Command(BaseCommand):
    help = "把前端依赖整理到 var/frontend（每次安装依赖后运行）"

    def handle(self, *args: Any, **options: Any) -> None:
        modules = settings.BASE_DIR / "node_modules"
        frontend = settings.BASE_DIR / "var" / "frontend"
        target = frontend / "vendor"
        if not (modules / "hls.js").exists():
            raise CommandError("没有找到 node_modules，请先运行 make setup。")
        target.mkdir(parents=True, exist_ok=True)
        (frontend / "kernel").mkdir(exist_ok=True)
        (frontend / "kernel" / "components.css").write_text(joined_styles(STYLES / "index.css"), encoding="utf-8")
        engine = (modules / "hls.js" / "dist" / "hls.min.js").read_text(encoding="utf-8")
        # the map file is not served, so its mention would only make browsers and the manifest look for it
        (target / "hls.min.js").write_text(SOURCE_MAP.sub("", engine), encoding="utf-8")
        sprite, count = self._sprite(modules / "lucide-static" / "icons")
        (target / "icons.svg").write_text(sprite, encoding="utf-8")
        self.stdout.write(f"前端依赖就绪：{count} 个图标")

    def _sprite(self, icons: Path) -> tuple[str, int]:
        """One SVG with a symbol for every icon name that stands quoted in our templates or code."""
        used: set[str] = set()
        for package in PACKAGES:
            for pattern in ("**/*.html", "**/*.py"):
                for path in (settings.BASE_DIR / package).glob(pattern):
                    used.update(WORD.findall(path.read_text(encoding="utf-8")))
        symbols = []
        for name in sorted(used):
            source = icons / f"{name}.svg"
            inner = INNER.search(source.read_text(encoding="utf-8")) if source.exists() else None
            if inner:
                body = " ".join(inner.group(1).split())
                symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
        return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>', len(symbols)


def joined_styles(index: Path) -> str:
    """The files that `index` imports, in its order, as one sheet: a page then asks for one file instead of thirty."""
    return IMPORT.sub(
        lambda line: (index.parent / line[1]).read_text(encoding="utf-8"), index.read_text(encoding="utf-8")
    )
