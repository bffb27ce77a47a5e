"""A scenario's limits and aims as a form: budgets, shares of classes, people, work at once, fairness, goals, and what is better."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from rasad.actions.roadmap_parts import full
from rasad.actions.roadmap_tradeoffs import aims
from rasad.persian import money
from rasad.roadmap.problem import Problem, ProblemError, parse
from rasad.roadmap.problem.faults import Fault
from rasad.web.workbench import frame
from rasad.web.workbench import roadmap_said as said
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.forms.roadmap_asked import OTHERS
from rasad.web.workbench.forms.roadmap_grid import Grid, Head, Line, needed, number, picked
from rasad.web.workbench.forms.roadmap_initiative import unit_of

METHODS = ("weighted", "lexicographic")
KEPT = "kept:"
"""Begins the code of an aim that is written otherwise than the form writes one, and stays as it is."""


class LimitsForm:
    """Everything that bounds and directs the search, but for the initiatives themselves.

    `grids` are what stands in the form; `read` takes what was sent; `changed` is the problem as it would be, None where something is wrong.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem, self.data = problem, problem.model_dump(mode="json")
        self.unit = unit_of(
            [amount for one in problem.limits.budgets for amount in one.amounts], problem.currency
        )
        self.method: str = problem.objective.method
        self.errors: list[str] = []
        self.grids = [self._budgets(), self._shares(), self._skills(), self._running(), self._fairness(), self._goals(), self._aims()]  # fmt: skip
        self.by_name = {grid.name: grid for grid in self.grids}

    # --- What stands in it ---

    @property
    def units(self) -> list[tuple[str, str]]:
        """Units in which budgets may be written."""
        return [(unit, money.unit_name(unit, self.problem.currency, frame.lang())) for unit in money.units(self.problem.currency)]  # fmt: skip

    @property
    def methods(self) -> list[tuple[str, str]]:
        """Ways in which the aims may be taken together; a front only where it is one already: a page of its own asks for fronts."""
        told = [("weighted", _("added up by their weights")), ("lexicographic", _("one after the other, in their order"))]  # fmt: skip
        return [*told, ("front", _("as a front"))] if self.problem.objective.method == "front" else told

    def blank(self) -> LimitsForm:
        """Let a row to fill in stand at each grid's end."""
        for grid in self.grids:
            grid.blank()
        return self

    def _periods(self, kind: Any) -> list[Head]:
        return [Head(f"p{at}", name, kind) for at, name in enumerate(shown.periods_of(self.problem))]

    def _named(self) -> list[Head]:
        return [Head("title_fa", _("Name in Persian")), Head("title_en", _("Name in English"))]

    def _categories(self) -> list[tuple[str, str]]:
        return [(one.id, shown.said(one.name)) for one in self.problem.categories]

    def _budgets(self) -> Grid:
        heads = [
            *self._named(),
            Head("categories", _("Classes; none: all spending"), "many", self._categories()),
            *self._periods("money"),
            Head("carry", _("Carried over at most, in per cent of the period's own"), "percent"),
        ]
        grid = Grid("budgets", _("Budgets"), _("What may be spent in each period, on everything or on some classes together."), heads)  # fmt: skip
        factor = money.factor(self.unit, self.problem.currency)  # type: ignore[arg-type]
        for one in self.problem.limits.budgets:
            amounts = {f"p{at}": amount // factor for at, amount in enumerate(one.amounts)}
            grid.add(one.id, {"title_fa": one.title_fa, "title_en": one.title_en, "categories": one.categories, "carry": one.carry_share or None, **amounts})  # fmt: skip
        return grid

    def _shares(self) -> Grid:
        heads = [
            *self._named(),
            Head("categories", _("Classes"), "many", self._categories()),
            Head("at_most", _("At most, in per cent"), "percent"),
            Head("at_least", _("At least, in per cent"), "percent"),
            Head(
                "per",
                _("Held in"),
                "choice",
                [("period", _("each period")), ("horizon", _("all periods together"))],
            ),
        ]
        grid = Grid("shares", _("Shares of all spending"), _("Hardware at most so much, for instance."), heads)  # fmt: skip
        for one in self.problem.limits.category_shares:
            grid.add(one.id, {name: getattr(one, name) for name in ("title_fa", "title_en", "categories", "at_most", "at_least", "per")})  # fmt: skip
        return grid

    def _skills(self) -> Grid:
        grid = Grid("skills", _("People"), _("How many there are of each skill in each period. A skill whose row is empty has no limit."), self._periods("count"), more=False)  # fmt: skip
        there = {one.skill: one for one in self.problem.limits.skills}
        for skill in self.problem.skills:
            limit = there.get(skill.id)
            amounts = {f"p{at}": amount for at, amount in enumerate(limit.amounts)} if limit else {}
            grid.add(skill.id, amounts)
        return grid

    def _running(self) -> Grid:
        units = [("", _("each unit")), *((one.id, shown.said(one.name)) for one in self.problem.units)]
        heads = [
            Head("unit", _("Unit"), "choice", units),
            *self._periods("count"),
            Head("partners", _("Counts for partners too"), "tick"),
        ]
        grid = Grid("running", _("At once"), _("How many initiatives a unit may have under way at once, against scatter. One figure, in the first period, holds for all."), heads)  # fmt: skip
        for one in self.problem.limits.running:
            amounts = {f"p{at}": amount for at, amount in enumerate(one.at_most)}
            grid.add(one.id, {"unit": one.unit, "partners": one.partners, **amounts})
        return grid

    def _fairness(self) -> Grid:
        holders = [("district:", _("each district")), ("unit:", _("each unit"))]
        for by in ("district", "unit"):
            holders += [(f"{by}:{one.id}", shown.said(one.name)) for one in self.problem.holders(by)]
        of = [("", _("of the spending")), *((one.id, _("of the benefit for %(goal)s") % {"goal": shown.said(one.name)}) for one in self.problem.goals)]  # fmt: skip
        heads = [
            Head("whom", _("For whom"), "choice", holders),
            Head("goal", _("Of what"), "choice", of),
            Head("at_least", _("At least, in per cent"), "percent"),
        ]
        grid = Grid("fairness", _("Fairness"), _("A least share of what all districts, or all units, get together over the years."), heads)  # fmt: skip
        for one in self.problem.limits.fairness:
            grid.add(one.id, {"whom": f"{one.by}:{one.whom}", "goal": one.goal if one.of == "benefit" else "", "at_least": one.at_least})  # fmt: skip
        return grid

    def _goals(self) -> Grid:
        heads = [
            Head("share", _("At least, in per cent of all spending"), "percent"),
            Head("score", _("At least so much, in its unit"), "signed"),
        ]
        grid = Grid("goals", _("Least for each goal"), _("Over all years; empty: no least."), heads, more=False)  # fmt: skip
        shares = {one.goal: one for one in self.problem.limits.goal_shares}
        scores = {one.goal: one for one in self.problem.limits.goal_scores}
        for goal in self.problem.goals:
            share, score = shares.get(goal.id), scores.get(goal.id)
            grid.add(goal.id, {"share": share.at_least if share else None, "score": score.at_least if score else None})  # fmt: skip
        return grid

    def _aims(self) -> Grid:
        names = {f"goal:{one.id}": shown.said(one.name) for one in self.problem.goals}
        self.known = aims(self.problem)
        options = [(code, str(names.get(code) or OTHERS[code])) for code in self.known]
        codes = [self._code(number_) for number_ in range(len(self.problem.objective.targets))]
        options += [(code, _("another aim, as it is written")) for code in codes if code.startswith(KEPT)]
        heads = [
            Head("order", _("Order"), "count"),
            Head("aim", _("Aim"), "choice", options),
            Head("weight", _("Weight"), "count"),
            Head("slack", _("May give up, in per cent"), "percent"),
        ]
        grid = Grid("aims", _("What is better"), _("Weights count where aims are added up; order, and what each may give up for those after it, where they are taken one after the other."), heads)  # fmt: skip
        for at, (code, target) in enumerate(zip(codes, self.problem.objective.targets, strict=True), 1):
            grid.add("", {"order": at, "aim": code, "weight": target.weight, "slack": target.slack or None})
        return grid

    def _code(self, number_: int) -> str:
        """Return the code of an aim of the problem; one that the form would write otherwise keeps its place in the problem as its code."""
        target = self.problem.objective.targets[number_]
        bare = target.model_copy(update={"weight": 1, "slack": 0})
        return next((code for code, one in aims(self.problem).items() if one == bare), f"{KEPT}{number_}")

    # --- What was sent ---

    def read(self, sent: QueryDict) -> None:
        """Take what was sent."""
        self.method = sent.get("method", self.method)
        self.unit = sent.get("unit", self.unit)
        for grid in self.grids:
            grid.read(sent)

    def changed(self) -> dict[str, Any] | None:
        """Return the problem as it would be; None where something is wrong, which its cells and rows say then."""
        if self.unit not in dict(self.units) or self.method not in dict(self.methods):
            self.errors.append(_("“%(value)s” is none of the choices.") % {"value": self.unit})
            return None
        limits = {
            "budgets": self._each("budgets", self._budget),
            "category_shares": self._each("shares", self._share),
            "skills": self._each("skills", self._skill),
            "running": self._each("running", self._at_once),
            "fairness": self._each("fairness", self._fair),
            "goal_shares": self._each("goals", lambda line: self._least(line, "share")),
            "goal_scores": self._each("goals", lambda line: self._least(line, "score")),
        }
        data = {**self.data, "limits": limits, "objective": {"method": self.method, "targets": self._targets()}}  # fmt: skip
        if any(cell.errors for grid in self.grids for line in grid.lines for cell in line.cells.values()):
            return None
        try:
            return full(parse(data))
        except ProblemError as error:
            for fault in error.faults:
                self._say(fault, data)
            return None

    def _each(self, name: str, make: Any) -> list[dict[str, Any]]:
        """Return what the rows of a grid say; a row in which no figure stands says nothing."""
        found: list[dict[str, Any]] = []
        for line in self.by_name[name].lines:
            made = make(line) if line.said else None
            if made is not None:
                line.place = len(found)
                found.append(made)
        taken = {one["id"] for one in found if one["id"]}
        for one in found:
            if not one["id"]:
                one["id"] = next(id_ for at in range(1, 1000) if (id_ := f"{name}-{at}") not in taken)
                taken.add(one["id"])
        return found

    def _budget(self, line: Line) -> dict[str, Any]:
        factor = money.factor(self.unit, self.problem.currency)  # type: ignore[arg-type]
        return {
            **_titles(line),
            "categories": list(line.cells["categories"].chosen),
            "amounts": [needed(line.cells[head.name], factor=factor) for head in self._periods("money")],
            "carry_share": number(line.cells["carry"]) or 0,
        }

    def _share(self, line: Line) -> dict[str, Any]:
        return {
            **_titles(line),
            "categories": list(line.cells["categories"].chosen),
            "at_most": number(line.cells["at_most"]),
            "at_least": number(line.cells["at_least"]),
            "per": picked(line.cells["per"]),
        }

    def _skill(self, line: Line) -> dict[str, Any]:
        before = next((one for one in self.data["limits"]["skills"] if one["skill"] == line.key), {"id": line.key, "skill": line.key})  # fmt: skip
        return {**before, "amounts": [needed(line.cells[head.name]) for head in self._periods("count")]}

    def _at_once(self, line: Line) -> dict[str, Any]:
        told = [number(line.cells[head.name]) for head in self._periods("count")]
        given = [one for one in told if one is not None]
        whole = len(given) == len(told) or (len(given) == 1 and told[0] is not None)
        if not whole:
            line.errors.append(_("Fill in every period, or the first alone for all."))
            line.cells["p0"].errors.append(_("Fill this in."))
        return {
            **_before(self.data["limits"]["running"], line.key),
            "unit": picked(line.cells["unit"]),
            "at_most": given,
            "partners": bool(line.cells["partners"].text),
        }

    def _fair(self, line: Line) -> dict[str, Any]:
        by, _colon, whom = picked(line.cells["whom"]).partition(":")
        goal = picked(line.cells["goal"])
        return {
            **_before(self.data["limits"]["fairness"], line.key),
            "by": by,
            "whom": whom,
            "of": "benefit" if goal else "spending",
            "goal": goal,
            "at_least": needed(line.cells["at_least"]),
        }

    def _least(self, line: Line, name: str) -> dict[str, Any] | None:
        found = number(line.cells[name])
        if found is None:
            return None
        before = next((one for one in self.data["limits"][f"goal_{name}s"] if one["goal"] == line.key), {"id": f"{name}-{line.key}"[:80]})  # fmt: skip
        return {**before, "goal": line.key, "at_least": found}

    def _targets(self) -> list[dict[str, Any]]:
        found = []
        for at, line in enumerate(self.by_name["aims"].lines):
            if not line.said:
                continue
            code, order = picked(line.cells["aim"]), number(line.cells["order"])
            if code.startswith(KEPT):
                made = dict(self.data["objective"]["targets"][int(code.removeprefix(KEPT))])
            elif code:
                made = self.known[code].model_dump(mode="json")
            else:
                continue
            weight = number(line.cells["weight"])
            made |= {"weight": 1 if weight is None else weight, "slack": number(line.cells["slack"]) or 0}
            found.append((order if order is not None else at + 1, at, made, line))
        found.sort(key=lambda one: one[:2])
        for place, one in enumerate(found):
            one[3].place = place
        return [one[2] for one in found]

    def _say(self, fault: Fault, data: dict[str, Any]) -> None:
        """Let a fault stand at the row that it is of, else above the form."""
        grids = {"limits.budgets": "budgets", "limits.category_shares": "shares", "limits.skills": "skills", "limits.running": "running",
                 "limits.fairness": "fairness", "limits.goal_shares": "goals", "limits.goal_scores": "goals", "objective.targets": "aims"}  # fmt: skip
        for path, name in grids.items():
            at = fault.field.removeprefix(f"{path}.").partition(".")[0]
            if fault.field.startswith(f"{path}.") and at.isdecimal():
                for line in self.by_name[name].lines:
                    if line.place == int(at):
                        line.errors.append(said.fault(fault, data))
                        return
        self.errors.append(said.fault(fault, data))


def _titles(line: Line) -> dict[str, Any]:
    return {"id": line.key, "title_fa": line.cells["title_fa"].text.strip(), "title_en": line.cells["title_en"].text.strip()}  # fmt: skip


def _before(there: list[dict[str, Any]], key: str) -> dict[str, Any]:
    """Return what a limit was, with the names that the form does not show; of a new one an id to be given."""
    return dict(next((one for one in there if one["id"] == key and key), {"id": key}))
