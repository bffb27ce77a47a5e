"""Files of exactly what a page shows, uncapped and streamed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from rasad.release.build import columns_of
from rasad.release.exports import Column, csv_stream, json_stream, xlsx_stream
from rasad.release.reader import Release
from rasad.web.portal import comparing, sharing
from rasad.web.portal.current import page
from rasad.web.portal.frame import lang
from rasad.web.portal.query import Query, read
from rasad.web.portal.scope import book_of, grouping, scope
from rasad.web.portal.tables import dimension_name, group_name, per_resident, residents
from rasad.web.portal.views import budget as budget_page
from rasad.web.portal.views import compare as compare_page
from rasad.web.portal.views import money as money_page
from rasad.web.theme import labels

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}


View = Callable[..., HttpResponseBase]


def export(view: View) -> View:
    """Give a view the live release; an address that cannot be read is answered in words, as a page is."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, release: Release, kind: str) -> HttpResponseBase:
        if kind not in TYPES:
            raise Http404
        return view(request, release, kind)

    return page(wrapped)


@export
def money(request: HttpRequest, release: Release, kind: str) -> HttpResponseBase:
    """Send the explorer's groups or lines, all of them."""
    query = read(request.GET, release)
    scoped = f"{grouping(query)}: {scope(query, release)}"
    if query.view == "lines":
        columns = [Column(one.name, one.fa if lang() == "fa" else one.en) for one in columns_of("line")]
        rows: Iterable[dict[str, Any]] = release.iter_lines(query.filters, order=query.order)
        return _send(kind, release, "lines", columns, rows, _about(release, query, scoped))
    people = residents(release) if query.per_resident else None
    columns = [
        Column("key", _("Key")),
        Column("name", dimension_name(query.by)),
        Column("amount", _amount_title(release)),
        *([Column("per_resident", _("Per resident"))] if people else []),
        *([Column("share", _("Share"))] if query.by != "stage" else []),
        Column("lines", _("Lines")),
        *_of_columns(),
    ]
    return _send(
        kind,
        release,
        f"by-{query.by}",
        columns,
        _groups(query, release, people),
        _about(release, query, scoped),
    )


@export
def budget(request: HttpRequest, release: Release, kind: str) -> HttpResponseBase:
    """Send every group at every stage."""
    query = budget_page.read_query(request, release)
    stages = budget_page.stages_shown(query.filters, release)
    columns = [
        Column("key", _("Key")),
        Column("name", dimension_name(query.by)),
        *(Column(stage, labels.label(labels.STAGES, stage)) for stage in stages),
        Column("absorption", _("Absorption")),
        *(one for one in _of_columns() if one.key != "stage"),
    ]
    of = _of(query, release)
    rows = (
        {
            "key": row.key,
            "name": group_name(query.by, row.key, row.label, release),
            **row.amounts,
            "absorption": budget_page.absorption(row.amounts),
            **of,
        }
        for row in budget_page.ordered_rows(query, release)
    )
    return _send(
        kind, release, f"budget-by-{query.by}", columns, rows, _about(release, query, scope(query, release))
    )


@export
def compare(request: HttpRequest, release: Release, kind: str) -> HttpResponseBase:
    """Send every group of two periods."""
    asked = comparing.read_asked(request.GET, release)
    if asked is None:
        raise Http404
    query = asked.query
    hidden = compare_page.changes_withheld(asked, compare_page.unknown_shares(asked, release))
    columns = [
        Column("key", _("Key")),
        Column("name", dimension_name(query.by)),
        Column("a", comparing.year_names(asked)[0]),
        Column("b", comparing.year_names(asked)[1]),
        Column("difference", _("Difference")),
        *([] if hidden else [Column("change", _("Change"))]),
        Column("only", _("Only in")),
        *([Column("a_nominal", _("As it was"))] if asked.real else []),
        Column("a_lines", _("Lines of the first period")),
        Column("b_lines", _("Lines of the second period")),
        *(one for one in _of_columns() if one.key != "fiscal_year"),
        Column("a_year", _("First fiscal year")),
        Column("b_year", _("Second fiscal year")),
        Column("from_month", _("From month")),
        Column("to_month", _("To month")),
    ]
    of = _of(query, release) | {
        "a_year": asked.a.year,
        "b_year": asked.b.year,
        "from_month": asked.a.first,
        "to_month": asked.a.last,
    }
    rows = (
        {
            "key": row.key,
            "name": group_name(query.by, row.key, row.label, release),
            "a": row.a,
            "b": row.b,
            "difference": row.difference,
            "change": row.change,
            "only": {"a": asked.a.year, "b": asked.b.year}.get(row.only),
            "a_nominal": row.a_nominal,
            "a_lines": row.a_lines,
            "b_lines": row.b_lines,
            **of,
        }
        for row in asked.compare(release, limit=None).rows
    )
    about = _about(release, query, f"{grouping(query)}: {comparing.scope(asked, release)}")
    about["filters"] = query.given | comparing.about(asked)
    return _send(kind, release, f"compare-by-{query.by}", columns, rows, about)


