"""Records that fit what was typed so far into a field that names one: the browser offers them below the field."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from rasad.actions.register import model_of
from rasad.records.tables import BY_NAME
from rasad.web.workbench import naming
from rasad.web.workbench.allowed import allowed

LONGEST = 100
"""Characters that are sought."""


@allowed("records.read")
def offered(request: HttpRequest, noun: str) -> HttpResponse:
    """Return the records of a noun that hold every word of `q`, as texts that the field takes."""
    if noun not in BY_NAME:
        raise Http404
    found = naming.near(model_of(noun), request.GET.get("q", "")[:LONGEST])
    return JsonResponse({"offered": [naming.called(one) for one in found]})
