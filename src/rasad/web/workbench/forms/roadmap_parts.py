"""What a scenario is made of as forms: its periods, goals, skills, units and districts, each a table whose rows are changed, added and taken out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError as PydanticError

from rasad.actions import roadmap_parts as parts
from rasad.actions.roadmap_parts import Data
from rasad.records.models import Goal, Unit
from rasad.roadmap.problem import Fault, Horizon, Problem, ProblemError, dump, parse
from rasad.web.workbench import roadmap_said as said
from rasad.web.workbench import roadmap_shown as shown
from rasad.web.workbench.forms.roadmap_grid import Grid, Head, Line, Option, needed, number, picked
from rasad.web.workbench.naming import called

OFFERED = 500
"""Goals or units of the register that are offered."""


class PartForm:
    """One part of a problem as a table. `changed` is the problem as it would be; None where something is wrong, which the form says then."""

    kind = ""
    title: Any = ""
    lede: Any = ""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.data = problem, parts.full(problem)
        self.errors: list[str] = []
        self.grid = self.table()

    @property
    def grids(self) -> list[Grid]:
        """The tables of the form."""
        return [self.grid]

    def table(self) -> Grid:
        """Return the table as it stands."""
        raise NotImplementedError

    def made(self) -> Data:
        """Return the problem that the rows say; what is wrong with a cell stands there."""
        raise NotImplementedError

    def blank(self) -> None:
        """Let rows to fill in stand at the end; several where there are none yet."""
        self.grid.blank(1 if self.grid.lines else 3)

    def read(self, sent: QueryDict) -> None:
        """Take what was sent."""
        self.grid.read(sent)

    def changed(self) -> Data | None:
        """Return the problem as it would be, in full; None where something is wrong."""
        made = self.made()
        wrong = any(
            line.errors or any(cell.errors for cell in line.cells.values()) for line in self.grid.lines
        )
        if wrong or self.errors:
            return None
        try:
            return parts.full(parse(made))
        except ProblemError as error:
            for fault in error.faults:
                self._say(fault, made)
            return None

    def _say(self, fault: Fault, made: Data) -> None:
        """Let a fault stand at the row that it is of, else above the form."""
        at = fault.field.removeprefix(f"{self.kind}.").partition(".")[0]
        line = next((one for one in self.grid.lines if at.isdecimal() and one.place == int(at)), None)
        if fault.field.startswith(f"{self.kind}.") and line is not None:
            line.errors.append(said.fault(fault, made))
        else:
            self.errors.append(said.fault(fault, made))


class HorizonForm(PartForm):
    """The periods that are planned."""

    kind = "horizon"
    title = gettext_lazy("Periods")
    lede = gettext_lazy("What is said for each period goes on as in the last one where periods are added, and is cut where they are fewer. Figures are not converted where years become quarters: look at them again.")  # fmt: skip

    def table(self) -> Grid:
        kinds = [(code, str(name)) for code, name in said.HORIZONS.items() if code in ("year", "half", "quarter", self.problem.horizon.kind)]  # fmt: skip
        heads = [
            Head("kind", _("Periods are"), "choice", kinds),
            Head("first_year", _("First year"), "year"),
            Head("first_part", _("First half-year, quarter or month of that year"), "count"),
            Head("count", _("How many periods"), "count"),
        ]
        grid = Grid("horizon", _("Periods"), "", heads, more=False)
        grid.add("horizon", self.data["horizon"])
        return grid

    def made(self) -> Data:
        cells = self.grid.lines[0].cells
        told: Data = {
            "kind": picked(cells["kind"]),
            "first_year": needed(cells["first_year"]),
            "first_part": number(cells["first_part"]) or 1,
            "count": needed(cells["count"]),
        }
        most = {"half": 2, "quarter": 4, "month": 12}.get(told["kind"], 1)
        if told["first_part"] > most:
            cells["first_part"].errors.append(_("At most %(most)s.") % {"most": shown.whole(most)})
        try:
            return parts.with_horizon(self.data, Horizon.model_validate(told))
        except PydanticError as error:
            for one in error.errors():
                cell = cells[str(one["loc"][0])]
                if not cell.errors:
                    cell.errors.append(_("“%(found)s” cannot be: from %(least)s to %(most)s.") % {"found": cell.text[:40], "least": shown.whole(1), "most": shown.whole(9_999 if cell.head.name == "first_year" else 400)})  # fmt: skip
            return self.data


class NamedForm(PartForm):
    """Things with names: what their forms share."""

    def made(self) -> Data:
        data = self.data
        there = {one["id"]: one for one in self.data[self.kind]}
        kept: list[tuple[Line, Data]] = []
        for line in self.grid.lines:
            if line.cells["remove"].text:
                if line.key in there and not self.let_go(line):
                    kept.append((line, there[line.key]))
                continue
            if not (line.said or line.key or self.linked(line)):
                continue
            one = dict(there.get(line.key, {"id": line.key}))
            one |= {name: line.cells[name].text.strip() for name in ("title_fa", "title_en", "unit_fa", "unit_en") if name in line.cells}  # fmt: skip
            wanted = self.linked(line)
            if wanted and wanted != line.key:
                if line.key:
                    data = parts.renamed(data, self.kind, line.key, wanted)
                one = {**one, "id": wanted}
                self.named_after(one, wanted)
            if not one["id"] and not (one["title_fa"] or one["title_en"]):
                line.cells["title_fa"].errors.append(_("Give it a name."))
            kept.append((line, one))
        self._number([one for _line, one in kept])
        for at, (line, _one) in enumerate(kept):
            line.place = at
        made = {**data, self.kind: [one for _line, one in kept]}
        return self.beside(made, kept)

    def linked(self, line: Line) -> str:
        """Return the id that the register gives a row's thing; the empty text where it is not of the register."""
        return picked(line.cells["register"]) if "register" in line.cells else ""

    def named_after(self, one: Data, code: str) -> None:
        """Take names from the register where none were given."""

    def beside(self, made: Data, kept: list[tuple[Line, Data]]) -> Data:
        """Return the problem with what the rows say of its limits and aims."""
        return made

    def let_go(self, line: Line) -> bool:
        """Return whether something can be taken out; where others name it the row says which."""
        found = [one for one in parts.users(self.data, self.kind, line.key) if one[0] not in self.own]
        if found:
            line.cells["remove"].errors.append(_("It is named by: %(users)s. Take it out there first.") % {"users": said.users(found, self.data)})  # fmt: skip
        return not found

    own: tuple[str, ...] = ()
    """Limits and aims that stand in this form's own rows and go with them."""

    def _number(self, made: list[Data]) -> None:
        """Give what is new an id."""
        taken = {one["id"] for one in made} | {one["id"] for one in self.data[self.kind]}
        for one in made:
            if not one["id"]:
                stem = {"goals": "goal", "skills": "skill", "units": "unit", "districts": "district"}[
                    self.kind
                ]
                one["id"] = next(id_ for at in range(1, 10_000) if (id_ := f"{stem}-{at}") not in taken)
                taken.add(one["id"])

    def _heads(self, *middle: Head, register: list[Option] | None = None) -> list[Head]:
        link = [Head("register", _("In the register"), "choice", [("", "—"), *register])] if register is not None else []  # fmt: skip
        return [Head("title_fa", _("Name in Persian")), Head("title_en", _("Name in English")), *middle, *link, Head("remove", _("Take out"), "tick")]  # fmt: skip


