"""How a value of each kind is written in HTML: the one place, for cells, facts and the tags of templates.

Tables have hundreds of cells: they are written here, by plain Python, several times as fast as a template writes them.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.translation import gettext

from rasad.web.theme import labels, show
from rasad.web.theme.parts import Column, Table

_ROW_HEADER = ' role="rowheader"'
NOTHING = f'<span class="nothing">{show.NOTHING}</span>'


@dataclass(frozen=True)
class Place:
    """Where a value is written: the page's language, the currency of its amounts, the city's calendar."""

    lang: str
    currency: str = "IRR"
    calendar: str = "jalali"


def escape(value: object) -> str:
    """Return a text escaped as Django escapes it; Django's own looks at each call whether it should wait for the language."""
    return html.escape(str(value))


def written(value: Any) -> str:
    """Return a text escaped, unless it says itself that it is HTML."""
    return escape(value) if type(value) is str else conditional_escape(value)


def value_html(
    kind: str,
    value: Any,
    place: Place,
    *,
    unit: str = "auto",
    unit_name: str = "",
    bar: str = "",
    url: str = "",
) -> str:
    """Return a value as HTML. `unit`: the scale of an amount, named beside it unless the column's header does (`unit_name`)."""
    match kind:
        case "money":
            return (
                amount_html(value, place, unit=unit) if unit_name else money_html(value, place, unit="full")
            )
        case "difference":
            return difference_html(value, place, unit=unit)
        case "number":
            return show.NOTHING if value is None else escape(show.grouped(int(value), place.lang))
        case "share":
            number = escape(show.percent(value, place.lang))
            return (
                f'<span class="share"><span class="share-number">{number}</span>{bar_html(value, bar)}</span>'
            )
        case "change":
            return NOTHING if value is None else escape(show.change(value, place.lang))
        case "class":
            return class_html(value, url)
        case "chips":
            return "".join(class_html(cls) for cls in value or ())
        case "date":
            return day_html(value, place)
        case "mode":
            return escape(labels.label(labels.MODES, value))
        case "stage":
            return escape(labels.label(labels.STAGES, value))
        case "code":
            return code_html(value) if value else NOTHING
        case "hash":
            return f'<bdi class="code" title="{escape(value)}">{escape(value[:12])}</bdi>'
    if value is None or value == "":
        return NOTHING
    return f"<bdi>{written(localize(value) if isinstance(value, int | float | date) else value)}</bdi>"


def money_html(amount: int | None, place: Place, *, unit: str = "auto") -> str:
    """Return an amount with its unit's name; the exact amount in its title and value."""
    if amount is None:
        return NOTHING
    number, name = show.scaled_amount(amount, place.currency, unit, place.lang)
    return (
        f'<data class="money" value="{amount}" title="{escape(show.full_amount(amount, place.currency, place.lang))}">'
        f'<span class="figure-number">{escape(number)}</span> <span class="unit">{escape(name)}</span></data>'
    )


def amount_html(amount: int | None, place: Place, *, unit: str = "auto") -> str:
    """Return an amount without its unit's name: for columns whose header names it."""
    if amount is None:
        return NOTHING
    return _amount(amount, show.aligned_amount(amount, place.currency, unit, place.lang), unit, place)


def difference_html(amount: int | None, place: Place, *, unit: str = "auto") -> str:
    """Return an amount with its sign: how much more or less."""
    if amount is None:
        return NOTHING
    text = show.aligned_amount(amount, place.currency, unit, place.lang)
    return _amount(amount, show.signed(text, amount, place.lang), unit, place)


def day_html(value: date | str | None, place: Place, *, style: str = "short") -> str:
    """Return a day in the city's calendar and the reader's language; the other calendar in its title."""
    if not value:
        return NOTHING
    own, other, iso = show.day(value, place.calendar, place.lang, long=style == "long")
    return f'<time datetime="{iso}" title="{escape(own)} · {escape(other)}">{escape(own)}</time>'


