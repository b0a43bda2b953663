"""Template tags of the design system, available in every template without loading."""

from decimal import Decimal
from math import cos, pi, sin
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

RING_TICKS = 32


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A decorative symbol of the icon sprite; the words beside it carry the meaning."""
    css = f"icon {extra}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, static("vendor/icons.svg"), name
    )


@register.inclusion_tag("kernel/components/ring.html")
def hour_ring(earned: Decimal, required: Decimal) -> dict[str, Any]:
    """The ring of study hours: as many ticks as are owed up to 32, filled by what is earned."""
    share = min(Decimal(1), earned / required) if required else Decimal(1)
    filled = share * RING_TICKS
    ticks = []
    for number in range(RING_TICKS):
        angle = 2 * pi * (number + 0.5) / RING_TICKS
        css = "on" if number + 1 <= filled else "half" if number < filled else ""
        ends = [70 + radius * f for radius in (50, 60) for f in (sin(angle), -cos(angle))]
        ticks.append({"css": css, **dict(zip(("x1", "y1", "x2", "y2"), (f"{end:.1f}" for end in ends), strict=True))})
    return {"ticks": ticks, "earned": earned, "required": required}


@register.inclusion_tag("kernel/components/empty.html")
def empty(title: str, advice: str, url: str = "", action: str = "", symbol: str = "inbox") -> dict[str, str]:
    """What a list shows when it has no rows: what is missing and what to do next."""
    return {"title": title, "advice": advice, "url": url, "action": action, "symbol": symbol}


@register.inclusion_tag("kernel/components/pager.html", takes_context=True)
def pager(context: dict[str, Any], page: Any) -> dict[str, Any]:
    """Links to the neighbouring pages; keeps the other parameters of the address."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    return {"page": page, "query": query.urlencode()}


@register.filter
def plain(value: Decimal | None) -> str:
    """A decimal without trailing zeros: 24.50 → 24.5, 32.00 → 32."""
    if value is None:
        return "0"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def clock(seconds: float | None) -> str:
    """Seconds as mm:ss, or h:mm:ss from an hour on."""
    total = round(seconds or 0)
    hours, rest = divmod(total, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes:02}:{second:02}"
