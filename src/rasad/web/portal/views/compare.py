"""Two periods beside each other: what grew, what shrank, what appeared and what vanished."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rasad.release.reader import Release
from rasad.release.reader.periods import ComparedRow, Comparison, compare
from rasad.web.portal.certainty import WITHHELD_ABOVE
from rasad.web.portal.changes import here
from rasad.web.portal.choices import chips
from rasad.web.portal.comparing import Asked, fields, kept, month_names, read_asked, scope, year_names
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.query import PAGE, changed, without
from rasad.web.portal.scope import by_name
from rasad.web.portal.tables import dimension_name, download_links, group_name, pages_of, scaled
from rasad.web.theme import show
from rasad.web.theme.charts import Chart, Item
from rasad.web.theme.parts import Column, Stat, Table

CHARTED = 12


@page
def comparison(request: HttpRequest, release: Release) -> HttpResponse:
    """Show the groups of two periods side by side, the largest difference first."""
    context = frame(request, release, "compare")
    context |= {"clear_url": reverse("portal:compare")}
    asked = read_asked(request.GET, release)
    if asked is None:
        return TemplateResponse(request, "portal/compare.html", context | {"alone": True})
    number = asked.query.number
    found = asked.compare(release, limit=PAGE, offset=(number - 1) * PAGE)
    unknown = unknown_shares(asked, release)
    hidden = changes_withheld(asked, unknown)
    names = year_names(asked)
    rows = [row_of(row, asked, release, follow(row, asked, request), names, hidden) for row in found.rows]
    context |= {
        "asked": asked,
        "fields": fields(asked, release),
        "keep": kept(asked),
        "chips": chips(request.GET, asked.query, release),
        "scope": scope(asked, release),
        "grouping": by_name(asked.query.by),
        "stats": _stats(found, asked, release, names, unknown, hidden),
        "notes": _notes(found, asked, release),
        "withheld": hidden,
        "table": table_of(rows, found, asked, release, names, hidden),
        "chart": chart_of(found, asked, release, request, names),
        "pages": pages_of(request.GET, number, found.groups),
        "embed_url": reverse("portal:embed-how", args=["compare"]) + without(request.GET, "order"),
        "downloads": download_links("compare", without(request.GET)),
    }
    context |= here(
        release,
        asked.query.given,
        shown=[replace(asked.filters, year=period.year) for period in (asked.a, asked.b)],
    )
    if asked.prices is not None:
        prices = asked.prices
        context |= {
            "prices_name": prices.name_fa if lang() == "fa" else prices.name_en,
            "prices_source": prices.source_fa if lang() == "fa" else prices.source_en,
        }
    return TemplateResponse(request, "portal/compare.html", context)


def unknown_shares(asked: Asked, release: Release) -> tuple[float | None, float | None]:
    """Return the share of money of unknown class in either period, under the filters without the class."""
    filters = replace(asked.filters, cls=None, it_only=False)
    found = compare(release, "class", filters, asked.a, asked.b, limit=None, unplaced=False)
    unknown = next((row for row in found.rows if row.key == "unknown"), None)
    parts = (unknown.a if unknown else None, unknown.b if unknown else None)
    wholes = (found.total.a, found.total.b)
    shares = [(part or 0) / whole if whole else None for part, whole in zip(parts, wholes, strict=True)]
    return shares[0], shares[1]


def changes_withheld(asked: Asked, unknown: tuple[float | None, float | None]) -> bool:
    """Return whether changes of classes are not told: what is unknown in one of the years could turn them over."""
    return asked.query.by == "class" and any(
        share is not None and share > WITHHELD_ABOVE for share in unknown
    )


def row_of(
    row: ComparedRow,
    asked: Asked,
    release: Release,
    url: str,
    names: tuple[str, str],
    hidden: bool,
) -> dict[str, Any]:
    """Return the table row of a group; `url`: where it leads."""
    by = asked.query.by
    code = row.key if by in ("programme", "economic", "unit") and row.key != row.label else ""
    only = {
        "a": _("only in %(period)s") % {"period": names[0]},
        "b": _("only in %(period)s") % {"period": names[1]},
    }
    return {
        "name": group_name(by, row.key, row.label, release),
        "cls": row.key if by == "class" else "",
        "note": " · ".join(part for part in (code, only.get(row.only, "")) if part),
        "url": url,
        "a": row.a,
        "b": row.b,
        "difference": row.difference,
        "change": None if hidden else row.change,
    }


def follow(row: ComparedRow, asked: Asked, request: HttpRequest) -> str:
    """Return where a group leads: the same comparison within it, or a supplier's page."""
    if not row.key:
        return ""
    if asked.query.by == "supplier":
        return reverse("portal:supplier", args=[row.key])
    deeper = {"class": "unit", "unit": "class"}.get(asked.query.by, "class")
    return changed(request.GET, **{asked.query.by: row.key, "by": deeper, "order": None})


