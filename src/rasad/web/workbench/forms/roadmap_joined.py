"""Initiatives that hang together as forms: a group of which so many are chosen, and a synergy; members are sought by name and ticked."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.actions import roadmap_parts as parts
from rasad.actions.roadmap_parts import Data
from rasad.persian.text import search_key
from rasad.roadmap.problem import Fault, Problem, ProblemError, parse
from rasad.web.workbench import roadmap_said as said
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.forms.roadmap_grid import Cell, Grid, Head, Line, needed, number, picked

RULES = {
    "one": gettext_lazy("one of them at most: they exclude each other"),
    "most": gettext_lazy("at most so many"),
    "least": gettext_lazy("at least so many"),
    "exactly": gettext_lazy("exactly so many"),
    "between": gettext_lazy("from so many to so many"),
}
COLUMNS = 5
"""Periods after completion that a bonus is asked for, where the problem has as many."""


@dataclass(frozen=True)
class Member:
    """One initiative that may be ticked."""

    id: str
    name: str
    unit: str
    chosen: bool


class JoinedForm:
    """What groups and synergies share: names, members, and one entry of a list of the problem (`one`: its id, or "" for a new one)."""

    kind = ""
    fewest = 1

    def __init__(self, problem: Problem, one: str) -> None:
        self.problem, self.data, self.one = problem, parts.full(problem), one
        self.there: Data = next((held for held in self.data[self.kind] if held["id"] == one), {})
        self.errors: list[str] = []
        self.member_errors: list[str] = []
        self.query = ""
        self.members: list[str] = list(self.there.get("initiatives", ()))
        self.grid = Grid(self.kind, "", "", self.heads(), more=False)
        self.grid.add(one, self.values())

    @property
    def grids(self) -> list[Grid]:
        """Tables below the members."""
        return []

    @property
    def cells(self) -> list[Cell]:
        """The fields above the members."""
        return list(self.grid.lines[0].cells.values())

    def heads(self) -> list[Head]:
        """Return the fields above the members."""
        return [Head("title_fa", _("Name in Persian")), Head("title_en", _("Name in English"))]

    def values(self) -> Data:
        """Return what stands in them."""
        return self.there

    def own(self, cells: dict[str, Cell]) -> Data:
        """Return what the fields say, beyond names and members."""
        raise NotImplementedError

    @property
    def listed(self) -> list[Member]:
        """Initiatives to tick: the members first, then those that are sought."""
        units = {one.id: shown.said(one.name) for one in self.problem.units}
        words = search_key(self.query).split()
        chosen, others = [], []
        for one in self.problem.initiatives:
            unit = units.get(one.unit, one.unit)
            entry = Member(one.id, shown.said(one.name), unit, one.id in self.members)
            key = search_key(f"{one.title_fa} {one.title_en} {one.id} {unit}")
            if entry.chosen:
                chosen.append(entry)
            elif all(word in key for word in words):
                others.append(entry)
        return [*chosen, *others]

    def read(self, sent: QueryDict) -> None:
        """Take what was sent."""
        self.query = sent.get("q", "")[:100]
        ticked = set(sent.getlist("members"))
        stay = [id_ for id_ in self.members if id_ in ticked]
        self.members = [
            *stay,
            *(one.id for one in self.problem.initiatives if one.id in ticked.difference(stay)),
        ]
        for grid in (self.grid, *self.grids):
            grid.read(sent)

    def changed(self) -> Data | None:
        """Return the problem as it would be, in full; None where something is wrong."""
        cells = self.grid.lines[0].cells
        made = {
            **self.there,
            "id": self.one or self._fresh(),
            "title_fa": cells["title_fa"].text.strip(),
            "title_en": cells["title_en"].text.strip(),
            "initiatives": self.members,
            **self.own(cells),
        }
        if not (made["title_fa"] or made["title_en"]):
            cells["title_fa"].errors.append(_("Give it a name."))
        if len(self.members) < self.fewest:
            self.member_errors.append(_("Tick at least %(count)s initiatives.") % {"count": shown.whole(self.fewest)})  # fmt: skip
        lines = [line for grid in (self.grid, *self.grids) for line in grid.lines]
        if self.member_errors or any(line.errors or any(cell.errors for cell in line.cells.values()) for line in lines):  # fmt: skip
            return None
        held = self.data[self.kind]
        at = next((n for n, one in enumerate(held) if one["id"] == made["id"]), len(held))
        data = {**self.data, self.kind: [*held[:at], made, *held[at + 1 :]]}
        return self._parsed(data)

    def without(self) -> Data | None:
        """Return the problem without this entry."""
        return self._parsed({**self.data, self.kind: [held for held in self.data[self.kind] if held["id"] != self.one]})  # fmt: skip

    def _parsed(self, data: Data) -> Data | None:
        try:
            return parts.full(parse(data))
        except ProblemError as error:
            for fault in error.faults:
                self._say(fault, data)
            return None

    def _say(self, fault: Fault, data: Data) -> None:
        """Let a fault stand at its field, else above the form."""
        name = fault.field.rpartition(".")[2]
        cell = self.grid.lines[0].cells.get(name)
        if fault.field.startswith(f"{self.kind}.") and cell is not None:
            cell.errors.append(said.fault(fault, data))
        elif fault.field.startswith(f"{self.kind}.") and name == "initiatives":
            self.member_errors.append(said.fault(fault, data))
        else:
            self.errors.append(said.fault(fault, data))

    def _fresh(self) -> str:
        stem = {"groups": "group", "synergies": "synergy"}[self.kind]
        taken = {one["id"] for one in self.data[self.kind]}
        return next(id_ for at in range(1, 10_000) if (id_ := f"{stem}-{at}") not in taken)


class GroupForm(JoinedForm):
    """A group: which initiatives, and how many of them are chosen."""

    kind = "groups"

    def heads(self) -> list[Head]:
        return [
            *super().heads(),
            Head(
                "rule",
                _("How many are chosen"),
                "choice",
                [(code, str(name)) for code, name in RULES.items()],
            ),
            Head("number", _("So many"), "count"),
            Head("to", _("To so many"), "count"),
        ]

    def values(self) -> Data:
        rule, first, second = rule_of(self.there)
        return {**self.there, "rule": rule, "number": first, "to": second}

    def own(self, cells: dict[str, Cell]) -> Data:
        rule = picked(cells["rule"])
        if rule == "one":
            return {"at_least": 0, "at_most": 1}
        first = needed(cells["number"])
        second = needed(cells["to"]) if rule == "between" else 0
        if rule in ("least", "exactly", "between") and not cells["number"].errors:
            if first < 1:
                cells["number"].errors.append(_("At least one."))
            elif first > len(self.members):
                cells["number"].errors.append(_("The group has only %(count)s members.") % {"count": shown.whole(len(self.members))})  # fmt: skip
        if rule == "between" and second < first and not cells["to"].errors:
            cells["to"].errors.append(_("This is less than the first number."))
        return {
            "at_least": first if rule != "most" else 0,
            "at_most": {"most": first, "exactly": first, "between": second}.get(rule),
        }


def rule_of(group: Data) -> tuple[str, int | None, int | None]:
    """Return the rule of a group (as its JSON in full) and its one or two numbers."""
    least, most = group.get("at_least", 0), group.get("at_most", 1)
    if not least:
        return ("one", None, None) if most == 1 else ("most", most, None)
    if most is None:
        return "least", least, None
    return ("exactly", least, None) if least == most else ("between", least, most)


class SynergyForm(JoinedForm):
    """A synergy: which initiatives, whether they go together or bring more together, and what."""

    kind = "synergies"
    fewest = 2

    def __init__(self, problem: Problem, one: str) -> None:
        super().__init__(problem, one)
        self.bonus = self._bonus()

    @property
    def grids(self) -> list[Grid]:
        return [self.bonus] if hasattr(self, "bonus") else []

    def heads(self) -> list[Head]:
        kinds = [
            (code, str(name)) for code, name in said.WORDS["kind"].items() if code in ("bonus", "together")
        ]
        return [
            *super().heads(),
            Head("kind", _("What holds"), "choice", sorted(kinds)),
            Head("probability", _("Probability that the bonus comes, in per cent"), "percent"),
        ]

    def values(self) -> Data:
        sure = self.there.get("probability", 10_000) == 10_000
        return {"kind": "bonus", **self.there, "probability": None if sure else self.there["probability"]}

    def _bonus(self) -> Grid:
        effects: Data = self.there.get("effects", {})
        longest = max((len(one["per_period"]) for one in effects.values()), default=0)
        count = max(longest, min(self.problem.horizon.count, COLUMNS))
        heads = [Head("once", _("Once"), "signed"), *(Head(f"a{at}", _("Period %(number)s after") % {"number": shown.whole(at + 1)}, "signed") for at in range(count))]  # fmt: skip
        grid = Grid("bonus", _("The bonus for each goal"), _("In the goal's unit: once when all are complete, and in each period after. The last figure goes on."), heads, more=False)  # fmt: skip
        for goal in self.problem.goals:
            told: Data = effects.get(goal.id, {})
            after = {f"a{at}": value for at, value in enumerate(told.get("per_period", ()))}
            grid.add(goal.id, {"once": told.get("once") or None, **after})
        return grid

    def own(self, cells: dict[str, Cell]) -> Data:
        kind = picked(cells["kind"])
        sure = number(cells["probability"])
        effects = {line.key: made for line in self.bonus.lines if (made := _effect(line)) is not None}
        if kind == "bonus" and not effects and not any(cell.errors for line in self.bonus.lines for cell in line.cells.values()):  # fmt: skip
            self.errors.append(_("Say what the bonus is: for at least one goal."))
        if kind == "together" and effects:
            self.errors.append(_("All or none has no bonus: empty its figures, or choose the bonus."))
        return {"kind": kind, "probability": 10_000 if sure is None else sure, "effects": effects}

    def changed(self) -> Data | None:
        made = super().changed()
        return None if self.errors else made


def _effect(line: Line) -> Data | None:
    """Return the effect that a row says; None where it is empty."""
    after = [cell for name, cell in line.cells.items() if name != "once"]
    while after and not after[-1].text.strip():
        after.pop()
    once = number(line.cells["once"])
    if once is None and not after:
        return None
    return {"once": once or 0, "per_period": [needed(cell) for cell in after]}


FORMS: dict[str, type[JoinedForm]] = {form.kind: form for form in (GroupForm, SynergyForm)}
