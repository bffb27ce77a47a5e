"""An initiative as a form: what it is, what it needs first, and each way of doing it with its money, people and benefits period by period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from rasad.actions import roadmap_parts as parts
from rasad.actions.roadmap_parts import Data
from rasad.persian import money
from rasad.roadmap.problem import Fault, Problem, ProblemError, parse
from rasad.web.workbench import frame
from rasad.web.workbench import roadmap_said as said
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.forms.roadmap_grid import (
    Cell,
    Grid,
    Head,
    Kind,
    Line,
    Option,
    needed,
    number,
    picked,
)

COLUMNS = 5
"""Periods of work, and periods after it, that are asked for where the problem has as many."""
BEFORE = 12
"""Periods before the first in which an initiative that runs already may have begun."""
WAYS = 20


@dataclass
class Way:
    """One way of doing it: its id, its own fields, and its tables."""

    id: str
    own: Grid
    grids: list[tuple[Grid, dict[str, str]]]
    """Tables with the names of their rows."""


class InitiativeForm:
    """Everything of one initiative (`one`: its id, or "" of a new one); `changed` is the problem with it, None where something is wrong."""

    kind = "initiatives"

    def __init__(self, problem: Problem, one: str, kinds: Sequence[Option] = ()) -> None:
        """`kinds`: kinds of projects that are offered beside those that the problem names."""
        self.kinds = kinds
        self.problem, self.data, self.one = problem, parts.full(problem), one
        self.there: Data = next((held for held in self.data["initiatives"] if held["id"] == one), {})
        self.errors: list[str] = []
        self.goals = {goal.id: self._goal(goal.id) for goal in problem.goals}
        self.categories = {one.id: shown.said(one.name) for one in problem.categories}
        self.skills = {one.id: shown.said(one.name) for one in problem.skills}
        self.districts = {one.id: shown.said(one.name) for one in problem.districts}
        self.unit = self._unit()
        self.own = self._own()
        self.needs = self._needs()
        self.shares = [(grid, names) for grid, names in (self._shares("districts"), self._shares("goal_shares")) if names]  # fmt: skip
        self.ways = [
            self._way(at, mode) for at, mode in enumerate(self.there.get("modes") or [{"id": "base"}])
        ]

    # --- What stands in it ---

    @property
    def units(self) -> list[Option]:
        """Units in which money may be written."""
        return [(unit, money.unit_name(unit, self.problem.currency, frame.lang())) for unit in money.units(self.problem.currency)]  # fmt: skip

    @property
    def cells(self) -> list[Cell]:
        """The fields at the head of the form."""
        return list(self.own.lines[0].cells.values())

    @property
    def grids(self) -> list[Grid]:
        """Every table of the form."""
        ways = [grid for way in self.ways for grid in (way.own, *(one for one, _names in way.grids))]
        return [self.own, self.needs, *(grid for grid, _names in self.shares), *ways]

    def blank(self) -> None:
        """Let a row for what it needs first stand at the end."""
        self.needs.blank()

    def _goal(self, id_: str) -> str:
        goal = next(one for one in self.problem.goals if one.id == id_)
        unit = goal.unit.said(str, frame.lang())
        return f"{shown.said(goal.name)} ({unit})" if unit else shown.said(goal.name)

    def _periods(self, first: int = 0) -> list[Option]:
        return [(str(at), shown.when(self.problem, at)) for at in range(first, self.problem.horizon.count)]

    def _own(self) -> Grid:
        units = [(one.id, shown.said(one.name)) for one in self.problem.units]
        frozen: Data = self.there.get("frozen") or {}
        first = min(-BEFORE, frozen.get("start", 0))
        heads = [
            Head("title_fa", _("Title in Persian")),
            Head("title_en", _("Title in English")),
            Head("unit", _("Owner"), "choice", [("", "—"), *units]),
            Head("partners", _("Partners"), "many", units),
            Head("reference_class", _("Kind of project"), "choice", self._kinds()),
            Head("earliest_start", _("Earliest start"), "choice", self._periods()),
            Head(
                "deadline", _("Complete by the end of"), "choice", [("", _("no deadline")), *self._periods()]
            ),
            Head(
                "frozen", _("Running already, since"), "choice", [("", _("not begun")), *self._periods(first)]
            ),
            Head("mandatory", _("Mandatory"), "tick"),
        ]
        modes = self.there.get("modes", [])
        if len(modes) > 1:
            ways = [(mode["id"], said.called(mode)) for mode in modes]
            heads.insert(8, Head("frozen_mode", _("Running in this way"), "choice", ways))
        grid = Grid("own", "", "", heads, more=False)
        start = frozen.get("start")
        deadline = self.there.get("deadline")
        grid.add(self.one, {**self.there, "frozen": None if start is None else str(start), "frozen_mode": frozen.get("mode", ""), "earliest_start": str(self.there.get("earliest_start", 0)), "deadline": None if deadline is None else str(deadline)})  # fmt: skip
        return grid

    def _kinds(self) -> list[Option]:
        """Return the kinds of projects that it may be of: those that are known, and what others of the problem are said to be."""
        known = dict(self.kinds)
        others = {one.reference_class for one in self.problem.initiatives} - {""} - known.keys()
        return [("", _("not said")), *known.items(), *((one, one) for one in sorted(others))]

    def _needs(self) -> Grid:
        others = [(one.id, shown.said(one.name)) for one in self.problem.initiatives if one.id != self.one]
        heads = [
            Head("initiative", _("Initiative"), "choice", [("", "—"), *others]),
            Head("after", _("After its"), "choice", [("completion", _("completion")), ("start", _("start"))]),
            Head("lag", _("Periods between"), "count"),
        ]
        grid = Grid("needs", _("Needs first"), _("It is only chosen with these, and begins after them."), heads, more=bool(others))  # fmt: skip
        for need in self.there.get("requires", ()):
            grid.add(need["initiative"], {**need, "lag": need["lag"] or None})
        return grid

    def _shares(self, kind: str) -> tuple[Grid, dict[str, str]]:
        names = self.districts if kind == "districts" else {one.id: shown.said(one.name) for one in self.problem.goals}  # fmt: skip
        title = _("Districts' shares") if kind == "districts" else _("Goals' shares of the spending")
        help_ = _("What is left is the whole city's.") if kind == "districts" else _("Which part of its money serves which goal.")  # fmt: skip
        grid = Grid(kind, title, help_, [Head("share", _("In per cent"), "percent")], more=False)
        for id_ in names:
            grid.add(id_, {"share": self.there.get(kind, {}).get(id_)})
        return grid, names

    def _way(self, at: int, mode: Data) -> Way:
        sure = mode.get("probability", 10_000)
        own = Grid(f"w{at}", "", "", [
            Head("title_fa", _("Way: title in Persian")),
            Head("title_en", _("Way: title in English")),
            Head("duration", _("Periods of work"), "count"),
            Head("probability", _("Probability of success, in per cent"), "percent"),
            Head("remove", _("Take this way out"), "tick"),
        ], more=False)  # fmt: skip
        own.add(mode.get("id", ""), {**mode, "probability": None if sure == 10_000 else sure})
        return Way(mode.get("id", ""), own, [one for one in self._way_grids(at, mode) if one[1]])

    def _way_grids(self, at: int, mode: Data) -> list[tuple[Grid, dict[str, str]]]:
        longest = max((len(one) for kind in ("costs", "skills") for one in mode.get(kind, {}).values()), default=0)  # fmt: skip
        count = min(self.problem.horizon.count, COLUMNS)
        work = max(longest, mode.get("duration", 0), count)
        after = max(
            max((len(one["per_period"]) for one in mode.get("effects", {}).values()), default=0), count
        )
        factor = money.factor(self.unit, self.problem.currency)  # type: ignore[arg-type]

        def periods(kind: Kind) -> list[Head]:
            return [Head(f"a{n}", _("Period %(number)s of the work") % {"number": shown.whole(n + 1)}, kind) for n in range(work)]  # fmt: skip

        costs = Grid(f"w{at}cost", _("What it costs"), _("In each period of the work, and in every period afterwards."), [*periods("money"), Head("run", _("A period afterwards"), "money")], more=False)  # fmt: skip
        for id_ in self.categories:
            run = mode.get("run_costs", {}).get(id_)
            told = {f"a{n}": amount // factor for n, amount in enumerate(mode.get("costs", {}).get(id_, ()))}
            costs.add(id_, {**told, "run": None if run is None else run // factor})
        skills = Grid(f"w{at}skill", _("Whom it needs"), _("In each period of the work."), periods("count"), more=False)  # fmt: skip
        for id_ in self.skills:
            skills.add(id_, {f"a{n}": need for n, need in enumerate(mode.get("skills", {}).get(id_, ()))})
        heads = [Head("once", _("Once"), "signed"), *(Head(f"a{n}", _("Period %(number)s after") % {"number": shown.whole(n + 1)}, "signed") for n in range(after))]  # fmt: skip
        effects = Grid(f"w{at}effect", _("What it brings"), _("In the goal's unit: once at completion, and in each period after. The last figure goes on."), heads, more=False)  # fmt: skip
        for id_ in self.goals:
            effect: Data = mode.get("effects", {}).get(id_, {})
            effects.add(id_, {"once": effect.get("once") or None, **{f"a{n}": value for n, value in enumerate(effect.get("per_period", ()))}})  # fmt: skip
        return [(costs, self.categories), (skills, self.skills), (effects, self.goals)]

    # --- What was sent ---

    def read(self, sent: QueryDict) -> None:
        """Take what was sent; another way where one is asked for."""
        told = sent.get("ways", "")
        count = min(int(told), WAYS) if told.isdecimal() and len(told) < 4 else len(self.ways)
        if sent.get("more") == "ways" and count < WAYS:
            count += 1
        self.ways = [*self.ways[:count], *(self._way(at, {}) for at in range(len(self.ways), count))]
        self.unit = sent.get("unit", self.unit)
        for grid in self.grids:
            grid.read(sent)

    def changed(self) -> Data | None:
        """Return the problem with the initiative, in full; None where something is wrong."""
        if self.unit not in dict(self.units):
            self.errors.append(_("“%(value)s” is none of the choices.") % {"value": self.unit[:40]})
            return None
        made = {**self.there, "id": self.one or self._fresh(), **self._said(self.own.lines[0].cells)}
        for grid, _names in self.shares:
            made[grid.name] = {line.key: share for line in grid.lines if (share := number(line.cells["share"])) is not None}  # fmt: skip
        made["modes"] = self._modes()
        frozen = self.own.lines[0].cells["frozen"]
        if start := picked(frozen):
            cell = self.own.lines[0].cells.get("frozen_mode")
            made["frozen"] = {"mode": picked(cell) if cell else (made["modes"] or [{"id": "base"}])[0]["id"], "start": int(start)}  # fmt: skip
        else:
            made["frozen"] = None
        wrong = any(line.errors or any(cell.errors for cell in line.cells.values()) for grid in self.grids for line in grid.lines)  # fmt: skip
        if wrong or self.errors:
            return None
        held = self.data["initiatives"]
        at = next((n for n, one in enumerate(held) if one["id"] == made["id"]), len(held))
        return self._parsed({**self.data, "initiatives": [*held[:at], made, *held[at + 1 :]]})

    def _said(self, cells: dict[str, Cell]) -> Data:
        if not (cells["title_fa"].text.strip() or cells["title_en"].text.strip()):
            cells["title_fa"].errors.append(_("Give it a name."))
        deadline = picked(cells["deadline"])
        return {
            "title_fa": cells["title_fa"].text.strip(),
            "title_en": cells["title_en"].text.strip(),
            "unit": picked(cells["unit"]),
            "partners": list(cells["partners"].chosen),
            "reference_class": picked(cells["reference_class"]),
            "earliest_start": int(picked(cells["earliest_start"])),
            "deadline": int(deadline) if deadline else None,
            "mandatory": bool(cells["mandatory"].text),
            "requires": [
                {
                    "initiative": other,
                    "after": picked(line.cells["after"]),
                    "lag": number(line.cells["lag"]) or 0,
                }
                for line in self.needs.lines
                if (other := picked(line.cells["initiative"]))
            ],
        }

    def _modes(self) -> list[Data]:
        kept = [way for way in self.ways if not way.own.lines[0].cells["remove"].text and self._is_said(way)]
        if not kept:
            self.errors.append(_("An initiative has at least one way of doing it."))
        taken = {way.id for way in self.ways}
        found = []
        for way in kept:
            if not way.id:
                way.id = next(id_ for at in range(1, WAYS * 2) if (id_ := "base" if at == 1 else f"way-{at}") not in taken)  # fmt: skip
                taken.add(way.id)
            found.append(self._mode(way))
        return found

    def _is_said(self, way: Way) -> bool:
        """Return whether a way was filled in; the first counts in any case."""
        return way is self.ways[0] or bool(way.id) or any(line.said for line in (*way.own.lines, *(line for grid, _names in way.grids for line in grid.lines)))  # fmt: skip

    def _mode(self, way: Way) -> Data:
        cells = way.own.lines[0].cells
        sure = number(cells["probability"])
        tables = {grid.name.lstrip("w0123456789"): grid for grid, _names in way.grids}
        factor = money.factor(self.unit, self.problem.currency)  # type: ignore[arg-type]
        costs = tables["cost"].lines
        runs = {line.key: number(line.cells["run"], factor=factor) for line in costs}
        return {
            "id": way.id,
            "title_fa": cells["title_fa"].text.strip(),
            "title_en": cells["title_en"].text.strip(),
            "duration": needed(cells["duration"]),
            "probability": 10_000 if sure is None else sure,
            "costs": {line.key: told for line in costs if (told := profile(line, factor=factor))},
            "run_costs": {id_: amount for id_, amount in runs.items() if amount is not None},
            "skills": {line.key: told for line in (tables["skill"].lines if "skill" in tables else ()) if (told := profile(line))},
            "effects": {line.key: brought for line in (tables["effect"].lines if "effect" in tables else ()) if (brought := effect(line)) is not None},
        }  # fmt: skip

    def without(self) -> Data | None:
        """Return the problem without the initiative; its own lock goes with it."""
        kept = {kind: [one for one in self.data[kind] if one[key] != self.one] for kind, key in (("initiatives", "id"), ("locks", "initiative"))}  # fmt: skip
        return self._parsed({**self.data, **kept})

    def _parsed(self, data: Data) -> Data | None:
        try:
            return parts.full(parse(data))
        except ProblemError as error:
            for fault in error.faults:
                self._say(fault, data)
            return None

    def _say(self, fault: Fault, data: Data) -> None:
        """Let a fault of the initiative's own fields stand there, any other above the form."""
        cell = self.own.lines[0].cells.get(fault.field.rpartition(".")[2])
        is_own = cell is not None and fault.field.count(".") == 2 and fault.field.startswith("initiatives.")
        (cell.errors if is_own and cell is not None else self.errors).append(said.fault(fault, data))

    def _fresh(self) -> str:
        taken = {one["id"] for one in self.data["initiatives"]}
        return next(id_ for at in range(len(taken) + 1, len(taken) * 2 + 3) if (id_ := f"i{at}") not in taken)

    def _unit(self) -> str:
        """Return the largest unit in which every amount is whole; of a new initiative the one of the budgets."""
        amounts = [amount for mode in self.there.get("modes", ()) for years in mode["costs"].values() for amount in years]  # fmt: skip
        amounts += [amount for mode in self.there.get("modes", ()) for amount in mode["run_costs"].values()]
        amounts = amounts or [amount for one in self.problem.limits.budgets for amount in one.amounts]
        return unit_of(amounts, self.problem.currency)


PLAIN = ("full", "thousand", "million", "billion")
"""Units of the currency itself, the smallest first."""


def unit_of(amounts: list[int], currency: str) -> str:
    """Return the largest unit of the currency itself, up to thousand millions, in which every amount is whole."""
    units = [unit for unit in money.units(currency) if unit in PLAIN]
    whole = [unit for unit in units if all(amount % money.factor(unit, currency) == 0 for amount in amounts)]
    return max(whole, key=PLAIN.index, default="full")


def _after(line: Line) -> list[Cell]:
    """Return the cells of the periods up to the last that is filled in."""
    cells = [cell for name, cell in line.cells.items() if name[:1] == "a" and name[1:].isdecimal()]
    while cells and not cells[-1].text.strip():
        cells.pop()
    return cells


def profile(line: Line, *, factor: int = 1) -> list[int]:
    """Return the figures of a row, period by period; what is empty before another is nought."""
    return [number(cell, factor=factor) or 0 for cell in _after(line)]


def effect(line: Line) -> Data | None:
    """Return the effect that a row says; None where it is empty."""
    once, then = number(line.cells["once"]), profile(line)
    return None if once is None and not then else {"once": once or 0, "per_period": then}
