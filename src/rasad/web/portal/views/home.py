"""Home: what was spent, on what, by whom, and how far the data goes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rasad.release.reader import CLASSES, IT_CLASSES, STAGES, Breakdown, Filters, Release
from rasad.web.portal.against import Against, against_year_before, compare_url
from rasad.web.portal.certainty import hardware_share, only_it, unknown_share, withheld
from rasad.web.portal.changes import here
from rasad.web.portal.current import page
from rasad.web.portal.frame import city_name, frame, lang
from rasad.web.portal.scope import by_name, scope_of
from rasad.web.portal.tables import (
    bar_chart,
    breakdown_rows,
    breakdown_table,
    dimension_name,
    per_resident,
    residents,
    years_chart,
)
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Column, Matrix, Stat, Table

TOP = 8
SPENT = ("recognised", "paid")
"""Stages at which money is spent; at the others it is planned or promised, and called so."""


@page
def home(request: HttpRequest, release: Release) -> HttpResponse:
    """Show the newest year at the city's main stage, IT spending first."""
    context = frame(request, release, "home")
    year, stage = release.defaults()
    if year is None or stage is None:
        return TemplateResponse(request, "portal/empty.html", context)
    filters = Filters(year=year, stage=stage)
    classes = release.breakdown("class", filters)
    before = against_year_before(release, filters)
    context |= {
        "title": _title(release, stage),
        "scope": scope_of(filters, release),
        "headline": _headline(classes, filters),
        "stats": _stats(release, classes, filters),
        "it": _by_class(classes, filters, release, before),
        "withheld": withheld(classes),
        "units": _top("unit", filters, release),
        "suppliers": _top("supplier", filters, release),
        "years": years_of(release, stage),
        "coverage": _coverage(release),
        "money_url": _money(filters, it="1"),
        "embed_url": _embed("money", year=str(year), stage=stage, it="1", by="class"),
        "embed_years_url": _embed("years", stage=stage),
        "before": before,
        "compare_url": compare_url(before, replace(filters, it_only=True)) if before else "",
        "note": release.city.get(f"note_{lang()}", ""),
        **here(release, {}, shown=[filters]),
    }
    return TemplateResponse(request, "portal/home.html", context)


def _title(release: Release, stage: str) -> str:
    city = {"city": city_name(release)}
    if stage in SPENT:
        return _("What %(city)s spent on technology") % city
    return _("What %(city)s planned for technology") % city


def _money(filters: Filters, **more: str) -> str:
    """Return the address of the money explorer for the page's year and stage."""
    query = {"year": str(filters.year), "stage": str(filters.stage), **more}
    return f"{reverse('portal:money')}?{urlencode(query)}"


def _embed(what: str, **query: str) -> str:
    """Return the address that tells how to embed a chart of the page."""
    return f"{reverse('portal:embed-how', args=[what])}?{urlencode(query)}"


def _headline(classes: Breakdown, filters: Filters) -> Stat:
    it, whole = only_it(classes).total_amount or 0, classes.total_amount
    return Stat(
        _("Identified as IT"),
        amount=it,
        note=_("%(share)s of all money at this stage (%(stage)s, %(year)s)")
        % {
            "share": show.percent(it / whole if whole else None, lang()),
            "stage": labels.label(labels.STAGES, filters.stage),
            "year": show.digits_of(filters.year, lang()),
        },
        link=_money(filters, it="1"),
    )


def _stats(release: Release, classes: Breakdown, filters: Filters) -> list[Stat]:
    it = only_it(classes)
    hardware = Stat(
        _("Hardware share of IT"),
        share=hardware_share(classes),
        text=show.NOTHING,
        note=_("withheld: too much is of unknown class")
        if withheld(classes)
        else _("of what is identified; the unknown could move it"),
        link="" if withheld(classes) else _money(filters, it="1", by="class"),
    )
    stats = [
        hardware,
        Stat(
            _("Class unknown"),
            share=unknown_share(classes),
            text=show.NOTHING,
            note=_("of all money: what it is for cannot be told yet"),
            link=_money(filters, **{"class": "unknown", "view": "lines"}),
        ),
        Stat(
            _("All money"),
            amount=classes.total_amount,
            note=ngettext("%(lines)s line", "%(lines)s lines", classes.total_lines)
            % {"lines": show.grouped(classes.total_lines, lang())},
            link=_money(filters),
        ),
    ]
    people = residents(release)
    if people and it.total_amount is not None:
        note = _("%(number)s residents") % {"number": show.grouped(people, lang())}
        stats.append(Stat(_("IT per resident"), amount=per_resident(it.total_amount, people), note=note))
    return stats


