"""Which rows are kept and not counted, and why: blank rows, titles, the header again, totals, notes, fillers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl

from rasad.ledger.mapping import AsideRule, Mapping
from rasad.ledger.read import Cells
from rasad.ledger.texts import Texts
from rasad.ledger.totals import FIGURE, besides


def reason(
    frame: pl.DataFrame, texts: Texts, cells: Cells, mapping: Mapping, places: dict[str, str]
) -> pl.Series | pl.Expr:
    """Return `reason`: why each row is set aside, or null. The first reason that is found holds. `texts` are those of the frame."""
    found = [
        pl.DataFrame({"row": rows.cast(pl.UInt32)}).with_columns(reason=pl.lit(reason))
        for reason, rows in _aside_rows(frame, texts, cells, mapping, places)
        if rows.len()
    ]
    if not found:
        return pl.lit(None, pl.String).alias("reason")
    reasons = pl.concat(found).unique("row", keep="first", maintain_order=True)
    return frame.select("row").join(reasons, on="row", how="left", maintain_order="left")["reason"]


def _aside_rows(
    frame: pl.DataFrame, texts: Texts, cells: Cells, mapping: Mapping, places: dict[str, str]
) -> Iterator[tuple[str, pl.Series]]:
    columns = [f"c{i}" for i in range(1, cells.width + 1)]
    again = frame["row"].clear()
    yield "blank", _rows_without(frame, columns)
    yield "title", pl.Series("row", cells.titles, dtype=pl.UInt32)
    if cells.header:
        again = _rows_like_header(frame, cells)
        yield "header", again
    for rule in mapping.set_aside:
        yield rule.reason, _rows_meant(frame, texts, rule, mapping, places)
    yield from besides(frame, cells, mapping, places, again)


def _rows_without(frame: pl.DataFrame, columns: list[str]) -> pl.Series:
    """Return the rows in which all the columns are blank."""
    return _rows_that(frame, columns, lambda text, _: text.str.strip_chars() == "")


def _rows_like_header(frame: pl.DataFrame, cells: Cells) -> pl.Series:
    """Return the rows that say the header again; of a header of two lines each of them, in which some columns are blank."""
    names = [f"c{i}" for i in range(1, len(cells.header) + 1)]
    said = {name: [text.strip()] for name, text in zip(names, cells.header, strict=True)}
    if not any(cells.groups):
        return _rows_that(frame, names, lambda text, name: text.str.strip_chars() == said[name][0])
    for name, group in zip(names, cells.groups, strict=False):
        said[name] += [group.strip(), ""]
    # A column that has a figure for its name may hold it too.
    likely = _rows_that(frame, names, lambda text, name: text.str.strip_chars().is_in(said[name]))
    rows = frame.filter(pl.col("row").is_in(likely.implode()))
    says = pl.any_horizontal(~pl.col(name).str.contains(FIGURE) for name in names)
    return rows.filter(says)["row"]


def _rows_that(
    frame: pl.DataFrame, columns: list[str], fits: Callable[[pl.Series, str], pl.Series]
) -> pl.Series:
    """Return the rows in which every column fits. Column after column, so that few rows are looked at twice."""
    left: pl.Series | None = None
    for name in columns:
        column = frame[name] if left is None else frame[name].gather(left)
        fit = fits(column, name)
        if fit.all():
            continue
        found = fit.arg_true()
        left = found if left is None else left.gather(found)
        if not left.len():
            break
    return frame["row"] if left is None else frame["row"].gather(left)


def _rows_meant(
    frame: pl.DataFrame, texts: Texts, rule: AsideRule, mapping: Mapping, places: dict[str, str]
) -> pl.Series:
    if rule.blank:
        meant = [mapping.figures if name == "amount" else [name] for name in rule.blank]
        return _rows_without(frame, [places[name] for names in meant for name in names if name in places])
    if rule.column not in places or rule.pattern is None:
        return frame["row"].clear()
    return frame["row"].filter(texts.matching(places[rule.column], rule.pattern))
