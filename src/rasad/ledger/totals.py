"""Rows that a printed table has besides its data: totals, sums carried from page to page, notes below, merged rows.

They are recognised by what they say and by what they lack, set aside, and a total is checked against the rows that it totals.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from rasad.ledger.columns import dates
from rasad.ledger.mapping import Mapping
from rasad.ledger.read import Cells, limits
from rasad.ledger.read.cells import column_names
from rasad.ledger.texts import key_texts, mapped, normal_texts

# Whole labels, as they stand in a search key. A payee called Total has a date and a document beside it; a total has neither.
TOTAL = (
    "^(?:(?:جمع|مجموع|سرجمع)(?: (?:کل|کلی|صفحه|این صفحه|تا این صفحه|برگه|سند|گردش|بدهکار|بستانکار|ستون|نهایی|ماه|فصل|سال|دوره|مبلغ|مبالغ|اعتبار|اعتبارات|هزینه|هزینه ها|پرداخت|پرداختی|پرداخت ها|ریال|به ریال))*"
    "|جمع کل .{1,80}|(?:grand |sub |sub)?totals?(?: (?:amount|general|page|for .{1,60}))?"
    "|(?:suma|sumas|importe|suma total|total)(?: (?:total|general|totales|capitulo .{1,60}|importe))?)$"
)
CARRIED = (
    "^(?:(?:(?:جمع|مانده|مبلغ) )?(?:نقل|منقول|انتقال|انتقالی) (?:از|به) (?:صفحه|برگ|برگه) (?:قبل|قبلی|بعد|بعدی)|(?:نقل|منقول) (?:از|به) (?:قبل|بعد)"
    "|(?:جمع|مانده) (?:از |به )?(?:صفحه|برگ|برگه) (?:قبل|قبلی|بعد|بعدی)"
    "|مانده(?: (?:کل|نهایی|قبلی|از قبل|اول دوره|ابتدای دوره|پایان دوره|انتهای دوره|تا این صفحه))?"
    "|(?:carried|brought) (?:forward|down|over)|suma (?:anterior|y sigue)|suma y sigue|total anterior)$"
)
FIGURE = "^[-+0-9۰-۹٠-٩.,٬٫'()%/ ]*$"
SIDES = ("بد", "بس", "بدهکار", "بستانکار", "بی حساب", "Dr", "Cr", "DR", "CR")
MOST_OF_A_NOTE = 2
"""Cells that a note, a signature or a title has besides its figures."""
MOST_TITLES = 5
"""Lines of titles above a header that is said again."""
_LOOK_BACK = 60
"""Totals above a total that it may begin from: pages, sections, months."""


def besides(
    frame: pl.DataFrame, cells: Cells, mapping: Mapping, places: dict[str, str], again: pl.Series
) -> Iterator[tuple[str, pl.Series]]:
    """Yield reason and rows of what is no data: carried, total, title, merged, footer. `again`: the rows that say the header again."""
    amounts = _amounts(places, mapping)
    if not mapping.file.totals or not amounts or not cells.header:
        return
    others = [f"c{i}" for i in range(1, cells.width + 1) if f"c{i}" not in amounts]
    few = _with_few_texts(frame, others)
    for reason, pattern in (("carried", CARRIED), ("total", TOTAL)):
        yield reason, labelled(few, others, pattern)
    yield "title", _titles_again(frame, cells, mapping, places, again)
    yield "merged", _merged_away(frame, cells, amounts)
    yield "footer", _below(frame, cells, mapping, places)


def differing(frame: pl.DataFrame, mapping: Mapping) -> list[tuple[int, str, int, int]]:
    """Return row, amount column, its figure, and what the rows above come to, of each total that is the sum of no rows above.

    `frame` has `row`, `reason` and a1 … an, in the file's order. A tree's rows hold one another: their totals say something else.
    """
    totals = frame.with_row_index("at").filter(pl.col("reason") == "total")
    if mapping.trees or not totals.height:
        return []
    found = []
    for name in mapping.figures:
        counted = pl.when(pl.col("reason").is_null()).then(pl.col(name)).fill_null(0).cast(pl.Int128)
        running = frame.select(counted.cum_sum().alias("sum"))["sum"]
        starts = [0]
        for row, at, figure in totals.select("row", "at", name).iter_rows():
            here = int(running[at])
            if figure is not None and all(here - start != figure for start in starts):
                # Of the stretches that it may total, the one that comes nearest is what is compared: a grand total is no page's.
                nearest = min((here - start for start in starts), key=lambda total: abs(total - figure))
                found.append((row, name, figure, nearest))
            starts = [0, *starts[1:][-_LOOK_BACK:], here]
    return found


def spread(cells: Cells, places: dict[str, str], mapping: Mapping) -> pl.DataFrame:
    """Return the frame with each merged cell's text in every row it covers. Amounts stay where they are: one is one."""
    amounts = {place for target, place in places.items() if target.split("_")[0] in mapping.figures}
    at = {row: place for place, row in enumerate(cells.frame["row"].to_list())}
    changed: dict[str, list[str]] = {}
    left = limits.MAX_AREA
    for span in cells.spans:
        first = f"c{span.left}"
        if span.bottom <= max(span.top, cells.header_row) or span.top not in at or first in amounts:
            continue
        names = [f"c{i}" for i in range(span.left, min(span.right, cells.width) + 1)]
        covered = range(max(span.top, cells.header_row + 1), min(span.bottom, cells.frame["row"][-1]) + 1)
        left -= len(names) * len(covered)
        if left < 0:
            # Merged cells over merged cells: no office's sheet.
            break
        for name in names:
            if name not in changed:
                changed[name] = cells.frame[name].to_list()
        value = changed[first][at[span.top]]
        for name in names:
            if name not in amounts:
                column = changed[name]
                for row in covered:
                    column[at[row]] = value
    return cells.frame.with_columns(pl.Series(name, texts, pl.String) for name, texts in changed.items())


