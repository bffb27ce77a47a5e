"""Sheets that people fill in for a declared table: found in a file, and read into values of the columns' types.

A column is known by its name or by either of its titles, whatever stands between them; titles may stand above the header. Nothing is dropped
unsaid: headers that no column has are named, and a cell that cannot be read is a problem with its file, sheet, row and column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from rasad.ledger.columns import dates
from rasad.ledger.mapping import DateRule, FileRule, Form
from rasad.ledger.markers import restored
from rasad.ledger.problems import FileError, Problem
from rasad.ledger.profile import Profile
from rasad.ledger.read import Cells, Facts, read
from rasad.ledger.schema import Column, Table
from rasad.persian.dates import Calendar, Order
from rasad.persian.figures import FigureError, parse_amount, parse_decimal, parse_whole
from rasad.persian.text import search_key

MARK = "rasad_"
"""Columns called so are Rasad's own: what a file says of its rows, not of the records."""
GUIDE = f"{MARK}guide"
"""What the first cell of a sheet says that is for the reader alone."""
HEADER_ROWS = 40
LARGEST_WHOLE = 2_147_483_647

YES = frozenset(map(search_key, ("بله", "بلی", "آری", "دارد", "yes", "true", "y", "1")))
NO = frozenset(map(search_key, ("خیر", "نه", "ندارد", "no", "false", "n", "0")))

_ANY = Form(file=FileRule(header=False, sheets="all"))


@dataclass(frozen=True)
class Ways:
    """How a city writes figures and days: the currency's decimals, and the calendar that a day is looked up in first."""

    minor_digits: int = 0
    calendar: Calendar = "jalali"

    def example(self, column: Column) -> str:
        """Return what a cell of the column may look like."""
        return {
            "money": "12,345" + (f".{'67'[: self.minor_digits]}" if self.minor_digits else ""),
            "date": "1403/05/12 – 2024-08-02",
            "int": "12",
            "decimal": "12.5",
            "bool": "بله / خیر – yes / no",
        }.get(column.type, "")


@dataclass
class Row:
    """One row: its number in the file, its cells as they stand, and by column name the texts and the values read from them."""

    row: int
    cells: tuple[str, ...]
    texts: dict[str, str]
    values: dict[str, Any]
    marks: dict[str, str]
    problems: list[Problem] = field(default_factory=list)


@dataclass
class Filled:
    """One sheet: the table that it was filled in for, what it calls the columns, and its rows.

    Columns of `by_name` name a record by its name; those that none was found for are gathered in `unmatched`.
    """

    table: Table
    file: str
    sheet: str
    header: tuple[str, ...]
    columns: dict[str, str]
    unknown: tuple[str, ...]
    rows: list[Row]
    by_name: tuple[str, ...] = ()
    unmatched: dict[str, set[str]] = field(default_factory=dict)

    def problem(self, row: Row, column: str, code: str, found: str = "", expected: str = "") -> Problem:
        """Return a problem of a row, at the column as the file calls it."""
        title = self.columns.get(column, column)
        return Problem(code, self.file, self.sheet, row.row, title, found, expected)


@dataclass(frozen=True)
class _Header:
    table: Table
    row: int
    spots: dict[str, int]
    marks: dict[str, int]
    texts: tuple[str, ...]


def read_filled(
    path: Path,
    tables: Sequence[Table],
    *,
    ways: Ways,
    noun: str | None = None,
    profile: Profile | None = None,
) -> tuple[Facts, list[Filled]]:
    """Return what was found about a file, and the sheets in it that were filled in for one of the tables (for `noun` alone, if it is given).

    With a `profile` the file is another program's export. FileError where the file cannot be read, or a sheet is none of theirs or may be of
    several.
    """
    facts, found = read(path, _ANY)
    noun = profile.noun if profile else noun
    wanted = [table for table in tables if noun is None or table.name == noun]
    filled = []
    for cells in found:
        if not cells.frame.height or _is_guide(cells):
            continue
        if profile is not None:
            filled.append(_profiled(cells, wanted[0], profile, facts, ways))
            continue
        header = _header(cells, wanted, facts.name)
        filled.append(_filled(cells, header, facts, ways))
    if not filled:
        raise FileError(Problem("no_rows", file=facts.name))
    return facts, filled


