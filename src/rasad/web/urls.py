"""Addresses of the site: every page under its language, /fa/ or /en/."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

handler400 = "rasad.web.theme.errors.bad_request"
handler404 = "rasad.web.theme.errors.not_found"
handler500 = "rasad.web.theme.errors.server_error"


def front_door(request: HttpRequest) -> HttpResponse:
    """Lead to the Persian home: the language of the city, not of the browser."""
    return redirect("/fa/")


urlpatterns = [
    path("", front_door),
    *i18n_patterns(path("", include("rasad.web.portal.urls"))),
]
if settings.DEBUG:
    urlpatterns += i18n_patterns(path("", include("rasad.web.theme.urls")))
