"""Django's settings: the environment, checked, put where Django looks for it."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from attendance import defaults
from config.environment import load_environment
from config.navigation import navigation
from config.secrets import make_secret_key, make_server_key, make_template_key, secret
from config.servers import django_database, server_addresses

environment = load_environment()
addresses = server_addresses(environment)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = environment.var

SECRET_KEY = (
    environment.secret_key.get_secret_value()
    if environment.secret_key
    else secret(environment.state.secrets, "django-key", make_secret_key)
)
# Seals the templates; it lies outside the database.
TEMPLATE_KEY = (
    environment.template_key.get_secret_value()
    if environment.template_key
    else secret(environment.state.secrets, "template-key", make_template_key)
)
# Signs what kiosks are told; they know its public half.
SERVER_KEY = (
    environment.server_key.get_secret_value()
    if environment.server_key
    else secret(environment.state.secrets, "server-key", make_server_key)
)
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", environment.host, *environment.allowed_hosts]

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "attendance",
]
MIDDLEWARE = [
    "attendance.api.fallback.problems_under_api",
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "attendance.console.zone.shown_in_site_zone",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Database and Redis

DATABASES = {"default": dict(django_database(addresses.database_url))}
# A pool, because every request under ASGI runs in a thread of its own; opening a connection
# for each would cost more than the query.
DATABASES["default"]["OPTIONS"] = {
    **django_database(addresses.database_url)["OPTIONS"],
    # The pool gives up a connection that cannot be made after seconds and tries with the next
    # request: left to itself it would wait longer each time and miss the database's return.
    "pool": {"min_size": 1, "max_size": 20, "timeout": 5, "reconnect_timeout": 3},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = addresses.redis_url
# Two installations may share one Redis, each under its database's name.
REDIS_PREFIX = f"lintel:{DATABASES['default']['NAME']}:"

# --- Celery

CELERY_BROKER_URL = (
    addresses.redis_url.replace("unix://", "redis+socket://", 1)
    if addresses.redis_url.startswith("unix://")
    else addresses.redis_url
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": REDIS_PREFIX,
    # Seconds after which an unacknowledged message is given to another worker. The rescuer is
    # faster; this is for messages whose capture it has already closed.
    "visibility_timeout": 60,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"attendance.decide": {"queue": "captures"}}
# One capture at a time for each process: a door should not wait behind another's burst.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
# Celery ends a process that takes the place of another and is not ready after 4 s, and starts the
# next: where loading a large gallery or network takes longer, that would go on for ever.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 120
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "rescue captures": {"task": "attendance.rescue", "schedule": timedelta(seconds=2)},
    # Apart from the rescuer, which must not wait for a mail server.
    "alarm mails": {"task": "attendance.mail_alarms", "schedule": timedelta(seconds=5)},
    "nightly reports": {"task": "attendance.reports", "schedule": timedelta(minutes=1)},
    "PIN counters": {
        "task": "attendance.forget_pin_counters",
        "schedule": timedelta(hours=1),
    },
    "faces no longer kept": {"task": "attendance.forget_faces", "schedule": timedelta(hours=1)},
    # Begun by a switch of engine itself; this takes up what a restart has cut off.
    "kept faces": {"task": "attendance.embed_kept_faces", "schedule": timedelta(minutes=10)},
}

# --- Language, time, files

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "attendance" / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = "config.formats"
USE_TZ = True
# Django's own zone is UTC; a site's zone is applied where a time is shown.
TIME_ZONE = "UTC"
SITE_TIME_ZONE = environment.site_time_zone
SITE_REPORT_TIME = environment.report_time

STATIC_URL = "/static/"
# Built from the checkout, so it belongs to it and not to an installation's state.
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"},
}

# --- Security

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "live"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# Frames and enrolment pictures stay in memory and never become temporary files; the request's
# size is bounded before it is read (attendance.api.body_limit).
FILE_UPLOAD_MAX_MEMORY_SIZE = defaults.MAX_UPLOAD_BODY_BYTES
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 100
CAPTURES_PER_MINUTE = defaults.CAPTURES_PER_MINUTE
PIN_COST = defaults.PIN_COST

# --- Mail

DEFAULT_FROM_EMAIL = "lintel@localhost"
if environment.email_url is None:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"
else:
    _mail = urlsplit(environment.email_url.get_secret_value())
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname or ""
    EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 25)
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = _mail.scheme == "smtp" and EMAIL_PORT == 587
    EMAIL_TIMEOUT = 10
    if _mail.username and "@" in unquote(_mail.username):
        DEFAULT_FROM_EMAIL = unquote(_mail.username)

# --- Logs: one line each, with the capture's id where there is one

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "capture": {"()": "attendance.logs.CaptureFilter"},
        "not_ready": {"()": "attendance.logs.NotReadyFilter"},
    },
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(capture)s] %(message)s"}
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["capture"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "propagate": False},
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"filters": ["not_ready"]},
        "httpx": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
    },
}

TEST_RUNNER = "config.test_runner.PytestRunner"

# --- Console

UNFOLD = {
    "SITE_TITLE": "Lintel",
    "SITE_HEADER": "Lintel",
    "SITE_SUBHEADER": _("Attendance and access"),
    "SITE_URL": "/",
    "SITE_ICON": lambda request: static("lintel.svg"),
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("lintel.svg")}
    ],
    "COLORS": {
        # The teal of the mark, from light to dark.
        "primary": {
            "50": "#f0fdfa",
            "100": "#ccfbf1",
            "200": "#99f6e4",
            "300": "#5eead4",
            "400": "#2dd4bf",
            "500": "#14b8a6",
            "600": "#0f766e",
            "700": "#115e59",
            "800": "#134e4a",
            "900": "#113f3c",
            "950": "#042f2e",
        }
    },
    "SHOW_LANGUAGES": True,
    "SCRIPTS": [lambda request: static("console.js")],
    "STYLES": [lambda request: static("console.css")],
    "SIDEBAR": {
        "show_search": False,
        "navigation": navigation(),
    },
}
