"""Production: nothing is guessed. A missing value stops the start with its name."""

from school.settings.base import *  # noqa: F403
from school.settings.base import MIDDLEWARE, env

DEBUG = False
MIDDLEWARE = ["school.kernel.middleware.ClientAddressMiddleware", *MIDDLEWARE]
DEMO_ACCOUNTS_ALLOWED = False
SECRET_KEY = env.str("SECRET_KEY")
IDENTITY_KEY = env.str("IDENTITY_KEY")
PLAYBACK_KEY = env.str("PLAYBACK_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="smtp://localhost:25")
vars().update(EMAIL_CONFIG)

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Wagtail shows previews in a frame of our own origin, which DENY would forbid; CSP's frame-ancestors says the same.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
