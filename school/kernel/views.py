"""Operations: is the process alive, is the school ready, what do the gauges say? For machines, without sign-in."""

from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from school.kernel.errors import NotFound
from school.kernel.queries import Metric, heartbeat_ages, metrics, readiness

# A reverse proxy on this machine makes every visitor look local; these headers give it away.
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded")


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when people can be served, else 503 with what fails; and the age of each cluster's heartbeat in seconds."""
    failures = readiness()
    try:
        ages = {cluster: round(age) for cluster, age in heartbeat_ages().items()}
    except DatabaseError:
        ages = {}
    body = {"ready": not failures, "failures": failures, "heartbeat_age_seconds": ages}
    return JsonResponse(body, status=503 if failures else 200)


@never_cache
@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """The gauges in Prometheus' text format, for this machine or for whoever holds METRICS_TOKEN."""
    if not (_is_local(request) or _has_token(request)):
        raise NotFound
    return HttpResponse(prometheus_text(list(metrics())), content_type="text/plain; version=0.0.4; charset=utf-8")


def prometheus_text(gauges: list[Metric]) -> str:
    """Exposition format 0.0.4: a TYPE line before the first sample of each name."""
    lines: list[str] = []
    named: set[str] = set()
    for gauge in gauges:
        if gauge.name not in named:
            named.add(gauge.name)
            lines.append(f"# TYPE {gauge.name} gauge")
        labels = ",".join(f'{key}="{_escaped(value)}"' for key, value in gauge.labels)
        lines.append(f"{gauge.name}{{{labels}}} {gauge.value}" if labels else f"{gauge.name} {gauge.value}")
    return "\n".join(lines) + "\n"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _is_local(request: HttpRequest) -> bool:
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    return bool(token) and constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}")
