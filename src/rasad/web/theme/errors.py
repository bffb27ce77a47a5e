"""Pages for what goes wrong, in the language of the address. `rasad.web.urls` names them as its handlers."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the address carries something that is no filter, year or page."""
    with translation.override(_language(request)):
        return _page(
            request,
            400,
            _("This address cannot be read"),
            _said(exception) or _("A filter, a year or a page number in it is not one that exists."),
            _("Go back, or begin again from the first page."),
        )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing has this address in the release that is shown."""
    with translation.override(_language(request)):
        return _page(
            request,
            404,
            _("There is nothing at this address"),
            _("The line, supplier or page is not in the release that is shown."),
            _("Releases are numbered: what has left a later one can be found in an earlier one."),
        )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the account's roles do not reach so far."""
    with translation.override(_language(request)):
        return _page(
            request,
            403,
            _("This is not open to you"),
            _("None of your roles allows it."),
            _("Ask the administrator of the site for the role, if your work needs it."),
        )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of the program; no figure is shown rather than a doubtful one."""
    with translation.override(_language(request)):
        return _page(
            request,
            500,
            _("This page could not be made"),
            _("The fault is ours, and it has been recorded. No figure is shown rather than a doubtful one."),
            _("Please try again in a moment."),
        )


def _said(exception: Exception | None) -> str:
    """What a view says of the address; other exceptions speak of the program's inside and are not shown."""
    return str(exception) if isinstance(exception, BadRequest) else ""


def _language(request: HttpRequest) -> str:
    return "en" if request.path.startswith("/en/") or request.path == "/en" else "fa"


def _page(request: HttpRequest, status: int, title: str, text: str, hint: str) -> HttpResponse:
    context = {
        "code": status,
        "title": title,
        "text": text,
        "hint": hint,
        "home_url": f"/{_language(request)}/",
    }
    return render(request, "theme/error.html", context, status=status)
