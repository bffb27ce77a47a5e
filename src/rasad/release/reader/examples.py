"""Real lines to show what groups of money are made of."""

from __future__ import annotations

from typing import Any

from rasad.release.reader.cubes import BASE
from rasad.release.reader.filters import COLUMNS, Filters
from rasad.release.reader.open import Release


def largest_lines(release: Release, by: str, filters: Filters) -> dict[str, dict[str, Any]]:
    """Return group → its largest line above nought, as the release's columns. ValueError without exactly one stage.

    Lines to natural persons are left out: no single person's payment is held up as an example.
    """
    filters = release.settled(filters)
    where, values = release.where(filters)
    column = COLUMNS[by]
    if filters.columns | {column} <= {*BASE}:
        table, one_year = "largest", filters.year is not None
    else:
        table, one_year = "line", False
        where += " and amount > 0 and not supplier_is_person"
    # Lines are numbered by size, the largest first.
    firsts = release.from_table(
        table,
        f"""select coalesce(cast("{column}" as varchar), ''), min(n) from {table} where {where} group by 1 order by 1""",
        values,
        one_year=one_year,
    )
    lines = release.lines_at([n for _group, n in firsts])
    return {group: line for (group, _n), line in zip(firsts, lines, strict=True)}
