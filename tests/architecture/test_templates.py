"""Templates hold no inline style, script or handler: the site runs under a Content-Security-Policy of 'self' alone."""

import re

import pytest

from tests.architecture import PACKAGES, TOP, files_of, short

FORBIDDEN = {
    "inline style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "script without src": re.compile(r"<script\b(?![^>]*\ssrc\s*=)(?![^>]*type=\"application/json\")", re.IGNORECASE),
    "inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script address": re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE),
}
# Pages inside Wagtail's admin, which runs under its own policy. List a path here with its reason.
ADMIN_EXEMPT: dict[str, str] = {}
TAG = re.compile(r"{%.*?%}|{#.*?#}|{{.*?}}", re.DOTALL)


def offences(text: str) -> list[str]:
    """The rules that a template's text breaks. Template tags are blanked first: a `>` in one would end a tag."""
    markup = TAG.sub("x", text)
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(markup)]


def test_no_inline_style_or_script() -> None:
    found = {
        short(path): broken
        for path in files_of(PACKAGES, "*.html")
        if short(path) not in ADMIN_EXEMPT and (broken := offences(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_every_exemption_is_needed() -> None:
    for path in ADMIN_EXEMPT:
        assert offences((TOP / path).read_text(encoding="utf-8")), f"{path} needs no exemption any more"


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ('<p style="color:red">', ["inline style attribute"]),
        ('<p class="{% if a > b %}x{% endif %}" style="a">', ["inline style attribute"]),
        ("<style>p{}</style>", ["style element"]),
        ("<script>go()</script>", ["script without src"]),
        ("<script src=\"{% static 'a.js' %}\" defer></script>", []),
        ('<script id="paper" type="application/json">{}</script>', []),
        ('<a href="#" onclick="go()">', ["inline handler"]),
        ('<a href="javascript:go()">', ["script address"]),
        ('<p data-on="x" class="on">on = 1</p>', []),
    ],
)
def test_the_rules_bite(text: str, broken: list[str]) -> None:
    assert offences(text) == broken
