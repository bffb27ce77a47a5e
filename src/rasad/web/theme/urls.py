"""Addresses of the theme: the gallery of components, only while developing. To be put inside `i18n_patterns`."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from rasad.web.theme.gallery import gallery

urlpatterns: list[URLPattern] = [path("_gallery/", gallery, name="gallery")] if settings.DEBUG else []
