"""Small rules that hold for every response."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme

from school.kernel.errors import DomainError


class ClientAddressMiddleware:
    """Behind a proxy on this machine, the address of a request is the one that the proxy saw (X-Real-IP).

    For production only, where the proxy overwrites that header. A request that did not come through this machine keeps
    its own address, so nobody outside can choose one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.get("REMOTE_ADDR", "") in ("", "127.0.0.1", "::1"):  # empty: by a Unix socket
            request.META["REMOTE_ADDR"] = request.headers.get("X-Real-IP", request.META.get("REMOTE_ADDR", ""))
        return self.get_response(request)


class PersonalPagesMiddleware:
    """Pages of a signed-in person are never kept by shared caches or shown after sign-out by the back button."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty():
            # signed out here or in the admin, or the session ended: its other cookies end with it
            for name, path in settings.COOKIES_OF_A_SESSION.items():
                response.delete_cookie(name, path=path, samesite="Strict")
        return response


class RefusalMiddleware:
    """A DomainError that a page did not show beside its form becomes a page or a message in words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        origin = request.headers.get("Referer", "")
        is_ours = url_has_allowed_host_and_scheme(origin, {request.get_host()}, require_https=request.is_secure())
        if request.method == "POST" and error.status in (409, 422) and is_ours:
            messages.error(request, error.message)
            return HttpResponseRedirect(origin)
        template = f"{error.status}.html" if error.status in (403, 404) else "refused.html"
        return render(request, template, {"error": error}, status=error.status)
