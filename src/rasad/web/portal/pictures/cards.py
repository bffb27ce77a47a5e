"""The card of each page, out of the context that the page itself is written from: the two cannot say different things."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from rasad.release.reader import Release
from rasad.web.portal.frame import city_name, lang
from rasad.web.portal.pictures.card import Card, amount_bars, bars_of, columns_of, cut, facts_of, figure_of
from rasad.web.portal.pictures.register import CARDS as OF_RECORDS
from rasad.web.portal.tables import local
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Field, Stat

Context = Mapping[str, Any]
CHOSEN = ("class", "mode", "unit", "programme", "q")
"""Fields of a filter form whose value belongs into the title."""


def has_card(page: str) -> bool:
    """Return whether the page of this name (as in `urls.py`) has a card."""
    return page in CARDS


def card_of(page: str, context: Context, release: Release) -> Card | None:
    """Return the card of a page by the name it has in `urls.py`, None where it has none."""
    make = CARDS.get(page)
    return make(context, release) if make else None


def _home(context: Context, release: Release) -> Card:
    if "headline" not in context:
        return Card(_("Overview"), note=_("This release holds no spending"))
    return _led(context["title"], context["scope"], context["headline"], release, context["it"]["chart"])


def _money(context: Context, release: Release) -> Card:
    whose = _("IT money") if context["query"].filters.it_only else _("Money")
    title = _title(whose, *_chosen(context), context["grouping"])
    if not context["stats"]:
        return Card(title, context["scope"])
    return _led(title, context["scope"], context["stats"][0], release, context["chart"])


def _compare(context: Context, release: Release) -> Card:
    if "asked" not in context:
        return Card(_("Two periods compared"), note=_("There is one year only"))
    first, second, _difference, change = context["stats"][:4]
    title = _title(_("Comparison"), *_chosen(context), context["grouping"])
    note = _("%(before)s in %(a)s, %(after)s in %(b)s") % {
        "before": " ".join(figure_of(first, release.currency)),
        "a": first.label,
        "after": " ".join(figure_of(second, release.currency)),
        "b": second.label,
    }
    chart = context["chart"]
    return Card(
        title=title,
        scope=context["scope"],
        label=change.label,
        figure=change.text,
        note=note,
        bars=bars_of(chart),
        bars_unit=chart.unit if chart else "",
        bars_note=chart.subtitle if chart else "",
    )


def _budget(context: Context, release: Release) -> Card:
    title = _title(_("Budget and execution"), *_chosen(context), context["grouping"])
    stages: list[Stat] = [stat for stat in context["stats"] if stat.amount is not None and not stat.link]
    absorbed = next((stat for stat in context["stats"] if stat.share is not None), None)
    leading = absorbed or next(iter(stages), None)
    if leading is None:
        return Card(title, context["scope"])
    card = _led(title, context["scope"], leading, release, None)
    amounts = [(stat.label, stat.amount or 0, "accent") for stat in stages]
    return _with_bars(card, amounts, release)


def _share(context: Context, release: Release) -> Card:
    if "headline" not in context:
        return Card(context["title"], context["scope"], note=_("There is nothing to divide"))
    return _led(context["title"], context["scope"], context["headline"], release, context["chart"])


def _supplier(context: Context, release: Release) -> Card:
    card = _led(context["title"], context["scope"], context["stats"][0], release, None)
    amounts = [
        (labels.label(labels.CLASSES, row["key"]), row["amount"], f"class-{row['key'].replace('_', '-')}")
        for row in context["classes"].rows
    ]
    return _with_bars(card, amounts, release)


def _line(context: Context, release: Release) -> Card:
    line = context["line"]
    figure, unit = show.scaled_amount(line["amount"], line["currency"], "full", lang())
    person = line["supplier_is_person"]
    facts = (
        (_("Supplier"), _("a natural person (name withheld)") if person else line["supplier_name"] or ""),
        (_("Unit"), local(line["unit"] or line["unit_code"])),
        (_("Class"), labels.label(labels.CLASSES, line["class"])),
        (_("Date"), show.day(line["date"], str(release.city["calendar"]), lang())[0] if line["date"] else ""),
    )
    return Card(
        title=cut(context["title"]),
        scope=context["kicker"],
        label=_("Amount"),
        figure=figure,
        unit=unit,
        facts=tuple((label, cut(value)) for label, value in facts if value)[:3],
    )


def _batch(context: Context, release: Release) -> Card:
    return Card(
        title=cut(context["title"]),
        scope=_("Batch: one file as it arrived"),
        facts=facts_of(context["stats"], release.currency),
    )


def _data(context: Context, release: Release) -> Card:
    said = _("All that this portal shows, as open files; and how every row of every file came in.")
    return Card(
        title=_title(_("Data"), city_name(release)),
        scope=said,
        facts=facts_of(context["stats"], release.currency),
    )


def _changes_of(context: Context, release: Release) -> Card:
    return Card(
        title=context["title"],
        scope=cut(context["subject"]),
        facts=facts_of(context.get("stats", ()), release.currency),
    )


def _led(title: str, scope: str, stat: Stat, release: Release, chart: Any) -> Card:
    """Return the card of a page that is led by a figure."""
    figure, unit = figure_of(stat, release.currency)
    return Card(
        title=cut(title),
        scope=scope,
        label=stat.label,
        figure=figure,
        unit=unit,
        note=stat.note,
        bars=bars_of(chart),
        columns=columns_of(chart),
        bars_unit=chart.unit if chart else "",
        bars_note=chart.subtitle if chart else "",
    )


def _with_bars(card: Card, amounts: list[tuple[str, int, str]], release: Release) -> Card:
    bars, unit = amount_bars(amounts, release.currency)
    return replace(card, bars=bars, bars_unit=unit)


def _title(*parts: str) -> str:
    return cut(" · ".join(part for part in parts if part))


def _chosen(context: Context) -> list[str]:
    """Return the values of the filters that narrow a page down, as its form and its chips name them."""
    found = []
    fields: list[Field] = context["fields"]
    for field in fields:
        if field.name in CHOSEN and field.value:
            names = {option.value: option.label for option in field.options}
            found.append(f"«{field.value}»" if field.name == "q" else names.get(field.value, field.value))
    return found + [chip.value for chip in context.get("chips") or ()]


CARDS: dict[str, Callable[[Context, Release], Card]] = {
    **OF_RECORDS,
    "home": _home,
    "money": _money,
    "compare": _compare,
    "budget": _budget,
    "share": _share,
    "supplier": _supplier,
    "line": _line,
    "batch": _batch,
    "data": _data,
    "changes-of": _changes_of,
    "changes": lambda context, release: Card(
        _("Changes between releases"),
        cut(str(context["subject"])),
        note=_(
            "A release is never altered: what is put right comes in the next one. Here is what each changed against the one before."
        ),
    ),
    "method": lambda context, release: Card(
        _("How figures are made"),
        note=_("Rules that hold on every page, and how to recompute a figure yourself."),
    ),
    "glossary": lambda context, release: Card(
        _("Glossary"), note=_("The words of these pages, and of the council's work, in Persian and English.")
    ),
    "problems": lambda context, release: Card(
        _("Problems"), note=_("A file is taken in whole and balanced, or not at all.")
    ),
}
