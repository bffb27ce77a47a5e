"""The form above a table: what can be chosen, and what is chosen without having a field."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.translation import gettext as _

from rasad.release.reader import CLASSES, DIMENSIONS, PERSON_KEY, Release
from rasad.web.portal.frame import lang
from rasad.web.portal.query import Query, without
from rasad.web.portal.tables import dimension_name, group_name, local, residents
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Chip, Field, Option

OPTIONS = 120
"""How many units or programmes a list of choices holds; the rest are reached by following the table."""

_FIELDS = ("by", "year", "stage", "class", "mode", "unit", "programme", "q", "it", "per", "flow", "book")
_CHIPS = ("supplier", "economic", "nature", "source", "month")


def fields(query: Query, release: Release) -> list[Field]:
    """Return the fields of the money explorer."""
    filters = query.filters
    found = []
    if query.view == "groups":
        options = [Option(name, dimension_name(name)) for name in DIMENSIONS]
        found.append(Field("by", _("Group by"), query.by, options))
    found.append(year_field(query, release))
    if filters.stage:
        options = [Option(stage, labels.label(labels.STAGES, stage)) for stage in _stages(query, release)]
        found.append(Field("stage", _("Stage"), filters.stage, options))
    classes = [Option(cls, labels.label(labels.CLASSES, cls)) for cls in CLASSES]
    found.append(Field("class", _("Class"), filters.cls or "", classes, empty=_("all classes")))
    modes = [Option(mode, labels.label(labels.MODES, mode)) for mode in labels.MODES]
    found.append(Field("mode", _("Mode"), filters.mode or "", modes, empty=_("all modes")))
    found += unit_fields(query, release)
    found += flow_field(query, release)
    found += _book_field(query, release)
    found.append(Field("q", _("Words in the description"), filters.q or "", kind="text"))
    found.append(Field("it", _("IT spending only"), "1" if filters.it_only else "", kind="tick"))
    if query.view == "groups" and residents(release):
        chosen = "resident" if query.per_resident else ""
        found.append(
            Field("per", _("Amounts"), chosen, [Option("resident", _("and per resident"))], empty=_("in all"))
        )
    return found


def year_field(query: Query, release: Release) -> Field:
    """Return the choice of a fiscal year, or of all."""
    years = sorted({c.year for c in release.coverage() if c.flow == query.filters.flow}, reverse=True)
    chosen = query.filters.year
    if chosen is not None and chosen not in years:
        years.append(chosen)
    options = [Option(str(year), show.digits_of(year, lang())) for year in years]
    return Field(
        "year", _("Fiscal year"), str(chosen or "all"), [*options, Option("all", _("all years, together"))]
    )


def unit_fields(query: Query, release: Release) -> list[Field]:
    """Return the choices of a unit and of a programme, where there are several."""
    found = []
    for name, empty in (("unit", _("all units")), ("programme", _("all programmes"))):
        values = dict([(key, local(text)) for key, text in release.choices(name) if key][:OPTIONS])
        chosen = getattr(query.filters, name) or ""
        if chosen and chosen not in values:
            values[chosen] = local(dict(release.choices(name)).get(chosen, chosen))
        if len(values) > 1 or chosen:
            options = [Option(*value) for value in values.items()]
            found.append(Field(name, dimension_name(name), chosen, options, empty=empty))
    return found


def flow_field(query: Query, release: Release) -> list[Field]:
    """Return the choice between expense and revenue, where the release has both."""
    flows = sorted({c.flow for c in release.coverage()} | {query.filters.flow})
    if len(flows) < 2:
        return []
    options = [Option(flow, labels.label(labels.FLOWS, flow)) for flow in flows]
    return [Field("flow", _("Flow"), query.filters.flow, options)]


def _book_field(query: Query, release: Release) -> list[Field]:
    """Return the choice of a book, where both tell of the stage: the same money, never added together."""
    filters = query.filters
    books = {c.book for c in release.coverage() if c.flow == filters.flow and c.stage == filters.stage}
    if len(books | ({filters.book} - {None})) < 2 or not filters.stage:
        return []
    chosen = filters.book or release.book(filters.stage, year=filters.year, flow=filters.flow)
    options = [Option(book, labels.label(labels.BOOKS, book)) for book in labels.BOOKS]
    return [Field("book", _("Book"), chosen, options)]


def _stages(query: Query, release: Release) -> list[str]:
    there = {c.stage for c in release.coverage() if c.flow == query.filters.flow}
    return [stage for stage in labels.STAGES if stage in there | {query.filters.stage}]


def chips(params: QueryDict, query: Query, release: Release) -> list[Chip]:
    """Return the filters that are on and have no field of their own saying so."""
    found = []
    for name in _CHIPS:
        value = query.given.get(name)
        if value is not None:
            found.append(Chip(dimension_name(name), _chip_text(name, value, release), without(params, name)))
    return found


def _chip_text(name: str, value: str, release: Release) -> str:
    if name == "supplier":
        known = release.supplier(value)
        return _("Natural persons, together") if value == PERSON_KEY else known.name if known else value
    if name == "economic":
        return dict(release.choices("economic")).get(value, value)
    return group_name(name, value, value, release)


def kept(query: Query) -> dict[str, str]:
    """Return what stands in the address and has no field in the form, so that sending the form keeps it."""
    found = {name: value for name, value in query.given.items() if name not in _FIELDS}
    return found | ({"view": "lines"} if query.view == "lines" else {})
