"""The page after signing in again: what was sent meanwhile, to be looked at in its form or sent as it is."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from rasad.web.workbench import kept
from rasad.web.workbench.allowed import allowed

HIDDEN = 120
"""Characters of a value that the page shows."""


@never_cache
@allowed("home.read")
def shown(request: HttpRequest, key: str) -> HttpResponse:
    """Show what was kept; it stays for a day, for sending it twice is seen by the version that it was written for."""
    found = kept.find(request, key)
    if found is None:
        raise Http404(_("What was kept is not there any more."))
    texts = [
        (name, value[:HIDDEN])
        for name, value in found.pairs
        if value.strip() and not name.startswith("_") and name not in ("seen", "next")
    ]
    return render(request, "workbench/kept.html", {"kept": found, "texts": texts, "key": key})
