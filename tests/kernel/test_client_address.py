"""Whose address a request has behind a proxy of this machine."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from school.kernel.middleware import ClientAddressMiddleware


@pytest.mark.parametrize(
    ("peer", "told", "found"),
    [
        ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
        ("::1", "10.1.2.3", "10.1.2.3"),
        ("", "10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("10.9.9.9", "127.0.0.1", "10.9.9.9"),
    ],
)
def test_only_this_machine_may_name_another(peer: str, told: str, found: str) -> None:
    seen: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    headers = {"X-Real-IP": told} if told else {}
    ClientAddressMiddleware(page)(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers))
    assert seen == [found]