def _by_class(
    classes: Breakdown, filters: Filters, release: Release, before: Against | None
) -> dict[str, Any]:
    """Return IT spending by class, as a table and a chart."""
    it = only_it(classes)
    rows = breakdown_rows(it, release, lambda key: _money(filters, **{"class": key, "by": "unit"}))
    table = breakdown_table(it, rows, id="it-by-class", caption=_("IT money by class"), hidden=True)
    if before and before.changes():
        table = _with_changes(table, before)
    title = f"{labels.label(labels.STAGES, filters.stage)} · {show.digits_of(filters.year, lang())}"
    drawn = [row for row in rows if row["amount"] > 0]
    return {"table": table, "chart": bar_chart(drawn, release, id="it-chart", title=title, by_class=True)}


def _with_changes(table: Table, before: Against) -> Table:
    """Return the table of classes with the change against the year before in the place of the number of lines."""
    changes = before.changes()
    rows = [{**row, "change": changes.get(row["key"])} for row in table.rows]
    total = {**(table.total or {}), "change": before.of(IT_CLASSES)}
    columns = [column for column in table.columns if column.key != "lines"]
    return replace(
        table, columns=[*columns, Column("change", before.label, "change")], rows=rows, total=total
    )


def _top(by: str, filters: Filters, release: Release) -> Table | None:
    """Return the largest groups of IT spending; None where no line names one."""
    found = release.breakdown(by, replace(filters, it_only=True), limit=TOP)
    if not any(row.key for row in found.rows):
        return None

    def follow(key: str) -> str:
        if not key:
            return ""
        return (
            reverse("portal:supplier", args=[key])
            if by == "supplier"
            else _money(filters, it="1", by="class", **{by: key})
        )

    columns = [
        Column("name", dimension_name(by), link="url"),
        Column("amount", _("Amount"), "money"),
        Column("share", _("Share of IT"), "share"),
    ]
    rows = breakdown_rows(found, release, follow)
    return Table(id=f"top-{by}", caption=by_name(by), columns=columns, rows=rows, caption_hidden=True)


def years_of(release: Release, stage: str) -> dict[str, Any] | None:
    """Return IT spending by class over the years, where there is more than one."""
    years = sorted({c.year for c in release.coverage() if c.flow == "expense" and c.stage == stage})
    if len(years) < 2:
        return None
    by_year: dict[int, dict[str, int]] = {}
    rows: list[dict[str, Any]] = []
    every = release.breakdown_by_year("class", Filters(stage=stage))
    for year in years:
        filters = Filters(year=year, stage=stage)
        classes = every[year]
        it = only_it(classes)
        by_year[year] = {row.key: row.amount for row in it.rows}
        rows.append(
            {
                "year": show.digits_of(year, lang()),
                "url": _money(filters, it="1"),
                "amount": it.total_amount,
                "hardware": hardware_share(classes),
                "cls": "hardware",
                "unknown": unknown_share(classes),
                "unknown_cls": "unknown",
            }
        )
    classes_there = [cls for cls in CLASSES if any(cls in amounts for amounts in by_year.values())]
    table = Table(
        id="it-by-year",
        caption=_("IT money and its hardware share, by year"),
        columns=[
            Column("year", _("Fiscal year"), link="url"),
            Column("amount", _("IT money"), "money"),
            Column("hardware", _("Hardware share"), "share", bar="cls"),
            Column("unknown", _("Class unknown"), "share", bar="unknown_cls"),
        ],
        rows=rows,
        caption_hidden=True,
    )
    title = f"{labels.label(labels.STAGES, stage)} · {by_name('class')}"
    chart = years_chart(years, by_year, release, id="years-chart", title=title, classes=classes_there)
    return {"table": table, "chart": chart}


def _coverage(release: Release) -> Matrix:
    """Return how far the data goes: lines by fiscal year and book, at each stage."""
    lines = {(c.year, c.book, c.stage): c.lines for c in release.coverage() if c.flow == "expense"}
    rows = sorted({(year, book) for year, book, _stage in lines}, key=lambda row: (-row[0], row[1]))
    stages = [stage for stage in STAGES if any(one[2] == stage for one in lines)]
    return Matrix(
        id="coverage",
        caption=_("Lines of expense by fiscal year and book, at each stage"),
        corner=_("Fiscal year"),
        columns=[labels.label(labels.STAGES, stage) for stage in stages],
        rows=[f"{show.digits_of(year, lang())} · {labels.label(labels.BOOKS, book)}" for year, book in rows],
        cells=[[lines.get((year, book, stage)) for stage in stages] for year, book in rows],
        kind="number",
    )
