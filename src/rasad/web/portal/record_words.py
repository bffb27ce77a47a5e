"""What the rows of records say, in the page's words: names of records, of their columns, and of what stands in a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.release.reader import ROW_TITLES, Field, Release, RowChange, described
from rasad.release.reader.subjects import MONEY, NO_PROJECT_CODE, UNLINKED
from rasad.web.portal.frame import lang
from rasad.web.portal.register import number_text, said, title_of
from rasad.web.portal.roadmap_went import GONE, LEFT, STARTS, STATES
from rasad.web.portal.tables import local
from rasad.web.theme import labels, show

MONEY_COLUMNS = frozenset(
    {
        "amount", "amount_in", "amount_quarantined", "amount_remainder", "amount_set_aside", "amount_stored", "budget", "cost", "cost_after",
        "cost_before", "fee", "over", "paid", "planned_cost", "price", "remaining", "travel_cost",
    }
)  # fmt: skip
"""Columns of money in the tables that single rows are told of; a Data Package knows whole numbers alone."""
_MONEY_UNLESS_SKILL = frozenset({"available", "used", "own"})
"""Columns of `roadmap_limit`: money, or the own unit of a skill."""
_SUMS = {
    "project": Field("string", "", ""),
    "flow": Field("string", "", ""),
    "book": Field("string", "", ""),
    "stage": Field("string", "", ""),
    "fiscal_year": Field("integer", "", ""),
    "amount": Field("integer", "", ""),
    "lines": Field("integer", "", ""),
}
_NAMED_BY = {
    "project": ("title",),
    "baseline": ("project", "number"),
    "milestone": ("project", "title"),
    "progress": ("project", "as_of"),
    "project_rating": ("project",),
    "project_goal": ("project", "goal"),
    "project_service": ("project", "service"),
    "project_partner": ("project", "unit", "institution"),
    "goal": ("title",),
    "goal_indicator": ("goal", "indicator"),
    "indicator": ("title",),
    "reading": ("indicator", "period_end"),
    "target": ("indicator", "due"),
    "service": ("name",),
    "channel": ("service", "kind"),
    "unit": ("name",),
    "institution": ("name",),
    "system": ("name",),
    "data_link": ("data",),
    "asset": ("name", "tag"),
    "batch": ("file_name", "column"),
    "problem": ("file_name", "row", "column"),
    "roadmap": ("title",),
    "roadmap_initiative": ("title",),
    "roadmap_spending": ("period", "title"),
    "roadmap_benefit": ("title", "period"),
    "roadmap_part": ("by", "title"),
    "roadmap_limit": ("title", "period"),
    "roadmap_actual": ("title",),
    "roadmap_version": ("number", "title"),
    "roadmap_change": ("number", "title"),
    "roadmap_paid": ("code", "fiscal_year", "class"),
    "roadmap_alternative": ("number",),
    "roadmap_alternative_goal": ("number", "title"),
    "roadmap_alternative_initiative": ("number", "code"),
    MONEY: ("project", "stage", "fiscal_year", "book"),
    UNLINKED: ("stage", "fiscal_year", "book"),
}
"""The columns that tell people which row of a table is meant."""
_RECORDS = {
    "project": "project",
    "merged_into": "project",
    "goal": "goal",
    "indicator": "indicator",
    "service": "service",
    "unit": "unit",
    "provider_unit": "unit",
    "consumer_unit": "unit",
    "institution": "institution",
    "provider_institution": "institution",
    "consumer_institution": "institution",
    "provider_system": "system",
    "consumer_system": "system",
}
"""Columns that hold the code of a record of another table."""
_OF_ROADMAP: dict[tuple[str, str], Mapping[str, Promise]] = {
    ("roadmap_actual", "state"): STATES,
    ("roadmap_actual", "real_start_from"): STARTS,
    ("roadmap_actual", "remaining_from"): LEFT,
    ("roadmap_change", "change"): {
        **GONE,
        "added": gettext_lazy("put in"),
        "changed": gettext_lazy("moved, or at another cost"),
    },
    ("roadmap_part", "by"): {
        "goal": gettext_lazy("Goal"),
        "unit": gettext_lazy("Unit"),
        "district": gettext_lazy("District"),
    },
}
_PERIODS = {"roadmap_initiative": ("start", "finish", "serves_from"), "roadmap_actual": ("planned_in",)}
_SHARES = frozenset({("roadmap_alternative_goal", "met"), ("roadmap_alternative_goal", "weight")})
_BENEFITS = frozenset({("roadmap_benefit", "expected"), ("roadmap_alternative_goal", "expected")})
_CODES = {"stage": labels.STAGES, "book": labels.BOOKS, "flow": labels.FLOWS, "class": labels.CLASSES}
_PAGES = {
    "project": "portal:project",
    "goal": "portal:goal",
    "indicator": "portal:indicator",
    "service": "portal:service",
    "unit": "portal:unit",
}
_NUMBER = re.compile(r"-?[0-9]+")

Cells = Mapping[str, str | None]


def table_name(release: Release, table: str) -> str:
    """Return what people call the rows of a table."""
    if table in (MONEY, UNLINKED):
        return _("Money linked to it") if table == MONEY else _("Money linked to no project")
    known = described(release).get(table)
    return capfirst((known.fa if lang() == "fa" else known.en) if known else table)


def fields_of(release: Release, table: str) -> dict[str, Field]:
    """Return the columns of a table that the live release tells of."""
    if table in (MONEY, UNLINKED):
        return _SUMS
    known = described(release).get(table)
    return known.fields if known else {}


def column_name(release: Release, table: str, column: str) -> str:
    """Return what people call a column: by the record that it names, not by its code; a share by what it is a share of."""
    own = {
        "unit": _("Unit"),
        "project": _("Project"),
        "goal": _("Goal"),
        "indicator": _("Indicator"),
        "service": _("Service"),
        "institution": _("Institution"),
        "merged_into": _("Merged into"),
        "weight_bp": _("Weight"),
        "physical_bp": _("Physical progress"),
        "progress_bp": _("Physical progress"),
        "parent": _("Under"),
    }
    if column in own:
        return own[column]
    if table in (MONEY, UNLINKED):
        return {"amount": _("Amount"), "lines": _("Lines")}.get(column, column)
    field = fields_of(release, table).get(column)
    return capfirst((field.fa if lang() == "fa" else field.en) if field else column)


def cell_text(release: Release, table: str, column: str, value: str | None, row: Cells) -> str:
    """Return what stands in a cell as people read it: amounts, days, shares and names instead of codes; a dash for nothing."""
    if value in (None, ""):
        return show.NOTHING
    assert value is not None
    field = fields_of(release, table).get(column)
    kind = field.type if field else "string"
    if column.endswith("_bp") or (table, column) in _SHARES:
        return show.percent(int(value) / 10_000, lang())
    if column in MONEY_COLUMNS or (
        table == "roadmap_limit" and column in _MONEY_UNLESS_SKILL and row.get("kind") != "skill"
    ):
        return show.full_amount(int(value), release.currency, lang())
    if kind == "date":
        return show.day(value, str(release.city["calendar"]), lang())[0]
    if kind == "boolean":
        return _("yes") if value == "true" else _("no")
    if (column == "period" and table.startswith("roadmap")) or column in _PERIODS.get(table, ()):
        return _period(release, value)
    if (table, column) in _BENEFITS:
        return number_text(Decimal(value) / 10_000)
    if kind == "integer":
        plain = column in ("fiscal_year", "number", "row")
        return show.digits_of(value, lang()) if plain else show.grouped(int(value), lang())
    if kind == "number":
        return number_text(value)
    return _text(release, table, column, value)


def _text(release: Release, table: str, column: str, value: str) -> str:
    if value == NO_PROJECT_CODE and column == "project":
        return _("no project")
    if (table, column) == ("problem", "code"):
        return _(ROW_TITLES.get(value, value))
    if (table, column) in _OF_ROADMAP:
        return str(_OF_ROADMAP[table, column].get(value, value))
    if (table, column) in (("roadmap_paid", "code"), ("roadmap_alternative_initiative", "code")):
        initiative = release.records.one("roadmap_initiative", value)
        return title_of(initiative) if initiative else local(value)
    if column in _CODES:
        return labels.label(_CODES[column], value)
    noun = _RECORDS.get(column) or (table if column == "parent" else "")
    if noun:
        found = release.records.one(noun, value)
        return title_of(found) if found else local(value)
    return local(said(release, table, column, value))


def _period(release: Release, value: str) -> str:
    found = next(
        (row for row in release.records.table("roadmap_period") if str(row["period"]) == value), None
    )
    return title_of(found) if found else show.digits_of(value, lang())


def in_words(release: Release, table: str, column: str) -> bool:
    """Return whether people wrote what stands in a column, and no code, day or number stands there."""
    field = fields_of(release, table).get(column)
    known = described(release).get(table)
    return (
        field is not None
        and field.type == "string"
        and column not in _CODES
        and (table, column) not in _OF_ROADMAP
        and column not in _RECORDS
        and column != "parent"
        and (table, column) != ("problem", "code")
        and not (known and column in known.key)
        and (table, column) not in release.records.labels(lang())
    )


def naming(table: str) -> tuple[str, ...]:
    """Return the columns that tell which row of a table is meant."""
    return _NAMED_BY.get(table, ())


def row_url(release: Release, one: RowChange) -> str:
    """Return the page of the record that a row belongs to, where the live release has it; "" otherwise."""
    if one.table == "batch" or one.table == "problem":
        key = one.either("batch")
        there = any(row["batch"] == key for row in release.batches())
        return reverse("portal:batch", args=[key]) if key and there else ""
    for noun, name in _PAGES.items():
        code = one.either("code") if noun == one.table else one.either(noun)
        if code and release.records.one(noun, code):
            return reverse(name, args=[code])
    return ""


def day_or_number(value: str) -> bool:
    """Return whether a cell holds nothing that names a thing by itself."""
    return bool(_NUMBER.fullmatch(value)) or bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value))
