"""Verbatim cells → lines: integer amounts, ISO dates, normalised text beside the raw. Column by column, no Python per row.

Every row of the file ends in exactly one of three frames: lines (one per amount column that has a figure), set aside with a reason, or
quarantined with its problems.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import polars as pl

from rasad.ledger import nuls
from rasad.ledger.aside import reason
from rasad.ledger.columns import OF_A_CELL, amount, dates, fiscal_year
from rasad.ledger.mapping import Mapping, Place
from rasad.ledger.problems import MappingError, Problem
from rasad.ledger.read import Cells, Facts
from rasad.ledger.read.header import keys as header_keys
from rasad.ledger.rejected import problems_of
from rasad.ledger.schema import TABLES, Table
from rasad.ledger.sides import both_sides, difference, signed
from rasad.ledger.standing import (
    CODES,
    NUMBERED,
    differences,
    far_ahead,
    has_lost_digits,
    mistyped,
    shortened,
)
from rasad.ledger.texts import Distinct, Texts, distinct, key_texts, mapped, normal_texts
from rasad.ledger.totals import spread
from rasad.persian import dates as persian_dates
from rasad.persian.text import search_key

POLARS_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "decimal": pl.Decimal(24, 6),
    "text": pl.String,
    "int": pl.Int64,
    "money": pl.Int64,
    "date": pl.Date,
    "bool": pl.Boolean,
    "real": pl.Float64,
}
_TEXTS_NORMALISED = (
    "title",
    "unit",
    "programme",
    "economic",
    "place",
    "nature",
    "supplier_name",
    "label",
    "method",
)
_RAW_OF = {"title": "title_raw", "supplier_name": "supplier_raw"}
_DATES = ("date", "start", "end", "as_of")
WORKERS = 4
"""Columns of one file that are read at the same time."""
_NO_FIGURE = ["", "amount_missing"]
_OF_ROWS = ("length", nuls.COLUMN)
"""Checks of a whole row, beside those of a cell, which are named after it."""


@dataclass(frozen=True)
class Cleaned:
    """The frames of one sheet.

    lines: the table's columns. aside: reason, sheet, row, cells_verbatim (list of text), a1 … an. quarantine: the same without
    reason. problems: sheet, row, column, code, found, expected. Per amount column, of every row as it came in: the sum in the
    smallest unit (`amounts_in`), and how many cells were empty or unreadable.
    """

    lines: pl.DataFrame
    aside: pl.DataFrame
    quarantine: pl.DataFrame
    problems: pl.DataFrame
    rows_in: int
    amounts_in: tuple[int, ...]
    empty: tuple[int, ...]
    unreadable: tuple[int, ...]


def clean(cells: Cells, facts: Facts, mapping: Mapping, params: dict[str, str], sheet_no: int = 1) -> Cleaned:
    """Return the lines, set-aside rows and quarantined rows of one sheet. MappingError where the mapping does not fit.

    An empty cell in one of several amount columns gives no line and is counted; a zero gives a line. A row that has no figure at all
    is set aside where there are several amount columns, and lacks its amount where there is one.
    """
    table = TABLES[mapping.table]
    if cells.path:
        facts = replace(facts, path=cells.path)
    places = _places(cells, mapping, facts.name)
    if cells.spans:
        cells = replace(cells, frame=spread(cells, places, mapping))
    texts = Texts(cells.frame)
    # Each column is read by itself: side by side, since much of what Polars does to one text column takes one core.
    with ThreadPoolExecutor(WORKERS) as pool:
        why = pool.submit(reason, cells.frame, texts, cells, mapping, places)
        tasks = [partial(_amount, cells.frame, mapping, places, name) for name in mapping.figures]
        tasks += [
            partial(_value, cells, texts, mapping, places, target)
            for target in mapping.columns
            if target in places
        ]
        added = [column for columns in pool.map(_run, tasks) for column in columns]
        frame = cells.frame.with_columns(why.result(), _length(cells), *nuls.of_rows(cells), *added)
    if cells.nuls:
        frame = nuls.not_set_aside(frame)
    frame = frame.with_columns(_constants(facts, mapping, params))
    frame = frame.with_columns(fiscal_year(frame, facts, mapping, params, places.get("fiscal_year_cell")))
    frame = frame.with_columns(_extra(frame, cells, places))
    frame = _with_status(frame, mapping)

    counted = pl.col("reason").is_null()
    stored = frame.filter(counted & ~pl.col("bad"))
    aside = frame.filter(~counted)
    bad = frame.filter(counted & pl.col("bad"))
    data = frame.filter(counted)
    figures = mapping.figures
    kept = ["sheet", "row", "cells_verbatim", *figures]
    return Cleaned(
        lines=_lines(stored, cells, facts, mapping, table, sheet_no),
        aside=aside.with_columns(verbatim(cells), sheet=pl.lit(cells.sheet)).select("reason", *kept),
        quarantine=bad.with_columns(verbatim(cells), sheet=pl.lit(cells.sheet)).select(kept),
        problems=pl.concat(
            [
                problems_of(bad, cells, mapping, places),
                differences(frame, cells, mapping, places),
                mistyped(data, cells, mapping, places),
                shortened(data, cells, mapping, places),
                far_ahead(data, cells, mapping, places),
            ]
        ),
        rows_in=frame.height,
        amounts_in=tuple(total(frame[name]) for name in figures),
        empty=tuple(
            frame.filter(pl.col(name).is_null() & pl.col(f"{name}_problem").is_in(_NO_FIGURE)).height
            for name in figures
        ),
        unreadable=tuple(
            frame.filter(~pl.col(f"{name}_problem").is_in(_NO_FIGURE)).height for name in figures
        ),
    )


def total(amounts: pl.Series) -> int:
    """Return the exact sum: a column of 18-digit amounts does not fit an Int64."""
    return int(amounts.cast(pl.Int128).sum() or 0)


def _places(cells: Cells, mapping: Mapping, name: str) -> dict[str, str]:
    """Return target → column of the frame, for every rule that finds its place."""
    keys = header_keys(cells.header, cells.groups)
    found: dict[str, str] = {}
    rules: dict[str, Place] = {
        **mapping.columns,
        **{f"a{i}": rule for i, rule in enumerate(mapping.amounts, 1)},
    }
    for i, money in enumerate(mapping.amounts, 1):
        beside = {f"a{i}_minus": money.minus, f"a{i}_sign": money.sign}
        rules |= {target: place for target, place in beside.items() if place is not None}
    for target, column in mapping.columns.items():
        rules |= {f"{target}+{n}": Place(names=(name,)) for n, name in enumerate(column.append)}
    if mapping.fiscal_year.source == "column":
        year = mapping.fiscal_year
        rules["fiscal_year_cell"] = Place(names=year.names, position=year.position)
    for target, rule in rules.items():
        if rule.position is not None:
            if rule.position > cells.width and not rule.optional:
                raise MappingError(
                    Problem("column_missing", file=name, expected=str(rule.position), found=str(cells.width))
                )
            found[target] = f"c{rule.position}"
            continue
        spots = next((keys[search_key(alias)] for alias in rule.names if search_key(alias) in keys), None)
        if spots is None:
            if not rule.optional:
                seen = " | ".join(header for header in cells.header if header.strip())
                raise MappingError(
                    Problem("column_missing", file=name, expected=" / ".join(rule.names), found=seen[:300])
                )
        elif len(spots) > 1:
            raise MappingError(Problem("column_twice", file=name, found=cells.header[spots[0] - 1]))
        else:
            found[target] = f"c{spots[0]}"
    return {target: column for target, column in found.items() if int(column[1:]) <= cells.width}


def _length(cells: Cells) -> pl.Expr:
    """Return `length`: row_short, row_long (more cells than the header, and something in them) or empty."""
    surplus = [f"c{i}" for i in range(cells.expected + 1, cells.width + 1)]
    spills = pl.any_horizontal(pl.col(name) != "" for name in surplus) if surplus else pl.lit(False)
    return (
        pl.when(pl.col("cells") < cells.expected)
        .then(pl.lit("row_short"))
        .when((pl.col("cells") > cells.expected) & spills)
        .then(pl.lit("row_long"))
        .otherwise(pl.lit(""))
        .alias("length")
    )


def _run(task: Callable[[], list[pl.Series]]) -> list[pl.Series]:
    return task()


def _amount(frame: pl.DataFrame, mapping: Mapping, places: dict[str, str], name: str) -> list[pl.Series]:
    """Return one amount column: a1 (Int64 in the smallest unit, null where there is none), a1_problem and the cells as a1_raw."""
    rule = mapping.amounts[int(name[1:]) - 1]
    if name not in places:
        nothing = pl.repeat("", frame.height, dtype=pl.String, eager=True)
        value = pl.repeat(None, frame.height, dtype=pl.Int64, eager=True)
        return [value.alias(name), nothing.alias(f"{name}_problem"), nothing.alias(f"{name}_raw")]
    cell = frame[places[name]]
    parsed = amount(cell, mapping.numbers)
    if f"{name}_minus" in places:
        less = frame[places[f"{name}_minus"]]
        parsed = difference(parsed, amount(less, mapping.numbers))
        cell = both_sides(cell, less)
    if rule.sign and f"{name}_sign" in places:
        parsed = signed(parsed, frame[places[f"{name}_sign"]], rule.sign.negative)
    return [
        parsed["value"].alias(name),
        parsed["problem"].alias(f"{name}_problem"),
        cell.alias(f"{name}_raw"),
    ]


def _value(
    cells: Cells, texts: Texts, mapping: Mapping, places: dict[str, str], target: str
) -> list[pl.Series]:
    """Return the columns of the table that one rule fills, and `<name>_problem` where it can be wrong."""
    frame, rule = cells.frame, mapping.columns[target]
    cell = frame[places[target]]
    if rule.append:
        more = [places[f"{target}+{n}"] for n in range(len(rule.append))]
        cell = frame.select(pl.concat_str(places[target], *more, separator=rule.between)).to_series()
    if rule.pattern is not None:
        cell = mapped(cell, partial(_part, pattern=rule.pattern))
    if target in _DATES:
        parsed = dates(cell, mapping.dates, workbook=cells.format != "text", epoch=cells.epoch)
        if cells.put_right:
            parsed = _days_put_right(parsed, cell, cells, mapping)
        day = [parsed["value"].alias(target), parsed["problem"].alias(f"{target}_problem")]
        written = [cell.alias(f"{target}_raw")] if f"{target}_raw" in TABLES[mapping.table].names else []
        return [*day, *written]
    raw = [cell.alias(_RAW_OF[target])] if target in _RAW_OF else []
    if target in (*_TEXTS_NORMALISED, *CODES):
        as_it_stands = not rule.append and rule.pattern is None
        found, normal = texts.normal(places[target]) if as_it_stands else _normal(cell)
        values = [found.spread(normal).alias(target)]
        if target == "title":
            values.append(found.spread(key_texts(normal)).alias("title_key"))
        return [*raw, *values]
    return [*raw, cell.alias(target)]


def _days_put_right(parsed: pl.DataFrame, cell: pl.Series, cells: Cells, mapping: Mapping) -> pl.DataFrame:
    """Return the dates; of rows that were put right also those which a spreadsheet made days of its own, 2024-08-04, as it does with what is typed."""
    theirs = cells.frame["row"].is_in(list(cells.put_right)) & (parsed["problem"] == "date")
    made = (theirs & cell.str.contains(f"^{OF_A_CELL.pattern}")).fill_null(False)
    if not made.any():
        return parsed
    days = dates(cell.filter(made), mapping.dates, workbook=True)
    places = made.arg_true()
    return pl.DataFrame(
        [parsed[name].scatter(places, days[name]).alias(name) for name in ("value", "problem")]
    )


def _part(texts: pl.Series, pattern: str) -> pl.Series:
    return texts.str.extract(pattern, 1).fill_null("")


def _normal(cell: pl.Series) -> tuple[Distinct, pl.Series]:
    found = distinct(cell)
    return found, normal_texts(found.texts)


def _constants(facts: Facts, mapping: Mapping, params: dict[str, str]) -> list[pl.Expr]:
    """Return the mapping's constants, and the cut-off that the parameter `as_of` states. MappingError where a date is none."""
    table = TABLES[mapping.table]
    stated = dict(mapping.constants)
    if "as_of" in params and "as_of" in table.names:
        stated["as_of"] = params["as_of"]
    found = []
    for name, value in stated.items():
        if table.column(name).type != "date":
            found.append(pl.lit(value).alias(name))
            continue
        try:
            day: date = persian_dates.parse(
                value,
                calendar=mapping.dates.calendar,
                order=mapping.dates.order,
                pivot=mapping.dates.pivot,
            )
        except persian_dates.DateError as error:
            raise MappingError(
                Problem("mapping", file=facts.name, column=name, found=value, expected=mapping.dates.example)
            ) from error
        found.append(pl.lit(day).alias(name))
    return found


