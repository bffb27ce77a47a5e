"""How sure a plan is, as the workbench shows it: probabilities by period, what matters most, what is chosen as weights vary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from rasad.records.models import Scenario, ScenarioFinding
from rasad.roadmap.problem import Problem
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.uncertainty.result import Forecast, Swing, Weights
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Matrix, Stat, Table
from rasad.web.theme.plots import Reach, Tornado
from rasad.web.workbench import frame
from rasad.web.workbench import roadmap_shown as shown

WIDEST = 12
"""How many inputs a tornado shows."""
HUNDRED = 100


def newest(scenario: Scenario, print_: str, plan: int) -> ScenarioFinding | None:
    """Return what was found last of a plan of the scenario as it is."""
    return ScenarioFinding.objects.filter(
        scenario=scenario, kind="forecast", problem_hash=print_, plan=plan
    ).first()


def context(record: ScenarioFinding, problem: Problem) -> dict[str, Any]:
    """Return everything that the page shows of a finding."""
    forecast = Forecast.model_validate(record.found["forecast"])
    told = record.found.get("weights")
    # The plans themselves are not kept: how often each initiative is in one is.
    weights = Weights.model_validate({**told, "plans": ()}) if told else None
    return {
        "sure": _stats(forecast, problem),
        "budgets": _budgets(forecast, problem),
        "spending_swings": _tornado(
            "spending-swings",
            _("What moves the spending most"),
            forecast.spending_swings,
            problem,
            money=True,
        ),
        "benefit_swings": _tornado(
            "benefit-swings", _("What moves the benefit most"), forecast.benefit_swings, problem, money=False
        ),
        "expected": _expected(forecast, problem),
        "goals": _goals(forecast) if forecast.goals else None,
        "often": _often(weights, problem) if weights is not None else None,
        "draws": forecast.draws,
    }


def _stats(found: Forecast, problem: Problem) -> list[Stat]:
    lang = frame.lang()
    error = _("standard error %(error)s") % {"error": show.percent(found.error, lang)}
    planned = " ".join(show.scaled_amount(found.spending.planned, problem.currency, "auto", lang))
    return [
        Stat(_("Stays within every budget"), share=found.within_budget, text=show.NOTHING),
        Stat(_("Complete in time"), share=found.on_time, text=show.NOTHING),
        Stat(_("Both"), share=found.both, text=show.NOTHING, note=error),
        Stat(
            _("Spending not passed in eight of ten"),
            amount=found.spending.p80,
            note=_("as planned: %(planned)s") % {"planned": planned},
        ),
    ]


def _budgets(found: Forecast, problem: Problem) -> Matrix:
    """Return, period by period, how probable it is that each budget is kept, that work is as far as planned, and all of it."""
    count, names = problem.horizon.count, [shown.said(one.name) for one in problem.limits.budgets]
    cells = [one.probability for one in found.budgets]
    rows = [cells[at * count : (at + 1) * count] for at in range(len(names))]
    further = {
        _("work as far as planned"): [one.as_planned for one in found.periods],
        _("budgets and work"): [one.both for one in found.periods],
    }
    further = {name: shares for name, shares in further.items() if shares}
    return Matrix(
        id="probabilities",
        caption=_("How probable it is that spending stays within the budget, and work on time"),
        corner=_("Kept"),
        columns=shown.periods_of(problem),
        rows=[*names, *further],
        cells=[*rows, *further.values()],
        kind="share",
    )


def _tornado(
    id_: str, caption: str, swings: Sequence[Swing], problem: Problem, *, money: bool
) -> Tornado | None:
    if not swings:
        return None
    lang, kept = frame.lang(), swings[:WIDEST]
    ends = [value for one in kept for value in (one.low, one.high)]
    unit = show.column_unit([abs(value) for value in ends], problem.currency) if money else ""

    def text(value: int) -> str:
        if money:
            return show.aligned_amount(value, problem.currency, unit, lang)
        return show.grouped(round(value / WHOLE_SHARE), lang)

    # What a longer or dearer work makes smaller is told so: the bar itself runs from the smaller figure to the larger.
    inputs = {
        ("cost", False): _("its cost"),
        ("duration", False): _("its duration"),
        ("cost", True): _("its cost: the dearer, the less"),
        ("duration", True): _("its duration: the longer, the less"),
    }
    rows = []
    for one in kept:
        least, most = sorted((one.low, one.high))
        note = inputs[one.input, one.high < one.low]
        rows.append(Reach(one.name.said(str, lang), note, float(least), float(most), text(least), text(most)))
    return Tornado(
        id=id_,
        title=caption,
        subtitle=show.unit_name(unit, problem.currency, lang) if money else _("weighted benefit"),
        corner=_("Initiative"),
        rows=rows,
    )


def _expected(found: Forecast, problem: Problem) -> Table:
    """Return each initiative: in time with which probability, complete when, at which cost, the least sure first."""
    rows = [
        {
            "name": one.name.said(str, frame.lang()),
            "on_time": one.on_time,
            "planned": _when(problem, one.complete.planned),
            "p80": _when(problem, one.complete.p80),
            "cost": one.cost.planned,
            "dear": one.cost.p80,
        }
        for one in sorted(found.initiatives, key=lambda one: one.on_time)
    ]
    return Table(
        id="expected",
        caption_hidden=True,
        caption=_("Each initiative: in time, complete, cost"),
        columns=[
            Column("name", _("Initiative")),
            Column("on_time", _("In time"), "share"),
            Column("planned", _("Complete by, as planned")),
            Column("p80", _("In eight of ten by")),
            Column("cost", _("Cost as planned"), "money"),
            Column("dear", _("Not passed in eight of ten"), "money"),
        ],
        rows=rows,
        currency=problem.currency,
    )


def _when(problem: Problem, hundredths: int) -> str:
    """Return the period in which a moment lies; one at a period's very beginning is the end of the one before."""
    period = max(0, -(-hundredths // HUNDRED) - 1)
    if period >= problem.horizon.count:
        return _("after the horizon")
    return shown.when(problem, period)


def _goals(found: Forecast) -> Table:
    lang = frame.lang()

    def score(value: int) -> str:
        return show.grouped(round(value / WHOLE_SHARE), lang)

    return Table(
        id="goal-bands",
        caption_hidden=True,
        caption=_("What goals get"),
        columns=[
            Column("name", _("Goal")),
            Column("planned", _("As planned")),
            Column("p10", _("In one of ten less than")),
            Column("p50", _("The middle")),
            Column("p90", _("In one of ten more than")),
        ],
        rows=[
            {"name": one.name.said(str, lang), **{name: score(getattr(one.score, name)) for name in ("planned", "p10", "p50", "p90")}}
            for one in found.goals
        ],
    )  # fmt: skip


def _often(found: Weights, problem: Problem) -> Table:
    lang = frame.lang()
    return Table(
        id="often",
        caption=_("How often each is chosen: %(solved)s weights were drawn, for %(proven)s the best plan is proven")
        % {"solved": show.grouped(found.solved, lang), "proven": show.grouped(found.proven, lang)},
        columns=[Column("name", _("Initiative"), note="told"), Column("share", _("Chosen for so many weights"), "share", bar="cls")],
        rows=[
            {
                "name": one.name.said(str, lang),
                "share": one.count / found.solved,
                "told": _("whatever the weights") if one.count == found.solved else "",
                "cls": "",
            }
            for one in sorted(found.initiatives, key=lambda one: -one.count)
        ],
    )  # fmt: skip