def _counted() -> tuple[Head, Head]:
    return Head("unit_fa", _("Counted in, Persian"), "short"), Head(
        "unit_en", _("Counted in, English"), "short"
    )


class GoalsForm(NamedForm):
    """Goals: what they are counted in, their weight among the aims, the least share of spending, and which goal of the register each is."""

    kind = "goals"
    title = gettext_lazy("Goals")
    lede = gettext_lazy("What the plan is to serve. A goal with a weight is an aim of the search; one without is only counted. Goals that are the register's go with an initiative when it becomes a project.")  # fmt: skip
    own = ("limits.goal_shares", "limits.goal_scores", "objective.targets")

    def table(self) -> Grid:
        self.offered = {one.code: one for one in Goal.objects.order_by("code")[:OFFERED]}
        heads = self._heads(
            *_counted(),
            Head("weight", _("Weight among the aims"), "count"),
            Head("share", _("At least, in per cent of all spending"), "percent"),
            register=[(one.code, called(one)) for one in self.offered.values()],
        )
        grid = Grid("goals", _("Goals"), "", heads)
        weights = {one["goal"]: one["weight"] for one in self.data["objective"]["targets"] if one["kind"] == "goal"}  # fmt: skip
        shares = {one["goal"]: one["at_least"] for one in self.data["limits"]["goal_shares"]}
        for one in self.data["goals"]:
            link = one["id"] if one["id"] in self.offered else ""
            grid.add(one["id"], {**one, "register": link, "weight": weights.get(one["id"]), "share": shares.get(one["id"])})  # fmt: skip
        return grid

    def named_after(self, one: Data, code: str) -> None:
        goal = self.offered[code]
        one |= {"title_fa": one["title_fa"] or goal.title, "title_en": one["title_en"] or goal.title_en}

    def beside(self, made: Data, kept: list[tuple[Line, Data]]) -> Data:
        rows = {one["id"]: line for line, one in kept}
        shares = _least(made["limits"]["goal_shares"], rows, "goal", lambda id_: {"id": f"share-{id_}"[:80], "goal": id_})  # fmt: skip
        scores = [one for one in made["limits"]["goal_scores"] if one["goal"] in rows]
        made = {**made, "limits": {**made["limits"], "goal_shares": shares, "goal_scores": scores}}
        return {**made, "objective": {**made["objective"], "targets": self._targets(made, rows)}}

    def _targets(self, made: Data, rows: dict[str, Line]) -> list[Data]:
        """Return the aims in their order: goals by the weights of their rows, others as they are."""
        weights = {id_: number(line.cells["weight"]) for id_, line in rows.items()}
        targets: list[Data] = []
        for one in made["objective"]["targets"]:
            if one["kind"] != "goal":
                targets.append(one)
            elif weights.get(one["goal"]) is not None:
                targets.append({**one, "weight": weights[one["goal"]]})
        there = {one["goal"] for one in targets if one["kind"] == "goal"}
        targets += [{"kind": "goal", "goal": id_, "weight": weight, "slack": 0} for id_, weight in weights.items() if weight is not None and id_ not in there]  # fmt: skip
        if len(targets) > 1 and parts.is_placeholder(targets[:1]) and parts.is_placeholder(self.data["objective"]["targets"]):  # fmt: skip
            return targets[1:]
        return targets or [dict(parts.PLACEHOLDER)]


