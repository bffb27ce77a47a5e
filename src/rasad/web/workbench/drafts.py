"""Drafts that the browser keeps of forms that were not sent: the site tells it which of them arrived."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse

FIELD = "_draft"
"""The field in which a form sends the name that the browser gave to its draft."""
COOKIE = "rasad_sent"
NAME = re.compile(r"[0-9a-f]{8,32}")


def tell_what_was_sent(request: HttpRequest, response: HttpResponse) -> None:
    """Tell the browser that a form arrived, where the answer leads on: its draft can go. An answer that shows the form again keeps it."""
    name = request.POST.get(FIELD, "") if request.method == "POST" else ""
    if NAME.fullmatch(name) and response.status_code in (302, 303):
        # Read by the page's script, once; it holds nothing but the draft's own name.
        response.set_cookie(COOKIE, name, max_age=300, samesite="Lax", secure=request.is_secure())
