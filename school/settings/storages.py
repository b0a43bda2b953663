"""STORAGE_URL to Django's storage of uploads: this disk, or a bucket of a server that speaks S3.

Whatever is wrong with it stops the start in words that never repeat the address: it holds the secret.
"""

from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SHAPE = "s3://KEY:SECRET@host:port/bucket?region=…&secure=1&prefix=…"
PARAMETERS = {"region", "secure", "prefix"}
ADDRESS_SECONDS = 12 * 3600


def storage_from(url: str) -> dict[str, Any]:
    """The entry of STORAGES; ImproperlyConfigured names the part of `url` that cannot be used."""
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    parts = _split(url)
    given = _parameters(parts)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "access_key": unquote(parts.username or ""),
            "secret_key": unquote(parts.password or ""),
            "bucket_name": parts.path.strip("/"),
            "endpoint_url": origin_of(url),
            "region_name": given.get("region", "us-east-1"),
            "location": given.get("prefix", "").strip("/"),
            "addressing_style": "path",
            "signature_version": "s3v4",
            "file_overwrite": False,
            "max_memory_size": 16 * 1024 * 1024,
            "default_acl": None,
            "querystring_auth": True,
            "querystring_expire": ADDRESS_SECONDS,
        },
    }


def origin_of(url: str) -> str:
    """Where browsers reach the bucket, such as https://files.example:9000; empty for this disk."""
    if not url:
        return ""
    parts = _split(url)
    scheme = "https" if _parameters(parts).get("secure", "1") == "1" else "http"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{scheme}://{host}" + (f":{parts.port}" if parts.port else "")


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  a port that is no number shows itself only now
    except ValueError:
        raise _refusal("host or port cannot be read; percent-encode special characters of the secret") from None
    if parts.scheme != "s3":
        raise _refusal("only s3:// is known")
    if not (parts.username and parts.password):
        raise _refusal("key or secret is missing")
    if not parts.hostname:
        raise _refusal("the host is missing")
    if not parts.path.strip("/") or "/" in parts.path.strip("/"):
        raise _refusal("exactly one bucket follows the host; folders go into prefix=")
    return parts


def _parameters(parts: SplitResult) -> dict[str, str]:
    given = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    if unknown := sorted(set(given) - PARAMETERS):
        raise _refusal(f"unknown parameter {', '.join(unknown)}")
    if given.get("secure", "1") not in ("0", "1"):
        raise _refusal("secure is 1 (HTTPS) or 0 (HTTP)")
    return given


def _refusal(problem: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"STORAGE_URL: {problem}. Write it as {SHAPE}")