def names_of(table: Table) -> dict[str, str]:
    """Return search key → name of the column that it means, of every name and title in the table."""
    return {search_key(text): one.name for one in table.columns for text in (one.name, one.fa, one.en)}


def _is_guide(cells: Cells) -> bool:
    return cells.width > 0 and str(cells.frame["c1"][0]).strip() == GUIDE


def _header(cells: Cells, tables: Sequence[Table], file: str) -> _Header:
    """Return where the header stands and of which table it is: the one called as the sheet or the file is, else the one it fits best."""
    called = {search_key(cells.sheet), search_key(Path(file).name.partition(".")[0])}
    by_name = [one for one in tables if called & {search_key(text) for text in (one.name, one.fa, one.en)}]
    for some in (by_name, tables):
        fits = [one for table in some if (one := _fit(cells, table))]
        if not fits:
            continue
        most = max(map(_fitness, fits))
        best = [one for one in fits if _fitness(one) == most]
        if len(best) > 1:
            names = "، ".join(one.table.name for one in best)
            raise FileError(Problem("sheet_either", file=file, sheet=cells.sheet, found=names))
        _refuse_twice(best[0], file)
        return best[0]
    texts = [str(text) for text in cells.frame.row(0)[2:] if str(text).strip()]
    expected = "، ".join(table.name for table in tables)
    problem = Problem(
        "sheet_unknown", file=file, sheet=cells.sheet, found="، ".join(texts)[:300], expected=expected
    )
    raise FileError(problem)


def _fit(cells: Cells, table: Table) -> _Header | None:
    """Return the first row of the sheet that has what a row of the table is known by."""
    names = names_of(table)
    needed = {name for name in table.key if table.column(name).required}
    for number, _, *texts in cells.frame.head(HEADER_ROWS).iter_rows():
        spots: dict[str, int] = {}
        marks: dict[str, int] = {}
        for spot, text in enumerate(texts):
            plain = restored(text).strip()
            if plain.lower().startswith(MARK):
                marks.setdefault(plain.lower(), spot)
            elif (name := names.get(search_key(plain))) is not None:
                spots.setdefault(name, spot)
        while texts and not texts[-1].strip():
            texts.pop()
        if needed <= spots.keys():
            return _Header(table, number, spots, marks, tuple(texts))
    return None


def _fitness(header: _Header) -> tuple[int, bool]:
    """Return how many columns are there; of equals, one that has all of the table's is the one meant."""
    return len(header.spots), len(header.spots) == len(header.table.columns)


def _refuse_twice(header: _Header, file: str) -> None:
    names = names_of(header.table)
    for spot, text in enumerate(header.texts):
        name = names.get(search_key(restored(text)))
        if name is not None and header.spots[name] != spot:
            raise FileError(Problem("column_twice", file=file, found=text))


def _filled(cells: Cells, header: _Header, facts: Facts, ways: Ways) -> Filled:
    table = header.table
    known = {*header.spots.values(), *header.marks.values()}
    filled = Filled(
        table,
        facts.name,
        cells.sheet,
        header.texts,
        {name: header.texts[spot] for name, spot in header.spots.items()},
        tuple(text for spot, text in enumerate(header.texts) if text.strip() and spot not in known),
        [],
    )
    frame = cells.frame.filter(pl.col("row") > header.row)
    for number, count, *texts in frame.iter_rows():
        plain = tuple(map(restored, texts))
        if not any(text.strip() for text in plain):
            continue
        row = Row(
            number,
            plain,
            {name: plain[spot] for name, spot in header.spots.items()},
            {},
            {mark: plain[spot] for mark, spot in header.marks.items()},
        )
        if any(text.strip() for text in plain[len(header.texts) :]):
            expected = str(len(header.texts))
            row.problems.append(
                Problem("row_long", facts.name, cells.sheet, number, "", str(count), expected)
            )
        filled.rows.append(row)
    for name in header.spots:
        _values(filled, table.column(name), ways, "dmy", workbook=facts.is_workbook)
    return filled


