"""What an address asks for: filters, grouping, order and page. A value that makes no sense is said, not guessed."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _

from rasad.persian.digits import to_latin
from rasad.release.reader import DIMENSIONS, STAGES, Filters, Release
from rasad.web.theme import labels

PAGE = 50
LONGEST = 300
"""Characters of a value that are read; a longer one is refused."""

IN_TIME = ("month", "fiscal_year", "stage")
"""Groupings that run in time: without an order in the address the earliest comes first."""
GROUP_ORDERS = ("-amount", "amount", "-lines", "lines", "label", "-label", "key", "-key")
LINE_ORDERS = ("-amount", "amount", "-date", "date")
_CLOSED: dict[str, Collection[str]] = {
    "class": labels.CLASSES,
    "mode": labels.MODES,
    "stage": labels.STAGES,
    "flow": labels.FLOWS,
    "book": labels.BOOKS,
    "it": ("1",),
    "per": ("resident",),
    "view": ("groups", "lines"),
}
_FIELDS = {
    "class": "cls",
    "mode": "mode",
    "unit": "unit",
    "programme": "programme",
    "economic": "economic",
    "supplier": "supplier",
    "nature": "nature",
    "source": "source",
    "month": "month",
    "q": "q",
}
NAMES = ("year", "stage", "flow", "book", "it", "per", *_FIELDS)
"""Names of filters in an address, and `per=resident`."""


@dataclass(frozen=True)
class Query:
    """What an address asks for. `given` are the filters that stand in it, as they stand there."""

    filters: Filters
    by: str
    view: str
    order: str
    number: int
    given: dict[str, str]
    per_resident: bool = False

    @property
    def offset(self) -> int:
        return (self.number - 1) * PAGE


def read(
    params: QueryDict,
    release: Release,
    *,
    by: str = "class",
    dimensions: Collection[str] = DIMENSIONS,
    orders: Collection[str] = (),
    stage: bool = True,
) -> Query:
    """Return what `params` ask for, with the release's year and stage where they name none. BadRequest says what is wrong.

    `by` and `dimensions`: the grouping without one in the address, and those there are. `orders`: those there are, the first without
    one in the address (groups' or lines' otherwise). `stage`: False where all stages stand side by side.
    """
    by = one_of("by", value_of(params, "by") or by, dimensions)
    view = one_of("view", value_of(params, "view") or "groups", _CLOSED["view"])
    orders = orders or (LINE_ORDERS if view == "lines" else GROUP_ORDERS)
    # An order that only the other view knows is no error: whoever switches views brings it along.
    known = {*orders, *GROUP_ORDERS, *LINE_ORDERS}
    first = "key" if by in IN_TIME and view == "groups" else "-amount"
    order = one_of("order", value_of(params, "order") or first, sorted(known))
    given = {name: value for name in NAMES if (value := value_of(params, name))}
    for name in given.keys() & _CLOSED.keys():
        one_of(name, given[name], _CLOSED[name])
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", given.get("month", "0000-01")):
        raise BadRequest(
            _("“%(value)s” is no month: expected four digits, a hyphen and two digits.")
            % {"value": given["month"][:60]}
        )
    values: dict[str, Any] = {field: given[name] for name, field in _FIELDS.items() if name in given}
    filters = Filters(
        **values,
        flow=given.get("flow", "expense"),
        book=given.get("book"),
        stage=given.get("stage"),
        year=_year(given),
        it_only="it" in given,
    )
    return Query(
        filters=_settled(filters, given, release, side_by_side=not stage, by="" if view == "lines" else by),
        by=by,
        view=view,
        order=order if order in orders else next(iter(orders)),
        number=page_number(params),
        given=given,
        per_resident="per" in given,
    )


def value_of(params: QueryDict, name: str) -> str:
    """Return the value of a name in the address, "" where it has none. BadRequest where no filter could be meant."""
    value = str(params.get(name, "")).strip()
    if len(value) > LONGEST or "\x00" in value:
        raise BadRequest(_("The value of “%(name)s” is no text that a filter can take.") % {"name": name})
    return value


def one_of(name: str, value: str, known: Collection[str]) -> str:
    if value not in known:
        raise BadRequest(
            _("“%(value)s” is no value of “%(name)s”. There are: %(all)s.")
            % {"value": value[:60], "name": name, "all": _(", ").join(known)}
        )
    return value


def _year(given: dict[str, str]) -> int | None:
    text = to_latin(given.get("year", ""))
    if text in ("", "all"):
        return None
    if not re.fullmatch(r"[0-9]{4}", text):
        raise BadRequest(
            _("“%(value)s” is no fiscal year: expected four digits, or all.") % {"value": text[:60]}
        )
    return int(text)


def _settled(
    filters: Filters, given: dict[str, str], release: Release, *, side_by_side: bool, by: str
) -> Filters:
    """Return the filters with a year and a stage where the address names none: those to open on, as far as there is data."""
    there = [c for c in release.coverage() if c.flow == filters.flow and filters.book in (None, c.book)]
    if side_by_side:
        there = [c for c in there if c.book == (filters.book or "budget")] or there
        filters = replace(filters, stage=None)
    elif by == "stage":
        filters = replace(filters, stage=None)
    elif filters.stage is None:
        # A release without a single line has no stage to open on; any one makes it answer "nothing fits".
        wanted = release.defaults()[1] or STAGES[-1]
        stages = {c.stage for c in there}
        last = next((stage for stage in reversed(STAGES) if stage in stages), wanted)
        filters = replace(filters, stage=wanted if wanted in stages else last)
    if "year" not in given and by != "fiscal_year":
        newest = max((c.year for c in there if filters.stage in (None, c.stage)), default=None)
        filters = replace(filters, year=newest)
    return filters


def page_number(params: QueryDict) -> int:
    """Return the page asked for, from 1. BadRequest where it is no number."""
    text = to_latin(value_of(params, "page") or "1")
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) < 1:
        raise BadRequest(_("“%(value)s” is no page number.") % {"value": text[:60]})
    return int(text)


def without(params: QueryDict, *names: str) -> str:
    """Return the query without some names (and without the page), with its question mark."""
    copy = params.copy()
    for name in (*names, "page"):
        copy.pop(name, None)
    return f"?{copy.urlencode()}"


def changed(params: QueryDict, **values: str | int | None) -> str:
    """Return the query with some values changed (None: gone) and the page gone, with its question mark."""
    copy = params.copy()
    copy.pop("page", None)
    for name, value in values.items():
        if value is None:
            copy.pop(name, None)
        else:
            copy[name] = str(value)
    return f"?{copy.urlencode()}"


def page_url(params: QueryDict, number: int) -> str:
    """Return the query of another page of the same list, with its question mark."""
    copy = params.copy()
    copy["page"] = str(number)
    return f"?{copy.urlencode()}"
