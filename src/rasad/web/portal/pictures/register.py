"""The cards of pages of records: the thread, projects, goals, indicators, and the city's register."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from rasad.release.reader import Release
from rasad.web.portal.frame import city_name, lang
from rasad.web.portal.pictures.card import Bar, Card, amount_bars, cut, facts_of, figure_of
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Fact, Stat

Context = Mapping[str, Any]
FACTS = 4


def _thread(context: Context, release: Release) -> Card:
    title = f"{_('The golden thread')} · {city_name(release)}"
    if "steps" not in context:
        return Card(title, context["scope"], note=_("No money is linked in this release"))
    bars = tuple(
        Bar(row["name"], show.percent(row["share"], lang()), row["share"] or 0.0)
        for row in context["steps"].rows
    )
    return _led(title, context["scope"], context["stats"][0], (), release, bars)


def _projects(context: Context, release: Release) -> Card:
    number, money, *others = context["stats"]
    return _led(_("Projects"), context["scope"], money, (number, *others), release)


def _goals(context: Context, release: Release) -> Card:
    roots = [(row["name"], row["amount"], "accent") for row in context["table"].rows if not row["depth"]]
    bars, unit = amount_bars(roots, release.currency)
    number, no_goal, *others = context["stats"]
    return _led(_("Goals"), context["scope"], no_goal, (number, *others), release, bars, unit)


def _goal(context: Context, release: Release) -> Card:
    projects = context["projects"].rows if context["projects"] else ()
    bars, unit = amount_bars([(row["name"], row["amount"], "accent") for row in projects], release.currency)
    money, *others = context["stats"]
    scope = f"{context['kicker']} · {context['scope']}"
    return _led(context["title"], scope, money, others, release, bars, unit)


def _indicator(context: Context, release: Release) -> Card:
    last, *others = context["stats"]
    return _led(context["title"], context["kicker"], last, others, release)


def _money_of(context: Context, release: Release) -> Card:
    amount, *others = context["stats"]
    return _led(context["title"], context["scope"], amount, others, release)


def _unit(context: Context, release: Release) -> Card:
    title, classes = context["title"], context["classes"]
    scope = " · ".join(part for part in (context["kicker"], context["scope"]) if part)
    if not classes or not classes.total:
        return Card(cut(title), scope, facts=_facts(context["facts"], release))
    amounts = [
        (labels.label(labels.CLASSES, row["key"]), row["amount"], f"class-{row['key'].replace('_', '-')}")
        for row in classes.rows
    ]
    bars, unit = amount_bars(amounts, release.currency)
    whole = Stat(_("All money"), amount=classes.total["amount"])
    return _led(title, scope, whole, (), release, bars, unit)


def _told_by_facts(context: Context, release: Release) -> Card:
    return Card(cut(context["title"]), context.get("kicker", ""), facts=_facts(context["facts"], release))


def _told_by_stats(context: Context, release: Release) -> Card:
    return Card(cut(context["title"]), city_name(release), facts=facts_of(context["stats"], release.currency))


def _roadmap(context: Context, release: Release) -> Card:
    if "stats" not in context:
        return Card(_("Roadmap"), city_name(release), note=_("No roadmap is adopted"))
    number, money, *others = context["stats"]
    return _led(context["title"], context["kicker"], money, (number, *others), release)


def _roadmap_went(context: Context, release: Release) -> Card:
    late, *others = context["stats"]
    return _led(context["title"], context["kicker"], late, others, release)


def _roadmap_weigh(context: Context, release: Release) -> Card:
    shown = next(plan for plan in context["plans"] if plan["shown"])
    fit = Stat(_("Fits your weights"), text=shown["fit"], note=shown["title"])
    return _led(context["title"], context["kicker"], fit, shown["stats"], release)


def _list(context: Context, release: Release) -> Card:
    number = show.grouped(len(context["table"].rows), lang())
    return Card(context["title"], city_name(release), _("In all"), number, note=context.get("lede", ""))


def _city(context: Context, release: Release) -> Card:
    facts = tuple((part["name"], show.grouped(part["number"], lang())) for part in context["parts"])
    return Card(f"{_('The register')} · {city_name(release)}", facts=facts)


def _led(
    title: str,
    scope: str,
    stat: Stat,
    others: Sequence[Stat],
    release: Release,
    bars: tuple[Bar, ...] = (),
    bars_unit: str = "",
) -> Card:
    """Return the card of a page that is led by a figure, with its other figures where there are no bars."""
    figure, unit = figure_of(stat, release.currency)
    facts = () if bars else facts_of([one for one in others if figure_of(one, "IRR")[0]], release.currency, 3)
    return Card(
        title=cut(title),
        scope=scope,
        label=stat.label,
        figure=figure,
        unit=unit,
        note=stat.note,
        bars=bars,
        bars_unit=bars_unit,
        facts=facts,
    )


def _facts(facts: Sequence[Fact], release: Release) -> tuple[tuple[str, str], ...]:
    """Return the first facts of a page as texts."""
    found = []
    for fact in facts[:FACTS]:
        match fact.kind:
            case "money":
                text = show.full_amount(fact.value, release.currency, lang())
            case "number":
                text = show.grouped(fact.value, lang())
            case "date":
                text = show.day(fact.value, str(release.city["calendar"]), lang())[0]
            case _:
                text = str(fact.value)
        found.append((fact.label, cut(text)))
    return tuple(found)


CARDS: dict[str, Callable[[Context, Release], Card]] = {
    "thread": _thread,
    "projects": _projects,
    "project": _told_by_facts,
    "project-money": _money_of,
    "goals": _goals,
    "goal": _goal,
    "indicator": _indicator,
    "roadmap": _roadmap,
    "roadmap-progress": _roadmap_went,
    "roadmap-weigh": _roadmap_weigh,
    "city": _city,
    "units": _list,
    "unit": _unit,
    "services": _list,
    "service": _told_by_facts,
    "systems": _told_by_stats,
    "assets": _told_by_stats,
}
