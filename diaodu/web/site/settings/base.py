"""Settings shared by every way of running the desk. What differs comes from the environment:

DIAODU_HOME          folder for the database, uploads, runs and the key (default: ./var)
DIAODU_DATABASE_URL  postgresql://user:password@host:port/name?option=…
                     (default: SQLite in DIAODU_HOME)
DIAODU_HOME_ORG      id of the org whose desk this is (default: found in the tree)
DIAODU_HOSTS         names and addresses it answers to, separated by commas
DIAODU_ORIGINS       addresses (https://…) of a proxy before it, separated by commas
DIAODU_CLOCK_START   a demo's clock: the moment (ISO) that stands for DIAODU_CLOCK_AT (ISO, the
                     machine's own time)
DIAODU_ADDRESS       where people open the desk (https://…), for links in messages
DIAODU_EMAIL_URL     smtp://user:password@host:port, the same with ?starttls, or smtps://…:
                     reminders go by e-mail too
DIAODU_EMAIL_FROM    whom such an e-mail is from
DIAODU_WEBHOOK_URL   address of a group's robot: reminders go there too
DIAODU_WEBHOOK_KIND  wecom (企业微信, the default) or dingtalk (钉钉)
DIAODU_WEBHOOK_SECRET  钉钉's 加签, where the group asks for it
DIAODU_LETTER_WORD   first word of the numbers of letters (default: the home org's first character)
"""

from __future__ import annotations

import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, SELF

from diaodu.adapters.webhook_out import KINDS as ROBOT_KINDS
from diaodu.adapters.webhook_out import Robot

DIAODU_HOME = Path(os.environ.get("DIAODU_HOME", "var")).resolve()
DIAODU_HOME_ORG = os.environ.get("DIAODU_HOME_ORG", "")
SITE_FOLDER = Path(__file__).resolve().parents[1]


def _secret() -> str:
    """The desk's key: made once, kept beside the database, readable by its owner alone."""
    path = DIAODU_HOME / "secret.key"
    if not path.exists():
        DIAODU_HOME.mkdir(parents=True, exist_ok=True)
        try:
            with open(path, "x", opener=lambda p, f: os.open(p, f, 0o600)) as file:
                file.write(secrets.token_urlsafe(64))
        except FileExistsError:
            pass
    return path.read_text().strip()


def _database(url: str) -> dict[str, Any]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DIAODU_HOME / "desk.sqlite3",
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                    "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("DIAODU_DATABASE_URL 要以 postgresql:// 开头")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _clock_offset() -> timedelta:
    start = os.environ.get("DIAODU_CLOCK_START")
    at = os.environ.get("DIAODU_CLOCK_AT")
    if not start or not at:
        return timedelta(0)
    return datetime.fromisoformat(start) - datetime.fromisoformat(at)


def _robot() -> Robot:
    kind = os.environ.get("DIAODU_WEBHOOK_KIND", "wecom")
    for known in ROBOT_KINDS:
        if kind == known:
            url = os.environ.get("DIAODU_WEBHOOK_URL", "")
            return Robot(known, url, os.environ.get("DIAODU_WEBHOOK_SECRET", ""))
    raise ValueError(f"DIAODU_WEBHOOK_KIND 要是 {' 或 '.join(ROBOT_KINDS)}")


SECRET_KEY = _secret()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("DIAODU_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [one for one in os.environ.get("DIAODU_ORIGINS", "").split(",") if one]
CLOCK_OFFSET = _clock_offset()

INSTALLED_APPS = [
    "diaodu.web.site",
    "diaodu.web.bulletins",
    "diaodu.web.meetings",
    "diaodu.web.urging",
    "diaodu.web.duties",
    "diaodu.web.board",
    "diaodu.web.warnings",
    "diaodu.web.runs",
    "diaodu.web.intake",
    "diaodu.web.targets",
    "diaodu.web.figures",
    "diaodu.web.rulebooks",
    "diaodu.web.people",
    "diaodu.web.shared",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "diaodu.web.site.middleware.LimitMiddleware",
    "diaodu.web.site.middleware.PrivateMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "diaodu.web.site.middleware.DoorMiddleware",
    "diaodu.web.site.middleware.AccessMiddleware",
    "diaodu.web.site.middleware.TableMiddleware",
]

ROOT_URLCONF = "diaodu.web.site.urls"
WSGI_APPLICATION = "diaodu.web.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "diaodu.web.site.context.page",
            ],
        },
    }
]

DATABASES = {"default": _database(os.environ.get("DIAODU_DATABASE_URL", ""))}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
# Repeated jobs: dotted name → every how many seconds.
# The refresh finds nothing to do, but for a new day and for what a lost signal left behind.
DESK_SCHEDULE: dict[str, int] = {
    "runs.refresh": 300, "bulletins.expire": 6 * 3600, "urging.pass_day": 1800,
    "urging.deliver": 120, "warnings.judge": 120,
}  # fmt: skip

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "diaodu.web.shared.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "diaodu.web.shared.passwords.NotOnlyDigits"},
    {"NAME": "diaodu.web.shared.passwords.NotCommon"},
    {"NAME": "diaodu.web.shared.passwords.NotLikeTheUser"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "diaodu.web.site.accounts.Adapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
# So many wrong passwords in so many minutes lock a name for as long. The counters stand in the
# cache that all server processes share. An office sits behind one address: what is counted by
# address is wide.
LOCK_TRIES, LOCK_MINUTES = 5, 5
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": f"{LOCK_TRIES}/{LOCK_MINUTES}m/key,100/{LOCK_MINUTES}m/ip",
}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
MFA_ADAPTER = "diaodu.web.site.accounts.SecondStep"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# One step of 30 seconds before and after (RFC 6238 §6): nobody sets a telephone's clock by this
# server's, and a code read at the end of its step is typed in the next.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "activate_totp": "diaodu.web.site.second_step.Activate",
    "authenticate": "diaodu.web.site.second_step.Authenticate",
    "reauthenticate": "diaodu.web.site.second_step.Reauthenticate",
}

SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = False
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

_MAIL = urlsplit(os.environ.get("DIAODU_EMAIL_URL", ""))
if _MAIL.scheme not in ("", "smtp", "smtps"):
    raise ValueError("DIAODU_EMAIL_URL 要以 smtp:// 或 smtps:// 开头")
EMAIL_HOST = _MAIL.hostname or ""  # empty: no e-mail
EMAIL_PORT = _MAIL.port or (465 if _MAIL.scheme == "smtps" else 25)
EMAIL_HOST_USER = unquote(_MAIL.username or "")
EMAIL_HOST_PASSWORD = unquote(_MAIL.password or "")
EMAIL_USE_SSL = _MAIL.scheme == "smtps"
EMAIL_USE_TLS = _MAIL.query == "starttls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("DIAODU_EMAIL_FROM", "diaodu@localhost")
DIAODU_WEBHOOK = _robot()
DIAODU_ADDRESS = os.environ.get("DIAODU_ADDRESS", "").rstrip("/")
DIAODU_LETTER_WORD = os.environ.get("DIAODU_LETTER_WORD", "")

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DIAODU_HOME / "static"
STATICFILES_DIRS = [("vendor", SITE_FOLDER / "vendor")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = DIAODU_HOME / "files"
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
MOST_REQUEST_BYTES = 128 * 1024 * 1024  # an import of 120MB and what goes with it

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