def _stats(
    found: Comparison,
    asked: Asked,
    release: Release,
    names: tuple[str, str],
    unknown: tuple[float | None, float | None],
    hidden: bool,
) -> list[Stat]:
    total = found.total
    in_b = _("in prices of %(year)s") % {"year": show.digits_of(asked.b.year, lang())} if asked.real else ""
    narrowed = asked.filters.cls is not None or asked.filters.it_only
    stats = [
        Stat(
            names[0],
            amount=total.a,
            text=show.NOTHING,
            note=in_b or _lines(total.a_lines),
            link=_money(asked, "a"),
        ),
        Stat(
            names[1], amount=total.b, text=show.NOTHING, note=_lines(total.b_lines), link=_money(asked, "b")
        ),
        Stat(_("Difference"), amount=total.difference),
        Stat(
            _("Change"),
            # Of one class alone the unknown could make up all of it.
            text=show.change(None if hidden and narrowed else total.change, lang()),
            note=_("of the amount of %(period)s") % {"period": names[0]},
        ),
        Stat(
            _("Class unknown"),
            text=" · ".join(show.percent(share, lang()) for share in unknown),
            note=_("of the money of all classes, %(a)s · %(b)s") % {"a": names[0], "b": names[1]},
        ),
    ]
    return stats


def _lines(number: int) -> str:
    return ngettext("%(lines)s line", "%(lines)s lines", number) % {"lines": show.grouped(number, lang())}


def _money(asked: Asked, which: str) -> str:
    """Return the address of the money explorer for one of the years, with the same filters; "" where it cannot show the same months."""
    period = asked.a if which == "a" else asked.b
    if not period.whole and period.first != period.last:
        return ""
    given = {name: value for name, value in asked.query.given.items() if name != "per"}
    given |= {"year": str(period.year), "stage": str(asked.filters.stage), "book": str(asked.filters.book)}
    given["by"] = asked.query.by
    if not period.whole:
        given["month"] = asked.months.key(period.year, period.first)
    return f"{reverse('portal:money')}?{urlencode(given)}"


def _notes(found: Comparison, asked: Asked, release: Release) -> list[dict[str, str]]:
    """Return what a reader must know before comparing: how far the years reach, which months are missing, what has no date."""
    a, b = (show.digits_of(period.year, lang()) for period in (asked.a, asked.b))
    years = {"a": a, "b": b}
    whole = changed_months(asked, None)
    notes = []
    for year in asked.absent:
        text = _("This release has no line of %(year)s under these filters of flow, stage and book.")
        notes.append({"kind": "caution", "text": text % {"year": show.digits_of(year, lang())}})
    if asked.undated:
        text = _(
            "Lines of %(years)s have no dates in this book: whether the data of a year are complete cannot be seen from them, and whole years are compared."
        )
        told = [show.digits_of(year, lang()) for year in asked.undated]
        notes.append({"text": text % {"years": _(", ").join(told)}})
    elif not asked.dated:
        pass
    elif asked.common is None:
        notes.append(
            {
                "kind": "caution",
                "text": _("No month of %(a)s and %(b)s has data in both: whole years stand side by side.")
                % years,
            }
        )
    elif asked.common != (1, 12):
        months = {"months": month_names(asked.months, *asked.common)}
        if (asked.a.first, asked.a.last) == asked.common:
            text = _(
                "The data of %(a)s and %(b)s do not reach equally far. Compared are the months that both have: %(months)s."
            )
            notes.append(
                {"text": text % (years | months), "url": f"?{whole}", "link": _("Compare the whole years")}
            )
        elif asked.a.whole:
            text = _(
                "The data of %(a)s and %(b)s do not reach equally far: an unfinished year stands beside a longer one. Both have the months %(months)s."
            )
            notes.append(
                {
                    "kind": "caution",
                    "text": text % (years | months),
                    "url": f"?{changed_months(asked, asked.common)}",
                    "link": _("Compare the same months"),
                }
            )
    missing = _missing(asked)
    if missing:
        notes.append({"kind": "caution", "text": missing})
    if any(found.unplaced):
        amounts = [
            " ".join(show.scaled_amount(amount, release.currency, "auto", lang()))
            for amount in found.unplaced
        ]
        text = _(
            "Without a date within the fiscal year, and so in no month: %(first)s of %(a)s, %(second)s of %(b)s."
        )
        notes.append({"text": text % (years | {"first": amounts[0], "second": amounts[1]})})
    return notes


