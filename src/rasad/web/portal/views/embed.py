"""Embeds: a chart with its table and source line in a frame of a newspaper's page, pinned to the release it was made from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from csp.decorators import csp_replace, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from rasad.release.reader import Filters, Release
from rasad.web.portal.current import live, page, pinned
from rasad.web.portal.drawing import groups_chart
from rasad.web.portal.frame import city_name, frame, lang
from rasad.web.portal.framed import ROWS, Shown, compared, shared
from rasad.web.portal.query import IN_TIME, Query, changed, one_of, read, value_of, without
from rasad.web.portal.scope import grouping, scope, scope_of
from rasad.web.portal.sharing import others
from rasad.web.portal.tables import breakdown_rows, breakdown_table
from rasad.web.portal.views import home
from rasad.web.portal.views.money import shares_withheld
from rasad.web.theme import labels
from rasad.web.theme.parts import Field, Option

HEIGHTS = {"money": 700, "years": 640, "compare": 760, "share": 660}
"""Height of the frame in pixels at the width of a newspaper's column, by what is shown."""


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@pinned
def embed(request: HttpRequest, release: Release, what: str) -> HttpResponse:
    """Show one chart with its table and where it comes from, for another site's frame."""
    scheme = _scheme(request)
    shown = _shown(request, release, what)
    newest = live()
    newer = newest if newest is not None and newest.number != release.number else None
    context = {
        **frame(request, release, ""),
        "shown": shown,
        "scheme": scheme,
        "city": city_name(release),
        "built": str(release.manifest["created_at"])[:10],
        "page_url": request.build_absolute_uri(shown.url),
        "newer": newer,
        "newer_url": changed(request.GET, release=newer.number, scheme=scheme or None) if newer else "",
    }
    response = render(request, "portal/embed.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response


@csp_update({"frame-src": ["'self'"]})
@page
def how(request: HttpRequest, release: Release, what: str) -> HttpResponse:
    """Show what to copy into another site's page, beside how it will look there."""
    scheme = _scheme(request)
    shown = _shown(request, release, what)
    number = value_of(request.GET, "release") or str(release.number)
    address = reverse("portal:embed", args=[what]) + changed(
        request.GET, release=number, scheme=scheme or None
    )
    context = frame(request, release, "")
    context |= {
        "shown": shown,
        "what": what,
        "fields": [Field("scheme", _("Light or dark"), scheme, [Option(*one) for one in schemes().items()])],
        "keep": request.GET.dict(),
        "src": address,
        "absolute": request.build_absolute_uri(address),
        "page_url": request.build_absolute_uri(shown.url),
        "height": HEIGHTS[what],
        "city": city_name(release),
        "frame_title": f"{shown.title}: {shown.scope}",
    }
    return render(request, "portal/embed_how.html", context)


def schemes() -> dict[str, str]:
    """Return how a frame may be lit, by the value that its address has."""
    return {"": _("as the reader's device is"), "light": _("always light"), "dark": _("always dark")}


def _scheme(request: HttpRequest) -> str:
    """Return the light that the address asks for, and take it out of the request: it says nothing of the figures. BadRequest where it is none."""
    scheme = one_of("scheme", value_of(request.GET, "scheme"), schemes())
    query = request.GET.copy()
    query.pop("scheme", None)
    request.GET = query  # type: ignore[assignment]
    return scheme


def _shown(request: HttpRequest, release: Release, what: str) -> Shown:
    show = {"money": _money, "years": _years, "compare": compared, "share": shared}.get(what)
    if show is None:
        raise Http404
    return show(request, release)


def _money(request: HttpRequest, release: Release) -> Shown:
    query = replace(read(request.GET, release), view="groups")
    order = "key" if query.by in IN_TIME else "-amount"
    found = release.breakdown(query.by, query.filters, order=order, limit=ROWS)
    hidden = shares_withheld(query, release)
    rest_amount = (found.total_amount or 0) - sum(row.amount for row in found.rows)
    rest_lines = found.total_lines - sum(row.lines for row in found.rows)
    if hidden:
        found = replace(found, rows=[replace(row, share=None) for row in found.rows])
    url = reverse("portal:money") + without(request.GET, "release")
    rows = breakdown_rows(found, release, lambda key: _followed(query, request, key))
    drawn = [{**row, "url": ""} for row in rows]
    if found.groups > len(found.rows) and found.total_amount is not None:
        share = None if hidden or not found.total_amount else rest_amount / found.total_amount
        rows.append(_rest(found.groups - len(found.rows), rest_amount, rest_lines, share))
    return Shown(
        title=_heading(query),
        scope=scope(query, release),
        url=url,
        table=breakdown_table(found, rows, id="groups", caption=grouping(query), hidden=True),
        chart=groups_chart(query, release, drawn, found.groups, id="chart"),
        withheld=_(
            "More than 10 percent of all money is of unknown class. Shares among IT could turn over once it is known, so only amounts are shown."
        )
        if hidden
        else "",
    )


def _heading(query: Query) -> str:
    whose = _("IT money") if query.filters.it_only else _("Money")
    return f"{whose}، {grouping(query)}" if lang() == "fa" else f"{whose} {grouping(query).lower()}"


def _followed(query: Query, request: HttpRequest, key: str) -> str:
    """Return where a group leads: the explorer's own page, outside the frame."""
    if not key:
        return ""
    if query.by == "supplier":
        return reverse("portal:supplier", args=[key])
    name = "year" if query.by == "fiscal_year" else query.by
    return reverse("portal:money") + changed(
        request.GET, **{name: key, "release": None, "view": "lines", "by": None}
    )


def _rest(groups: int, amount: int, lines: int, share: float | None) -> dict[str, Any]:
    return {
        "key": "", "name": others(groups), "code": "", "cls": "", "amount": amount, "each": None, "share": share,
        "lines": lines, "url": "",
    }  # fmt: skip


def _years(request: HttpRequest, release: Release) -> Shown:
    """Return IT money by class over the years, as the first page has it."""
    stage = one_of("stage", value_of(request.GET, "stage") or str(release.defaults()[1]), labels.STAGES)
    found = home.years_of(release, stage)
    if found is None:
        raise Http404
    filters = Filters(stage=stage)
    return Shown(
        title=_("IT money and its hardware share, by year"),
        scope=scope_of(filters, release),
        url=reverse("portal:home"),
        table=found["table"],
        chart=found["chart"],
    )
