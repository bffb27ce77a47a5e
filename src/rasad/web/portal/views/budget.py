"""Budget against execution: stages side by side, never added together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import STAGES, Filters, Release, StageRow
from rasad.web.portal.changes import here
from rasad.web.portal.choices import flow_field, unit_fields, year_field
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame
from rasad.web.portal.query import Query, changed, read, without
from rasad.web.portal.scope import by_name, scope
from rasad.web.portal.tables import dimension_name, download_links, group_name, pages_of
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Column, Field, Option, Stat, Table

ROWS = 40
"""Groups on a page: with every stage side by side, a row is wide."""
GROUPINGS = ("unit", "programme", "economic", "class", "mode", "nature", "fiscal_year")
ORDERS = ("-final", *(f"{sign}{key}" for key in (*STAGES, "absorption", "name") for sign in ("", "-")))


@page
def budget(request: HttpRequest, release: Release) -> HttpResponse:
    """Show each group at every stage of the budget, and how much of it was paid."""
    query = read_query(request, release)
    stages = stages_shown(query.filters, release)
    every = ordered_rows(query, release)
    pages = pages_of(request.GET, query.number, len(every), size=ROWS)
    shown = every[(query.number - 1) * ROWS : query.number * ROWS]
    rows = [_row(row, query, stages, release, request) for row in shown]
    context = frame(request, release, "budget")
    context |= {
        "fields": _fields(query, release),
        "keep": {name: value for name, value in query.given.items() if name in ("class", "economic", "mode")},
        "stats": _stats(query, release, every, stages),
        "table": _table(rows, query, stages, every, release.currency),
        "pages": pages,
        "downloads": download_links("budget", without(request.GET)),
        "scope": scope(query, release),
        "grouping": by_name(query.by),
        "clear_url": reverse("portal:budget"),
    }
    context |= here(release, request.GET, shown=[replace(query.filters, book=query.filters.book or "budget")])
    return TemplateResponse(request, "portal/budget.html", context)


def read_query(request: HttpRequest, release: Release) -> Query:
    """Return what the address asks for of the budget's report."""
    return read(request.GET, release, by="unit", dimensions=GROUPINGS, orders=ORDERS, stage=False)


def ordered_rows(query: Query, release: Release) -> list[StageRow]:
    """Return every group in the order asked for; a group without the figure comes last either way."""
    rows = release.stages(query.by, query.filters, limit=0)
    key, down = query.order.lstrip("-"), query.order.startswith("-")
    if key == "name":
        return sorted(rows, key=lambda row: group_name(query.by, row.key, row.label, release), reverse=down)

    def figure(row: StageRow) -> float | None:
        return absorption(row.amounts) if key == "absorption" else row.amounts.get(key)

    known = [row for row in rows if figure(row) is not None]
    known.sort(key=lambda row: figure(row) or 0, reverse=down)
    return known + [row for row in rows if figure(row) is None]


def stages_shown(filters: Filters, release: Release) -> list[str]:
    """Return the stages that the budget's report has, in their order."""
    book = filters.book or "budget"
    there = {
        c.stage
        for c in release.coverage()
        if c.flow == filters.flow and c.book == book and filters.year in (None, c.year)
    }
    return [stage for stage in STAGES if stage in there]


def totals(rows: list[StageRow]) -> dict[str, int]:
    """Return stage → the sum over all groups of that stage."""
    found: dict[str, int] = {}
    for row in rows:
        for stage, amount in row.amounts.items():
            found[stage] = found.get(stage, 0) + amount
    return found


def execution(amounts: dict[str, int]) -> str:
    """Return the last stage of execution that a report has: paid, else recognised; "" without both."""
    return next((stage for stage in ("paid", "recognised") if stage in amounts), "")


def absorption(amounts: dict[str, int]) -> float | None:
    """Return paid ÷ final budget (recognised ÷ final where the report has no payments); None without both."""
    final, done = amounts.get("final"), execution(amounts)
    return amounts[done] / final if final and done else None


def _row(
    row: StageRow, query: Query, stages: list[str], release: Release, request: HttpRequest
) -> dict[str, Any]:
    name = {"fiscal_year": "year"}.get(query.by, query.by)
    deeper = "economic" if query.by != "economic" else "unit"
    return {
        "name": group_name(query.by, row.key, row.label, release),
        "cls": row.key,
        "code": row.key if query.by in ("unit", "programme", "economic") and row.key != row.label else "",
        "url": changed(request.GET, **{name: row.key, "by": deeper, "order": None}) if row.key else "",
        **{stage: row.amounts.get(stage) for stage in stages},
        "absorption": absorption(row.amounts),
    }


def _table(
    rows: list[dict[str, Any]], query: Query, stages: list[str], every: list[StageRow], currency: str
) -> Table:
    sums = totals(every)
    name = dimension_name(query.by)
    first = (
        Column("cls", name, "class", link="url", sort="name")
        if query.by == "class"
        else Column("name", name, link="url", note="code", sort="name")
    )
    # One unit for all stages, so that they can be compared along a row.
    unit = show.column_unit([amount for row in every for amount in row.amounts.values()], currency)
    columns = [
        first,
        *(
            Column(stage, labels.label(labels.STAGES, stage), "money", sort=stage, unit=unit)
            for stage in stages
        ),
    ]
    if absorption(sums) is not None:
        columns.append(Column("absorption", _("Absorption"), "share", sort="absorption"))
    return Table(
        id="stages",
        caption=_("Budget and execution, each stage by itself"),
        columns=columns,
        rows=rows,
        total={**{stage: sums.get(stage) for stage in stages}, "absorption": absorption(sums)},
        order=query.order,
        caption_hidden=True,
    )


def _stats(query: Query, release: Release, every: list[StageRow], stages: list[str]) -> list[Stat]:
    sums = totals(every)
    stats = [
        Stat(labels.label(labels.STAGES, stage), amount=sums.get(stage))
        for stage in ("initial", "final", "recognised", "paid")
        if stage in stages and stage in sums
    ]
    done = execution(sums)
    if absorption(sums) is not None:
        note = _("%(stage)s ÷ final budget") % {"stage": labels.label(labels.STAGES, done)}
        stats.append(Stat(_("Absorption"), share=absorption(sums), note=note))
    ledger = _ledger(query, release)
    if ledger is not None:
        stats.append(
            Stat(
                _("In the payments ledger"),
                amount=ledger,
                note=_("another book of the same money; not added to the budget's report"),
                link=f"{reverse('portal:money')}?year={query.filters.year}&stage=paid&book=payments",
            )
        )
    return stats


def _ledger(query: Query, release: Release) -> int | None:
    """Return what the payments ledger has for the same year, where nothing narrows the page down further."""
    filters = query.filters
    if filters.year is None or query.given.keys() - {"year", "flow"}:
        return None
    paid = [
        c.amount
        for c in release.coverage()
        if (c.flow, c.book, c.year, c.stage) == (filters.flow, "payments", filters.year, "paid")
    ]
    return sum(paid) if paid else None


def _fields(query: Query, release: Release) -> list[Field]:
    options = [Option(name, dimension_name(name)) for name in GROUPINGS]
    return [
        Field("by", _("Group by"), query.by, options),
        year_field(query, release),
        *flow_field(query, release),
        *unit_fields(query, release),
        Field("it", _("IT spending only"), "1" if query.filters.it_only else "", kind="tick"),
    ]
