"""Addresses of the workbench's own site: every page under its language, /fa/ or /en/."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from rasad.web.workbench.accounts import CLOSED
from rasad.web.workbench.allowed import open_to_all

handler400 = "rasad.web.theme.errors.bad_request"
handler403 = "rasad.web.workbench.errors.forbidden"
handler404 = "rasad.web.workbench.errors.not_found"
handler500 = "rasad.web.theme.errors.server_error"


@open_to_all("leads to the first page, which asks who it is")
def front_door(request: HttpRequest) -> HttpResponse:
    """Lead to the home page in the language of the account, Persian otherwise."""
    language = getattr(request.user, "language", "fa")
    return redirect(f"/{language}/")


urlpatterns = [
    path("", front_door),
    *i18n_patterns(
        path("accounts/", include([*CLOSED, path("", include("allauth.urls"))])),
        path("", include("rasad.web.workbench.urls")),
    ),
]
