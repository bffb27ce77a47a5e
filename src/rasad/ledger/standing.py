"""What is said of rows that stand: totals that differ, identifiers that were mistyped, numbers that a spreadsheet shortened."""

from __future__ import annotations

from datetime import date

import polars as pl

from rasad.ledger import check_digits
from rasad.ledger.mapping import Mapping
from rasad.ledger.read import Cells
from rasad.ledger.totals import differing
from rasad.persian.dates import Calendar, fiscal_span, from_date

PROBLEM_SCHEMA = pl.Schema(
    {
        "sheet": pl.String,
        "row": pl.UInt32,
        "column": pl.String,
        "code": pl.String,
        "found": pl.String,
        "expected": pl.String,
    }
)
CODES = ("unit_code", "programme_code", "economic_code", "tree_code", "document_no", "contract_no")
NUMBERED = ("supplier_id_raw", *CODES)
"""Columns whose numbers are names, of which every digit counts."""
YEARS_AHEAD, YEARS_OF_A_CONTRACT = 5, 30
"""How far ahead of today's year a date may lie before it is doubted."""
_E_NOTATION = "^ *[+-]?[0-9۰-۹](?:[.,٫][0-9۰-۹]+)?[eE][+][0-9۰-۹]{1,3} *$"


def exact(amount: int, minor_digits: int) -> str:
    """Return an amount in the smallest unit as a figure in the currency: 123456 cents are 1234.56."""
    if not minor_digits:
        return str(amount)
    whole, part = divmod(abs(amount), 10**minor_digits)
    return f"{'-' if amount < 0 else ''}{whole}.{part:0{minor_digits}}"


def differences(frame: pl.DataFrame, cells: Cells, mapping: Mapping, places: dict[str, str]) -> pl.DataFrame:
    """Return the totals of the file that are not the sum of its rows, as problems; the rows stand."""
    found = [
        (
            cells.sheet,
            row,
            cells.names[int(places[name][1:]) - 1],
            "total_differs",
            exact(said, mapping.numbers.minor_digits),
            exact(sum_, mapping.numbers.minor_digits),
        )
        for row, name, said, sum_ in differing(frame.select("row", "reason", *mapping.figures), mapping)
    ]
    return pl.DataFrame(found, schema=PROBLEM_SCHEMA, orient="row")


def mistyped(rows: pl.DataFrame, cells: Cells, mapping: Mapping, places: dict[str, str]) -> pl.DataFrame:
    """Return the payees' identifiers whose check digit is wrong, as problems; the rows stand."""
    place = places.get("supplier_id_raw")
    if place is None:
        return pl.DataFrame(schema=PROBLEM_SCHEMA)
    wrong = check_digits.wrong(rows["supplier_id_raw"], mapping.numbers.currency)
    found = rows.select("row", text="supplier_id_raw").join(wrong, on="text", maintain_order="left")
    return _said(found, cells, place, "check_digit", pl.col("text"), pl.col("expected"))


def far_ahead(rows: pl.DataFrame, cells: Cells, mapping: Mapping, places: dict[str, str]) -> pl.DataFrame:
    """Return dates of years that are far from begun, as problems: of the lunar calendar perhaps, 1445/09/12, or mistyped. The rows stand."""
    found = [pl.DataFrame(schema=PROBLEM_SCHEMA)]
    for target, years in (("date", YEARS_AHEAD), ("start", YEARS_AHEAD), ("end", YEARS_OF_A_CONTRACT)):
        if target not in places or rows.schema.get(target) != pl.Date:
            continue
        far = rows.filter(pl.col(target) > last_day(mapping.dates.calendar, years))
        if far.height:
            found.append(_said(far, cells, places[target], "far_ahead", pl.col(places[target])))
    return pl.concat(found)


def last_day(calendar: Calendar, years: int) -> date:
    """Return the last day of the year that lies so many years ahead."""
    return fiscal_span(from_date(date.today(), calendar)[0] + years, calendar=calendar)[1]  # noqa: DTZ011 - no zone moves a year


def has_lost_digits(name: str) -> pl.Expr:
    """Return whether a spreadsheet kept the first digits of a number alone."""
    return pl.col(name).str.contains(_E_NOTATION).fill_null(False)


def shortened(rows: pl.DataFrame, cells: Cells, mapping: Mapping, places: dict[str, str]) -> pl.DataFrame:
    """Return numbers of documents, contracts, codes and payees that lost digits in a spreadsheet, as problems; the rows stand.

    One that tells rows apart is no matter of this: its row does not stand.
    """
    found = [pl.DataFrame(schema=PROBLEM_SCHEMA)]
    for target in NUMBERED:
        if target not in places or target not in rows.columns or target in mapping.key:
            continue
        wrong = rows.filter(has_lost_digits(target))
        if wrong.height:
            found.append(_said(wrong, cells, places[target], "shortened", pl.col(target)))
    return pl.concat(found)


def _said(
    rows: pl.DataFrame, cells: Cells, place: str, code: str, found: pl.Expr, expected: pl.Expr | None = None
) -> pl.DataFrame:
    """Return rows as problems of one column, which is given by its place in the file."""
    return rows.select(
        sheet=pl.lit(cells.sheet),
        row=pl.col("row"),
        column=pl.lit(cells.names[int(place[1:]) - 1]),
        code=pl.lit(code),
        found=found,
        expected=pl.lit("") if expected is None else expected,
    ).cast(PROBLEM_SCHEMA)
