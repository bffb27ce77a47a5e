"""A decided roadmap as it goes: each initiative against the decision that first promised it, in days and money, and every decision since."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.actions import roadmap_chain
from rasad.actions.roadmap_chain import Chain, Version
from rasad.records.models import Scenario
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Stat, Table
from rasad.web.workbench import days, frame
from rasad.web.workbench.allowed import allowed
from rasad.web.workbench.naming import titled
from rasad.web.workbench.nouns.addresses import page_of
from rasad.web.workbench.views.roadmap import crumbs_of

Row = dict[str, Any]
_STATES = {
    "waiting": gettext_lazy("not begun"),
    "going": gettext_lazy("under way"),
    "done": gettext_lazy("done"),
    "stopped": gettext_lazy("given up"),
}


@allowed("roadmap.read")
def slippage(request: HttpRequest, key: int) -> HttpResponse:
    """Show what became of what a decided scenario, and those before it, promised; 404 for one that nobody decided."""
    found = get_object_or_404(Scenario.objects.select_related("resolution"), pk=key)
    if found.adopted_on is None:
        raise Http404
    chain = roadmap_chain.chain_of(found, home=settings.HOME)
    steps = chain.last.horizon.kind == "step"
    rows = sorted(
        roadmap_chain.became(chain),
        key=lambda row: (
            row.get("planned_start", row["planned_from"]),
            row.get("planned_end", row["planned_to"]),
            row["code"],
        ),
    )
    currency = chain.last.found.problem.currency
    context = {
        "scenario": found,
        "crumbs": crumbs_of(found, _("As it goes")),
        "title": _("As it goes"),
        "kicker": titled(found),
        "as_of": chain.as_of,
        "steps": steps,
        "stats": _in_money(rows) if steps else _stats(rows),
        "slipped": _slipped(rows, chain, currency) if rows else None,
        "decisions": _decisions(chain, currency),
        "currency": currency,
    }
    return render(request, "workbench/roadmap_slippage.html", context)


def _stats(rows: list[Row]) -> list[Stat]:
    """Return how many began and ended late, and what it all costs beyond the plan."""
    lang = frame.lang()
    due = [row for row in rows if row.get("start_late") is not None and row["state"] != "stopped"]
    ends = [row for row in rows if row.get("end_late") is not None]
    late = [row["end_late"] for row in ends if row["end_late"]]
    of = _("of %(count)s")
    return [
        Stat(
            _("Begun late, or not yet though they should"),
            number=sum(bool(row["start_late"]) for row in due),
            note=of % {"count": show.grouped(len(due), lang)},
        ),
        Stat(
            _("Done late, or later than promised"),
            number=len(late),
            note=of % {"count": show.grouped(len(ends), lang)},
        ),
        Stat(
            _("Days late at the end, on average"),
            number=sum(late) // len(late) if late else 0,
            note=_("%(days)s days in all") % {"days": show.grouped(sum(late), lang)},
        ),
        _dearer(rows),
    ]


def _in_money(rows: list[Row]) -> list[Stat]:
    """Return how many have begun and are done, and what it all costs beyond the plan: of steps, which have no days."""
    of = _("of %(count)s") % {"count": show.grouped(len(rows), frame.lang())}
    return [
        Stat(_("Begun"), number=sum(row["state"] in ("going", "done") for row in rows), note=of),
        Stat(_("Done"), number=sum(row["state"] == "done" for row in rows), note=of),
        _dearer(rows),
    ]


def _dearer(rows: list[Row]) -> Stat:
    return Stat(
        _("Dearer than promised"),
        amount=sum(row.get("over", 0) for row in rows),
        note=_("paid and left to be paid, less the planned cost of the work that has begun"),
    )


def _slipped(rows: list[Row], chain: Chain, currency: str) -> Table:
    english, steps = frame.lang() == "en", chain.last.horizon.kind == "step"
    projects = {id_: one.project for id_, one in chain.happened.items()}
    told = []
    for row in rows:
        told.append(
            {
                "name": row["title_en"] if english else row["title"],
                "url": page_of(projects.get(row["code"])),
                "state": str(_STATES[row["state"]]),
                "by": _period(chain, row["planned_from"]) if steps else row["planned_start_by"],
                "until": _period(chain, row["planned_to"]) if steps else row["planned_end"],
                "began": _("began %(day)s") % {"day": _day(row["real_start"])}
                if row.get("real_start")
                else "",
                "ended": _ended(row),
                "start_late": row.get("start_late"),
                "end_late": row.get("end_late"),
                "planned": row["planned_cost"],
                "paid": row["paid"] if row["project"] else None,
                "over": row.get("over"),
            }
        )
    return Table(
        id="slipped",
        caption=_("Each initiative against the decision that first promised it"),
        columns=[
            Column("name", _("Initiative"), link="url", note="state"),
            *(_in_steps() if steps else _in_days()),
            Column("planned", _("Planned cost of the work"), "money"),
            Column("paid", _("Paid"), "money"),
            Column("over", _("Over the plan"), "difference"),
        ],
        rows=told,
        total={
            "name": _("Total"),
            **{name: sum(row[name] or 0 for row in told) for name in ("planned", "paid", "over")},
        },
        currency=currency,
    )


def _period(chain: Chain, period: int) -> str:
    return chain.last.horizon.name(period).said(str, frame.lang())


def _in_days() -> list[Column]:
    return [
        Column("by", _("To begin by"), "date", note="began"),
        Column("start_late", _("Days late to begin"), "number"),
        Column("until", _("To be done by"), "date", note="ended"),
        Column("end_late", _("Days late to be done"), "number"),
    ]


def _in_steps() -> list[Column]:
    return [Column("by", _("To begin in"), note="began"), Column("until", _("To be done in"), note="ended")]


def _ended(row: Row) -> str:
    """Return in words when it was done, or by when it is promised now."""
    if row.get("real_end"):
        return _("done %(day)s") % {"day": _day(row["real_end"])}
    if row.get("expected_end"):
        return _("promised now: %(day)s") % {"day": _day(row["expected_end"])}
    return ""


def _day(value: date) -> str:
    return show.day(value, days.calendar(), frame.lang())[0]


def _decisions(chain: Chain, currency: str) -> Table:
    """Every decision, the newest first: who took it, over which periods, and what it changed of the one before."""
    changed: dict[int, Counter[str]] = {}
    for row in roadmap_chain.changes(chain):
        changed.setdefault(row["number"], Counter())[row["change"]] += 1
    return Table(
        id="decisions",
        caption=_("Decisions"),
        caption_hidden=True,
        columns=[
            Column("name", _("Scenario"), link="url", note="periods"),
            Column("day", _("Day"), "date", note="who"),
            Column("changes", _("What it changed")),
            Column("cost", _("Cost"), "money"),
        ],
        rows=[_decision(one, changed.get(one.number, Counter())) for one in reversed(chain.versions)],
        currency=currency,
    )


def _decision(one: Version, changed: Counter[str]) -> Row:
    lang = frame.lang()
    said = {
        "added": _("%(count)s put in"),
        "dropped": _("%(count)s left out"),
        "changed": _("%(count)s moved or at another cost"),
        "past": _("the years of %(count)s were over"),
    }
    resolution = one.scenario.resolution
    names = [one.horizon.name(at).said(str, lang) for at in (0, one.horizon.count - 1)]
    return {
        "name": titled(one.scenario),
        "url": reverse("workbench:roadmap-scenario", args=[one.scenario.pk]),
        "periods": " – ".join(names),
        "day": one.scenario.adopted_on,
        "who": resolution.number if resolution else one.scenario.reference,
        "changes": _(", ").join(
            text % {"count": show.grouped(changed[kind], lang)}
            for kind, text in said.items()
            if changed[kind]
        )
        or (_("the first decision") if one.number == 1 else _("nothing")),
        "cost": sum(one.cost(work) for work in one.works.values()),
    }