def _with_few_texts(frame: pl.DataFrame, others: list[str]) -> pl.DataFrame:
    """Return the rows in which one cell, or two, say something besides figures."""
    filled = pl.sum_horizontal(pl.col(name).str.len_bytes() > 0 for name in others)
    likely = frame.filter(filled.is_between(1, max(2, len(others) // 2)))
    if not likely.height:
        return likely
    texts = pl.sum_horizontal(~pl.col(name).str.contains(FIGURE) for name in others)
    return likely.filter(texts.is_between(1, 2))


def labelled(few: pl.DataFrame, others: list[str], pattern: str) -> pl.Series:
    """Return the rows whose every text is a label of the pattern; figures are left out, and on which side of the ledger they stand."""
    left = few.with_columns(named=pl.lit(False))
    for name in others:
        if not left.height:
            break
        is_label = mapped(left[name], lambda texts: key_texts(normal_texts(texts)).str.contains(pattern))
        side = left[name].str.strip_chars().is_in(SIDES)
        left = left.with_columns(named=left["named"] | is_label).filter(
            is_label | side | left[name].str.contains(FIGURE)
        )
    # A row of data that lacks its text has its side too.
    return left.filter("named")["row"]


def _merged_away(frame: pl.DataFrame, cells: Cells, amounts: list[str]) -> pl.Series:
    """Return the rows with no amount of their own, because a merged cell that begins above covers it."""
    covered: set[int] = set()
    for span in cells.spans:
        if any(span.left <= int(name[1:]) <= span.right for name in amounts):
            covered |= set(range(span.top + 1, min(span.bottom, cells.frame.height + 1_000) + 1))
    rows = frame.filter(pl.col("row").is_in(sorted(covered))) if covered else frame.clear()
    return rows.filter(pl.all_horizontal(pl.col(name).str.strip_chars() == "" for name in amounts))["row"]


def _titles_again(
    frame: pl.DataFrame, cells: Cells, mapping: Mapping, places: dict[str, str], again: pl.Series
) -> pl.Series:
    """Return the rows of titles that stand on every page of a printed table: those said above the first header, and those right above a
    header that is said again."""
    if not again.len():
        return frame["row"].clear()
    amounts = _amounts(places, mapping)
    others = [name for name in column_names(cells.width) if name not in amounts]
    filled = pl.sum_horizontal(pl.col(name).str.strip_chars() != "" for name in others)
    said = pl.concat_str(pl.col(column_names(cells.width)).str.strip_chars(), separator="\x1f")
    nothing = pl.all_horizontal(pl.col(name).str.strip_chars() == "" for name in amounts)
    # A line of group headings stands over the amounts too.
    no_figure = pl.all_horizontal(
        (pl.col(name).str.strip_chars() == "") | ~pl.col(name).str.contains(FIGURE) for name in amounts
    )
    rows = frame.filter(no_figure, filled > 0).with_columns(said.alias("said"))
    titles = rows["row"].is_in(list(cells.titles))
    found = set(rows.filter(~titles & pl.col("said").is_in(rows.filter(titles)["said"].to_list()))["row"])
    few = set(_undated(rows.filter(nothing, filled <= MOST_OF_A_NOTE), cells, mapping, places)["row"])
    for row in again:
        for at in range(row - 1, row - 1 - MOST_TITLES, -1):
            if at not in few:
                break
            found.add(at)
    return pl.Series("row", sorted(found), dtype=pl.UInt32)


def _below(frame: pl.DataFrame, cells: Cells, mapping: Mapping, places: dict[str, str]) -> pl.Series:
    """Return the rows below the last amount that say something in one cell or two: notes, signatures, page numbers."""
    amounts = _amounts(places, mapping)
    others = [name for name in column_names(cells.width) if name not in amounts]
    if cells.width < 4:
        return frame["row"].clear()
    has_amount = pl.any_horizontal(pl.col(name).str.strip_chars() != "" for name in amounts)
    last = frame.select(pl.col("row").filter(has_amount).max()).item() or 0
    rest = frame.filter(pl.col("row") > last)
    filled = pl.sum_horizontal(pl.col(name).str.strip_chars() != "" for name in others)
    return _undated(rest.filter(filled.is_between(1, MOST_OF_A_NOTE)), cells, mapping, places)["row"]


def _undated(rows: pl.DataFrame, cells: Cells, mapping: Mapping, places: dict[str, str]) -> pl.DataFrame:
    """Return the rows with no date in its column: one that has it is a row of data which lacks its amount."""
    if "date" not in places or not rows.height:
        return rows
    workbook = cells.format != "text"
    dated = dates(rows[places["date"]], mapping.dates, workbook=workbook, epoch=cells.epoch)["value"]
    return rows.filter(dated.is_null())


def _amounts(places: dict[str, str], mapping: Mapping) -> list[str]:
    """Return the columns that hold amounts, the other side's among them."""
    return [place for target, place in places.items() if target.split("_")[0] in mapping.figures]
