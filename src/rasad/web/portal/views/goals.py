"""Goals as a tree with their money and indicators, and one indicator with its readings and every rial behind it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import Release
from rasad.release.reader.records import NO_PROJECT
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.query import page_number
from rasad.web.portal.record_changes import records_here
from rasad.web.portal.register import (
    Meant,
    day_text,
    goal_url,
    meant,
    money_fields,
    need,
    number_text,
    project_url,
    said,
    share,
    title_of,
    unit_name,
    unit_url,
)
from rasad.web.portal.tables import pages_of
from rasad.web.theme import show
from rasad.web.theme.charts import Chart, Series
from rasad.web.theme.parts import Column, Fact, Stat, Table
from rasad.web.theme.site import Link

GOALS = 200


@page
def goals(request: HttpRequest, release: Release) -> HttpResponse:
    """Show the goals with the money that reaches each, children under their parent; 404 without records."""
    need(release)
    money = meant(request.GET, release)
    sums = _money(release, money)
    rows = _tree(release, money, sums)
    number = page_number(request.GET)
    pages = pages_of(request.GET, number, len(rows), size=GOALS)
    whole = sum(sums.values())
    own = {row["code"]: sums.get(row["code"], 0) for row in release.records.table("goal")}
    general = sum(amount for code, amount in own.items() if _general(release, code))
    largest = max(own.items(), key=lambda item: item[1], default=("", 0))
    context = frame(request, release, "goals")
    context |= {
        "scope": money.scope,
        "fields": money_fields(money, release),
        "stats": [
            Stat(_("Goals"), number=len(release.records.table("goal"))),
            Stat(
                _("Reaches no goal"),
                share=share(sums.get(NO_PROJECT, 0), whole),
                text=show.NOTHING,
                note=_("of the money under these filters"),
            ),
            Stat(
                _("Share of the largest goal"),
                share=share(largest[1], whole),
                text=show.NOTHING,
                note=title_of(release.records.one("goal", largest[0]) or {}) if largest[1] else "",
            ),
            Stat(
                _("On general goals"),
                share=share(general, whole),
                text=show.NOTHING,
                note=_("a general goal is no focus"),
            ),
        ],
        "table": _goals_table(rows[pages.first - 1 : pages.last] if rows else []),
        "pages": pages,
    }
    context |= records_here(release, "goals")
    return TemplateResponse(request, "portal/goals.html", context)


def _money(release: Release, money: Meant) -> dict[str, int]:
    return release.records.by_goal(money.filters) if release.records.linked and money.filters.stage else {}


def _general(release: Release, code: str) -> bool:
    found = release.records.one("goal", code)
    return bool(found and found["is_general"])


def _tree(release: Release, money: Meant, sums: dict[str, int]) -> list[dict[str, Any]]:
    """Return the goals with children behind their parent; each with its own money and that of all below it."""
    children = release.records.by("goal", "parent")
    indicators = release.records.by("goal_indicator", "goal")
    known = {row["code"] for row in release.records.table("goal")}
    roots = [row for row in release.records.table("goal") if not row["parent"] or row["parent"] not in known]

    def below(row: dict[str, Any]) -> int:
        return sums.get(row["code"], 0) + sum(below(child) for child in children.get(row["code"], []))

    found: list[dict[str, Any]] = []

    def walk(row: dict[str, Any], depth: int) -> None:
        found.append(
            {
                "name": title_of(row),
                "depth": depth,
                "url": goal_url(row["code"], money.address),
                "note": _("general goal") if row["is_general"] else "",
                "weight": (row["weight_bp"] or 0) / 10_000,
                "cls": "",
                "indicators": len(indicators.get(row["code"], [])),
                "own": sums.get(row["code"], 0),
                "amount": below(row),
            }
        )
        for child in sorted(children.get(row["code"], []), key=lambda one: (-below(one), one["code"])):
            walk(child, depth + 1)

    for root in sorted(roots, key=lambda one: (-below(one), one["code"])):
        walk(root, 0)
    return found


def _goals_table(rows: list[dict[str, Any]]) -> Table:
    return Table(
        id="goals",
        caption=_("Goals, those that most money reaches first"),
        columns=[
            Column("name", _("Goal"), link="url", note="note", depth="depth"),
            Column("weight", _("Weight"), "share", bar="cls"),
            Column("indicators", _("Indicators"), "number"),
            Column("own", _("Money, its own"), "money"),
            Column("amount", _("With all below it"), "money"),
        ],
        rows=rows,
    )


@page
def goal(request: HttpRequest, release: Release, code: str) -> HttpResponse:
    """Show a goal: its indicators, its projects and the money that reaches it; 404 where there is none such."""
    need(release)
    found = release.records.one("goal", code)
    if found is None:
        raise Http404
    money = meant(request.GET, release)
    projects = _projects_of(release, code, money)
    context = frame(request, release, "goals")
    context |= {
        "title": title_of(found),
        "kicker": _("General goal") if found["is_general"] else _("Goal"),
        "crumbs": [
            Link(_("Goals"), reverse("portal:goals")),
            *_parents(release, found),
            Link(title_of(found), "", True),
        ],
        "scope": money.scope,
        "fields": money_fields(money, release),
        "facts": _facts(release, found),
        "stats": [
            Stat(_("Money that reaches it"), amount=sum(row["amount"] for row in projects)),
            Stat(_("Projects"), number=len(projects)),
            Stat(_("Indicators"), number=len(release.records.by("goal_indicator", "goal").get(code, []))),
        ],
        "indicators": _indicators_table(release, code),
        "projects": _projects_table(projects) if projects else None,
        "children": _goals_table(
            [
                {**row, "depth": 0}
                for row in _tree(release, money, _money(release, money))
                if row["url"].startswith(
                    tuple(
                        goal_url(child["code"])
                        for child in release.records.by("goal", "parent").get(code, [])
                    )
                )
            ]
        )
        if release.records.by("goal", "parent").get(code)
        else None,
    }
    context |= records_here(release, "goal", code)
    return TemplateResponse(request, "portal/goal.html", context)


def _parents(release: Release, row: dict[str, Any]) -> list[Link]:
    found: list[Link] = []
    parent = release.records.one("goal", row["parent"]) if row["parent"] else None
    while parent is not None and len(found) < 10:
        found.insert(0, Link(title_of(parent), goal_url(parent["code"])))
        parent = release.records.one("goal", parent["parent"]) if parent["parent"] else None
    return found


def _facts(release: Release, row: dict[str, Any]) -> list[Fact]:
    facts = [
        Fact(_("Code"), row["code"], "code"),
        Fact(_("Unit"), unit_name(release, row["unit"]), link=unit_url(row["unit"])),
        Fact(_("Programme code"), row["programme_code"] or "", "code"),
        Fact(
            _("Weight"), show.percent((row["weight_bp"] or 0) / 10_000, lang(), 1) if row["weight_bp"] else ""
        ),
        Fact(_("Source"), row["source"] or ""),
        Fact(_("Description"), row["description"] or ""),
    ]
    return [fact for fact in facts if fact.value not in ("", None)]


def _projects_of(release: Release, code: str, money: Meant) -> list[dict[str, Any]]:
    """Return the projects that serve a goal, with their part of the money that is the goal's; exact."""
    records = release.records
    spent = records.money(money.filters) if records.linked and money.filters.stage else {}
    rows = []
    for row in records.by("project_goal", "goal").get(code, []):
        project = records.one("project", row["project"])
        amount = spent.get(row["project"], (0, 0))[0]
        rows.append(
            {
                "name": title_of(project) if project else row["project"],
                "url": project_url(row["project"], money.address),
                "weight": row["weight_bp"] / 10_000,
                "cls": "",
                "whole": amount,
                "amount": dict(records.divided(row["project"], amount)).get(code, 0),
            }
        )
    return sorted(rows, key=lambda row: (-row["amount"], row["name"]))


