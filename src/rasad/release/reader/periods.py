"""Two periods side by side: the same groups of money in both, what grew, what appeared and what vanished."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rasad.release.reader.filters import COLUMNS, KEYED, Filters
from rasad.release.reader.months import MONTHS, Period, months_of
from rasad.release.reader.open import Release

DIMENSIONS = ("class", "mode", "unit", "programme", "economic", "supplier", "nature", "source")
"""By what two periods can be compared."""

_ORDERS = {
    "-size": "abs(coalesce(b, 0) - coalesce(a, 0)) desc, key",
    "-difference": "coalesce(b, 0) - coalesce(a, 0) desc, key",
    "difference": "coalesce(b, 0) - coalesce(a, 0), key",
    "-a": "a desc nulls last, key",
    "a": "a nulls last, key",
    "-b": "b desc nulls last, key",
    "b": "b nulls last, key",
    "-change": "case when a > 0 then (b - a) / cast(a as double) end desc nulls last, key",
    "change": "case when a > 0 then (b - a) / cast(a as double) end nulls last, key",
    "name": "label, key",
    "-name": "label desc, key desc",
}
ORDERS = tuple(_ORDERS)


def change(a: int | None, b: int | None) -> float | None:
    """Return (b − a) ÷ a, None where there is nothing above nought to compare with or the group is not in both periods."""
    return (b - a) / a if a is not None and b is not None and a > 0 else None


@dataclass(frozen=True)
class ComparedRow:
    """One group in both periods: amounts `a` and `b` in the smallest unit (None: no line), and the lines behind them.

    Told in real terms, `a` is in the prices of b's year and `a_nominal` as it was; otherwise both are the same.
    """

    key: str
    label: str
    a: int | None
    b: int | None
    a_nominal: int | None
    a_lines: int
    b_lines: int

    @property
    def difference(self) -> int:
        return (self.b or 0) - (self.a or 0)

    @property
    def change(self) -> float | None:
        return change(self.a, self.b)

    @property
    def only(self) -> str:
        """ "a" where the group vanished, "b" where it appeared, "" where it is in both."""
        return "a" if self.b is None else "b" if self.a is None else ""


@dataclass(frozen=True)
class Comparison:
    """Groups of one stage and book in two periods: the page of `rows` asked for, how many `groups` in all, and the total of all of them.

    `unplaced` is what the years hold beside the periods' twelve months (no date, or one outside the year), (a, b); both nought for whole years.
    """

    by: str
    a: Period
    b: Period
    book: str
    rows: list[ComparedRow]
    groups: int
    total: ComparedRow
    unplaced: tuple[int, int]


def common_book(release: Release, stage: str, a: int, b: int, *, flow: str = "expense") -> str:
    """Return the book in which two years are compared: the payments ledger where it has the stage in both, else the budget's
    report where it has, else the one that answers for b."""
    books = [
        {c.book for c in release.coverage() if (c.flow, c.stage, c.year) == (flow, stage, year)}
        for year in (a, b)
    ]
    both = books[0] & books[1]
    if both:
        return "payments" if "payments" in both else "budget"
    return release.book(stage, year=b, flow=flow)


def compare(
    release: Release,
    by: str,
    filters: Filters,
    a: Period,
    b: Period,
    *,
    prices: tuple[int, int] | None = None,
    order: str = "-size",
    limit: int | None = 50,
    offset: int = 0,
    unplaced: bool = True,
) -> Comparison:
    """Return two periods' money in groups; year and month of `filters` are the periods'. ValueError without exactly one stage.

    `prices`: (numerator, denominator) by which the amounts of `a` are told in the prices of b's year; each group is rounded by largest
    remainders, so that groups add up to the total's own rounding. `limit` None: every group. `unplaced` False: what has no month
    is not asked for.
    """
    if by not in DIMENSIONS or filters.stage is None:
        raise ValueError(f"no comparison by {by!r} at stage {filters.stage!r}")
    book = filters.book or common_book(release, filters.stage, a.year, b.year, flow=filters.flow)
    filters = replace(filters, year=None, month=None, book=book)
    page = "" if limit is None else f"limit {int(limit)} offset {int(offset)}"

    def found(page: str) -> list[tuple[Any, ...]]:
        joined = _joined(by, order, limit)
        query, values, table = _query(release, by, filters, a, b, prices, _ORDERS[order], page, joined=joined)
        # Suppliers' labels lie in DuckDB alone, and prices need integers wider than SQLite's.
        if by == "supplier" or prices:
            return release.rows(query, values)
        return release.from_table(table, query, values)

    rows = found(page)
    if not _joined(by, order, limit):
        labels = release.labels(by, [row[0] for row in rows])
        rows = [(row[0], labels.get(row[0]) or row[0], *row[2:]) for row in rows]
    # A page beyond the last has no rows to carry the totals.
    first = rows[:1] or (found("limit 1") if offset or limit == 0 else [])
    groups, *totals = first[0][7:] if first else (0, None, None, None, 0, 0)
    return Comparison(
        by=by,
        a=a,
        b=b,
        book=book,
        rows=[ComparedRow(*row[:7]) for row in rows],
        groups=int(groups),
        total=ComparedRow("", "", *totals),
        unplaced=_unplaced(release, filters, a, b) if unplaced else (0, 0),
    )


def _joined(by: str, order: str, limit: int | None) -> bool:
    """Whether groups are joined with their labels: where they are ordered by them, or all are wanted. Those of a page are looked up by
    themselves: to plan the join takes DuckDB longer than to sum the groups."""
    return by in KEYED and (limit is None or "name" in order)


def _query(
    release: Release,
    by: str,
    filters: Filters,
    a: Period,
    b: Period,
    prices: tuple[int, int] | None,
    order: str,
    page: str,
    *,
    joined: bool,
) -> tuple[str, list[Any], str]:
    """Return the query of a page of groups with the totals of all of them in every row, its parameters, and the table that it reads.

    Of each group: key, label, a, b, a as it was, lines of a and of b; then the number of groups and the totals in the same order.
    """
    months = months_of(release)
    # Written out: numbers and months of our own making. Once the months are chosen, the year alone tells two periods apart.
    in_a, in_b = (_within(months.key(p.year, p.first), months.key(p.year, p.last), p) for p in (a, b))
    chosen = f"({in_a} or {in_b})"
    if a.year != b.year:
        in_a, in_b = (f"fiscal_year = {int(period.year)}" for period in (a, b))
    column = COLUMNS[by]
    columns = {column, "flow", "fiscal_year"} | (set() if a.whole and b.whole else {"month"})
    table, where, values = release.asked(filters, columns, light=prices is None)
    figures = "a, b, a_nominal, a_lines, b_lines"
    # A sum of prices may be wider than one of amounts.
    wide = "hugeint" if prices else "bigint"
    groups = f"""
        select coalesce(cast(r.key as varchar), '') as key, coalesce(cast(r.key as varchar), '') as label, {figures}, count(*) over () as groups,
               cast(sum(a) over () as {wide}) as whole_a, cast(sum(b) over () as bigint) as whole_b,
               cast(sum(a_nominal) over () as bigint) as whole_nominal, cast(sum(a_lines) over () as bigint) as whole_a_lines,
               cast(sum(b_lines) over () as bigint) as whole_b_lines
        from restated r"""
    if joined:
        groups = f"""
        select m.key as key, coalesce(nullif(l.label, ''), m.key) as label, {figures}, groups,
               whole_a, whole_b, whole_nominal, whole_a_lines, whole_b_lines
        from ({groups}) m left join {by}_label l on l.key = m.key"""
    return (
        f"""
        with found as (
          select "{column}" as key,
                 cast(sum(amount) filter (where {in_a}) as bigint) as a_nominal, cast(sum(amount) filter (where {in_b}) as bigint) as b,
                 cast(coalesce(sum(lines) filter (where {in_a}), 0) as bigint) as a_lines,
                 cast(coalesce(sum(lines) filter (where {in_b}), 0) as bigint) as b_lines
          from {table} where {where} and {chosen} group by 1),
        restated as ({_restated(prices)})
        {groups} order by {order} {page}
        """,
        values,
        table,
    )


def _restated(prices: tuple[int, int] | None) -> str:
    """Return the query that adds `a` to the groups found: as it was, or in the prices of the other year."""
    if prices is None:
        return "select *, a_nominal as a from found"
    numerator, denominator = (int(part) for part in prices)
    # Largest remainders: the whole is rounded half up, and what the groups' floors lack of it goes to the largest rests.
    return f"""
        select *, floor + (place <= missing)::int as a from (
          select *, row_number() over (order by rest desc nulls last, key nulls last) as place,
                 2 * sum(product) over () + {denominator} as doubled,
                 doubled // {2 * denominator} - (doubled % {2 * denominator} < 0)::int - sum(floor) over () as missing
          from (
            select *, a_nominal::hugeint * {numerator} as product,
                   product // {denominator} - (product % {denominator} < 0)::int as floor, product - floor * {denominator} as rest
            from found))"""


def _within(first: str, last: str, period: Period) -> str:
    year = f"fiscal_year = {int(period.year)}"
    return year if period.whole else f"({year} and month between '{first}' and '{last}')"


def _unplaced(release: Release, filters: Filters, a: Period, b: Period) -> tuple[int, int]:
    if a.whole and b.whole:
        return 0, 0
    months = months_of(release)
    spans = [(period.year, months.key(period.year, 1), months.key(period.year, MONTHS)) for period in (a, b)]
    outside = ", ".join(
        f"cast(sum(amount) filter (where fiscal_year = {int(year)} and (month is null or month not between '{first}' and '{last}')) as bigint)"
        for year, first, last in spans
    )
    table, where, values = release.asked(filters, {"flow", "fiscal_year", "month"})
    row = release.from_table(
        table,
        f"select {outside} from {table} where {where} and fiscal_year in ({int(a.year)}, {int(b.year)})",
        values,
    )[0]
    return int(row[0] or 0), int(row[1] or 0)
