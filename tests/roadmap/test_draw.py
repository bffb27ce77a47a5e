"""A plan's picture stands alone, says what the plan says, and runs with the reader."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from xml.etree import ElementTree

import pytest

from rasad.roadmap.draw import draw
from rasad.roadmap.instances import instance
from rasad.roadmap.problem import Choice, Plan, Problem, load
from rasad.roadmap.solve.solving import solve

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def starter() -> tuple[Problem, Plan]:
    problem = load(Path(str(resources.files("rasad.roadmap.problem").joinpath("starter.json"))))
    plan = solve(problem, seconds=20).plan
    assert plan is not None
    return problem, plan


def bars(svg: str) -> dict[str, tuple[float, float]]:
    """Return x and width of what bears a title, by that title."""
    found = {}
    for rect in ElementTree.fromstring(svg).iter(f"{SVG}rect"):
        title = rect.find(f"{SVG}title")
        if title is not None:
            found[title.text or ""] = (float(rect.get("x", 0)), float(rect.get("width", 0)))
    return found


def test_time_runs_with_the_reader(starter: tuple[Problem, Plan]) -> None:
    english, persian = bars(draw(*starter, lang="en")), bars(draw(*starter, lang="fa"))
    assert len(english) == len(persian)
    pairs = list(zip(english.items(), persian.items(), strict=True))
    for (_en, (left, width)), (_fa, (right, same)) in pairs:
        assert width == pytest.approx(same)
        assert right == pytest.approx(1200 - left - width, abs=0.2)
    online = next(title for title in persian if title.startswith("میز خدمت برخط"))
    assert online == "میز خدمت برخط (ده خدمت پرمراجعه): ۱۴۰۶ – ۱۴۰۶, ۶۳ میلیارد ریال"


def test_bars_are_grouped_and_every_initiative_stands_once(starter: tuple[Problem, Plan]) -> None:
    for by, heads in (
        ("unit", ["IT organisation", "urban planning"]),
        ("goal", ["fewer trips of citizens", "openness"]),
    ):
        texts = [
            text.text for text in ElementTree.fromstring(draw(*starter, lang="en", by=by)).iter(f"{SVG}text")
        ]
        assert [text for text in texts if text in heads] == heads
        assert texts.count("fibre between buildings") == 1


def test_a_cap_that_is_broken_is_red(starter: tuple[Problem, Plan]) -> None:
    problem, plan = starter
    assert 'class="problem small"' not in draw(problem, plan, lang="en")
    bought = Plan(
        choices=(
            *(one for one in plan.choices if one.initiative != "centre"),
            Choice(initiative="screens", start=3),
        )
    )
    assert 'class="problem small"' in draw(problem, bought, lang="en")


def test_long_horizons_and_empty_plans_can_be_drawn() -> None:
    problem = instance(12, periods=40, kind="quarter")
    root = ElementTree.fromstring(draw(problem, Plan(), lang="fa"))
    assert float(root.get("width", 0)) > 1200
