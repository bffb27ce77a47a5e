"""A plan as a picture: one SVG sheet that stands alone, in Persian or English, light or dark."""

from __future__ import annotations

from rasad.roadmap.draw.canvas import Canvas
from rasad.roadmap.draw.figures import MARGIN, Page, gantt, skills, spending
from rasad.roadmap.problem import Plan, Problem
from rasad.roadmap.verify import Figures
from rasad.roadmap.wording import Name, Translate

__all__ = ["draw"]

WIDTH = 1200


def draw(
    problem: Problem, plan: Plan, *, by: str = "unit", translate: Translate = str, lang: str = "fa"
) -> str:
    """Return an SVG of a plan: what runs when (by "unit" or "goal"), spending against the budget, need of skills.

    In Persian time runs from right to left. Long horizons make a wider sheet.
    """
    width = max(WIDTH, 400 + 46 * problem.horizon.count)
    page = Page(Canvas(width, lang == "fa"), Figures.of(problem, plan), translate, lang)
    title = page.said(Name(problem.title_fa or problem.title_en, problem.title_en or problem.title_fa))
    page.canvas.height = 46
    page.canvas.text(MARGIN, 46, title, "title")
    gantt(page, by)
    spending(page)
    skills(page)
    page.canvas.height += MARGIN
    return page.canvas.svg(title)