def class_html(cls: object, url: str = "") -> str:
    """Return a class by its colour and its name; a link where it leads somewhere."""
    code, name = escape(cls), escape(labels.label(labels.CLASSES, cls))
    if url:
        return f'<a class="chip-class" data-class="{code}" href="{escape(url)}">{name}</a>'
    return f'<span class="chip-class" data-class="{code}">{name}</span>'


def bar_html(share: float | None, cls: str = "") -> str:
    """Return a bar of the share's length (0 to 1); said to nobody, for the number stands beside it."""
    width = min(max(share or 0.0, 0.0), 1.0) * 100
    return (
        f'<svg class="bar" data-class="{escape(cls)}" aria-hidden="true" focusable="false">'
        '<rect class="bar-ground" width="100%" height="100%"/>'
        f'<rect class="bar-share" width="{width:.2f}%" height="100%"/></svg>'
    )


def code_html(value: Any) -> str:
    """Return a code, isolated from the direction of the text around it."""
    return f'<bdi class="code">{"" if value is None else written(value)}</bdi>'


def _amount(amount: int, text: str, unit: str, place: Place) -> str:
    if unit == "full":
        return f'<data class="money" value="{amount}">{escape(text)}</data>'
    exact = escape(show.full_amount(amount, place.currency, place.lang))
    return f'<data class="money" value="{amount}" title="{exact}">{escape(text)}</data>'


def rows_html(table: Table, units: list[str], unit_names: list[str], place: Place) -> list[str]:
    """Return the inside of a `<tr>` for each row; `units` and `unit_names` are those of the columns."""
    header = table.row_header or table.columns[0].key
    frames = [
        _frame(column, name, table, header=column.key == header)
        for column, name in zip(table.columns, unit_names, strict=True)
    ]
    return [
        "".join(
            before + cell_html(column, row, place, unit, name) + after
            for column, unit, name, (before, after) in zip(
                table.columns, units, unit_names, frames, strict=True
            )
        )
        for row in table.rows
    ]


def total_html(table: Table, units: list[str], unit_names: list[str], place: Place) -> str:
    """Return the inside of the `<tr>` at the foot: the total of the columns that have one, and its name in the first."""
    total = table.total or {}
    header = table.row_header or table.columns[0].key
    cells = []
    for column, unit, name in zip(table.columns, units, unit_names, strict=True):
        value = total.get(column.key)
        before, after = _frame(column, name, table, header=column.key == header)
        if column.key == header:
            text = written(value or gettext("Total"))
        else:
            text = "" if value is None or value == "" else cell_html(column, total, place, unit, name)
        cells.append(before + text + after)
    return "".join(cells)


def cell_html(column: Column, row: Mapping[str, Any], place: Place, unit: str, unit_name: str) -> str:
    """Return what stands in a cell: the value, the link around it, the note below it."""
    url = row.get(column.link, "") if column.link else ""
    bar = row.get(column.bar, "") if column.bar else ""
    note = row.get(column.note, "") if column.note else ""
    around = url and column.kind != "class"
    inner = value_html(
        column.kind,
        row.get(column.key),
        place,
        unit=unit,
        unit_name=unit_name,
        bar=bar,
        url="" if around else url,
    )
    text = f'<a href="{escape(url)}">{inner}</a>' if around else inner
    text = f'{text}<span class="cell-note">{written(note)}</span>' if note else text
    depth = int(row.get(column.depth) or 0) if column.depth else 0
    return f'<span class="deep" data-depth="{min(depth, 4)}">{text}</span>' if depth else text


def _frame(column: Column, unit_name: str, table: Table, *, header: bool) -> tuple[str, str]:
    """Return what stands before and after a cell of a column."""
    classes = f"c-{column.kind}{' num' if column.numeric else ''}"
    stacked = table.narrow == "stack"
    if header:
        return f'<th{_ROW_HEADER if stacked else ""} scope="row" class="{classes}">', "</th>"
    if not stacked:
        return f'<td class="{classes}">', "</td>"
    label = f"{escape(column.label)}{f' ({escape(unit_name)})' if unit_name else ''}"
    return f'<td role="cell" class="{classes}" data-label="{label}">', "</td>"
