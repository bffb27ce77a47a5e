"""The picture of a page, for where its address is passed on. It is drawn from the very context that the page is written from."""

from __future__ import annotations

import copy

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import resolve

from rasad.release.reader import Release
from rasad.web.portal import pictures
from rasad.web.portal.current import page
from rasad.web.portal.frame import lang
from rasad.web.portal.preview import drawing_of


@page
def picture(request: HttpRequest, release: Release, of: str) -> HttpResponse:
    """Send the picture of the page at the address `of`, with the same filters; 404 where that page has none or is not there."""
    path = f"/{lang()}/{of}"
    match = resolve(path)
    if match.namespace != "portal" or not pictures.has_card(match.url_name or ""):
        raise Http404
    asked = copy.copy(request)
    asked.path = asked.path_info = path
    asked.resolver_match = match
    response = match.func(asked, *match.args, **match.kwargs)
    card = (response.context_data or {}).get("card") if isinstance(response, TemplateResponse) else None
    if card is None:
        raise Http404
    try:
        content = pictures.png(drawing_of(card, release))
    except pictures.Busy:
        return HttpResponse(status=503, headers={"Retry-After": "10"})
    return HttpResponse(content, content_type="image/png")
