"""Addresses of the workbench's own site: every page under its language, /fa/ or /en/."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

handler400 = "rasad.web.theme.errors.bad_request"
handler403 = "rasad.web.theme.errors.forbidden"
handler404 = "rasad.web.theme.errors.not_found"
handler500 = "rasad.web.theme.errors.server_error"


def front_door(request: HttpRequest) -> HttpResponse:
    """Lead to the home page in the language of the account, Persian otherwise."""
    language = getattr(request.user, "language", "fa")
    return redirect(f"/{language}/")


urlpatterns = [
    path("", front_door),
    *i18n_patterns(path("accounts/", include("allauth.urls"))),
]
