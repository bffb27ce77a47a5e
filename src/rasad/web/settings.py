"""Settings of the site, all from the environment.

RASAD_RELEASES   folder of releases that the portal serves (needed to serve, not to build or test)
RASAD_SECRET_KEY secret of the site; made anew at every start when absent (the portal keeps no sessions)
RASAD_HOSTS      host names, comma-separated (default: localhost,127.0.0.1,[::1])
RASAD_DEBUG      1 for development
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = os.environ.get("RASAD_DEBUG") == "1"
SECRET_KEY = os.environ.get("RASAD_SECRET_KEY") or secrets.token_urlsafe(48)
ALLOWED_HOSTS = os.environ.get("RASAD_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
RASAD_RELEASES = os.environ.get("RASAD_RELEASES", "")

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
DATABASES: dict[str, dict[str, str]] = {}

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
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
