"""Filters and small tags: how values are written. The components are in `parts`; `docs/design.md` shows each."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from rasad.web.theme import labels, show, values
from rasad.web.theme.assets import asset_url
from rasad.web.theme.parts import Field
from rasad.web.theme.site import Site

register = template.Library()


def language() -> str:
    """Return the language of the page that is being written."""
    return get_language() or "fa"


def currency_of(context: Context, currency: str = "") -> str:
    """Return `currency`, else the site's, else the rial."""
    site: Site | None = context.get("site")
    return currency or (site.currency if site else "IRR")


def place_of(context: Context, currency: str = "") -> values.Place:
    """Return where values are written: the page's language, its currency, the city's calendar."""
    site: Site | None = context.get("site")
    return values.Place(language(), currency_of(context, currency), site.calendar if site else "jalali")


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308 - `values` escapes what it is given


@register.simple_tag
def asset(name: str) -> str:
    """Address of a built file."""
    return asset_url(name)


@register.filter
def digits(value: object) -> str:
    """Any text or number with the language's digits, ungrouped (years, codes, ranks)."""
    return show.digits_of(value, language())


@register.filter
def group(value: int | None) -> str:
    """A whole number in groups of three; a dash for None."""
    return show.NOTHING if value is None else show.grouped(int(value), language())


@register.filter
def options(field: Field) -> SafeString:
    """The choices of a list of a filter. By hand, not by a template: hundreds of units stand in one."""
    made = []
    for one in field.options:
        chosen = " selected" if one.value == field.value else ""
        count = "" if one.count is None else f" ({group(one.count)})"
        made.append(
            f'<option value="{conditional_escape(one.value)}"{chosen}>{conditional_escape(one.label)}{count}</option>'
        )
    return mark_safe("".join(made))  # noqa: S308 - all of it was escaped


@register.filter
def percent(value: float | None, places: int = 1) -> str:
    """A share (0 to 1) as a percentage; a dash for None."""
    return show.percent(value, language(), places)


@register.filter
def change(value: float | None) -> str:
    """A change (0.5: half as much again) as a percentage with its sign; a dash for None."""
    return show.change(value, language())


@register.filter
def class_label(code: object) -> str:
    return labels.label(labels.CLASSES, code)


@register.filter
def mode_label(code: object) -> str:
    return labels.label(labels.MODES, code)


@register.filter
def stage_label(code: object) -> str:
    return labels.label(labels.STAGES, code)


@register.filter
def method_label(code: object) -> str:
    return labels.label(labels.METHODS, code)


@register.filter
def dimension_label(code: object) -> str:
    return labels.label(labels.DIMENSIONS, code)


@register.filter
def flow_label(code: object) -> str:
    return labels.label(labels.FLOWS, code)


@register.filter
def code(value: object) -> SafeString:
    """A code, isolated from the direction of the text around it."""
    return _safe(values.code_html(value))


@register.filter
def short_hash(value: str) -> str:
    """The first twelve characters of a hash."""
    return value[:12]


@register.simple_tag(takes_context=True)
def value(
    context: Context,
    kind: str,
    value: Any,
    unit: str = "auto",
    unit_name: str = "",
    bar: str = "",
    url: str = "",
    currency: str = "",
) -> SafeString:
    """A value of any kind (see `parts.Kind`), as tables write it."""
    place = place_of(context, currency)
    return _safe(values.value_html(kind, value, place, unit=unit, unit_name=unit_name, bar=bar, url=url))


@register.simple_tag(takes_context=True)
def money(context: Context, amount: int | None, unit: str = "auto", currency: str = "") -> SafeString:
    """An amount in the currency's smallest unit, scaled for reading; the exact amount in its title and value."""
    return _safe(values.money_html(amount, place_of(context, currency), unit=unit))


@register.simple_tag(takes_context=True)
def amount(context: Context, value: int | None, unit: str = "auto", currency: str = "") -> SafeString:
    """Like `money` without the unit's name: for columns whose header names it."""
    return _safe(values.amount_html(value, place_of(context, currency), unit=unit))


@register.simple_tag(takes_context=True)
def difference(context: Context, value: int | None, unit: str = "auto", currency: str = "") -> SafeString:
    """Like `amount`, with its sign: how much more or less."""
    return _safe(values.difference_html(value, place_of(context, currency), unit=unit))


@register.simple_tag(takes_context=True)
def day(context: Context, value: datetime | date | str | None, style: str = "short") -> SafeString:
    """A day in the city's calendar and the reader's language; the other calendar in its title. Of a moment, the day it was in the city."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value).date()
    return _safe(values.day_html(value, place_of(context), style=style))


@register.simple_tag
def class_chip(cls: str, url: str = "") -> SafeString:
    """A class by its colour and its name; a link where it leads somewhere."""
    return _safe(values.class_html(cls, url))


@register.simple_tag
def bar(share: float | None, cls: str = "") -> SafeString:
    """A bar of the share's length (0 to 1); said to nobody, for the number stands beside it."""
    return _safe(values.bar_html(share, cls))


@register.simple_tag(takes_context=True)
def language_url(context: Context, code: str) -> str:
    """The present address, filters and all, in another language ("fa", "en")."""
    request = context.get("request")
    path = request.get_full_path() if request is not None else "/"
    head, _, rest = path.lstrip("/").partition("/")
    first, mark, query = head.partition("?")
    if first in ("fa", "en"):
        return f"/{code}/{rest}" if not mark else f"/{code}/?{query}"
    return f"/{code}/"


@register.simple_tag(takes_context=True)
def address(context: Context, **changes: Any) -> str:
    """The present address with query parameters set (a value) or removed (None, ""); always back on the first page."""
    return changed_address(context, changes)


def changed_address(context: Context, changes: dict[str, Any]) -> str:
    """Return the present address with `changes` made to its query; `page` goes unless it is among them."""
    request = context.get("request")
    if request is None:
        return "?"
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    text = query.urlencode()
    return f"{request.path}?{text}" if text else str(request.path)


@register.simple_tag
def direction() -> str:
    """ "rtl" or "ltr", by the page's language."""
    return "rtl" if language().startswith("fa") else "ltr"


@register.simple_tag
def show_all() -> str:
    """The words for no filter."""
    return gettext("All")