def _projects_table(rows: list[dict[str, Any]]) -> Table:
    return Table(
        id="projects",
        caption=_("Projects that serve it"),
        columns=[
            Column("name", _("Project"), link="url"),
            Column("whole", _("Money of the project"), "money"),
            Column("weight", _("Weight of this goal"), "share", bar="cls"),
            Column("amount", _("Reaches this goal"), "money"),
        ],
        rows=rows,
        total={"name": _("Total"), "amount": sum(row["amount"] for row in rows)},
        caption_hidden=True,
    )


def _indicators_table(release: Release, code: str) -> Table | None:
    rows = []
    for row in release.records.by("goal_indicator", "goal").get(code, []):
        indicator = release.records.one("indicator", row["indicator"])
        if indicator is None:
            continue
        readings = _readings(release, indicator["code"])
        target = _next_target(release, indicator["code"], readings)
        last = readings[-1] if readings else None
        rows.append(
            {
                "name": title_of(indicator),
                "url": reverse("portal:indicator", args=[indicator["code"]]),
                "measured": indicator["measured_in"] or "",
                "baseline": number_text(indicator["baseline"]),
                "value": number_text(last["value"]) if last else _("not read"),
                "read": last["period_end"] if last else None,
                "target": number_text(target["value"]) if target else "",
                "state": met(indicator, last, target),
            }
        )
    if not rows:
        return None
    return Table(
        id="indicators",
        caption=_("Indicators that tell of it"),
        columns=[
            Column("name", _("Indicator"), link="url", note="measured"),
            Column("baseline", _("Baseline")),
            Column("value", _("Last reading")),
            Column("read", _("Period to"), "date"),
            Column("target", _("Target")),
            Column("state", _("State")),
        ],
        rows=rows,
        caption_hidden=True,
    )


def met(indicator: dict[str, Any], last: dict[str, Any] | None, target: dict[str, Any] | None) -> str:
    """Return in words whether the last reading meets the target of its own date or the next."""
    if last is None:
        return _("never read")
    if target is None:
        return _("no target")
    value, aim = Decimal(str(last["value"])), Decimal(str(target["value"]))
    reached = {"up": value >= aim, "down": value <= aim, "keep": value == aim}[indicator["direction"]]
    return _("target met") if reached else _("target not met")


