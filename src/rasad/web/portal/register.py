"""What pages of records share: names of records and of their codes, the money that is meant, the form above it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import Filters, Release
from rasad.web.portal.choices import unit_fields, year_field
from rasad.web.portal.frame import lang
from rasad.web.portal.query import Query, read
from rasad.web.portal.scope import scope_of
from rasad.web.portal.tables import local
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Field, Option
from rasad.web.theme.site import Link

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Meant:
    """The money that a page of records is about: one stage, its book and year."""

    query: Query
    filters: Filters
    scope: str

    @property
    def address(self) -> str:
        """The filters as they stand in an address, for links to other pages of records."""
        given = "&".join(f"{name}={value}" for name, value in sorted(self.query.given.items()))
        return f"?{given}" if given else ""


def need(release: Release) -> None:
    """Http404 where the release was built without records."""
    if not release.records.there:
        raise Http404


def meant(params: QueryDict, release: Release) -> Meant:
    """Return the money that the address means: IT spending of the newest year at the city's stage, unless it says otherwise."""
    asked = params.copy()
    if "it" not in asked and "scope" not in asked:
        asked["it"] = "1"
    asked.pop("scope", None)
    query = read(asked, release, orders=("key",))
    settled = release.settled(query.filters) if query.filters.stage else query.filters
    query = replace(query, given={k: v for k, v in query.given.items() if k in params or k != "it"})
    if "scope" in params:
        query.given["scope"] = "all"
    return Meant(query, settled, scope_of(query.filters, release))


def money_fields(money: Meant, release: Release) -> list[Field]:
    """Return the form above money of records: year, stage, unit, IT or all."""
    stages = [Option(stage, labels.label(labels.STAGES, stage)) for stage in release.stages_there]
    whole = "all" if not money.filters.it_only else ""
    return [
        year_field(money.query, release),
        Field("stage", _("Stage"), money.filters.stage or "", stages),
        *unit_fields(money.query, release),
        Field("scope", _("Which money"), whole, [Option("all", _("all money"))], empty=_("IT spending")),
    ]


def title_of(row: Row) -> str:
    """Return a record's title or name in the page's language, where it has one in English."""
    if lang() == "en" and row.get("title_en"):
        return str(row["title_en"])
    if lang() == "en" and row.get("name_en"):
        return str(row["name_en"])
    return local(str(row.get("title") or row.get("name") or row.get("code") or ""))


def said(release: Release, table: str, column: str, code: object) -> str:
    """Return what people call a code of a record, as the release itself tells it; the code where it does not."""
    if code in (None, ""):
        return ""
    column_of = release.records.labels(lang()).get((table, column), {})
    return column_of.get(str(code), str(code))


def unit_name(release: Release, code: str | None) -> str:
    """Return a unit's name by its code; the code where no unit has it."""
    found = release.records.one("unit", code) if code else None
    return title_of(found) if found else (code or "")


def unit_url(code: str | None) -> str:
    """Return the address of a unit's page; "" without a code."""
    return reverse("portal:unit", args=[code]) if code else ""


def project_url(code: str, address: str = "") -> str:
    """Return the address of a project's page; "" without a code."""
    return reverse("portal:project", args=[code]) + address if code else ""


def goal_url(code: str, address: str = "") -> str:
    """Return the address of a goal's page; "" without a code."""
    return reverse("portal:goal", args=[code]) + address if code else ""


def share(part: int, whole: int) -> float | None:
    """Return a share of 0 to 1; None where there is no whole."""
    return part / whole if whole else None


def day_text(release: Release, value: date, *, long: bool = False) -> str:
    """Return a day in the city's calendar and the page's language; the long form is for sentences."""
    return show.day(value, str(release.city["calendar"]), lang(), long=long)[0]


def number_text(value: object) -> str:
    """Return a decimal as it is read: no noughts at its end, the page's digits."""
    if value is None:
        return ""
    text = f"{value:f}" if not isinstance(value, str) else value
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return show.digits_of(text.replace(".", "٫") if lang() == "fa" else text, lang())


def chosen(rows: Iterable[Row], **wanted: object) -> list[Row]:
    """Return the records that have all these values."""
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def newest_day(release: Release) -> date:
    """Return the last day that the city's own data speaks of: what is late or unseen is told as of then, not as of today."""
    days = [c.last_date for c in release.coverage() if c.last_date]
    return date.fromisoformat(max(days) if days else release.created_at[:10])


def crumbs(title: str, *between: Link) -> list[Link]:
    """Return the way to a page of the register, from the register over what lies between."""
    return [Link(_("The register"), reverse("portal:city")), *between, Link(title, "", True)]