class SkillsForm(NamedForm):
    """Skills: what they are counted in, and how much of each there is in each period."""

    kind = "skills"
    title = gettext_lazy("Skills")
    lede = gettext_lazy("Whom the work needs, and how many of them there are in each period. A skill without figures has no limit; one figure, in the first period, holds for all.")  # fmt: skip
    own = ("limits.skills",)

    def table(self) -> Grid:
        periods = [Head(f"p{at}", name, "count") for at, name in enumerate(shown.periods_of(self.problem))]
        grid = Grid("skills", _("Skills"), "", self._heads(*_counted(), *periods))
        there = {one["skill"]: one["amounts"] for one in self.data["limits"]["skills"]}
        for one in self.data["skills"]:
            grid.add(one["id"], {**one, **{f"p{at}": amount for at, amount in enumerate(there.get(one["id"], ()))}})  # fmt: skip
        return grid

    def beside(self, made: Data, kept: list[tuple[Line, Data]]) -> Data:
        before = {one["skill"]: one for one in made["limits"]["skills"]}
        found = []
        for line, one in kept:
            cells = [cell for name, cell in line.cells.items() if name[:1] == "p" and name[1:].isdecimal()]
            filled = [cell for cell in cells if cell.text.strip()]
            if not filled:
                continue
            if filled == cells[:1]:
                amounts = [number(cells[0]) or 0] * len(cells)
            else:
                amounts = [needed(cell) for cell in cells]
            found.append({**before.get(one["id"], {"id": one["id"], "skill": one["id"]}), "amounts": amounts})
        return {**made, "limits": {**made["limits"], "skills": found}}