def _profiled(cells: Cells, table: Table, profile: Profile, facts: Facts, ways: Ways) -> Filled:
    """Return a sheet of another program's export as one of the table's; its rows keep their own cells."""
    number, header = _their_header(cells, profile, facts.name)
    spots = {search_key(text): spot for spot, text in reversed(list(enumerate(header))) if text.strip()}
    places = {
        name: [
            (place, spot)
            for place in rule.places
            if (spot := next((spots[key] for key in map(search_key, place.names) if key in spots), None))
            is not None
        ]
        for name, rule in profile.columns.items()
    }
    used = {spot for some in places.values() for _, spot in some}
    columns = {name: header[some[0][1]] for name, some in places.items() if some}
    columns |= {name: name for name in profile.constants}
    unknown = tuple(text for spot, text in enumerate(header) if text.strip() and spot not in used)
    filled = Filled(table, facts.name, cells.sheet, header, columns, unknown, [], profile.by_name)
    figures = {name for name in columns if table.column(name).type in ("money", "decimal", "int")}
    for row_number, _, *texts in cells.frame.filter(pl.col("row") > number).iter_rows():
        plain = tuple(map(restored, texts))
        if not any(text.strip() for text in plain):
            continue
        said = dict(profile.constants)
        for name, some in places.items():
            if some:
                text = next((found for place, spot in some if (found := place.value(plain[spot]))), "")
                meant = profile.columns[name].meant(text)
                said[name] = profile.figure(meant) if name in figures else meant
        filled.rows.append(Row(row_number, plain, said, {}, {}))
    for name in columns:
        _values(filled, table.column(name), ways, profile.order, workbook=facts.is_workbook)
    return filled


def _their_header(cells: Cells, profile: Profile, file: str) -> tuple[int, tuple[str, ...]]:
    """Return where the other program's header stands: the first row with a place of every column that is needed."""
    needed = [
        {search_key(name) for place in profile.columns[one].places for name in place.names}
        for one in profile.needed
    ]
    for number, _, *texts in cells.frame.head(HEADER_ROWS).iter_rows():
        there = {search_key(text) for text in texts}
        if all(names & there for names in needed):
            return int(number), tuple(texts)
    first = [str(text) for text in cells.frame.row(0)[2:] if str(text).strip()]
    expected = " / ".join(profile.columns[profile.needed[0]].places[0].names)
    raise FileError(Problem("header", file=file, expected=expected, found="، ".join(first)[:300]))


def _values(filled: Filled, column: Column, ways: Ways, order: Order, *, workbook: bool) -> None:
    """Read one column's cells into values; an empty cell is None."""
    texts = [row.texts[column.name].strip() for row in filled.rows]
    if column.type == "date":
        known: dict[str, Any] = _days(texts, ways, order, workbook=workbook)
    else:
        known = {text: _READERS[column.type](text, ways) for text in set(texts) if text}
    for row, text in zip(filled.rows, texts, strict=True):
        value = known.get(text) if text else None
        row.values[column.name] = value
        if text and value is None:
            code, expected = _CODES[column.type], ways.example(column)
            row.problems.append(filled.problem(row, column.name, code, text, expected))


def _days(texts: list[str], ways: Ways, order: Order, *, workbook: bool) -> dict[str, date | None]:
    """Return each text's day: read in the city's calendar, else in the other; their years do not meet, so none is misread."""
    cell = pl.Series("text", sorted(set(texts) - {""}), pl.String)
    other: Calendar = "gregorian" if ways.calendar == "jalali" else "jalali"
    first = dates(cell, DateRule(calendar=ways.calendar, order=order), workbook=workbook)["value"]
    second = dates(cell, DateRule(calendar=other, order=order), workbook=workbook)["value"]
    return {
        text: day if day is not None else beside
        for text, day, beside in zip(cell, first, second, strict=True)
    }


def _whole(text: str, ways: Ways) -> int | None:
    number = _figure(text, parse_whole)
    return number if number is not None and abs(number) <= LARGEST_WHOLE else None


def _figure(text: str, parse: Callable[[str], Any]) -> Any:
    try:
        return parse(text)
    except FigureError:
        return None


def _yes(text: str, ways: Ways) -> bool | None:
    key = search_key(text)
    return True if key in YES else False if key in NO else None


_READERS: dict[str, Callable[[str, Ways], Any]] = {
    "text": lambda text, ways: text,
    "int": _whole,
    "money": lambda text, ways: _figure(text, partial(parse_amount, minor_digits=ways.minor_digits)),
    "decimal": lambda text, ways: _figure(text, parse_decimal),
    "bool": _yes,
}
_CODES = {"int": "whole", "money": "amount", "decimal": "decimal", "bool": "yes_no", "date": "date"}
