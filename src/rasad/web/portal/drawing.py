"""Which drawing stands beside a table of groups."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from rasad.release.reader import Release
from rasad.web.portal.query import Query
from rasad.web.portal.scope import short_scope
from rasad.web.portal.tables import bar_chart, time_chart
from rasad.web.theme.charts import Chart

CHARTED = 12


def groups_chart(
    query: Query, release: Release, rows: list[dict[str, Any]], groups: int, *, id: str
) -> Chart | None:
    """Return the drawing of the rows shown, of `groups` in all: time as columns, all else as bars of the largest; None where there is nothing to compare.

    What is not IT is left out beside classes that it would dwarf, and that is said.
    """
    title = short_scope(query, release)
    if query.by in ("month", "fiscal_year"):
        dated = sorted((row for row in rows if row["key"]), key=lambda row: str(row["key"]))
        if query.by == "month" and len({row["key"][:4] for row in dated}) == 1:
            # The heading says the year.
            dated = [{**row, "name": row["name"].rpartition(" ")[0]} for row in dated]
        return time_chart(dated, release, id=id, title=title) if len(dated) > 1 else None
    drawn = rows if query.by == "stage" else sorted(rows, key=lambda row: -row["amount"])
    drawn = [row for row in drawn if row["amount"] > 0]
    subtitle = ""
    if query.by == "class":
        other = sum(row["amount"] for row in drawn if row["key"] == "not_it")
        if len(drawn) > 2 and 2 * other > sum(row["amount"] for row in drawn):
            drawn = [row for row in drawn if row["key"] != "not_it"]
            subtitle = _("without what is not IT")
    elif len(drawn) > CHARTED or len(drawn) < groups:
        drawn = drawn[:CHARTED]
        subtitle = _("the largest of them")
    if len(drawn) < 2:
        return None
    return bar_chart(drawn, release, id=id, title=title, subtitle=subtitle, by_class=query.by == "class")
