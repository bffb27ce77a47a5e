"""Settings of the site, all from the environment.

RASAD_RELEASES   folder of releases that the portal serves (needed to serve, not to build or test)
RASAD_SECRET_KEY secret of the site; made anew at every start when absent (the portal keeps no sessions)
RASAD_HOSTS      host names, comma-separated (default: localhost,127.0.0.1,[::1])
RASAD_HTTPS      1 where the site is reached by HTTPS, through a proxy that says so in X-Forwarded-Proto: absolute addresses then
                 begin with https, and cookies go no other way
RASAD_DEBUG      1 for development

RASAD_SITE       which site this process is: portal (default) or workbench. The portal has no database and knows no accounts.
For the workbench also:
RASAD_HOME       folder of the city's files
RASAD_DATABASE   sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME (default: workspace.sqlite3 in the home)
RASAD_SECRET_KEY must be given, or stand in the file secret-key of the home, where `rasad init` writes it
RASAD_EMAIL      smtp://USER:PASSWORD@HOST:587 (STARTTLS) or smtps://USER:PASSWORD@HOST:465; letters are written to the home's folder `letters` when absent
RASAD_EMAIL_FROM address that letters come from (default: the mail server's user)
RASAD_PROXIES    how many proxies stand in front of the site (default: 0); needed to know who fails to sign in
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent.parent
SITES = ("portal", "workbench")
SITE = os.environ.get("RASAD_SITE", "portal")
if SITE not in SITES:
    raise ImproperlyConfigured(f"RASAD_SITE is {SITE!r}; it may be: {', '.join(SITES)}")

DEBUG = os.environ.get("RASAD_DEBUG") == "1"
SECRET_KEY = os.environ.get("RASAD_SECRET_KEY") or secrets.token_urlsafe(48)
ALLOWED_HOSTS = os.environ.get("RASAD_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
RASAD_RELEASES = os.environ.get("RASAD_RELEASES", "")
HTTPS = os.environ.get("RASAD_HTTPS") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

ROOT_URLCONF = "rasad.web.urls"
WSGI_APPLICATION = "rasad.web.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "rasad.web.theme",
    "rasad.web.portal",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

# The portal reads a release and nothing else: it has no database at all.
DATABASES: dict[str, dict[str, Any]] = {}

LANGUAGE_CODE = "fa"
LANGUAGES = [("fa", "فارسی"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tehran"

STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("RASAD_STATIC", "")
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
# The front-end build names its files by their hash, so they never change under their name.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/dist/.+-[0-9A-Z]{8}\.\w+$"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
# A fault is said on standard error, where whatever runs the site keeps it; nothing is mailed.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "rasad": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

if SITE == "workbench":
    from rasad.web.workbench.configure import database, letters, secret_key

    HOME = Path(os.environ.get("RASAD_HOME", "workspace"))
    SECRET_KEY = secret_key(HOME, debug=DEBUG)
    DATABASES = {"default": database(os.environ.get("RASAD_DATABASE", ""), HOME)}
    ROOT_URLCONF = "rasad.web.workbench.root"
    INSTALLED_APPS = [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "django.contrib.humanize",
        # Before allauth: its pages are shown by our own templates.
        "rasad.records",
        "rasad.web.theme",
        "rasad.web.workbench",
        "allauth",
        "allauth.account",
        "allauth.mfa",
        "allauth.usersessions",
    ]
    MIDDLEWARE = [
        "django.middleware.security.SecurityMiddleware",
        "csp.middleware.CSPMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "allauth.account.middleware.AccountMiddleware",
        "rasad.web.workbench.activity.Activity",
        "rasad.web.workbench.frame.OwnSite",
    ]
    TEMPLATES[0]["OPTIONS"] = {
        "context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
            "rasad.web.workbench.frame.frame",
        ]
    }
    AUTH_USER_MODEL = "records.Account"
    AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    AUTH_PASSWORD_VALIDATORS = [
        {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
        {
            "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
            "OPTIONS": {"min_length": 12},
        },
        {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
        {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    ]
    DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
    CSRF_FAILURE_VIEW = "rasad.web.workbench.errors.no_longer_safe"
    LOGIN_URL = "account_login"
    LOGIN_REDIRECT_URL = "/"
    # Accounts come by invitation alone.
    ACCOUNT_ADAPTER = "rasad.web.workbench.accounts.Invited"
    ACCOUNT_USER_MODEL_USERNAME_FIELD = None
    ACCOUNT_LOGIN_METHODS = {"email"}
    ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
    ACCOUNT_EMAIL_VERIFICATION = "none"
    ACCOUNT_SESSION_REMEMBER = False
    ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/15m/key"}
    ACCOUNT_REAUTHENTICATION_REQUIRED = True
    # Asked right before what protects an account is changed, also just after signing in: a session left open must not be enough for it.
    ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
    ACCOUNT_EMAIL_NOTIFICATIONS = True
    ACCOUNT_EMAIL_SUBJECT_PREFIX = "رصد: "
    # Whether an address has an account is told to nobody, and nobody without one is written to.
    ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
    # An account begins with a link in a letter, so its address is known to be read.
    MFA_ALLOW_UNVERIFIED_EMAIL = True
    MFA_ADAPTER = "rasad.web.workbench.accounts.SecondFactor"
    MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
    MFA_PASSKEY_LOGIN_ENABLED = True
    MFA_TOTP_ISSUER = "Rasad"
    SESSION_COOKIE_AGE = 12 * 3600
    SESSION_COOKIE_SAMESITE = "Lax"
    CSRF_COOKIE_SAMESITE = "Lax"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
    # Keys are bound to the site's name by the browser; where HTTPS is, its origin is compared as well.
    MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
    if HTTPS:
        SECURE_HSTS_SECONDS = 365 * 24 * 3600
    # How many proxies stand in front: the address of whoever fails to sign in is the one that the outermost of them saw.
    ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("RASAD_PROXIES", "0"))
    POST = letters(os.environ.get("RASAD_EMAIL", ""), HOME)
    EMAIL_BACKEND, EMAIL_FILE_PATH = POST.backend, POST.folder
    EMAIL_HOST, EMAIL_PORT, EMAIL_USE_TLS, EMAIL_USE_SSL = POST.host, POST.port, POST.tls, POST.ssl
    EMAIL_TIMEOUT = 15
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = POST.user, POST.password
    DEFAULT_FROM_EMAIL = os.environ.get("RASAD_EMAIL_FROM") or POST.user or "rasad@localhost"
    # An upload never rests in memory as a whole; how large one may be is said by the import desk.
    FILE_UPLOAD_HANDLERS = ["rasad.web.workbench.uploading.Bounded"]
    DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
    DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