def _extra(frame: pl.DataFrame, cells: Cells, places: dict[str, str]) -> pl.Series | pl.Expr:
    """Return `extra`: a JSON object of every cell that no column took."""
    taken = set(places.values())
    names = cells.names
    fields: dict[str, str] = {}
    for i in range(1, cells.width + 1):
        if f"c{i}" not in taken:
            name = names[i - 1]
            fields[f"{name} ({i})" if name in fields else name] = f"c{i}"
    if not fields:
        return pl.lit("").alias("extra")
    columns = list(fields.values())
    distinct = frame.select(columns).unique()
    said = pl.struct(pl.col(column).alias(name) for name, column in fields.items()).struct.json_encode()
    distinct = distinct.with_columns(said.alias("extra"))
    return frame.select(columns).join(distinct, on=columns, how="left", maintain_order="left")["extra"]


def _with_status(frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Add `bad`: whether the row has a problem. A row with no figure in any of several stages is set aside."""
    figures = [f"a{i}" for i in range(1, len(mapping.amounts) + 1)]
    nothing = pl.all_horizontal(
        pl.col(name).is_null() & (pl.col(f"{name}_problem") == "") for name in figures
    )
    if len(figures) > 1:
        reason = pl.when(pl.col("reason").is_null() & nothing & (pl.col("length") == "")).then(
            pl.lit("empty")
        )
        frame = frame.with_columns(reason.otherwise(pl.col("reason")).alias("reason"))
    else:
        missing = pl.when(nothing).then(pl.lit("amount_missing")).otherwise(pl.col("a1_problem"))
        frame = frame.with_columns(missing.alias("a1_problem"))
    for column in TABLES[mapping.table].columns:
        if (
            column.required
            and column.type == "text"
            and column.name in mapping.columns
            and column.name in frame.columns
        ):
            empty = pl.when(pl.col(column.name) == "").then(pl.lit("required")).otherwise(pl.lit(""))
            frame = frame.with_columns(empty.alias(f"{column.name}_problem"))
    for name in {*mapping.key} & {*NUMBERED} & {*frame.columns}:
        # What tells rows apart must be whole: two documents shortened alike would be taken for one.
        before = pl.col(f"{name}_problem") if f"{name}_problem" in frame.columns else pl.lit("")
        lost = pl.when(has_lost_digits(name)).then(pl.lit("key_shortened")).otherwise(before)
        frame = frame.with_columns(lost.alias(f"{name}_problem"))
    checks = [name for name in frame.columns if name.endswith("_problem") or name in _OF_ROWS]
    return frame.with_columns(pl.any_horizontal(pl.col(name) != "" for name in checks).alias("bad"))


def _lines(
    stored: pl.DataFrame, cells: Cells, facts: Facts, mapping: Mapping, table: Table, sheet_no: int
) -> pl.DataFrame:
    """Return the stored rows as lines of the table: one per amount column that has a figure, stage after stage."""
    flow = mapping.constants.get("flow", "expense")
    parts = []
    for name, rule in zip(mapping.figures, mapping.amounts, strict=True):
        stage = rule.stage or table.name
        # A stage can be stated of expense and of revenue in one row.
        mark = stage if rule.flow in (None, flow) else f"{stage}-{rule.flow}"
        part = (
            stored
            if name == "a1" and len(mapping.amounts) == 1
            else stored.filter(pl.col(name).is_not_null())
        )
        parts.append(
            part.with_columns(
                pl.col(name).alias("amount"),
                pl.col(f"{name}_raw").alias("amount_raw"),
                pl.lit(stage).alias("stage"),
                pl.lit(rule.flow or flow).alias("flow"),
                pl.format(f"{facts.sha256[:12]}-{sheet_no}-{{}}-{mark}", "row").alias("line_id"),
            )
        )
    lines = (pl.concat(parts) if len(parts) > 1 else parts[0]).with_columns(
        source=pl.lit(mapping.id),
        file_name=pl.lit(facts.name),
        file_hash=pl.lit(facts.sha256),
        sheet=pl.lit(cells.sheet),
        origin=pl.lit("row"),
        book=pl.lit(mapping.book_or_default),
        currency=pl.lit(mapping.numbers.currency),
        batch=pl.lit(""),
        line_no=pl.lit(0),
    )
    return shaped(lines, table)


def shaped(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return `frame` with exactly the table's columns and types; absent ones are null."""
    expressions = []
    for column in table.columns:
        type_ = POLARS_TYPES[column.type]
        value = pl.col(column.name).cast(type_) if column.name in frame.columns else pl.lit(None, type_)
        if column.type == "text" and column.name in frame.columns:
            # An empty cell is no value: null, so that it groups and counts as missing.
            value = (
                pl.when(value == "").then(None).otherwise(value)
                if column.name != "sheet"
                else value.fill_null("")
            )
        expressions.append(value.alias(column.name))
    return frame.select(expressions)


def verbatim(cells: Cells) -> pl.Expr:
    """Return `cells_verbatim`: the row's own cells, no more and no fewer than it had."""
    every = pl.concat_list(f"c{i}" for i in range(1, cells.width + 1))
    return every.list.head(pl.col("cells")).alias("cells_verbatim")
