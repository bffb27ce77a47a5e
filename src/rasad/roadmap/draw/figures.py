"""The three figures of a plan: what runs when, what is spent against the budget, who is needed."""

from __future__ import annotations

from dataclasses import dataclass

from rasad.persian import money
from rasad.persian.digits import group
from rasad.roadmap.draw.canvas import Canvas, shortened
from rasad.roadmap.draw.lanes import lanes
from rasad.roadmap.problem import CategoryShare, Problem
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.verify import Figures, Work
from rasad.roadmap.wording import Name, Share, Translate, Words


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


MARGIN, LABEL, LINE = 28, 330, 22
"""Space at the sides, for names, and the height of a line."""
_KNOWN = ("hardware", "software", "services", "staff", "telecom_cloud")
_OTHERS = ("other", "accent", "quiet", "deep", "strong")


@dataclass(frozen=True)
class Page:
    """What the figures are drawn on, of what, in which language."""

    canvas: Canvas
    figures: Figures
    translate: Translate
    lang: str

    @property
    def problem(self) -> Problem:
        return self.figures.problem

    @property
    def step(self) -> float:
        """Return the width of a period."""
        return (self.canvas.width - 2 * MARGIN - LABEL) / self.problem.horizon.count

    def x(self, period: float) -> float:
        return MARGIN + LABEL + period * self.step

    def said(self, name: Name) -> str:
        return name.said(self.translate, self.lang)

    def amount(self, value: int) -> str:
        return money.display(value, self.problem.currency, "auto", self.lang)

    def heading(self, text: str, note: str = "") -> None:
        canvas = self.canvas
        canvas.height += 34
        canvas.text(MARGIN, canvas.height, text, "head")
        if note:
            canvas.text(canvas.width - MARGIN, canvas.height, note, "quiet", at="end")
        canvas.height += 12

    def periods(self, height: float) -> None:
        """Write the periods' names and draw their lines over a figure of a given height; the figure begins below."""
        canvas, horizon = self.canvas, self.problem.horizon
        top = canvas.height + 20
        # Names of quarters and months are long: where they do not fit, the year stands at its first.
        wide = self.step > 74 or horizon.kind in ("year", "step")
        for period in range(horizon.count + 1):
            year, part = horizon.place(period)
            first = part == 1 or horizon.kind == "step"
            canvas.line(
                self.x(period),
                top - 14 if first else top,
                self.x(period),
                top + height,
                "strong" if first else "rule",
            )
            if period < horizon.count and (wide or first or period == 0):
                name = (
                    self.said(horizon.name(period))
                    if wide
                    else group(year, self.lang).replace("٬", "").replace(",", "")
                )
                canvas.text(self.x(period) + 4, top - 6, name, "quiet")
        canvas.height = top


def gantt(page: Page, by: str) -> None:
    """Draw every chosen initiative as a bar, under its unit or its main goal; a thin line goes on while it serves."""
    canvas = page.canvas
    heads = lanes(page.figures, by)
    lines = sum(1 + len(works) for _name, works in heads)
    page.heading(
        page.translate(_n("What runs when")),
        page.translate(_n("bar: work · line: in service · hatched: running already")),
    )
    page.periods(lines * LINE)
    for name, works in heads:
        canvas.rect(MARGIN, canvas.height, canvas.width - 2 * MARGIN, LINE, "band")
        canvas.text(MARGIN + 6, canvas.height + 15.5, page.said(name), "small")
        canvas.height += LINE
        for work in works:
            _bar(page, work)
            canvas.height += LINE


def _bar(page: Page, work: Work) -> None:
    canvas, count = page.canvas, page.problem.horizon.count
    middle = canvas.height + LINE / 2
    name = page.said(work.initiative.name)
    if len(work.initiative.modes) > 1:
        name = f"{name} ({page.said(work.mode.name)})"
    canvas.text(MARGIN + 14, middle + 4.5, shortened(name, 44))
    first, last = max(work.start, 0), min(max(work.complete, work.start), count)
    if last < count:
        canvas.line(page.x(max(last, 0)), middle, page.x(count), middle, "t5", width=2)
    fill = "url(#hatch)" if work.initiative.frozen is not None else "accent"
    horizon, cost = page.problem.horizon, page.amount(page.figures.cost_of(work))
    title = f"{name}: {page.said(horizon.name(work.start))} – {page.said(horizon.name(work.last))}, {cost}"
    width = (last - first) * page.step - 2 if work.mode.duration else 5
    if last >= 0 and width > 0:
        canvas.rect(page.x(first) + 1, canvas.height + 4, width, LINE - 8, fill, title=title, more=' rx="2"')
        if width > 95 and work.initiative.frozen is None:
            canvas.text(page.x(first) + 7, middle + 4, cost, "on")


