"""The components: each takes a value of `rasad.web.theme.parts` (or `charts`) and writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from rasad.web.theme import show
from rasad.web.theme.charts import Chart
from rasad.web.theme.parts import (
    MONEY,
    Chip,
    Column,
    Download,
    Fact,
    Field,
    Matrix,
    Pages,
    Slot,
    Stat,
    Table,
    Timeline,
)
from rasad.web.theme.plots import Map, Plot, Tornado
from rasad.web.theme.plots.drawing import drawings, legend
from rasad.web.theme.site import Link
from rasad.web.theme.templatetags.rasad import changed_address, currency_of, language, place_of
from rasad.web.theme.templatetags.terms import explained, explanation
from rasad.web.theme.values import escape, rows_html, total_html, written

register = template.Library()


def _base(context: Context) -> dict[str, Any]:
    """What a component's own template needs from the page around it."""
    return {"site": context.get("site"), "request": context.get("request")}


def _units(table: Table, currency: str) -> list[str]:
    """Return each column's unit."""
    units = []
    for column in table.columns:
        unit = column.unit
        if column.kind in MONEY and unit == "auto":
            rows = [*table.rows, table.total or {}]
            unit = show.column_unit(
                [row[column.key] for row in rows if row.get(column.key) is not None], currency
            )
        units.append(unit)
    return units


_SORT_MARK = (
    '<svg class="sort-mark" viewBox="0 0 8 12" width="8" height="12" aria-hidden="true" focusable="false">'
    '<path class="sort-up" d="M4 0 8 5H0z"/><path class="sort-down" d="M4 12 0 7h8z"/></svg>'
)


def _head_html(context: Context, table: Table, column: Column, unit_name: str) -> str:
    """Return the header cell of a column, by hand as the cells below it: a link that sorts, where it can be sorted."""
    # Numbers are sought largest first, texts from the beginning; a second click turns the order round.
    first, second = f"-{column.sort}", column.sort
    if not column.numeric:
        first, second = second, first
    order = (
        {column.sort: "ascending", f"-{column.sort}": "descending"}.get(table.order) if column.sort else ""
    )
    role = _ROLES["head"] if table.narrow == "stack" else ""
    sorted_now = f' aria-sort="{order}"' if order else ""
    if column.sort:
        url = changed_address(context, {"order": second if table.order == first else first})
        link = f'<a class="sort" href="{escape(url)}">{written(column.label)}{_SORT_MARK}</a>'
        label = f"{link}{explanation(context, column.label)}"
    else:
        label = explained(context, column.label)
    unit = f' <span class="unit">{escape(unit_name)}</span>' if unit_name else ""
    number = " num" if column.numeric else ""
    return f'<th{role} scope="col" class="c-{column.kind}{number}"{sorted_now}>{label}{unit}</th>'


_ROLES = {
    part: mark_safe(f' role="{role}"')  # noqa: S308 - two words of ours
    for part, role in (
        ("group", "rowgroup"),
        ("row", "row"),
        ("head", "columnheader"),
        ("cell", "cell"),
    )
}
"""Said only where a table's rows become blocks on a narrow screen: there it is no table to a screen reader otherwise."""


@register.inclusion_tag("theme/data_table.html", takes_context=True)
def data_table(context: Context, table: Table) -> dict[str, Any]:
    currency = currency_of(context, table.currency)
    units, place = _units(table, currency), place_of(context, table.currency)
    names = [
        show.unit_name(unit, currency, place.lang) if column.kind in MONEY else ""
        for column, unit in zip(table.columns, units, strict=True)
    ]
    head = "".join(
        _head_html(context, table, column, name) for column, name in zip(table.columns, names, strict=True)
    )
    return {
        **_base(context),
        "table": table,
        "currency": currency,
        "head": mark_safe(head),  # noqa: S308 - escaped there
        "roles": _ROLES if table.narrow == "stack" else {},
        "rows": [mark_safe(row) for row in rows_html(table, units, names, place)],  # noqa: S308 - escaped there
        "total": mark_safe(total_html(table, units, names, place)) if table.total is not None else None,  # noqa: S308
    }


@register.inclusion_tag("theme/headline.html", takes_context=True)
def headline(context: Context, stat: Stat, currency: str = "") -> dict[str, Any]:
    return {**_base(context), "stat": stat, "currency": currency_of(context, currency)}


@register.inclusion_tag("theme/stats.html", takes_context=True)
def stats(context: Context, items: Sequence[Stat], currency: str = "") -> dict[str, Any]:
    return {**_base(context), "stats": items, "currency": currency_of(context, currency)}


@register.inclusion_tag("theme/breadcrumb.html")
def breadcrumb(links: Sequence[Link]) -> dict[str, Any]:
    return {"links": links}


@register.inclusion_tag("theme/filter_form.html", takes_context=True)
def filter_form(
    context: Context, fields: Sequence[Field], action: str = "", keep: Mapping[str, str] | None = None
) -> dict[str, Any]:
    request = context.get("request")
    return {
        "fields": fields,
        "action": action or (request.path if request is not None else ""),
        "keep": keep or {},
    }


@register.inclusion_tag("theme/filter_chips.html")
def filter_chips(chips: Sequence[Chip], clear_url: str = "") -> dict[str, Any]:
    return {"chips": chips, "clear_url": clear_url}


@register.inclusion_tag("theme/pagination.html")
def pagination(pages: Pages) -> dict[str, Any]:
    return {"pages": pages}


@register.inclusion_tag("theme/downloads.html")
def downloads(
    items: Sequence[Download], note: str = "", label: str = "", id: str = "downloads"
) -> dict[str, Any]:
    """Files of what is shown; give further lists of one page their own `label` and `id`."""
    return {"downloads": items, "note": note, "label": label, "id": id}


