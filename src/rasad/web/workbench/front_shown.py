"""A front as the workbench shows it: its points in a drawing and a table, and what some of them choose, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.actions.roadmap_tradeoffs import front_of
from rasad.actions.roadmaps import Checked
from rasad.persian.money import factor
from rasad.records.models import Scenario, ScenarioFinding, ScenarioPlan
from rasad.roadmap.front import Axis as Aim
from rasad.roadmap.front import Front, Point
from rasad.roadmap.problem import Problem
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.verify import verify
from rasad.roadmap.wording import gap_text
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Table
from rasad.web.theme.plots import Axis, Dot, Scatter
from rasad.web.workbench import frame
from rasad.web.workbench import roadmap_shown as shown

COMPARED = 4
"""How many points are set side by side."""


@dataclass(frozen=True)
class Measured:
    """One aim as it is read: its name, which way is better, one value as a text, and as a length with its text on an axis."""

    name: str
    better: str
    text: Callable[[int], str]
    scale: int
    unit: str


def measured(front: Front, problem: Problem) -> list[Measured]:
    """Return the aims of a front, each in one unit for all points."""
    found = []
    for at, axis in enumerate(front.axes):
        kind = axis.key.partition(":")[2]
        found.append(_measure(axis, kind, [abs(one.values[at]) for one in front.points], problem))
    return found


def _measure(axis: Aim, kind: str, values: list[int], problem: Problem) -> Measured:
    lang, currency = frame.lang(), problem.currency
    name = axis.words.said(_, lang)
    better = _("more is better") if axis.maximise else _("less is better")
    if kind in ("cost", "least"):
        unit = show.column_unit(values, currency)

        def money(value: int) -> str:
            return show.scaled_amount(value, currency, unit, lang)[0]

        return Measured(name, better, money, factor(unit, currency), show.unit_name(unit, currency, lang))
    scale = WHOLE_SHARE if kind == "goal" else 1
    return Measured(name, better, lambda value: show.grouped(round(value / scale), lang), scale, "")


def drawings(
    scenario: Scenario, record: ScenarioFinding, front: Front, problem: Problem, chosen: Sequence[int]
) -> list[Scatter]:
    """Return the first aim against each of the others."""
    lang, aims = frame.lang(), measured(front, problem)
    titles = [_title(number, point, aims) for number, point in enumerate(front.points, 1)]

    def axis(aim: Measured) -> Axis:
        named = f"{aim.name} ({aim.unit})" if aim.unit else aim.name
        return Axis(named, lambda value: show.number(value, lang), aim.better)

    found = []
    for at in range(1, len(aims)):
        dots = [
            Dot(
                point.values[0] / aims[0].scale,
                point.values[at] / aims[at].scale,
                show.digits_of(number, lang),
                titles[number - 1],
                reverse("workbench:roadmap-point", args=[scenario.pk, record.number, number]),
                "chosen" if number in chosen else "" if point.status is Status.OPTIMAL else "open",
            )
            for number, point in enumerate(front.points, 1)
        ]
        found.append(
            Scatter(
                f"front-{at}",
                _("%(one)s against %(other)s") % {"one": aims[0].name, "other": aims[at].name},
                x=axis(aims[0]),
                y=axis(aims[at]),
                dots=dots,
                line=len(aims) == 2,
            )
        )
    return found


def _title(number: int, point: Point, aims: list[Measured]) -> str:
    told = " · ".join(f"{aim.name}: {aim.text(value)} {aim.unit}".strip() for aim, value in zip(aims, point.values, strict=True))  # fmt: skip
    return f"{_('Point %(number)s') % {'number': show.digits_of(number, frame.lang())}}: {told}"


def rows(
    scenario: Scenario, record: ScenarioFinding, front: Front, problem: Problem, chosen: Sequence[int]
) -> list[dict[str, Any]]:
    """Return each point with its values, how many initiatives it has, and how far it is proven."""
    lang, aims = frame.lang(), measured(front, problem)
    return [
        {
            "number": number,
            "name": _("Point %(number)s") % {"number": show.digits_of(number, lang)},
            "url": reverse("workbench:roadmap-point", args=[scenario.pk, record.number, number]),
            "values": [
                {"name": aim.name, "text": aim.text(value), "unit": aim.unit, "better": aim.better}
                for aim, value in zip(aims, point.values, strict=True)
            ],
            "count": len(point.plan.choices),
            "proof": _("proven")
            if point.status is Status.OPTIMAL
            else _("not proven; gap %(gap)s") % {"gap": gap_text(point.gap, lang)},
            "ticked": number in chosen,
        }
        for number, point in enumerate(front.points, 1)
    ]


def status_words(front: Front) -> str:
    """Return how complete a front is, in words."""
    if front.status is Status.OPTIMAL:
        return _(
            "Every point of the front, each proven: no plan that keeps the limits is better in all of these aims."
        )
    if front.status is Status.LIMIT:
        return _("Some points of the front, spread evenly; each is proven, others may lie between them.")
    return _("Stopped before the end: points may be missing, and those marked as not proven may be passed by better ones.")  # fmt: skip


def as_plan(scenario: Scenario, problem: Problem, point: Point) -> Checked:
    """Return a point as plans are shown; its record is of this page alone, and never kept."""
    record = ScenarioPlan(scenario=scenario, number=0, result={"status": point.status.value})
    return Checked(record, problem, point.plan, verify(problem, point.plan))


def choices(problem: Problem, front: Front, chosen: Sequence[int]) -> Table:
    """Return when each initiative starts in some points; those on which they differ first."""
    plans = {number: verify(problem, front.points[number - 1].plan).figures.works for number in chosen}
    lines = []
    for one in problem.initiatives:
        cells: dict[str, Any] = {}
        for number, works in plans.items():
            work = works.get(one.id)
            way = f" ({shown.said(work.mode.name)})" if work and len(one.modes) > 1 else ""
            cells[str(number)] = shown.when(problem, work.start) + way if work else _("left out")
        same = len(set(cells.values())) == 1
        lines.append({"name": shown.said(one.name), "same": same, "told": _("all the same") if same else _("they differ"), **cells})  # fmt: skip
    lines.sort(key=lambda line: bool(line["same"]))
    columns = [
        Column(str(number), _("Point %(number)s") % {"number": show.digits_of(number, frame.lang())})
        for number in chosen
    ]
    return Table(
        id="choices",
        caption=_("What these points choose"),
        columns=[Column("name", _("Initiative"), note="told" if len(chosen) > 1 else ""), *columns],
        rows=lines,
        stack=False,
    )


def fronts_of(scenario: Scenario, print_: str) -> list[ScenarioFinding]:
    """Return the fronts of a scenario as it is now, the newest first."""
    return list(ScenarioFinding.objects.filter(scenario=scenario, kind="front", problem_hash=print_))


def front_in(record: ScenarioFinding | None) -> Front | None:
    """Return the front of a record, where there is one."""
    return front_of(record) if record is not None else None
