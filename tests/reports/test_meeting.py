"""The document for the meeting: every initiative with its reason, money as the verifier counts it, in both languages; texts are never markup."""

from __future__ import annotations

import re
from datetime import date

from rasad.reports.meeting import About, Opinion, _Told, meeting
from rasad.roadmap.draw.figures import cap_of
from rasad.roadmap.problem import parse, parse_plan
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.verify import verify
from rasad.sample.register.roadmap import plan, problem

PROBLEM, PLAN = parse(problem()), parse_plan(plan())
ABOUT = About(
    city="نمونه‌شهر",
    title="#panic() [*نقشه*] $x$ \\ \"<a>\"",
    status=Status.OPTIMAL.words,
    on=date(2026, 11, 26),
    opinions=[Opinion("Zahra #1", "in favour", date(2026, 11, 20), "یک @ref و `raw`\nدو")],
)  # fmt: skip


def pages(pdf: bytes) -> int:
    assert pdf.startswith(b"%PDF-")
    return max(int(count) for count in re.findall(rb"/Count (\d+)", pdf))


def test_it_is_set_in_both_languages_whatever_stands_in_the_texts() -> None:
    for lang in ("fa", "en"):
        for by in ("goal", "unit"):
            assert 2 <= pages(meeting(PROBLEM, PLAN, about=ABOUT, by=by, lang=lang)) <= 5


def test_it_says_of_every_initiative_whether_it_is_in_and_why() -> None:
    told = _Told(PROBLEM, PLAN, ABOUT, str, "fa").data("goal")
    inside, outside = told["inside"], told["outside"]
    assert len(inside) == len(PLAN.choices) == sum(len(lane["bars"]) for lane in told["lanes"])
    assert len(inside) + len(outside) == len(PROBLEM.initiatives)
    assert all(one["why"] for one in (*inside, *outside))
    assert told["day"] == "۵ آذر ۱۴۰۵"
    assert told["opinions"][0]["on"] == "۲۹ آبان ۱۴۰۵"


def test_its_bars_and_lines_are_the_verifiers_figures() -> None:
    money = _Told(PROBLEM, PLAN, ABOUT, str, "en").data("goal")["spending"]
    figures = verify(PROBLEM, PLAN).figures
    cap = cap_of(PROBLEM)
    assert cap is not None
    assert cap.at_most is not None
    sums = [sum(figures.spending(one.id)[at] for one in PROBLEM.categories) for at in figures.periods]
    hardware = figures.spending("hardware")
    assert money["layers"][0]["name"] == "hardware"
    for at, share in enumerate(money["cap"]):
        # The line of the cap is that share of the whole bar, and the lowest layer stays below it.
        bar = sum(layer["shares"][at] for layer in money["layers"])
        assert abs(share - bar * cap.at_most / 10_000) < 1e-6
        assert money["layers"][0]["shares"][at] <= share + 1e-9
        assert abs(money["layers"][0]["shares"][at] - bar * hardware[at] / max(sums[at], 1)) < 1e-6
        assert bar <= money["budget"][at] + 1e-9
