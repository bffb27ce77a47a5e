"""Long lists in pages: fifty records at a time, by `?page=`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from rasad.persian.digits import to_latin
from rasad.web.theme.parts import Pages

PER_PAGE = 50


def page_of(
    request: HttpRequest, found: QuerySet[Any] | Sequence[Any], per_page: int = PER_PAGE
) -> tuple[list[Any], Pages]:
    """Return the records of the page that the address asks for, and where the list stands. BadRequest where it has no such page."""
    told = to_latin(request.GET.get("page", "1"))
    if not told.isdecimal() or len(told) > 9 or int(told) < 1:
        raise BadRequest(_("“%(page)s” is no page number.") % {"page": told[:20]})
    number, total = int(told), found.count() if isinstance(found, QuerySet) else len(found)
    count = max(1, -(-total // per_page))
    if number > count:
        raise BadRequest(_("The list has %(count)s pages.") % {"count": count})
    start = (number - 1) * per_page
    records = list(found[start : start + per_page])
    return records, Pages(
        number,
        count,
        min(start + 1, total),
        start + len(records),
        total,
        _address(request, number - 1) if number > 1 else "",
        _address(request, number + 1) if number < count else "",
    )


def _address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    if number == 1:
        del query["page"]
    text = query.urlencode()
    return f"{request.path}?{text}" if text else request.path