@register.inclusion_tag("theme/facts.html", takes_context=True)
def facts(context: Context, items: Sequence[Fact], currency: str = "") -> dict[str, Any]:
    """A definition list; with a column "as written in the file" where any fact has a raw text."""
    return {
        **_base(context),
        "facts": items,
        "raw": any(fact.raw is not None for fact in items),
        "currency": currency_of(context, currency),
    }


@register.inclusion_tag("theme/fingerprint.html")
def fingerprint(value: str, label: str = "", short: bool = False) -> dict[str, Any]:
    return {"value": value, "label": label or gettext("SHA-256"), "short": short}


@register.inclusion_tag("theme/coverage.html")
def coverage(label: str, share: float | None, note: str = "", cls: str = "") -> dict[str, Any]:
    return {"label": label, "share": share, "note": note, "cls": cls}


@register.inclusion_tag("theme/matrix.html", takes_context=True)
def matrix(context: Context, grid: Matrix) -> dict[str, Any]:
    currency = currency_of(context, grid.currency)
    amounts = [int(cell) for row in grid.cells for cell in row if cell is not None]
    unit = show.column_unit(amounts, currency) if grid.kind == "money" and grid.unit == "auto" else grid.unit
    links = [*grid.links, *[""] * (len(grid.rows) - len(grid.links))]
    rows = [
        {"label": label, "url": url, "cells": [{"value": cell, "tint": _tint(cell, grid)} for cell in cells]}
        for label, url, cells in zip(grid.rows, links, grid.cells, strict=True)
    ]
    return {
        **_base(context),
        "matrix": grid,
        "rows": rows,
        "unit": unit,
        "unit_name": show.unit_name(unit, currency, language()) if grid.kind == "money" else "",
        "currency": currency,
    }


@register.inclusion_tag("theme/timeline.html", takes_context=True)
def timeline(context: Context, line: Timeline) -> dict[str, Any]:
    currency = currency_of(context, line.currency)
    amounts = [bar.amount for lane in line.lanes for bar in lane.bars if bar.amount is not None]
    unit = show.column_unit(amounts, currency)
    # A stretch of one kind is one bar: its first period says what it is, its ends are round.
    lanes = [
        {"name": lane.name, "bars": [{"bar": bar, "slots": _stretches(bar.slots)} for bar in lane.bars]}
        for lane in line.lanes
    ]
    return {
        **_base(context),
        "line": line,
        "lanes": lanes,
        "kinds": [
            kind for kind in _SLOTS if any(kind in bar.slots for lane in line.lanes for bar in lane.bars)
        ],
        "width": len(line.periods) + (2 if line.amount else 1),
        "unit": unit,
        "unit_name": show.unit_name(unit, currency, language()),
        "currency": currency,
    }


_SLOTS = tuple(kind for kind in get_args(Slot) if kind)


def _stretches(slots: Sequence[str]) -> list[dict[str, Any]]:
    found = []
    for at, kind in enumerate(slots):
        before, after = slots[at - 1] if at else "", slots[at + 1] if at + 1 < len(slots) else ""
        found.append({"kind": kind, "first": kind != before, "last": kind != after})
    return found


def _tint(cell: int | float | None, grid: Matrix) -> int:
    """Return 0 to 5: how dark the ground of a share is."""
    return 0 if cell is None or grid.kind != "share" else min(max(round(float(cell) * 5), 0), 5)


@register.simple_block_tag(takes_context=True, end_name="endfigure")
def figure(context: Context, content: str, chart: Chart, beside: bool = False) -> SafeString:
    """A chart over its table (the block's content). The table folds away; with `beside` it stays open next to the chart."""
    return mark_safe(  # noqa: S308 - both parts are rendered templates
        render_to_string(
            "theme/figure.html", {**_base(context), "chart": chart, "content": content, "beside": beside}
        )
    )


@register.inclusion_tag("theme/tornado.html")
def tornado(drawn: Tornado) -> dict[str, Any]:
    """What moves a figure most, as a table with bars. Numbers of lengths are texts, so that no language's digits get into the drawing."""
    return {"drawn": drawn, "bars": [(one, str(left), str(wide)) for one, left, wide in drawn.bars()]}


@register.simple_block_tag(end_name="endplot")
def plot(content: str, drawn: Plot, beside: bool = False) -> SafeString:
    """A drawing of the server's (`rasad.web.theme.plots`) over its table (the block's content), which folds away or stays open beside it; without one where the page has the table itself."""
    table = mark_safe(content.strip())  # noqa: S308 - a rendered template
    return mark_safe(  # noqa: S308 - the drawing escapes its texts, the content is a rendered template
        render_to_string(
            "theme/plot.html",
            {"drawn": drawn, "content": table, "beside": beside, "legend": legend(drawn),
             "drawings": drawings(drawn, rtl=language() == "fa"), "scrolls": isinstance(drawn, Map)},
        )
    )  # fmt: skip


@register.simple_block_tag(end_name="endnote")
def note(content: str, kind: str = "info", title: str = "") -> SafeString:
    """A remark beside the text: kind "info", "caution" or "problem"."""
    return mark_safe(  # noqa: S308
        render_to_string("theme/note.html", {"content": content, "kind": kind, "title": title})
    )


@register.simple_block_tag(end_name="endempty")
def empty(content: str, title: str = "") -> SafeString:
    """What stands where nothing was found, with what to do next as its content."""
    return mark_safe(  # noqa: S308
        render_to_string("theme/empty.html", {"content": content, "title": title})
    )
