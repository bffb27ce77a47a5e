"""Addresses of a site that has the gallery and nothing else."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = i18n_patterns(path("", include("rasad.web.theme.urls")))
