"""Guarding the door: a throttle for each account, counted in the cache that all processes share."""

from django.core.cache import caches

from school.kernel.errors import TooManyRequests

TRIES = 10
WINDOW_SECONDS = 15 * 60


def check_throttle(account: str) -> None:
    """Raise TooManyRequests when this account has used up its tries, whether it exists or not."""
    if caches["shared"].get(_key(account), 0) >= TRIES:
        raise TooManyRequests(
            "密码输错次数过多，请 15 分钟后再试，或请党务工作者重置密码。", retry_after=WINDOW_SECONDS
        )


def note_failure(account: str) -> None:
    cache = caches["shared"]
    cache.add(_key(account), 0, WINDOW_SECONDS)
    cache.incr(_key(account))


def note_success(account: str) -> None:
    caches["shared"].delete(_key(account))


def _key(account: str) -> str:
    return f"sign-in:{account.strip().casefold()[:64].encode().hex()}"
