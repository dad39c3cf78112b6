"""All settings of the clinic: from the environment, checked here at start-up; each refusal says how to set it.

| variable | what | without it |
|---|---|---|
| SEXTANT_DATA_DIR | folder of the database, the key and the write lock | `~/.local/share/sextant` |
| SEXTANT_DATABASE_URL | `postgres://user:password@host:5432/name` | SQLite in the data folder |
| SEXTANT_SECRET_KEY_FILE | file of the key that signs sessions, made at first start | `secret-key` in the data folder |
| SEXTANT_ALLOWED_HOSTS | names that the clinic is reached by, with commas | this machine alone |
| SEXTANT_TIME_ZONE | the clinic's zone, such as `America/Chicago` | `UTC` |
| SEXTANT_HTTPS | `1`: served over TLS alone; `0`: this machine alone | `1`, in the demo `0` |
| SEXTANT_DEMO | `1`: a made-up clinic, and each page says so | `0` |
"""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from sextant.clinic.database import database_settings


def _text(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def _switch(name: str, default: str) -> bool:
    value = _text(name, default)
    if value not in {"0", "1"}:
        raise ImproperlyConfigured(f"{name} is {value!r}. Write 1 for yes or 0 for no.")
    return value == "1"


def _data_dir() -> Path:
    folder = Path(_text("SEXTANT_DATA_DIR", "~/.local/share/sextant")).expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data folder {folder} cannot be made ({error.strerror}). "
            "Set SEXTANT_DATA_DIR to a folder that this user may write to."
        ) from None
    return folder


def _secret_key(file: Path) -> str:
    """The key in the file; made, readable by this user alone, where there is none yet."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as new:
            new.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    except OSError as error:
        raise ImproperlyConfigured(
            f"The key file {file} cannot be made ({error.strerror}). Set SEXTANT_SECRET_KEY_FILE to a file that can."
        ) from None
    key = file.read_text(encoding="ascii").strip()
    if len(key) < 50:
        raise ImproperlyConfigured(
            f"The key in {file} is shorter than 50 characters. Remove the file and start again: "
            "a new key is made, and everybody signs in once more."
        )
    return key


def _time_zone() -> str:
    name = _text("SEXTANT_TIME_ZONE", "UTC")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ImproperlyConfigured(
            f"SEXTANT_TIME_ZONE is {name!r}, which is no time zone known here. Write one such as America/Chicago."
        ) from None
    return name


DATA_DIR = _data_dir()
DEMO = _switch("SEXTANT_DEMO", "0")
HTTPS = _switch("SEXTANT_HTTPS", "0" if DEMO else "1")
SECRET_KEY = _secret_key(Path(_text("SEXTANT_SECRET_KEY_FILE", str(DATA_DIR / "secret-key"))).expanduser())
ALLOWED_HOSTS = [host.strip() for host in _text("SEXTANT_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")]
DATABASES = {"default": database_settings(DATA_DIR, _text("SEXTANT_DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DEBUG = False

# Stored in UTC, shown in the clinic's zone.
USE_TZ = True
TIME_ZONE = _time_zone()
LANGUAGE_CODE = "en"
USE_I18N = False

INSTALLED_APPS = [
    "sextant.clinic",  # before allauth: its pages replace those of allauth
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sextant.clinic.caching.keep_nothing",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "sextant.clinic.urls"
WSGI_APPLICATION = "sextant.clinic.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
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

# Read straight from the installed packages, so that nobody has to collect them first.
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True

# Who signs in
AUTH_USER_MODEL = "clinic.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "sextant.clinic.sign_in.StaffAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Wrong passwords are counted by axes alone: two counters would give two different answers.
ACCOUNT_RATE_LIMITS = {"login_failed": None}
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_VERBOSE = False

# A tablet left on a table signs itself out.
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# A bundle is read in memory and refused above its size by the importer; the forms need far less.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20

# Names, dates and scores never go into a log: messages of these loggers hold addresses, codes and counts alone.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "sextant.clinic.log_lines.WithoutContent",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "axes": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "sextant": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}

# What was just written down is said once; in the session and not in a cookie, which a browser keeps readable.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
