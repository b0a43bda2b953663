"""What every installation shares. Values that differ come from the environment; docs/settings.md lists them."""

from pathlib import Path

import environ

from school.settings.databases import database_from
from school.settings.storages import ADDRESS_SECONDS, origin_of, storage_from

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

# --- who we are -----------------------------------------------------------------------------------------------------
SCHOOL_NAME = env.str("SCHOOL_NAME", default="网络党校")
ENTERPRISE_NAME = env.str("ENTERPRISE_NAME", default="城北供电公司")
WAGTAIL_SITE_NAME = f"{ENTERPRISE_NAME}{SCHOOL_NAME}"
WAGTAILADMIN_BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000")

# --- applications, bottom floor last --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "home",
    "school.analytics",
    "courses",
    "exams",
    "library",
    "search",
    "media",
    "school.notices",
    "school.ledger",
    "school.people",
    "school.kernel",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "wagtailmedia",
    "modelcluster",
    "taggit",
    "treebeard",
    "django_tasks",
    "django_q",
    "django_htmx",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "school.kernel.middleware.PersonalPagesMiddleware",
    "school.kernel.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "school.urls"
WSGI_APPLICATION = "school.wsgi.application"
ASGI_APPLICATION = "school.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "school.kernel.context_processors.school",
                "home.context_processors.navigation",
                "school.notices.context_processors.unread",
            ],
            "builtins": ["school.kernel.templatetags.design"],
        },
    }
]

# --- stores ---------------------------------------------------------------------------------------------------------
DATABASES = {"default": database_from(env, VAR_DIR)}
REDIS_URL = env.str("REDIS_URL", default="")


def _cache(name: str, local_backend: str, location: str) -> dict[str, str]:
    if REDIS_URL:
        return {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": name,
        }
    return {"BACKEND": f"django.core.cache.backends.{local_backend}", "LOCATION": location, "KEY_PREFIX": name}


CACHES = {
    # "default" may be private to a process; "shared" is seen by all processes of this host (sessions, throttles).
    "default": _cache("school", "locmem.LocMemCache", "school"),
    "shared": _cache("shared", "filebased.FileBasedCache", str(VAR_DIR / "cache")),
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_CACHE_ALIAS = "shared"
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=12) * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# --- background work (docs/decisions/0004) --------------------------------------------------------------------------
Q_CLUSTER = {
    "name": "school",
    "label": "后台任务",
    "workers": env.int("TASK_WORKERS", default=1),
    "queue_limit": env.int("TASK_WORKERS", default=1),
    "timeout": 120,
    "retry": 600,
    "max_attempts": 5,
    "ack_failures": True,
    "bulk": 1,
    "poll": 0.5,
    "save_limit": 1000,
    "catch_up": False,
    "orm": "default",
    "cache": "shared",
    "ALT_CLUSTERS": {
        "video": {
            "workers": 1,
            "queue_limit": 1,
            "timeout": 6 * 3600,
            "retry": 20 * 3600,
            "max_attempts": 3,
            "scheduler": False,
            # a transcoding worker starts ffmpeg as its child, which a daemonic process may not
            "daemonize_workers": False,
        }
    },
}
TASKS = {"default": {"BACKEND": "school.kernel.tasks_backend.DjangoQBackend"}}

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- language and time: the interface is Chinese, rows are kept in UTC ----------------------------------------------
LANGUAGE_CODE = "zh-hans"
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES = [("zh-hans", "简体中文")]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "var" / "frontend"]
MEDIA_URL = "/uploads/"
MEDIA_ROOT = VAR_DIR / "uploads"
STORAGE_URL = env.str("STORAGE_URL", default="")
STORAGES = {
    "default": storage_from(STORAGE_URL),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_PERMISSIONS = 0o640

# --- content --------------------------------------------------------------------------------------------------------
WAGTAILIMAGES_IMAGE_MODEL = "media.Image"
WAGTAILIMAGES_IMAGE_FORM_BASE = "media.forms.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif", "avif"]  # no SVG: it is a program, not a picture
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = None  # media.domain.pictures limits them, before decoding
WAGTAILIMAGES_JPEG_QUALITY, WAGTAILIMAGES_WEBP_QUALITY, WAGTAILIMAGES_AVIF_QUALITY = 80, 78, 60
WAGTAILDOCS_DOCUMENT_MODEL = "media.Document"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "media.forms.DocumentForm"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "txt", "zip", "ofd", "wps"]
WAGTAILMEDIA = {"MEDIA_MODEL": "media.Video", "MEDIA_FORM_BASE": "media.forms.VideoUploadForm"}
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.wagtail_backend"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_USAGE_COUNT_ENABLED = True
WAGTAILADMIN_COMMENTS_ENABLED = True
WAGTAIL_I18N_ENABLED = False

# --- who sends the bytes (docs/decisions/0011) ----------------------------------------------------------------------
# django: the embedded server itself. nginx: nginx from this disk. s3: the bucket of STORAGE_URL.
MEDIA_SERVER = env.str("MEDIA_SERVER", default="") or ("s3" if STORAGE_URL else "django")
STORAGE_ADDRESS_SECONDS = ADDRESS_SECONDS
STORAGE_ORIGIN = origin_of(STORAGE_URL)  # pages may load pictures and films from there; empty for this site
WAGTAILDOCS_SERVE_METHOD = "redirect" if STORAGE_URL else "serve_view"
PLAYBACK_KEY = env.str("PLAYBACK_KEY", default="")  # signs addresses of videos; nginx holds it too
PLAYBACK_HOURS = env.int("PLAYBACK_HOURS", default=12)
PLAYBACK_PATH = "/media/v/"
PLAYBACK_COOKIE = "playback"
COOKIES_OF_A_SESSION = {PLAYBACK_COOKIE: PLAYBACK_PATH}  # what sign-out takes back besides the session
if MEDIA_SERVER == "nginx":
    SENDFILE_BACKEND = "media.views.handing"

# --- video ----------------------------------------------------------------------------------------------------------
SPEECH_COMMAND = env.str("SPEECH_COMMAND", default="")  # empty: no speech recognition
FFMPEG_BINARY = env.str("FFMPEG_BINARY", default="")  # empty: the binary inside the imageio-ffmpeg package
TRANSCODE_SANDBOX = env.str("TRANSCODE_SANDBOX", default="auto")  # or bwrap, unshare, none (docs/decisions/0006)
VIRUS_SCAN_COMMAND = env.str("VIRUS_SCAN_COMMAND", default="")  # empty: uploads are not scanned

# --- watching (docs/decisions/0015) ---------------------------------------------------------------------------------
WATCH_BEATS_DAYS = env.int("WATCH_BEATS_DAYS", default=180)

# --- secrets and security -------------------------------------------------------------------------------------------
IDENTITY_KEY = env.str("IDENTITY_KEY", default="")  # encrypts ID numbers and keys their look-up digests
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # empty: /metrics answers this machine only
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]  # probes ask without a proxy, in plain HTTP
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail previews pages in a frame of our own origin
CONTENT_SECURITY_POLICY = {
    # Wagtail's own admin needs inline styles and scripts; it has its own policy in production's proxy.
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", *([STORAGE_ORIGIN] if STORAGE_ORIGIN else [])],
        "media-src": ["'self'", "blob:", *([STORAGE_ORIGIN] if STORAGE_ORIGIN else [])],
        "connect-src": ["'self'", *([STORAGE_ORIGIN] if STORAGE_ORIGIN else [])],
        "font-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
        "base-uri": ["'none'"],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django-q": {"level": "WARNING"}, "wagtail": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
