"""The supervisor: what it says of a port it cannot have, and that a database which restarts does not end it."""

import io
import time
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from school.kernel.management.commands import serve
from school.kernel.models import Heartbeat


@pytest.mark.django_db
@pytest.mark.parametrize("port", [0, -1, 65536, 10**9])
def test_a_port_that_cannot_be_is_refused_in_words(port: int) -> None:
    with pytest.raises(CommandError, match="端口号应在"):
        call_command("serve", port=port)


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_no_reason_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    command = serve.Command(stderr=io.StringIO())
    command.started = {"school": time.monotonic() - 1000}

    def fail(*args: object, **kwargs: object) -> None:
        raise OperationalError("the database system is starting up")

    monkeypatch.setattr(serve.connection, "close", lambda: None)
    assert command._is_wedged("school")  # never beaten
    monkeypatch.setattr(Heartbeat.objects, "filter", fail)
    assert not command._is_wedged("school")
    assert "数据库" in command.stderr._out.getvalue()


@pytest.mark.django_db
def test_a_video_cluster_that_no_longer_beats_is_wedged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve.connection, "close", lambda: None)  # the test's own transaction is on it
    command = serve.Command(stderr=io.StringIO())
    command.started = {"video": time.monotonic() - 10_000, "web": time.monotonic() - 10_000}
    Heartbeat.objects.create(cluster="video", beat_at=timezone.now() - timedelta(minutes=20))
    assert not command._is_wedged("video")  # a large file may be on its way to the store
    Heartbeat.objects.update(beat_at=timezone.now() - timedelta(minutes=41))
    assert command._is_wedged("video")
    assert not command._is_wedged("web")
