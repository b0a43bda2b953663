"""Settings of who sends the bytes: what cannot work is told at the start, with the cure."""

import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from media.domain.serving import check_production, check_serving


def ids(settings: Any, **values: Any) -> list[str]:
    for name, value in values.items():
        setattr(settings, name, value)
    return [message.id or "" for message in [*check_serving(), *check_production()]]


def test_good_settings_are_not_remarked(settings: Any) -> None:
    assert ids(settings, MEDIA_SERVER="nginx", STORAGE_URL="") == []
    assert ids(settings, MEDIA_SERVER="s3", STORAGE_URL="s3://a:b@c/d") == []


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"MEDIA_SERVER": "django"}, ["media.W001"]),
        ({"MEDIA_SERVER": "apache"}, ["media.E001"]),
        ({"MEDIA_SERVER": "s3"}, ["media.E002"]),
        ({"MEDIA_SERVER": "nginx", "STORAGE_URL": "s3://a:b@c/d"}, ["media.E002"]),
        ({"MEDIA_SERVER": "nginx", "PLAYBACK_KEY": "short"}, ["media.E003"]),
        ({"MEDIA_SERVER": "nginx", "PLAYBACK_KEY": 'x$y"' * 10}, ["media.E003"]),
        ({"MEDIA_SERVER": "nginx", "PLAYBACK_HOURS": 0}, ["media.E004"]),
        ({"MEDIA_SERVER": "nginx", "PLAYBACK_HOURS": 169}, ["media.E004"]),
    ],
)
def test_what_cannot_work_is_named(settings: Any, values: dict[str, Any], found: list[str]) -> None:
    assert ids(settings, **{"STORAGE_URL": "", **values}) == found


def test_the_key_is_written_for_its_owner_only(settings: Any, tmp_path: Path) -> None:
    call_command("write_nginx", tmp_path, certificate="/c.pem", certificate_key="/k.pem", server_name="a.b c.d")
    key = tmp_path / "parts" / "key.conf"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.rglob("*.conf") if settings.PLAYBACK_KEY in path.read_text()] == ["key.conf"]
    assert "${" not in "".join(path.read_text() for path in tmp_path.rglob("*.conf"))
    assert "ssl_certificate /c.pem;" in (tmp_path / "parts" / "listen.conf").read_text()


@pytest.mark.parametrize("name", ["a.b; include /etc/passwd", 'a"b', "a{b}"])
def test_a_name_cannot_bring_directives(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match="SERVER_NAME"):
        call_command("write_nginx", tmp_path, server_name=name)
    with pytest.raises(CommandError, match="证书"):
        call_command("write_nginx", tmp_path, certificate="/c.pem")
