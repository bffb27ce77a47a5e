"""Cubes: the lines of a release summed beforehand by the columns that pages group and filter by, so that a page reads few rows."""

from __future__ import annotations

BASE = ("flow", "book", "stage", "fiscal_year", "class", "mode")
"""What every cube holds: its sums never cross a flow, a book or a stage."""

CUBES: dict[str, tuple[str, ...]] = {
    "by_all": (*BASE, "month", "unit_key", "programme_key", "economic_key", "nature", "source"),
    "of_supplier": ("supplier", *BASE, "unit_key"),
    "by_supplier": (*BASE, "supplier"),
    "by_supplier_month": (*BASE, "month", "supplier"),
    "by_method": (*BASE, "class_method", "class_rule", "class_version"),
    "by_unit": (*BASE, "unit_key"),
    "by_programme": (*BASE, "programme_key"),
    "by_economic": (*BASE, "economic_key"),
    "by_month": (*BASE, "month"),
    "by_date": (*BASE, "date"),
    "by_title": (*BASE, "title_id"),
    "by_supplier_title": (*BASE, "supplier", "title_id"),
    "by_source": (*BASE, "nature", "source"),
    "by_class": BASE,
}
"""Name → its columns, by which it is sorted. Each has `amount` (a sum, smallest unit) and `lines` besides; `by_method` also `confidence`
(a sum) and `confident` (of how many lines)."""

FROM = {
    "of_supplier": "line",
    "by_supplier": "of_supplier",
    "by_supplier_month": "line",
    "by_method": "line",
    "by_date": "line",
    "by_title": "line",
    "by_supplier_title": "line",
    "by_all": "line",
}
"""What a cube is summed from; the others from `by_all`."""

WORTH = 0.5
"""A cube with more rows than this share of the lines saves nothing and is left out."""

LIGHT = 3_000
"""Rows up to which SQLite answers from a cube sooner than DuckDB, which takes some milliseconds to plan any query."""

BESIDE = ("thread", "largest", "supplier")
"""Tables besides the cubes that pages read few rows of: money by project, each group's largest line, who is paid."""

KEYED_BY = {"of_supplier": "supplier", "supplier": "supplier"}
"""Tables whose rows are found by a key, and the key: few are read, however many there are."""

WORDED = ("by_title", "by_supplier_title")
"""Cubes that are asked for words of a description: their rows are asked by bits, which DuckDB alone can do."""

FOUND_BY_KEY = 1_000_000
"""Rows up to which such a table is worth its place in the SQLite file."""

_MEASURES = {
    "lines": "1",
    "confidence": "class_confidence",
    "confident": "(class_confidence is not null)::int",
}
"""What a cube has besides its columns, as one line has it."""


def lines_as_cube(needed: set[str]) -> str:
    """Return the lines as if they were a cube, for a query of the columns needed: what answers where no cube does.

    Only these: the engine looks at every column that is named, in each query anew.
    """
    columns = sorted(needed - _MEASURES.keys() | {"amount"})
    told = [
        *(f'"{column}"' for column in columns),
        *(f"{cell} as {name}" for name, cell in _MEASURES.items()),
    ]
    return f"(select {', '.join(told)} from line)"


def smallest(rows: dict[str, int], needed: set[str], *, supplier: bool) -> str:
    """Return the table with the fewest rows that has all columns needed; `rows` are those of the cubes there are.

    supplier: one supplier is asked for, whose rows stand together in `of_supplier`.
    """
    fitting = [name for name in rows if needed <= {*CUBES[name], *_measures(name)}]
    if supplier and "of_supplier" in fitting:
        return "of_supplier"
    return min(fitting, key=lambda name: rows[name], default=lines_as_cube(needed))


def is_light(rows: dict[str, int], table: str, *, parts: int) -> bool:
    """Whether a query reads so few rows of a table that SQLite should answer it; `parts`: of how many it reads one (the years, of one year)."""
    most = FOUND_BY_KEY if table in KEYED_BY else LIGHT * max(1, parts)
    return table in rows and rows[table] <= most and table not in WORDED


def _measures(name: str) -> tuple[str, ...]:
    return ("amount", "lines", "confidence", "confident") if name == "by_method" else ("amount", "lines")


def statement(name: str) -> str:
    """Return the SQL that makes a cube."""
    columns = ", ".join(f'"{column}"' for column in CUBES[name])
    source = FROM.get(name, "by_all")
    lines = "count(*)" if source == "line" else "sum(lines)::bigint"
    more = (
        ", sum(class_confidence) as confidence, count(class_confidence) as confident"
        if name == "by_method"
        else ""
    )
    return (
        f"create table {name} as select {columns}, sum(amount)::bigint as amount, {lines} as lines{more} "
        f"from {source} group by {columns} order by {columns}"
    )
