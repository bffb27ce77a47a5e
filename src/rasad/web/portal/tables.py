"""What pages share: names of groups, addresses they lead to, tables of groups and of lines, charts beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.persian import dates
from rasad.persian.money import minor_digits
from rasad.release.reader import PERSON_KEY, Breakdown, Release
from rasad.web.portal.addresses import line_url, supplier_url
from rasad.web.portal.frame import lang
from rasad.web.portal.query import IN_TIME, PAGE, page_url
from rasad.web.theme import labels, show
from rasad.web.theme.charts import Chart, Item, Series
from rasad.web.theme.parts import Column, Download, Pages, Table

_ARABIC = re.compile("[\u0600-\u06ff]")

NEXT = {
    "class": "unit",
    "mode": "class",
    "unit": "class",
    "programme": "class",
    "economic": "class",
    "supplier": "class",
    "fiscal_year": "class",
    "month": "class",
    "nature": "class",
    "source": "class",
    "stage": "class",
}
"""By what a group is taken apart when one follows it."""

PARAMETER = {"fiscal_year": "year"}
"""Dimension → its name in an address, where it differs."""


def group_name(by: str, key: str, label: str, release: Release) -> str:
    """Return the name of a group in the page's language."""
    if by == "class":
        return labels.label(labels.CLASSES, key)
    if by == "mode":
        return labels.label(labels.MODES, key)
    if by == "stage":
        return labels.label(labels.STAGES, key)
    if by == "supplier" and key == PERSON_KEY:
        return _("Natural persons, together")
    if by == "month" and key:
        year, month = key.split("-")
        calendar: dates.Calendar = "jalali" if release.city["calendar"] == "jalali" else "gregorian"
        return (
            f"{dates.month_name(int(month), calendar=calendar, lang=lang())} {show.digits_of(year, lang())}"
        )
    if by == "fiscal_year":
        return show.digits_of(label, lang())
    return local(label) or _("not stated")


def dimension_name(dimension: str) -> str:
    """Return the name of a grouping or filter in the page's language."""
    more = {"flow": _("Flow"), "book": _("Book")}
    return more.get(dimension) or labels.label(labels.DIMENSIONS, dimension)


def residents(release: Release) -> int | None:
    """Return how many people live in the city, None where that is not known."""
    number = int(release.city.get("residents") or 0)
    return number if number > 0 else None


def residents_source(release: Release) -> str:
    """Return where the number of residents comes from, in the page's language; "" where that is not said.

    Releases before there were two languages have one text.
    """
    city = release.city
    return str(city.get(f"residents_source_{lang()}") or city.get("residents_source") or "")


def per_resident(amount: int, people: int) -> int:
    """Return the amount per resident in the currency's smallest unit, rounded half up."""
    return (2 * amount + people) // (2 * people)


def breakdown_rows(
    found: Breakdown, release: Release, url_of: Callable[[str], str], *, people: int | None = None
) -> list[dict[str, Any]]:
    """Return the table rows of groups; `url_of(key)` is where a group leads. With `people`, each has its amount per resident."""
    return [
        {
            "key": row.key,
            "name": group_name(found.by, row.key, row.label, release),
            "code": row.key if found.by in ("programme", "economic", "unit") and row.key != row.label else "",
            "cls": row.key if found.by == "class" else "",
            "amount": row.amount,
            "each": per_resident(row.amount, people) if people else None,
            "share": row.share,
            "lines": row.lines,
            "url": url_of(row.key),
        }
        for row in found.rows
    ]


def breakdown_table(
    found: Breakdown,
    rows: list[dict[str, Any]],
    *,
    id: str,
    caption: str,
    order: str = "",
    hidden: bool = False,
    people: int | None = None,
) -> Table:
    """Return the table of groups with their total. Groups by stage have neither total nor share."""
    name = dimension_name(found.by)
    if found.by == "class":
        first = Column("cls", name, "class", link="url", sort="key" if order else "")
    else:
        sort = "key" if found.by in IN_TIME else "label"
        first = Column("name", name, link="url", note="code", sort=sort if order else "")
    columns = [first, Column("amount", _("Amount"), "money", sort="amount" if order else "")]
    if people:
        columns.append(Column("each", _("Per resident"), "money"))
    total: dict[str, Any] | None = None
    if found.total_amount is not None:
        # Shares may be withheld, all of them together.
        if not rows or any(row["share"] is not None for row in rows):
            columns.append(Column("share", _("Share"), "share", bar="cls"))
        each = per_resident(found.total_amount, people) if people else None
        total = {"amount": found.total_amount, "each": each, "share": 1.0, "lines": found.total_lines}
    columns.append(Column("lines", _("Lines"), "number", sort="lines" if order else ""))
    return Table(
        id=id, caption=caption, columns=columns, rows=rows, total=total, order=order, caption_hidden=hidden
    )


def lines_table(
    lines: Iterable[dict[str, Any]],
    *,
    id: str,
    caption: str,
    order: str = "",
    supplier: bool = True,
    hidden: bool = False,
) -> Table:
    """Return a table of lines, each leading to its page."""
    sortable = bool(order)
    rows = [line_row(line) for line in lines]
    columns = [
        Column("title", _("Description"), link="url", note="under"),
        *([Column("supplier", _("Supplier"), link="supplier_url")] if supplier else []),
        Column("class", _("Class"), "class"),
        Column("date", _("Date"), "date", sort="date" if sortable else ""),
        Column("amount", _("Amount"), "money", sort="amount" if sortable else ""),
    ]
    if not any(row["date"] for row in rows):
        columns = [column for column in columns if column.key != "date"]
    if not any(row["supplier"] for row in rows):
        columns = [column for column in columns if column.key != "supplier"]
    return Table(id=id, caption=caption, columns=columns, rows=rows, order=order, caption_hidden=hidden)


