"""Every app uses the same few module names (docs/architecture.md), so that a reader knows where a thing is."""

from pathlib import Path

from tests.architecture import APPS, TOP, files_of, short

USUAL = {
    *("apps", "enums", "blocks", "signals", "kinds", "registry", "models", "rules", "queries", "domain", "api"),
    *("forms", "views", "urls", "wagtail_hooks", "signal_handlers", "context_processors", "search_sources"),
    *("migrations", "management", "templatetags", "templates", "static"),
}
# Modules that only one app needs, because it holds a mechanism. A new name here is a decision: docs/architecture.md
# says why it exists.
OWN = {
    "school.kernel": {"errors", "transitions", "triggers", "fields", "middleware", "tasks_backend"},
    "search": {"engines", "highlighting", "plan", "text", "wagtail_backend"},
    "library": {"numerals"},
    "media": {"frontend"},
    "home": {"demo"},
}
DRAWERS = {"util", "utils", "helper", "helpers", "common", "misc", "manager2", "data", "info", "tools", "stuff"}


def unknown_names(app: str, names: set[str]) -> set[str]:
    return names - USUAL - OWN.get(app, set())


def names_in(folder: Path) -> set[str]:
    found = {path.stem for path in folder.iterdir() if path.suffix == ".py"}
    found |= {path.name for path in folder.iterdir() if path.is_dir()}
    return found - {"__init__", "__pycache__"}


def test_apps_use_the_vocabulary() -> None:
    wrong = {app: unknown_names(app, names_in(TOP / app.replace(".", "/"))) for app in APPS}
    assert {app: names for app, names in wrong.items() if names} == {}


def test_every_app_says_what_it_is() -> None:
    silent = [
        app for app in APPS if not (TOP / app.replace(".", "/") / "__init__.py").read_text(encoding="utf-8").strip()
    ]
    assert silent == []


def test_no_drawers() -> None:
    assert [short(path) for path in files_of(APPS, "*.py") if path.stem in DRAWERS] == []


def test_an_unknown_name_is_seen() -> None:
    assert unknown_names("media", {"models", "gadgets"}) == {"gadgets"}
    assert unknown_names("media", {"tasks_backend"}) == {"tasks_backend"}
    assert {"media", "school.kernel", "home"} <= set(APPS)