def _readings(release: Release, code: str) -> list[dict[str, Any]]:
    return sorted(release.records.by("reading", "indicator").get(code, []), key=lambda row: row["period_end"])


def _next_target(release: Release, code: str, readings: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the target that the last reading is held against: the first that falls due on or after its period's end, else the last."""
    targets = sorted(release.records.by("target", "indicator").get(code, []), key=lambda row: row["due"])
    if not targets or not readings:
        return targets[-1] if targets else None
    end = readings[-1]["period_end"]
    return next((one for one in targets if one["due"] >= end), targets[-1])


@page
def indicator(request: HttpRequest, release: Release, code: str) -> HttpResponse:
    """Show an indicator: readings beside targets, and the way back to the money meant to move it; 404 where there is none such."""
    need(release)
    found = release.records.one("indicator", code)
    if found is None:
        raise Http404
    money = meant(request.GET, release)
    readings = _readings(release, code)
    served = [row["goal"] for row in release.records.table("goal_indicator") if row["indicator"] == code]
    projects = [
        {**row, "goal": goal_code} for goal_code in served for row in _projects_of(release, goal_code, money)
    ]
    target = _next_target(release, code, readings)
    last = readings[-1] if readings else None
    context = frame(request, release, "goals")
    context |= {
        "title": title_of(found),
        "kicker": f"{_('Indicator')} · {found['measured_in'] or ''}".strip(" ·"),
        "crumbs": [Link(_("Goals"), reverse("portal:goals")), Link(title_of(found), "", True)],
        "scope": money.scope,
        "fields": money_fields(money, release),
        "stats": [
            Stat(
                _("Last reading"),
                text=number_text(last["value"]) if last else _("not read"),
                note=_quality(release, last),
            ),
            Stat(
                _("Target"),
                text=number_text(target["value"]) if target else show.NOTHING,
                note=day_text(release, target["due"]) if target else "",
            ),
            Stat(_("State"), text=met(found, last, target)),
            Stat(_("Money meant to move it"), amount=sum(row["amount"] for row in projects)),
        ],
        "facts": [
            fact
            for fact in (
                Fact(_("Code"), found["code"], "code"),
                Fact(_("Definition"), found["definition"] or ""),
                Fact(_("Better direction"), said(release, "indicator", "direction", found["direction"])),
                Fact(_("Baseline"), number_text(found["baseline"])),
                Fact(_("Baseline date"), found["baseline_date"] or "", "date"),
                Fact(_("Frequency"), said(release, "indicator", "frequency", found["frequency"])),
                Fact(_("Source"), found["source"] or ""),
                Fact(_("Unit"), unit_name(release, found["unit"]), link=unit_url(found["unit"])),
            )
            if fact.value not in ("", None)
        ],
        "chart": _chart(release, found, readings) if len(readings) > 1 else None,
        "readings": _readings_table(release, readings),
        "goals": [
            {
                "name": title_of(release.records.one("goal", one) or {"title": one}),
                "url": goal_url(one, money.address),
            }
            for one in served
        ],
        "projects": _projects_table(projects) if projects else None,
    }
    context |= records_here(release, "indicator", code)
    return TemplateResponse(request, "portal/indicator.html", context)


def _quality(release: Release, last: dict[str, Any] | None) -> str:
    return said(release, "reading", "quality", last["quality"]) if last else ""


def _readings_table(release: Release, readings: list[dict[str, Any]]) -> Table:
    rows = [
        {
            "start": row["period_start"],
            "end": row["period_end"],
            "value": number_text(row["value"]),
            "of": f"{number_text(row['numerator'])} ÷ {number_text(row['denominator'])}"
            if row["numerator"] is not None and row["denominator"] is not None
            else "",
            "quality": _quality(release, row),
            "source": row["source"] or "",
        }
        for row in reversed(readings)
    ]
    return Table(
        id="readings",
        caption=_("Readings"),
        columns=[
            Column("end", _("Period to"), "date"),
            Column("start", _("from"), "date"),
            Column("value", _("Value")),
            *([Column("of", _("Numerator ÷ denominator"))] if any(row["of"] for row in rows) else []),
            Column("quality", _("Quality")),
            Column("source", _("Source")),
        ],
        rows=rows,
        empty=_("Nobody has read this indicator yet."),
        caption_hidden=True,
    )


def _chart(release: Release, row: dict[str, Any], readings: list[dict[str, Any]]) -> Chart:
    targets = {
        one["due"]: one["value"] for one in release.records.by("target", "indicator").get(row["code"], [])
    }
    days = sorted({one["period_end"] for one in readings} | set(targets))
    values = {one["period_end"]: one["value"] for one in readings}

    def line(name: str, points: dict[Any, Any]) -> Series:
        return Series(
            name,
            [None if points.get(day) is None else float(points[day]) for day in days],
            ["" if points.get(day) is None else number_text(points[day]) for day in days],
        )

    series = [line(_("Reading"), values)]
    if targets:
        series.append(line(_("Target"), targets))
    return Chart(
        id="readings-chart",
        kind="line",
        title=_("Readings beside targets"),
        unit=row["measured_in"] or "",
        categories=[day_text(release, day) for day in days],
        series=series,
    )