def line_row(line: dict[str, Any]) -> dict[str, Any]:
    """Return the table row of one line."""
    person = bool(line["supplier_is_person"])
    under = [line["unit"] or line["unit_code"], line["programme"] or line["programme_code"]]
    return {
        "title": local(line["title"] or line["economic"]) or _("no description"),
        "under": " · ".join(local(part) for part in under if part),
        "supplier": _("a natural person") if person else line["supplier_name"] or "",
        "supplier_url": supplier_url(line["supplier"]) if line["supplier"] else "",
        "class": line["class"],
        "date": line["date"],
        "amount": line["amount"],
        "url": line_url(line["line_id"]),
    }


def contracts_table(contracts: Iterable[dict[str, Any]], *, caption: str) -> Table:
    """Return a table of contracts."""
    rows = [
        {
            "no": one["contract_no"],
            "title": local(one["title"]),
            "unit": local(one["unit"]),
            "method": local(one["method"]),
            "date": one["date"],
            "amount": one["amount"],
        }
        for one in contracts
    ]
    columns = [
        Column("no", _("Contract number"), "code"),
        Column("title", _("Subject"), note="unit"),
        Column("method", _("Procurement method")),
        Column("date", _("Date"), "date"),
        Column("amount", _("Amount"), "money"),
    ]
    columns = [
        column for column in columns if column.key in ("no", "amount") or any(r[column.key] for r in rows)
    ]
    return Table(id="contracts", caption=caption, columns=columns, rows=rows, row_header="no")


def bar_chart(
    rows: Sequence[dict[str, Any]],
    release: Release,
    *,
    id: str,
    title: str,
    by_class: bool,
    subtitle: str = "",
) -> Chart:
    """Return bars of the largest groups, in one unit."""
    unit = show.column_unit([row["amount"] for row in rows], release.currency)
    items = []
    for row in rows:
        text, _unit = show.scaled_amount(row["amount"], release.currency, unit, lang())
        items.append(
            Item(
                row["name"],
                scaled(row["amount"], unit, release.currency),
                text,
                cls=row["cls"] if by_class else "",
                url=row["url"],
            )
        )
    return Chart(
        id=id,
        kind="bar",
        title=title,
        subtitle=subtitle,
        unit=show.unit_name(unit, release.currency, lang()),
        items=items,
    )


def time_chart(rows: Sequence[dict[str, Any]], release: Release, *, id: str, title: str) -> Chart:
    """Return groups that run in time as columns, one beside the other."""
    unit = show.column_unit([row["amount"] for row in rows], release.currency)
    texts = [" ".join(show.scaled_amount(row["amount"], release.currency, unit, lang())) for row in rows]
    values = [scaled(row["amount"], unit, release.currency) for row in rows]
    return Chart(
        id=id,
        kind="stacked",
        title=title,
        unit=show.unit_name(unit, release.currency, lang()),
        categories=[row["name"] for row in rows],
        series=[Series(_("Amount"), values, texts)],
    )


def years_chart(
    years: Sequence[int],
    by_year: dict[int, dict[str, int]],
    release: Release,
    *,
    id: str,
    title: str,
    classes: Sequence[str],
) -> Chart:
    """Return stacked bars: a year each, a layer for each class."""
    amounts = [amount for classes_of in by_year.values() for amount in classes_of.values()]
    unit = show.column_unit(amounts, release.currency)
    series = []
    for cls in classes:
        values = [by_year[year].get(cls) for year in years]
        texts = [
            "" if value is None else " ".join(show.scaled_amount(value, release.currency, unit, lang()))
            for value in values
        ]
        floats = [None if value is None else scaled(value, unit, release.currency) for value in values]
        series.append(Series(labels.label(labels.CLASSES, cls), floats, texts, cls=cls))
    return Chart(
        id=id,
        kind="stacked",
        title=title,
        unit=show.unit_name(unit, release.currency, lang()),
        categories=[show.digits_of(year, lang()) for year in years],
        series=series,
    )


_SCALE = {"billion": 9, "million": 6}


def scaled(amount: int, unit: str, currency: str) -> float:
    """Return an amount as the length of a drawing, in the drawing's unit; what is read is written from the integer."""
    return float(amount) / float(10 ** (_SCALE.get(unit, 0) + minor_digits(currency)))


def local(text: str | None) -> str:
    """Return a text of the data with the page's digits where it is Persian; a code or a Latin text stays as it is."""
    if not text:
        return ""
    return show.digits_of(text, "fa") if _ARABIC.search(text) and lang() == "fa" else text


def pages_of(params: QueryDict, number: int, total: int, *, size: int = PAGE) -> Pages:
    """Return where a list stands, with the addresses of its neighbours. BadRequest beyond its last page."""
    count = max(1, -(-total // size))
    if number > count:
        raise BadRequest(
            _("There is no page %(number)s: the last one is %(last)s.")
            % {"number": show.digits_of(number, lang()), "last": show.digits_of(count, lang())}
        )
    return Pages(
        number=number,
        count=count,
        first=min((number - 1) * size + 1, total),
        last=min(number * size, total),
        total=total,
        previous_url=page_url(params, number - 1) if number > 1 else "",
        next_url=page_url(params, number + 1) if number < count else "",
    )


def download_links(name: str, query: str) -> list[Download]:
    """Return the three files of what a page shows."""
    return [
        Download(kind.upper(), reverse(f"portal:{name}-export", args=[kind]) + query)
        for kind in ("csv", "xlsx", "json")
    ]
