"""What every template may name: the school, its enterprise, and the current moment."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone


def school(request: HttpRequest) -> dict[str, Any]:
    return {
        "school_name": settings.SCHOOL_NAME,
        "enterprise_name": settings.ENTERPRISE_NAME,
        "now": timezone.localtime(),
        "demo_accounts_allowed": settings.DEMO_ACCOUNTS_ALLOWED,
    }
