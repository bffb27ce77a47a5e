"""What embeds show besides the explorer's groups: two periods compared, and what a round sum of the city's money goes to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.persian import money
from rasad.release.reader import Release
from rasad.release.reader.periods import ComparedRow
from rasad.web.portal import comparing, sharing
from rasad.web.portal.certainty import withheld
from rasad.web.portal.frame import lang
from rasad.web.portal.query import changed, without
from rasad.web.portal.scope import by_name, scope_of
from rasad.web.portal.views import compare, share
from rasad.web.theme.charts import Chart
from rasad.web.theme.parts import Table

ROWS = 10
"""Groups that are named; the others stand together in one row."""


@dataclass(frozen=True)
class Shown:
    """What an embed shows: a heading, what the figures are of, and the page with the same figures. `withheld` says what is not told and why."""

    title: str
    scope: str
    url: str
    table: Table
    chart: Chart | None
    withheld: str = ""


def compared(request: HttpRequest, release: Release) -> Shown:
    """Return two periods side by side, the largest differences first; Http404 where there is one year only."""
    asked = comparing.read_asked(request.GET, release)
    if asked is None:
        raise Http404
    asked = replace(asked, query=replace(asked.query, order="-size"))
    found = asked.compare(release, limit=ROWS)
    hidden = compare.changes_withheld(asked, compare.unknown_shares(asked, release))
    names = comparing.year_names(asked)

    def url(row: ComparedRow) -> str:
        address = compare.follow(row, asked, request)
        return reverse("portal:compare") + _unpinned(address) if address.startswith("?") else address

    rows = [compare.row_of(row, asked, release, url(row), names, hidden) for row in found.rows]
    if found.groups > len(found.rows):
        rows.append(_rest(found.groups - len(found.rows), found.rows, found.total))
    return Shown(
        title=f"{_('Comparison')}، {by_name(asked.query.by)}"
        if lang() == "fa"
        else f"{_('Comparison')} {by_name(asked.query.by).lower()}",
        scope=comparing.scope(asked, release),
        url=reverse("portal:compare") + without(request.GET, "release", "order"),
        table=_unsorted(compare.table_of(rows, found, asked, release, names, hidden)),
        chart=_still(compare.chart_of(found, asked, release, request, names)),
        withheld=_(
            "More than 10 percent of the money of one of the years is of unknown class, so amounts are shown and no percentages."
        )
        if hidden
        else "",
    )


def shared(request: HttpRequest, release: Release) -> Shown:
    """Return what a round sum of the city's spending goes to, by class; Http404 where there is no spending to divide."""
    query = request.GET.copy()
    for name in share.OWN:
        query.pop(name, None)
    asked = sharing.read_asked(query, release)
    classes = release.breakdown("class", asked.filters)
    parts = sharing.by_class(classes, asked, release)
    if not parts:
        raise Http404
    whole = money.display(sharing.base(release.currency), release.currency, "full", lang())
    scope = scope_of(asked.filters, release)
    return Shown(
        title=_("Of each %(sum)s of the city's money") % {"sum": whole},
        scope=scope,
        url=reverse("portal:share") + without(query, "release"),
        table=share.table_of(parts, asked, release, id="share-by-class", name=_("Class"), caption=scope),
        chart=_still(share.chart_of(parts, asked, release)),
        withheld=_("More than 10 percent of all money is of unknown class, so IT spending is told as one.")
        if withheld(classes)
        else "",
    )


def _unpinned(address: str) -> str:
    return changed(QueryDict(address.removeprefix("?")), release=None)


def _unsorted(table: Table) -> Table:
    """Return a table whose heads lead nowhere."""
    return replace(table, columns=[replace(column, sort="") for column in table.columns], order="")


def _still(chart: Chart | None) -> Chart | None:
    """Return a drawing that leads nowhere: in a frame a click would replace it."""
    return replace(chart, items=[replace(item, url="") for item in chart.items]) if chart else None


def _rest(groups: int, shown: list[ComparedRow], total: Any) -> dict[str, Any]:
    a, b = (
        (getattr(total, name) or 0) - sum(getattr(row, name) or 0 for row in shown) for name in ("a", "b")
    )
    return {
        "name": sharing.others(groups), "cls": "", "note": "", "url": "", "a": a, "b": b, "difference": b - a, "change": None,
    }  # fmt: skip