def changed_months(asked: Asked, months: tuple[int, int] | None) -> str:
    """Return the query of the same comparison over other months (None: whole years)."""
    first, last = months or (1, 12)
    return urlencode(
        asked.query.given
        | {
            "a": str(asked.a.year),
            "b": str(asked.b.year),
            "by": asked.query.by,
            "from": str(first),
            "to": str(last),
            "terms": "real" if asked.real else "nominal",
        }
    )


def _missing(asked: Asked) -> str:
    """Return which months within the periods have lines in one year alone, "" where none."""
    if not asked.dated or asked.common is None:
        return ""
    filters = asked.filters
    within = (max(asked.a.first, asked.common[0]), min(asked.a.last, asked.common[1]))
    periods = [replace(period, first=within[0], last=within[1]) for period in (asked.a, asked.b)]
    places = asked.months.one_sided(
        *periods, flow=filters.flow, book=str(filters.book), stage=str(filters.stage)
    )
    if not places:
        return ""
    names = _(", ").join(month_names(asked.months, place, place) for place in places)
    return _("In these months only one of the two years has lines: %(months)s.") % {"months": names}


def table_of(
    rows: list[dict[str, Any]],
    found: Comparison,
    asked: Asked,
    release: Release,
    names: tuple[str, str],
    hidden: bool,
) -> Table:
    """Return the table of the comparison, in one unit along a row."""
    by = asked.query.by
    name = dimension_name(by)
    amounts = [row[key] or 0 for row in rows for key in ("a", "b", "difference")]
    unit = show.column_unit([*amounts, found.total.a or 0, found.total.b or 0], release.currency)
    columns = [
        Column("cls", name, "class", link="url", sort="name", note="note")
        if by == "class"
        else Column("name", name, link="url", note="note", sort="name"),
        Column("a", names[0], "money", sort="a", unit=unit),
        Column("b", names[1], "money", sort="b", unit=unit),
        Column("difference", _("Difference"), "difference", sort="difference", unit=unit),
    ]
    if not hidden:
        columns.append(Column("change", _("Change"), "change", sort="change"))
    total = found.total
    return Table(
        id="compared",
        caption=f"{by_name(by)}: {scope(asked, release)}",
        columns=columns,
        rows=rows,
        total={"a": total.a, "b": total.b, "difference": total.difference, "change": total.change},
        order=asked.query.order,
        caption_hidden=True,
    )


def chart_of(
    found: Comparison, asked: Asked, release: Release, request: HttpRequest, names: tuple[str, str]
) -> Chart | None:
    """Return the largest differences of the page as bars to both sides of nought; None where there is nothing to draw."""
    rows = sorted((row for row in found.rows if row.difference), key=lambda row: -abs(row.difference))[
        :CHARTED
    ]
    if len(rows) < 2:
        return None
    unit = show.column_unit([row.difference for row in rows], release.currency)
    items = []
    for row in rows:
        text, _unit = show.scaled_amount(row.difference, release.currency, unit, lang())
        items.append(
            Item(
                group_name(asked.query.by, row.key, row.label, release),
                scaled(row.difference, unit, release.currency),
                show.signed(text, row.difference, lang()),
                url=follow(row, asked, request),
            )
        )
    return Chart(
        id="compared-chart",
        kind="diverging",
        title=_("Difference, %(b)s less %(a)s") % {"a": names[0], "b": names[1]},
        subtitle=" · ".join(
            part
            for part in (
                "" if asked.a.whole else month_names(asked.months, asked.a.first, asked.a.last),
                _("the largest of them") if len(rows) < found.groups else "",
            )
            if part
        ),
        unit=show.unit_name(unit, release.currency, lang()),
        items=items,
    )
