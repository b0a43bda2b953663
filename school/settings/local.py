"""The demo school on one machine: debug off, demo accounts allowed, a key that only this folder knows."""

import secrets

from school.settings.base import *  # noqa: F403
from school.settings.base import VAR_DIR, env


def _own_secret(name: str) -> str:
    """A random secret kept in a private file below var/, made at the first start."""
    path = VAR_DIR / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text().strip()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or _own_secret("secret_key")
IDENTITY_KEY = env.str("IDENTITY_KEY", default="") or _own_secret("identity_key")
PLAYBACK_KEY = env.str("PLAYBACK_KEY", default="") or _own_secret("playback_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"])
DEMO_ACCOUNTS_ALLOWED = True
