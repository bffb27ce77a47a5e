"""Pages for what goes wrong, in the workbench's frame."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from rasad.web.workbench import kept, labels
from rasad.web.workbench.holding import roles_of


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: none of the account's roles reaches so far."""
    held = labels.roles(roles_of(request))
    return _page(
        request,
        403,
        _("This is not open to you"),
        _("None of your roles allows it. You are: %(roles)s.") % {"roles": held}
        if held
        else _("You hold no role at present."),
        _("Ask the administrator of the site for the role, if your work needs it."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no record and no page has this address."""
    return _page(
        request,
        404,
        _("There is nothing at this address"),
        _("No record and no page has it. A code may have been written otherwise."),
        _("Begin again from the lists."),
    )


def no_longer_safe(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: what was sent does not carry this sign-in's mark, so nobody can tell that the person meant it.

    Where the browser says that the form was one of this site's own, it is kept and can be looked at again; nothing is ever sent from here.
    """
    mine = request.headers.get("Origin", "") == f"{request.scheme}://{request.get_host()}"
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    again = kept.keep(request) if mine and signed_in and request.POST else request.path
    return _page(
        request,
        403,
        _("This form is from before your last sign-in"),
        _("Nothing was changed, and what you wrote is not lost."),
        _("Look at it again, and send it from there."),
        again=again,
    )


def _page(
    request: HttpRequest, status: int, title: str, text: str, hint: str, again: str = ""
) -> HttpResponse:
    context = {"code": status, "title": title, "text": text, "hint": hint, "again": again}
    return render(request, "workbench/error.html", context, status=status)