class HoldersForm(NamedForm):
    """Units or districts: what fairness is between, what it is measured by, and a least share of spending."""

    weight: Any = ""
    by = ""

    own = ("limits.fairness",)

    def table(self) -> Grid:
        heads = self._heads(
            Head("weight", str(self.weight), "count"),
            Head("share", _("At least, in per cent of the spending of all of them"), "percent"),
            register=self.offers(),
        )
        grid = Grid(self.kind, str(self.title), "", heads)
        shares = {one["whom"]: one["at_least"] for one in self.data["limits"]["fairness"] if self._mine(one)}
        known = {code for head in heads if head.name == "register" for code, _name in head.options}
        for one in self.data[self.kind]:
            link = one["id"] if one["id"] in known else ""
            weight = one["weight"] if one["weight"] != 1 else None
            grid.add(one["id"], {**one, "register": link, "weight": weight, "share": shares.get(one["id"])})
        return grid

    def offers(self) -> list[Option] | None:
        """Return what the register offers; None where it has nothing of the kind."""
        return None

    def _mine(self, one: Data) -> bool:
        """Return whether a rule of fairness stands in this form's rows: a share of spending for one holder."""
        return bool(one["by"] == self.by and one["whom"] and one["of"] == "spending")

    def let_go(self, line: Line) -> bool:
        # A rule of fairness on a goal's benefit stands in the form of limits: it does not go with the row.
        for one in self.data["limits"]["fairness"]:
            if one["by"] == self.by and one["whom"] == line.key and not self._mine(one):
                line.cells["remove"].errors.append(_("It is named by: %(users)s. Take it out there first.") % {"users": said.users([("limits.fairness", one["id"])], self.data)})  # fmt: skip
                return False
        return super().let_go(line)

    def beside(self, made: Data, kept: list[tuple[Line, Data]]) -> Data:
        rows = {}
        for line, one in kept:
            one["weight"] = number(line.cells["weight"]) if line.cells["weight"].text.strip() else 1
            rows[one["id"]] = line
        mine = [one for one in made["limits"]["fairness"] if self._mine(one)]
        others = [one for one in made["limits"]["fairness"] if not self._mine(one)]
        shares = _least(mine, rows, "whom", lambda id_: {"id": f"{self.by}-share-{id_}"[:80], "by": self.by, "whom": id_, "of": "spending", "goal": ""})  # fmt: skip
        return {**made, "limits": {**made["limits"], "fairness": [*others, *shares]}}


class UnitsForm(HoldersForm):
    """Units of the municipality: owners and partners."""

    kind, by = "units", "unit"
    title = gettext_lazy("Units")
    lede = gettext_lazy("Who owns initiatives and works on them. Units that are the register's go with an initiative when it becomes a project.")  # fmt: skip
    weight = gettext_lazy("Staff (what fairness is measured by)")

    def offers(self) -> list[Option] | None:
        self.offered = {one.code: one for one in Unit.objects.order_by("code")[:OFFERED]}
        return [(one.code, called(one)) for one in self.offered.values()]

    def named_after(self, one: Data, code: str) -> None:
        unit = self.offered[code]
        one |= {"title_fa": one["title_fa"] or unit.name, "title_en": one["title_en"] or unit.name_en}


class DistrictsForm(HoldersForm):
    """Districts of the city."""

    kind, by = "districts", "district"
    title = gettext_lazy("Districts")
    lede = gettext_lazy("What fairness is between. A rule for each of them alike, or on a goal's benefit, stands under “Limits and aims”.")  # fmt: skip
    weight = gettext_lazy("Residents (what fairness is measured by)")


FORMS: dict[str, type[PartForm]] = {
    form.kind: form for form in (HorizonForm, GoalsForm, SkillsForm, UnitsForm, DistrictsForm)
}


def _least(there: list[Data], rows: dict[str, Line], key: str, new: Callable[[str], Data]) -> list[Data]:
    """Return least shares as the rows say them; one that was there keeps its name and place."""
    told = {id_: number(line.cells["share"]) for id_, line in rows.items()}
    kept = [{**one, "at_least": told[one[key]]} for one in there if told.get(one[key]) is not None]
    known = {one[key] for one in kept}
    return [*kept, *({**new(id_), "at_least": share} for id_, share in told.items() if share is not None and id_ not in known)]  # fmt: skip


def stored(data: Data) -> Data:
    """Return a problem as it is kept: what equals its default left out."""
    return dump(parse(data))
