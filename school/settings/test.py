"""The suite: quick hashes, files in a throw-away folder, background jobs drained by the tests themselves."""

import tempfile
from pathlib import Path

from school.settings.base import *  # noqa: F403
from school.settings.base import CACHES, REDIS_URL

TEST_DIR = Path(tempfile.mkdtemp(prefix="school-test-"))
DEBUG = False
SECRET_KEY = "only-for-tests-" + "0" * 50
IDENTITY_KEY = "only-for-tests-" + "1" * 32
PLAYBACK_KEY = "only-for-tests-" + "2" * 32
ALLOWED_HOSTS = ["*"]
DEMO_ACCOUNTS_ALLOWED = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = TEST_DIR / "uploads"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if not REDIS_URL:
    CACHES["shared"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "shared"}
