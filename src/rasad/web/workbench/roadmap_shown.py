"""A scenario's plan as pages of the workbench show it: figures, timeline, money by year, people; all counted anew from the problem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Literal

from django.utils.translation import gettext as _

from rasad.actions.roadmap_release import main_goal
from rasad.actions.roadmaps import Checked
from rasad.persian.money import factor
from rasad.roadmap.draw.figures import cap_of
from rasad.roadmap.problem import Problem
from rasad.roadmap.sums import Bound, bounds, spending
from rasad.roadmap.verify import Work
from rasad.roadmap.wording import Name, gap_text
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Bar, Column, Lane, Matrix, Slot, Stat, Table, Timeline
from rasad.web.theme.plots import Axis, Layer, Limit, Stack
from rasad.web.workbench import frame


def said(name: Name) -> str:
    """Return a name in the page's language."""
    return name.said(str, frame.lang())


def periods_of(problem: Problem) -> list[str]:
    """Return the names of the periods."""
    return [said(problem.horizon.name(period)) for period in range(problem.horizon.count)]


def when(problem: Problem, period: int) -> str:
    """Return the name of a period, also of one before or after the horizon."""
    return said(problem.horizon.name(period))


def stats(found: Checked) -> list[Stat]:
    """Return the strip of figures of a plan."""
    figures, result = found.verdict.figures, found.record.result
    gap = result["gap"]
    return [
        Stat(
            _("Initiatives chosen"),
            number=len(figures.works),
            note=_("of %(count)s that were proposed")
            % {"count": show.grouped(len(found.problem.initiatives), frame.lang())},
        ),
        Stat(
            _("Money over the years"),
            amount=sum(figures.cost_of(work) for work in figures.works.values()),
        ),
        Stat(
            _("Value of the plan"),
            text=whole(result["objective"]),
            note=_("what no plan can pass: %(bound)s") % {"bound": whole(result["bound"])},
        ),
        Stat(_("Gap"), text=gap_text(gap, frame.lang())),
    ]


def whole(number: int | None) -> str:
    """Return a whole number of any size in the page's digits; a dash where it is not known."""
    return show.NOTHING if number is None else show.grouped(number, frame.lang())


def timeline(found: Checked, by: str) -> Timeline:
    """Return what runs when, by goal or by unit."""
    problem, figures = found.problem, found.verdict.figures
    names = {one.id: one.name for one in (problem.units if by == "unit" else problem.goals)}
    lanes: dict[str, list[Bar]] = defaultdict(list)
    for work in sorted(figures.works.values(), key=lambda one: (one.start, one.complete, one.initiative.id)):
        one = work.initiative
        key = one.unit if by == "unit" else main_goal(one)
        way = said(work.mode.name) if len(one.modes) > 1 else ""
        lanes[key].append(Bar(said(one.name), slots(work, problem), figures.cost_of(work), note=way))
    return Timeline(
        id="timeline",
        caption=_("Work and use, period by period"),
        caption_hidden=True,
        corner=_("Initiative"),
        periods=periods_of(problem),
        lanes=[
            Lane(said(names[key]) if key in names else _("none"), lanes[key]) for key in (*names, "") if key in lanes
        ],
        amount=_("Cost"),
        currency=problem.currency,
    )  # fmt: skip


def slots(work: Work, problem: Problem) -> list[Slot]:
    """Return what an initiative does in each period."""
    kind: Slot = "running" if work.initiative.frozen is not None else "work"
    return [
        kind if work.start <= period <= work.last else "serves" if period >= work.complete else ""
        for period in range(problem.horizon.count)
    ]


