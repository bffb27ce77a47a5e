"""A noun's list as its address asks for it: sought, filtered, sorted, paged; a tree in its own order while nothing is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from rasad.web.theme.parts import Chip, Column, Field, Option, Pages, Table
from rasad.web.workbench.naming import named_in, seek
from rasad.web.workbench.nouns.kinds import Col, Noun
from rasad.web.workbench.paging import page_of as paged

LONGEST = 100
"""Characters that are sought."""


@dataclass(frozen=True)
class Found:
    """What a list's page shows."""

    table: Table
    pages: Pages
    fields: list[Field]
    chips: list[Chip]


def narrowed(request: HttpRequest, noun: Noun) -> QuerySet[Any]:
    """Return the records that the address asks for, in its order. BadRequest for an order that there is not."""
    found = noun.records()
    if text := request.GET.get("q", "").strip()[:LONGEST]:
        found = seek(found, text, (*named_in(noun.model), *noun.sought))
    offered = _offered(request, noun)
    for one in noun.filters:
        if told := request.GET.get(one.name, ""):
            if told not in {option.value for option in offered[one.name]}:
                raise BadRequest(_("“%(found)s” is none of the choices.") % {"found": told[:40]})
            found = one.narrow(found, told)
    return _sorted(request, noun, found)


def _offered(request: HttpRequest, noun: Noun) -> dict[str, list[Option]]:
    """Return the choices of each filter; read once for a request."""
    found: dict[str, list[Option]] | None = getattr(request, "_rasad_offered", None)
    if found is None:
        found = {one.name: list(one.options()) for one in noun.filters}
        request._rasad_offered = found  # type: ignore[attr-defined]
    return found


def _order(request: HttpRequest, noun: Noun) -> str:
    order = request.GET.get("order", "")
    if order and order.removeprefix("-") not in {one.sort for one in noun.columns if one.sort}:
        raise BadRequest(_("The list cannot be sorted by “%(found)s”.") % {"found": order[:40]})
    return order or noun.order


def _sorted(request: HttpRequest, noun: Noun, found: QuerySet[Any]) -> QuerySet[Any]:
    order = _order(request, noun) or noun.model.KEY[0]
    by = F(order.removeprefix("-"))
    by_it = by.desc(nulls_last=True) if order.startswith("-") else by.asc(nulls_last=True)
    return found.order_by(by_it, "pk")


def ask(request: HttpRequest, noun: Noun) -> Found:
    """Return the list as the address asks for it."""
    asked = any(request.GET.get(name) for name in ("q", "order", *(one.name for one in noun.filters)))
    if noun.tree and not asked:
        records, pages, depths = _tree(request, noun)
    else:
        records, pages = paged(request, narrowed(request, noun))
        depths = {}
    table = Table(
        id=noun.many,
        caption=str(noun.title),
        caption_hidden=True,
        order=_order(request, noun),
        columns=[_column(one) for one in noun.columns],
        rows=[_row(noun, record, depths.get(record.pk, 0)) for record in records],
        empty=_("Nothing fits; widen the filters.") if asked else _("None is written down yet."),
    )
    return Found(table, pages, _fields(request, noun), _chips(request, noun))


def _tree(request: HttpRequest, noun: Noun) -> tuple[list[Any], Pages, dict[int, int]]:
    """Return the page's records as they stand below one another, and how deep each stands."""
    below: dict[int | None, list[int]] = {}
    model = noun.model
    for pk, parent in model._base_manager.order_by(model.KEY[0]).values_list("pk", f"{noun.tree}_id"):
        below.setdefault(parent, []).append(pk)
    order, depths = [], {}
    waiting = [(pk, 0) for pk in reversed(below.get(None, []))]
    while waiting:
        pk, depth = waiting.pop()
        order.append(pk)
        depths[pk] = depth
        waiting.extend((child, depth + 1) for child in reversed(below.get(pk, [])))
    page, pages = paged(request, order)
    held = {record.pk: record for record in noun.records().filter(pk__in=page)}
    return [held[pk] for pk in page if pk in held], pages, depths


def _column(one: Col) -> Column:
    return Column(
        one.key,
        str(one.label),
        one.kind,
        link=f"{one.key}_url" if one.link else "",
        note=f"{one.key}_note" if one.note else "",
        sort=one.sort,
        depth="depth" if one.depth else "",
    )


def _row(noun: Noun, record: Any, depth: int) -> dict[str, Any]:
    row: dict[str, Any] = {"depth": depth}
    for one in noun.columns:
        row[one.key] = one.value(record)
        if one.link:
            row[f"{one.key}_url"] = one.link(record)
        if one.note:
            row[f"{one.key}_note"] = one.note(record)
    return row


def _fields(request: HttpRequest, noun: Noun) -> list[Field]:
    sought = Field(
        "q",
        _("Search"),
        request.GET.get("q", "")[:LONGEST],
        kind="text",
        placeholder=_("code or words of the name"),
    )
    offered = _offered(request, noun)
    return [
        sought,
        *(
            Field(
                one.name,
                str(one.label),
                request.GET.get(one.name, ""),
                offered[one.name],
                empty=str(one.empty),
            )
            for one in noun.filters
            if offered[one.name]
        ),
    ]


def _chips(request: HttpRequest, noun: Noun) -> list[Chip]:
    chips, offered = [], _offered(request, noun)
    if text := request.GET.get("q", "").strip():
        chips.append(Chip(_("Search"), text[:LONGEST], _without(request, "q")))
    for one in noun.filters:
        if told := request.GET.get(one.name, ""):
            said = next((option.label for option in offered[one.name] if option.value == told), told)
            chips.append(Chip(str(one.label), said, _without(request, one.name)))
    return chips


def _without(request: HttpRequest, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    query.pop("page", None)
    text = query.urlencode()
    return f"{request.path}?{text}" if text else request.path
