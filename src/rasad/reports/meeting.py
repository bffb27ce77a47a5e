"""A plan as a document for the meeting: a PDF in Persian or English that is read, judged and signed.

Typst sets it (decision 0033) with the pages' own face and no other, so that it looks the same everywhere. Texts travel as JSON and are strings
to Typst, never markup.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from rasad.persian import dates, money
from rasad.persian.digits import group
from rasad.roadmap.draw.figures import cap_of, cap_said, colour
from rasad.roadmap.draw.lanes import lanes
from rasad.roadmap.problem import Plan, Problem
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.reasons import Reason, reasons
from rasad.roadmap.sums import Bound, bounds
from rasad.roadmap.verify import Verdict, verify
from rasad.roadmap.wording import Name, Translate, Words

LETTERS = 600
"""How much of one text is set."""
OPINIONS = 30
BINDING = 24
FULL = 9_500
"""A limit of which so many ten-thousandths are taken is said to bind."""
SIGNATURES = 4


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


class NoFaceError(Exception):
    """The front-end build, which has the face, is missing."""


@dataclass(frozen=True)
class Opinion:
    """What an expert said: who, the verdict in words, on which day, the reasons."""

    who: str
    verdict: str
    on: date
    text: str


@dataclass(frozen=True)
class About:
    """What stands around a plan: its city and scenario, how the search ended in words, the day of the document, what experts said.

    `others`: initiative → what having it the other way would do, where a search found that. `calendar`: "jalali" or "gregorian".
    """

    city: str = ""
    title: str = ""
    state: str = ""
    status: Words | None = None
    gap: str = ""
    on: date | None = None
    calendar: dates.Calendar = "jalali"
    opinions: Sequence[Opinion] = ()
    others: dict[str, Words] | None = None


def meeting(
    problem: Problem,
    plan: Plan,
    *,
    about: About | None = None,
    by: str = "goal",
    translate: Translate = str,
    lang: str = "fa",
) -> bytes:
    """Return the document as a PDF. Bars are grouped by "goal" or "unit". NoFaceError where the front-end build is missing."""
    about = about or About()
    told = _Told(problem, plan, about, translate, lang).data(by)
    source = Path(str(resources.files("rasad.reports").joinpath("meeting.typ"))).read_bytes()
    inputs = {"sheet": json.dumps(_bounded(told), ensure_ascii=False), "colours": _colours()}
    found = _compiler().compile(source, format="pdf", sys_inputs=inputs)
    if not isinstance(found, bytes):
        raise TypeError("a PDF is one file")
    return found


class _Told:
    """A plan in words and figures of one language."""

    def __init__(self, problem: Problem, plan: Plan, about: About, translate: Translate, lang: str) -> None:
        self.problem, self.about, self.translate, self.lang = problem, about, translate, lang
        self.verdict: Verdict = verify(problem, plan)
        self.figures = self.verdict.figures
        self.reasons = reasons(problem, plan)

    def t(self, message: str) -> str:
        return self.translate(message)

    def said(self, found: Name | Words) -> str:
        return found.said(self.translate, self.lang)

    def amount(self, value: int) -> str:
        return money.display(value, self.problem.currency, "auto", self.lang)

    def period(self, at: int) -> str:
        return self.said(self.problem.horizon.name(at))

    def day(self, on: date) -> str:
        return dates.format_date(on, calendar=self.about.calendar, lang=self.lang, style="long")

    def data(self, by: str) -> dict[str, Any]:
        """Return everything that the document shows."""
        problem = self.problem
        title = self.about.title or self.said(Name(problem.title_fa or problem.title_en, problem.title_en or problem.title_fa))  # fmt: skip
        inside = [one for one in problem.initiatives if one.id in self.figures.works]
        outside = [one for one in problem.initiatives if one.id not in self.figures.works]
        return {
            "lang": self.lang,
            "city": self.about.city,
            "title": title or self.t(_n("Roadmap")),
            "state": self.about.state,
            "day": self.day(self.about.on) if self.about.on else "",
            "status": self.said(self.about.status) if self.about.status else "",
            "check": self.t(_n("The independent check agrees: every limit is kept."))
            if self.verdict.keeps
            else self.t(_n("The independent check does not agree: a limit is broken.")),
            "stats": self._stats(),
            "periods": [self.period(at) for at in self.figures.periods],
            "lanes": self._lanes(by),
            "spending": self._spending(),
            "people": self._people(),
            "inside": [self._why(one.id, one.name, self.reasons[one.id]) for one in inside],
            "outside": [self._why(one.id, one.name, self.reasons[one.id]) for one in outside],
            "binding": self._binding(),
            "opinions": [
                {"who": one.who, "verdict": one.verdict, "on": self.day(one.on), "text": one.text}
                for one in self.about.opinions[:OPINIONS]
            ],
            "signatures": SIGNATURES,
            "words": {name: self.t(text) for name, text in WORDS.items()},
        }

    def _stats(self) -> list[dict[str, str]]:
        works = self.figures.works.values()
        whole = sum(self.figures.cost_of(work) for work in works)
        count = self.problem.horizon.count
        found = [
            (_n("Initiatives chosen"), f"{group(len(works), self.lang)} / {group(len(self.problem.initiatives), self.lang)}"),
            (_n("Money over the years"), self.amount(whole)),
            (_n("Periods"), f"{self.period(0)} – {self.period(count - 1)}"),
        ]  # fmt: skip
        if self.about.gap:
            found.append((_n("Gap"), self.about.gap))
        return [{"label": self.t(label), "value": value} for label, value in found]

    def _lanes(self, by: str) -> list[dict[str, Any]]:
        return [
            {
                "name": self.said(name),
                "bars": [
                    {
                        "name": self.said(work.initiative.name),
                        "way": self.said(work.mode.name) if len(work.initiative.modes) > 1 else "",
                        "slots": [
                            ("running" if work.initiative.frozen is not None else "work")
                            if work.start <= at <= work.last
                            else "serves" if at >= work.complete else ""
                            for at in self.figures.periods
                        ],
                        "cost": self.amount(self.figures.cost_of(work)),
                    }
                    for work in works
                ],
            }
            for name, works in lanes(self.figures, by)
        ]  # fmt: skip

    def _spending(self) -> dict[str, Any]:
        problem, cap = self.problem, cap_of(self.problem)
        rows = {one.id: self.figures.spending(one.id) for one in problem.categories}
        sums = [sum(row[at] for row in rows.values()) for at in self.figures.periods]
        held = list(bounds(self.figures))
        whole = next((one for one in problem.limits.budgets if not one.categories), None)
        budget = [one.there for one in held if whole is not None and (one.kind, one.id) == ("budget", whole.id)]  # fmt: skip
        capped = [one.there for one in held if cap is not None and (one.kind, one.id) == ("share", cap.id) and not one.floor]  # fmt: skip
        most = max([1, *sums, *budget, *capped])
        currency = problem.currency
        unit = money.auto_unit(max([1, *sums]), currency)

        def figure(value: int) -> str:
            return money.number(value, currency=currency, lang=self.lang, unit=unit) if value else "—"

        lowest = cap.categories if cap is not None else ()
        order = sorted(enumerate(problem.categories), key=lambda one: one[1].id not in lowest)
        return {
            "unit": money.unit_name(unit, currency, self.lang),
            "layers": [
                {
                    "name": self.said(category.name),
                    "colour": COLOURS.get(colour(category.id, number), "accent"),
                    "shares": [value / most for value in rows[category.id]],
                    "texts": [figure(value) for value in rows[category.id]],
                    "sum": figure(sum(rows[category.id])),
                }
                for number, category in order
            ],
            "sums": [figure(value) for value in sums],
            "sum": figure(sum(sums)),
            "budget": [value / most for value in budget],
            "budget_texts": [figure(value) for value in budget],
            "budget_name": self.said(whole.name) if whole is not None else "",
            "cap": [value / most for value in capped],
            "cap_texts": [figure(value) for value in capped],
            "cap_name": cap_said(cap).said(self.translate, self.lang) if cap is not None else "",
        }  # fmt: skip

    def _people(self) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for one in bounds(self.figures):
            if one.kind == "skill":
                row = found.setdefault(one.id, {"name": self.said(one.name), "cells": []})
                share = one.used / one.there if one.there else float(one.used > 0)
                row["cells"].append(
                    {"text": f"{group(one.used, self.lang)} / {group(one.there, self.lang)}", "tint": min(5, round(share * 5))}
                )  # fmt: skip
        return list(found.values())

    def _why(self, id_: str, name: Name, reason: Reason) -> dict[str, Any]:
        work = self.figures.works.get(id_)
        lines = [self.said(reason.words), *(self.said(one) for one in reason.details)]
        if self.about.others and id_ in self.about.others:
            lines.append(self.said(self.about.others[id_]))
        when = f"{self.period(work.start)} – {self.period(work.last)}" if work else ""
        return {
            "name": self.said(name),
            "when": self.period(work.start) if work and work.last <= work.start else when,
            "cost": self.amount(self.figures.cost_of(work)) if work else "",
            "why": lines,
        }

    def _binding(self) -> list[dict[str, str]]:
        """Return the limits of which next to nothing is left, the fullest first."""
        full = [one for one in bounds(self.figures) if one.there and not one.floor and WHOLE_SHARE * one.used >= FULL * one.there]  # fmt: skip
        full.sort(key=lambda one: -one.used / one.there)
        return [
            {
                "name": self.said(one.name),
                "period": self.period(one.period),
                "used": self._much(one, one.used),
                "there": self._much(one, one.there),
            }
            for one in full[:BINDING]
        ]

    def _much(self, one: Bound, value: int) -> str:
        return group(value, self.lang) if one.kind == "skill" else self.amount(value)


WORDS = {
    "when": _n("What runs when"),
    "key_work": _n("work"),
    "key_running": _n("work, begun before"),
    "key_serves": _n("in use"),
    "initiative": _n("Initiative"),
    "cost": _n("Cost"),
    "money": _n("The money, year by year"),
    "class": _n("Class"),
    "together": _n("Together"),
    "budget": _n("Budget with what was left over"),
    "people": _n("The people that it needs"),
    "skill": _n("Skill"),
    "inside": _n("What is in, and why"),
    "outside": _n("What is left out, and why"),
    "period": _n("Period"),
    "why": _n("Why"),
    "binding": _n("Limits of which next to nothing is left"),
    "limit": _n("Limit"),
    "used": _n("Taken by the plan"),
    "there": _n("There is"),
    "opinions": _n("What experts say"),
    "signatures": _n("Decided"),
    "name": _n("Name and office"),
    "signature": _n("Signature and date"),
    "made": _n("Rasad"),
    "none": _n("none"),
}
COLOURS = {
    "hardware": "class-hardware",
    "software": "class-software",
    "services": "class-services",
    "staff": "class-staff",
    "telecom_cloud": "class-telecom-cloud",
    "other": "class-other-it",
    "quiet": "class-not-it",
    "deep": "accent-strong",
    "strong": "rule-strong",
}
"""Names of the drawings' colours → those of the pages' tokens."""


def _bounded(value: Any) -> Any:
    """Return values with every text of a length that is set in no time."""
    if isinstance(value, str):
        return value if len(value) <= LETTERS else value[:LETTERS].rstrip() + "…"
    if isinstance(value, dict):
        return {name: _bounded(one) for name, one in value.items()}
    return [_bounded(one) for one in value] if isinstance(value, list) else value


def _built() -> Path:
    return Path(str(resources.files("rasad").joinpath("web", "theme", "static", "dist")))


@cache
def _compiler() -> Any:
    """Return a compiler that knows the pages' own face and no other. It takes a tenth of a second to load, so only who sets a document waits for it."""
    import typst

    face = _built() / "face"
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[face] if face.is_dir() else [])  # fmt: skip
    if "Vazirmatn" not in fonts.families():
        raise NoFaceError
    return typst.Compiler(font_paths=fonts, root=face)


@cache
def _colours() -> str:
    return (_built() / "colours.json").read_text(encoding="utf-8")
