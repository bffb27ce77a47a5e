"""How a page's money compares with the year before, told in few words beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import IT_CLASSES, Filters, Release
from rasad.release.reader.months import MONTHS, Period, months_of
from rasad.release.reader.periods import Comparison, change, compare
from rasad.web.portal.certainty import WITHHELD_ABOVE
from rasad.web.portal.comparing import month_names, years_there
from rasad.web.portal.frame import lang
from rasad.web.theme import show
from rasad.web.theme.parts import Stat


@dataclass(frozen=True)
class Against:
    """A year beside the one before it, by class. `label` names the year before, `note` the months compared ("" for whole years)."""

    found: Comparison
    label: str
    note: str

    @property
    def withheld(self) -> bool:
        """Return whether changes of classes are not told: too much of one of the years is of unknown class."""
        row = next((row for row in self.found.rows if row.key == "unknown"), None)
        if row is None:
            return False
        pairs = ((row.a, self.found.total.a), (row.b, self.found.total.b))
        return any(part and whole and part / whole > WITHHELD_ABOVE for part, whole in pairs)

    def changes(self) -> dict[str, float | None]:
        """Return class → its change; {} where changes of classes are withheld."""
        return {} if self.withheld else {row.key: row.change for row in self.found.rows}

    def of(self, classes: tuple[str, ...]) -> float | None:
        """Return the change of some classes together; None where it is withheld or there is nothing to compare with."""
        rows = [row for row in self.found.rows if row.key in classes]
        if self.withheld or not rows:
            return None
        return change(sum(row.a or 0 for row in rows), sum(row.b or 0 for row in rows))


def against_year_before(release: Release, filters: Filters) -> Against | None:
    """Return the filters' year beside the newest year before it, in the months that both reach.

    None without one stage and year, within a month, for words (a page of them is a search), or where no year before can be compared.
    """
    if filters.year is None or filters.stage is None or filters.month or filters.q:
        return None
    settled = release.settled(replace(filters, cls=None, it_only=False))
    before = max((year for year in years_there(release, settled) if year < filters.year), default=None)
    if before is None:
        return None
    told = {"flow": settled.flow, "book": str(settled.book), "stage": filters.stage}
    months = months_of(release)
    span = months.in_common(before, filters.year, **told)
    if span is None:
        if any(months.span(year, **told) for year in (before, filters.year)):
            return None
        span = (1, MONTHS)
    found = compare(
        release,
        "class",
        settled,
        Period(before, *span),
        Period(filters.year, *span),
        limit=None,
        unplaced=False,
    )
    return Against(
        found=found,
        label=_("Against %(year)s") % {"year": show.digits_of(before, lang())},
        note=""
        if span == (1, MONTHS)
        else _("same months, %(months)s") % {"months": month_names(months, *span)},
    )


def compare_url(one: Against, filters: Filters, **more: str) -> str:
    """Return the address of the comparison behind it, with the same filters."""
    names = {"class": filters.cls, "mode": filters.mode, "unit": filters.unit, "programme": filters.programme}
    names |= {
        "economic": filters.economic,
        "supplier": filters.supplier,
        "nature": filters.nature,
        "source": filters.source,
    }
    query = {
        "a": str(one.found.a.year),
        "b": str(one.found.b.year),
        "stage": str(filters.stage),
        "book": one.found.book,
    }
    query |= {"flow": filters.flow} if filters.flow != "expense" else {}
    query |= {"it": "1"} if filters.it_only else {}
    query |= {name: value for name, value in names.items() if value is not None} | more
    return f"{reverse('portal:compare')}?{urlencode(query)}"


def stat(release: Release, filters: Filters, by: str) -> Stat | None:
    """Return the change of what the filters mean against the year before, None where there is nothing to compare with."""
    one = against_year_before(release, filters)
    if one is None:
        return None
    classes = (filters.cls,) if filters.cls else IT_CLASSES if filters.it_only else ()
    value = one.of(tuple(classes)) if classes else one.found.total.change
    if value is None:
        return None
    return Stat(
        one.label,
        text=show.change(value, lang()),
        note=one.note or _("inflation not taken out"),
        link=compare_url(one, filters, by=by),
    )
