"""Reference classes as the workbench shows them: how dear and how long such projects become, how many projects say so, and for which initiatives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from rasad.actions.roadmap_classes import Own
from rasad.records.models import ScenarioPlan
from rasad.roadmap.problem import Problem
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.uncertainty.classes import Spread, Uncertainty
from rasad.roadmap.uncertainty.fitting import LEAST, fit
from rasad.roadmap.uncertainty.result import ConfidentPlan, Trial
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Stat, Table
from rasad.web.workbench import frame
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.forms.roadmap_uncertain import class_name

NAMED = 12
"""How many projects are named of those that a class cannot rest on."""


def rests_on(told: dict[str, Any], problem: Problem) -> Table:
    """Return the classes that a plan was played through with, each with how many initiatives go by it."""
    asked = Uncertainty.model_validate(told)
    found = [asked.class_of(one) for one in problem.initiatives]
    rows = [
        {
            "name": class_name(one.model_dump(mode="json")),
            "source": one.source,
            "of": sum(known is not None and known.id == one.id for known in found),
            "projects": one.projects or None,
            **_figures(one.cost, one.duration),
        }
        for one in asked.classes
    ]
    if None in found:
        rows.append({"name": _("as planned"), "source": "", "of": found.count(None), "projects": None})
    columns = [
        Column("name", _("Reference class"), note="source"),
        Column("of", _("Initiatives"), "number"),
        *_columns(),
    ]
    return Table(
        id="classes", caption=_("Reference classes"), caption_hidden=True, columns=columns, rows=rows
    )


def own(found: Own) -> Table:
    """Return the classes that the city's own finished projects make: all together, and each kind that has enough of them."""
    rows = []
    for kind in found.kinds:
        projects = found.of(kind)
        row: dict[str, Any] = {"name": class_name({"id": kind}), "projects": len(projects)}
        if len(projects) < LEAST:
            row["told"] = _("too few: a class needs %(least)s") % {"least": show.grouped(LEAST, frame.lang())}
        else:
            one = fit(projects).classes[0]
            row |= _figures(one.cost, one.duration)
        rows.append(row)
    return Table(
        id="own-classes",
        caption=_("Classes of the city's own finished projects"),
        caption_hidden=True,
        columns=[Column("name", _("Kind"), note="told"), *_columns()],
        rows=rows,
        empty=_("No finished project has what a class rests on."),
    )


def left_out(found: Own) -> list[str]:
    """Return which finished projects no class rests on, a line for each thing that is not known of them."""
    said: dict[str, Callable[[], str]] = {
        "baseline": lambda: _("without a baseline: %(projects)s"),
        "budget": lambda: _("without a budget in the first baseline: %(projects)s"),
        "days": lambda: _("without the promised days or the day of the end: %(projects)s"),
        "payments": lambda: _("without a payment in the ledger: %(projects)s"),
    }
    lines = []
    for lacks, codes in found.left.items():
        names = _(", ").join(codes[:NAMED]) + (" …" if len(codes) > NAMED else "")
        lines.append(said[lacks]() % {"projects": names})
    return lines


def _columns() -> list[Column]:
    return [
        Column("projects", _("Finished projects"), "number"),
        Column("cost", _("Cost: the middle"), note="cost_high"),
        Column("time", _("Duration: the middle"), note="time_high"),
    ]


def _figures(cost: Spread, duration: Spread) -> dict[str, str]:
    high = _("one in ten above %(share)s")
    return {
        "cost": _at(cost, 0.5),
        "cost_high": high % {"share": _at(cost, 0.9)},
        "time": _at(duration, 0.5),
        "time_high": high % {"share": _at(duration, 0.9)},
    }


def _at(spread: Spread, share: float) -> str:
    """Return which part of the plan is not passed in so many cases, as a percentage."""
    import numpy as np

    from rasad.roadmap.uncertainty.drawing import quantiles

    return show.percent(float(quantiles(spread, np.array([share]))[0]), frame.lang(), 0)


# --- A plan that is sure enough --------------------------------------------------------------------------------------