def money_chart(found: Checked) -> Stack:
    """Return spending by period, stacked by category, against the whole budget and against the cap on the categories that stand lowest."""
    problem, currency = found.problem, found.problem.currency
    rows = list(spending(found.verdict.figures))
    held = [one for one in bounds(found.verdict.figures) if one.kind in ("budget", "share") and not one.floor]
    unit = show.column_unit([one.amount for one in rows] + [one.there for one in held], currency)
    divisor = factor(unit, currency)

    def text(amount: int) -> str:
        return " ".join(show.scaled_amount(amount, currency, unit, frame.lang()))

    cap = cap_of(problem)
    lowest = cap.categories if cap is not None else ()
    order = sorted(problem.categories, key=lambda one: one.id not in lowest)
    layers = []
    for category in order:
        mine = [one.amount for one in rows if one.category.id == category.id]
        cls = category.id if category.id in labels.CLASSES else ""
        layers.append(
            Layer(said(category.name), [one / divisor for one in mine], [text(one) for one in mine], cls)
        )
    meant: list[tuple[str, str, Literal["step", "cap"]]] = []
    meant += [("budget", one.id, "step") for one in problem.limits.budgets if not one.categories]
    meant += [("share", cap.id, "cap")] if cap is not None else []
    limits = []
    for kind, id_, way in meant:
        mine = [one.there for one in held if (one.kind, one.id) == (kind, id_)]
        name = next(said(one.name) for one in held if (one.kind, one.id) == (kind, id_))
        cls = lowest[0] if way == "cap" and len(lowest) == 1 and lowest[0] in labels.CLASSES else ""
        limits.append(Limit(name, [one / divisor for one in mine], [text(one) for one in mine], way, cls))
    return Stack(
        id="spending",
        title=_("Spending by class and year"),
        subtitle=show.unit_name(unit, currency, frame.lang()),
        categories=periods_of(problem),
        axis=Axis("", lambda value: show.number(value, frame.lang())),
        layers=layers,
        limits=limits,
    )


def money_table(found: Checked) -> Table:
    """Return spending by period and category beside the whole budget and what each category may take at most."""
    problem, figures = found.problem, found.verdict.figures
    by_category = {one.id: figures.spending(one.id) for one in problem.categories}
    money = [one for one in bounds(figures) if one.kind in ("budget", "share") and not one.floor]
    columns = [Column(one.id, said(one.name), "money") for one in problem.categories]
    limits = {(one.kind, one.id): said(one.name) for one in money}
    held = {(f"{one.kind}:{one.id}", one.period): one.there for one in money}
    rows = []
    for period, name in enumerate(periods_of(problem)):
        row: dict[str, Any] = {"name": name, **{key: years[period] for key, years in by_category.items()}}
        row["sum"] = sum(years[period] for years in by_category.values())
        row |= {f"{kind}:{id_}": held.get((f"{kind}:{id_}", period)) for kind, id_ in limits}
        rows.append(row)
    return Table(
        id="money",
        caption=_("Spending by year and class, beside its limits"),
        columns=[
            Column("name", _("Year")),
            *columns,
            Column("sum", _("Together"), "money"),
            *(
                Column(f"{kind}:{id_}", _("limit: %(name)s") % {"name": name}, "money")
                for (kind, id_), name in limits.items()
            ),
        ],
        rows=rows,
        total={
            "name": _("Total"),
            **{key: sum(years) for key, years in by_category.items()},
            "sum": sum(sum(years) for years in by_category.values()),
        },
        stack=False,
        currency=problem.currency,
    )


def people(found: Checked) -> Matrix | None:
    """Return how much of each skill the plan needs, period by period; None where the problem has none."""
    rows = [one for one in bounds(found.verdict.figures) if one.kind == "skill"]
    return _fullness(rows, found.problem)


def _fullness(rows: Sequence[Bound], problem: Problem) -> Matrix | None:
    lines: dict[str, list[float | None]] = {}
    names: dict[str, str] = {}
    for one in rows:
        names[one.id] = said(one.name)
        lines.setdefault(one.id, [None] * problem.horizon.count)
        lines[one.id][one.period] = one.used / one.there if one.there else None
    if not lines:
        return None
    return Matrix(
        id="people",
        caption=_("How much of the people there are the plan needs"),
        corner=_("Skill"),
        columns=periods_of(problem),
        rows=[names[key] for key in lines],
        cells=list(lines.values()),
        kind="share",
    )
