"""Settings of a site that has the theme and nothing else: the theme must stand without a portal."""

from rasad.web.settings import *  # noqa: F403

DEBUG = True
ROOT_URLCONF = "theme_urls"
INSTALLED_APPS = ["django.contrib.staticfiles", "rasad.web.theme"]
