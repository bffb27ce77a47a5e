"""The glossary: every term that heads a column or a figure, in both languages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from rasad.release.reader import Release
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame, lang
from rasad.web.theme import terms


@page
def glossary(request: HttpRequest, release: Release) -> HttpResponse:
    """Show every term, in groups, each with its name in the other language and an address of its own."""
    known = terms.by_id(lang())
    groups = [
        {
            "id": f"terms-{group.id}",
            "name": group.name,
            "terms": [{"term": term, "see": [known[id] for id in term.see]} for term in group.terms],
        }
        for group in terms.groups(lang())
    ]
    context = frame(request, release, "")
    context |= {"groups": groups, "other": "en" if lang() == "fa" else "fa", "count": len(known)}
    return TemplateResponse(request, "portal/glossary.html", context)