def surely(record: ScenarioPlan, found: ConfidentPlan, problem: Problem) -> dict[str, Any]:
    """Return how a plan was made as sure as was asked, as the page shows it."""
    lang = frame.lang()
    price = (
        None
        if None in (found.objective, found.without)
        else abs((found.without or 0) - (found.objective or 0))
    )
    lost = (
        _("%(share)s of the value without it") % {"share": show.percent(price / abs(found.without), lang)}
        if price is not None and found.without
        else ""
    )
    weighted = problem.objective.method == "weighted"
    kept, reserve, reserve_note = _headings(found, problem)
    return {
        "said": _("The best plan of those that were tried and do. It is the plan that counts now.")
        if found.periods
        else _("The best plan with the smallest reserve that was found to do. It is the plan that counts now."),
        "periods": _periods(found, problem) if found.periods else None,
        "stats": [
            Stat(kept, share=found.probability, text=show.NOTHING,
                 note=_("asked: %(share)s; standard error %(error)s") % {"share": show.percent(found.confidence / WHOLE_SHARE, lang, 0), "error": show.percent(found.error, lang)}),
            Stat(reserve, share=(found.reserve or 0) / WHOLE_SHARE, text=show.NOTHING, note=reserve_note),
            Stat(_("Value of the plan") if weighted else _("Value by the first aim"), text=shown.whole(found.objective),
                 note=_("without the reserve: %(value)s") % {"value": shown.whole(found.without)}),
            Stat(_("The price of being so sure"), text=shown.whole(price), note=lost),
        ],
        "trials": Table(
            id="trials",
            caption=_("Reserves that were tried"),
            caption_hidden=True,
            columns=[
                Column("reserve", _("Reserve"), note="proof"),
                Column("sure", kept),
                Column("value", _("Value of the plan") if weighted else _("Value by the first aim")),
            ],
            rows=[
                {
                    "reserve": _reserved(one, found.periods),
                    "sure": show.percent(one.probability, lang),
                    "value": shown.whole(one.objective),
                    "proof": "" if one.status is Status.OPTIMAL else one.status.words.said(_, lang),
                }
                for one in found.trials
            ],
        ),
        "number": record.number,
    }  # fmt: skip


def _headings(found: ConfidentPlan, problem: Problem) -> tuple[str, str, str]:
    """Return what is kept so surely, what the reserve is of, and what that means."""
    if not found.periods:
        return _("Keeps every budget"), _("Reserve on all costs"), _("every cost is planned so much dearer")
    note = _("as if all that is paid in it became so much dearer")
    if len(found.periods) == 1:
        period = shown.when(problem, found.periods[0])
        return _("Keeps the budgets of %(period)s") % {"period": period}, _("Reserve of %(period)s") % {"period": period}, note  # fmt: skip
    return _("The least sure period keeps its budgets"), _("The largest reserve"), note


def _reserved(one: Trial, periods: Sequence[int]) -> str:
    """Return the reserve of a trial; of several periods each in its order."""
    lang = frame.lang()
    if not one.reserve:
        return _("none")
    if len(periods) < 2:
        return show.percent(one.reserve / WHOLE_SHARE, lang, 0)
    return _(", ").join(show.percent(one.reserves[at] / WHOLE_SHARE, lang, 0) if one.reserves[at] else _("none") for at in periods)  # fmt: skip


def _periods(found: ConfidentPlan, problem: Problem) -> Table:
    """Return each period with its reserve, what of the budgets is planned with, and how surely they are kept."""
    lang = frame.lang()
    rows = []
    for at, (reserve, kept) in enumerate(zip(found.reserves, found.kept, strict=True)):
        rows.append(
            {
                "name": shown.when(problem, at),
                "told": _("asked about") if at in found.periods else _("not asked about"),
                "kept": kept,
                "reserve": show.percent(reserve / WHOLE_SHARE, lang, 0) if reserve else _("none"),
                "share": WHOLE_SHARE / (WHOLE_SHARE + reserve),
            }
        )
    return Table(
        id="sure-periods",
        caption=_("Period by period"),
        caption_hidden=True,
        columns=[
            Column("name", _("Period"), note="told"),
            Column("kept", _("Keeps its budgets"), "share"),
            Column("reserve", _("Reserve")),
            Column("share", _("Of each budget planned with"), "share"),
        ],
        rows=rows,
    )
