"""A supplier: what it was paid, by year and class, its contracts and lines."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import Filters, Release
from rasad.web.portal.changes import here
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.query import page_number
from rasad.web.portal.scope import scope_of
from rasad.web.portal.tables import (
    breakdown_rows,
    breakdown_table,
    contracts_table,
    download_links,
    lines_table,
    pages_of,
)
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Fact, Stat
from rasad.web.theme.site import Link

LINES = 25


@page
def supplier(request: HttpRequest, release: Release, key: str) -> HttpResponse:
    """Show a supplier over all years at the stage its lines have; 404 where there is none such."""
    found = release.supplier(key)
    if found is None:
        raise Http404
    number = page_number(request.GET)
    filters = Filters(supplier=key, stage=release.defaults()[1])
    if found.lines and filters.stage and not release.total(filters)[1]:
        # A supplier known from another stage only, or from contracts.
        stages = [row.key for row in release.breakdown("stage", replace(filters, stage=None)).rows]
        filters = replace(filters, stage=stages[0] if stages else filters.stage)
    amount, lines = release.total(filters) if filters.stage else (0, 0)
    name = _("Natural persons, together") if found.is_person else found.name or key
    money = f"{reverse('portal:money')}?supplier={quote(key, safe='')}&stage={filters.stage}"
    years = release.breakdown("fiscal_year", filters, order="key")
    classes = release.breakdown("class", filters)
    units = release.breakdown("unit", filters, limit=10)
    contracts = release.contracts(supplier=key, limit=20)
    context = frame(request, release, "money")
    context |= {
        "supplier": found,
        "title": name,
        "crumbs": [
            Link(_("Money"), reverse("portal:money")),
            Link(_("Suppliers"), f"{reverse('portal:money')}?by=supplier"),
            Link(name, "", True),
        ],
        "facts": [
            Fact(_("Valid identifier"), found.supplier_id, "code"),
            Fact(_("Recognised by"), kind_name(found.kind)),
        ]
        if not found.is_person
        else [],
        "stats": [
            Stat(
                labels.label(labels.STAGES, filters.stage),
                amount=amount,
                note=_years_text([row.key for row in years.rows]),
            ),
            Stat(_("Lines"), number=lines),
            Stat(_("Units"), number=units.groups),
        ],
        "years": breakdown_table(
            years,
            breakdown_rows(years, release, lambda k: f"{money}&year={k}&view=lines"),
            id="by-year",
            caption=_("By fiscal year"),
        ),
        "classes": breakdown_table(
            classes,
            breakdown_rows(classes, release, lambda k: f"{money}&year=all&class={k}&view=lines"),
            id="by-class",
            caption=_("By class"),
        ),
        "units": breakdown_table(
            units,
            breakdown_rows(
                units, release, lambda k: f"{money}&year=all&unit={quote(k, safe='')}&view=lines" if k else ""
            ),
            id="by-unit",
            caption=_("By unit"),
        ),
        "lines": lines_table(
            release.lines(filters, limit=LINES, offset=(number - 1) * LINES, listed=True),
            id="lines",
            caption=_("Lines, the largest first"),
            supplier=False,
        ),
        "pages": pages_of(request.GET, number, lines, size=LINES),
        "contracts": contracts_table(
            contracts, caption=_("Contracts, the largest first (what was agreed, not what was paid)")
        )
        if contracts
        else None,
        "all_url": f"{money}&year=all&view=lines",
        "downloads": download_links(
            "money", f"?supplier={quote(key, safe='')}&stage={filters.stage}&year=all&view=lines"
        ),
        "scope": scope_of(filters, release),
        **here(release, {"supplier": key}),
    }
    return TemplateResponse(request, "portal/supplier.html", context)


def kind_name(kind: str) -> str:
    """Return how a supplier was recognised, in the page's language."""
    return {
        "ir_legal": _("national id of a legal entity, check digit valid"),
        "es_nif": _("Spanish tax id, check digit valid"),
        "eu_vat": _("European VAT id, check digits valid"),
        "local": _("the source's own number"),
        "name": _("its name alone: other spellings may stand apart"),
        "person": _("withheld"),
    }.get(kind, kind)


def _years_text(years: list[str]) -> str:
    known = [year for year in years if year]
    if not known:
        return ""
    first, last = show.digits_of(known[0], lang()), show.digits_of(known[-1], lang())
    return (
        _("fiscal year %(year)s") % {"year": first}
        if first == last
        else _("fiscal years %(first)s to %(last)s together") % {"first": first, "last": last}
    )