def spending(page: Page) -> None:
    """Draw spending by category in each period against the whole budget, and a cap on hardware where there is one."""
    canvas, problem, height = page.canvas, page.problem, 190
    rows = {category.id: page.figures.spending(category.id) for category in problem.categories}
    whole = next((budget for budget in problem.limits.budgets if not budget.categories), None)
    sums = [sum(row[period] for row in rows.values()) for period in page.figures.periods]
    most = max([1, *sums, *(whole.amounts if whole else ())])
    cap = cap_of(problem)
    told = [page.translate(_n("bold line: the budget without what was left over"))] if whole else []
    if cap is not None:
        told.append(page.translate(_n("dashed: %(cap)s")) % {"cap": page.said(cap.name)})
    page.heading(page.translate(_n("What is spent")), " · ".join(told))
    _legend(page)
    page.periods(height)
    bottom = canvas.height + height
    # What the cap is of stands lowest, so that the line says how far it is.
    lowest = cap.categories if cap is not None else ()
    order = sorted(enumerate(problem.categories), key=lambda one: one[1].id not in lowest)
    for part in (0.25, 0.5, 0.75, 1):
        canvas.text(
            MARGIN + LABEL - 8,
            bottom - height * part * 0.94 + 4,
            page.amount(round(most * part)),
            "small",
            at="end",
        )
        canvas.line(
            page.x(0),
            bottom - height * part * 0.94,
            page.x(problem.horizon.count),
            bottom - height * part * 0.94,
        )
    for period in page.figures.periods:
        top = bottom
        for number, category in order:
            value = rows[category.id][period]
            tall = height * 0.94 * value / most
            if value:
                top -= tall
                title = f"{page.said(category.name)}, {page.said(problem.horizon.name(period))}: {page.amount(value)}"
                canvas.rect(
                    page.x(period) + page.step * 0.18,
                    top,
                    page.step * 0.64,
                    tall,
                    colour(category.id, number),
                    title=title,
                )
        if whole is not None:
            level = bottom - height * 0.94 * whole.amounts[period] / most
            canvas.line(page.x(period) + 2, level, page.x(period + 1) - 2, level, "ink", width=2)
        if cap is not None and cap.at_most is not None:
            level = bottom - height * 0.94 * (sums[period] * cap.at_most / WHOLE_SHARE) / most
            canvas.line(page.x(period + 0.1), level, page.x(period + 0.9), level, "paper", width=5)
            mark = colour(cap.categories[0], 0)
            canvas.line(page.x(period + 0.1), level, page.x(period + 0.9), level, mark, width=2.5, dash="5 3")
    canvas.line(page.x(0), bottom, page.x(problem.horizon.count), bottom, "strong")
    canvas.height = bottom
    _shares(page, rows, sums)


def cap_of(problem: Problem) -> CategoryShare | None:
    """Return the cap that is drawn as a line, of hardware where there is one: its categories stand lowest, so there is room for one."""
    caps = [one for one in problem.limits.category_shares if one.per == "period" and one.at_most is not None]
    return min(caps, key=lambda one: one.categories != ("hardware",), default=None)


def cap_said(cap: CategoryShare) -> Words:
    """Return a cap's name with its share."""
    return Words(_n("%(limit)s (at most %(share)s)"), {"limit": cap.name, "share": Share(cap.at_most or 0)})


def _shares(page: Page, rows: dict[str, list[int]], sums: list[int]) -> None:
    """Write the share of each capped set of categories under its period; red where it is over the cap."""
    canvas, problem = page.canvas, page.problem
    for cap in problem.limits.category_shares:
        if cap.per == "period" and cap.at_most is not None:
            canvas.height += 20
            label = cap_said(cap).said(page.translate, page.lang)
            canvas.text(MARGIN + LABEL - 8, canvas.height - 3, shortened(label, 46), "small", at="end")
            for period in page.figures.periods:
                part = sum(rows[category][period] for category in cap.categories)
                if sums[period]:
                    points = (10_000 * part + sums[period] // 2) // sums[period]
                    over = period >= cap.since and 10_000 * part > cap.at_most * sums[period]
                    said = Share(points // 100 * 100 if page.step < 60 else points // 10 * 10).said(
                        page.translate, page.lang
                    )
                    canvas.text(
                        page.x(period + 0.5),
                        canvas.height - 3,
                        said,
                        "problem small" if over else "small",
                        at="middle",
                    )


def _legend(page: Page) -> None:
    canvas = page.canvas
    x = float(MARGIN + LABEL)
    canvas.height += 14
    for number, category in enumerate(page.problem.categories):
        name = page.said(category.name)
        canvas.rect(x, canvas.height - 9, 11, 11, colour(category.id, number))
        canvas.text(x + 16, canvas.height + 1, name, "small")
        x += 34 + 7.0 * len(name)
    canvas.height += 8


def skills(page: Page) -> None:
    """Draw the need of each skill in each period as a field: the fuller, the darker; red where more is needed than there is."""
    canvas, problem = page.canvas, page.problem
    titles = {skill.id: skill.name for skill in problem.skills}
    if not problem.limits.skills:
        return
    page.heading(page.translate(_n("Who is needed")), page.translate(_n("needed of what there is")))
    page.periods(len(problem.limits.skills) * 30)
    for limit in problem.limits.skills:
        canvas.text(MARGIN + 14, canvas.height + 19, shortened(page.said(titles[limit.skill]), 44))
        for period, needed in enumerate(page.figures.need(limit.skill)):
            there = limit.amounts[period]
            full = min(5, 1 + needed * 5 // max(there + 1, 1)) if needed else 0
            fill = f"t{full}" if full else "band"
            over = needed > there
            canvas.rect(page.x(period) + 1, canvas.height + 2, page.step - 2, 26, fill)
            text = (
                f"{group(needed, page.lang)} / {group(there, page.lang)}"
                if page.step > 56
                else group(needed, page.lang)
            )
            canvas.text(
                page.x(period + 0.5),
                canvas.height + 19,
                text,
                "problem small" if over else "small",
                at="middle",
            )
        canvas.height += 30


def colour(category: str, number: int) -> str:
    """Return the name of a category's colour; other categories than the usual take theirs by place."""
    return category if category in _KNOWN else _OTHERS[number % len(_OTHERS)]