@export
def share(request: HttpRequest, release: Release, kind: str) -> HttpResponseBase:
    """Send the parts into which the city's spending divides, by class and by the grouping asked for."""
    asked = sharing.read_asked(request.GET, release)
    by = asked.query.by
    parts = sharing.by_class(release.breakdown("class", asked.filters), asked, release)
    parts += sharing.by_group(release.breakdown(by, asked.filters, limit=sharing.TOP), asked, release)
    columns = [
        Column("kind", _("Kind of part")),
        Column("key", _("Key")),
        Column("name", _("Part")),
        Column("amount", _amount_title(release)),
        Column("of_base", _("Of each %(sum)s") % {"sum": sharing.base(release.currency)}),
        *([Column("per_resident", _("For each resident"))] if asked.people else []),
        *([Column("of_paid", _("Of what you paid"))] if asked.paid else []),
        *_of_columns(),
    ]
    query = replace(asked.query, filters=asked.filters)
    of = _of(query, release)
    rows = (
        {
            "kind": part.kind,
            "key": part.key,
            "name": part.name,
            "amount": part.amount,
            "of_base": part.of_base,
            "per_resident": part.each,
            "of_paid": part.of_paid,
            **of,
        }
        for part in parts
    )
    about = _about(release, query, f"{_('Your share')}: {scope(query, release)}")
    about |= {"residents": asked.people, "paid": asked.paid}
    return _send(kind, release, f"share-by-{by}", columns, rows, about)


def _of_columns() -> list[Column]:
    """Return the columns that say what a row of groups is of; a row that is copied alone still says it."""
    return [
        Column("flow", _("Flow")),
        Column("book", _("Book")),
        Column("stage", _("Stage")),
        Column("fiscal_year", _("Fiscal year")),
        Column("currency", _("Currency")),
    ]


def _of(query: Query, release: Release) -> dict[str, Any]:
    return {
        "flow": query.filters.flow,
        "book": book_of(query.filters, release),
        "stage": query.filters.stage,
        "fiscal_year": query.filters.year if query.filters.year is not None else "all",
        "currency": release.currency,
    }


def _groups(query: Query, release: Release, people: int | None) -> Iterator[dict[str, Any]]:
    of = _of(query, release)
    hidden = money_page.shares_withheld(query, release)
    for row in release.iter_breakdown(query.by, query.filters, order=query.order):
        yield {
            "key": row.key,
            "name": group_name(query.by, row.key, row.label, release),
            "amount": row.amount,
            "per_resident": per_resident(row.amount, people) if people else None,
            "share": None if hidden else row.share,
            "lines": row.lines,
            **of,
            **({"stage": row.key} if query.by == "stage" else {}),
            **({"fiscal_year": int(row.key)} if query.by == "fiscal_year" and row.key else {}),
        }


def _amount_title(release: Release) -> str:
    return _("Amount (%(currency)s, smallest unit)") % {"currency": release.currency}


def _about(release: Release, query: Query, shows: str) -> dict[str, Any]:
    return {
        "city": release.city["id"],
        "release": release.number,
        "release_hash": release.hash,
        "shows": shows,
        "filters": query.given | {"year": query.filters.year, "stage": query.filters.stage, "by": query.by},
        "currency": release.currency,
        "minor_digits": int(release.city.get("minor_digits", 0)),
        "amounts": "integers in the currency's smallest unit",
        "sample": bool(release.city.get("sample")),
    }


def _send(
    kind: str,
    release: Release,
    name: str,
    columns: list[Column],
    rows: Iterable[dict[str, Any]],
    about: dict[str, Any],
) -> StreamingHttpResponse:
    if kind == "csv":
        stream = csv_stream(columns, rows)
    elif kind == "json":
        stream = json_stream(columns, rows, about)
    else:
        stream = xlsx_stream(columns, rows, sheet=name, rtl=lang() == "fa")
    response = StreamingHttpResponse(stream, content_type=TYPES[kind])
    filename = f"rasad-{release.city['id']}-{release.number:04d}-{name}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["X-Robots-Tag"] = "noindex"
    return response
