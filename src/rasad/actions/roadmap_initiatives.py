"""A scenario's initiatives as sheets (CSV, XLSX) that come in again as they went out.

A sheet has a row for each initiative and way of doing it. Columns for money, people, benefits and shares are named after what the scenario's
problem has: `cost:hardware` holds a figure for each year of the work ("60; 40"), `run:hardware` one figure, `skill:development` a figure for
each year of the work, `effect:trips` what completion brings once and then year by year ("20 | 60; 80"), `district:d1` and `share:trips` hundredths
of a per cent.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rasad.actions.roadmaps import change_scenario, problem_of
from rasad.ledger.filled import NO, YES
from rasad.ledger.mapping import FileRule, Form
from rasad.ledger.markers import harmless, restored
from rasad.ledger.problems import LedgerError
from rasad.ledger.read import read
from rasad.persian.digits import to_latin, to_persian
from rasad.persian.text import search_key
from rasad.records.models import Account, Scenario
from rasad.release.exports.table import Column
from rasad.release.exports.xlsx import xlsx_stream
from rasad.roadmap.problem import Effect, Initiative, Mode, Problem

Format = Literal["csv", "xlsx"]
OWN = ("initiative", "title_fa", "title_en", "unit", "partners", "earliest_start", "deadline", "mandatory", "frozen", "requires", "reference_class")  # fmt: skip
OF_MODE = ("mode", "mode_title_fa", "mode_title_en", "duration", "probability")
_ANY = Form(file=FileRule(header=False, sheets="all"))
_PARTED = re.compile(r"[;؛]")
_REQUIRED = re.compile(r"(?P<id>[^\s/+]+)(?:\+(?P<lag>\d+))?(?P<start> start)?")
LISTED = 12
"""How many wrong cells are told at once."""


# --- Out ------------------------------------------------------------------------------------------------------------


def columns_of(problem: Problem) -> list[str]:
    """Return the columns of a problem's sheet."""
    named = [
        *(f"cost:{one.id}" for one in problem.categories),
        *(f"run:{one.id}" for one in problem.categories),
        *(f"skill:{one.id}" for one in problem.skills),
        *(f"effect:{one.id}" for one in problem.goals),
        *(f"district:{one.id}" for one in problem.districts),
        *(f"share:{one.id}" for one in problem.goals),
    ]
    return [*OWN, *OF_MODE, *named]


def rows_of(problem: Problem) -> Iterator[dict[str, str]]:
    """Yield a row for each initiative and way, column → text; what belongs to the initiative stands in its first row."""
    for one in problem.initiatives:
        for at, mode in enumerate(one.modes):
            yield {"initiative": one.id, **(_own(one) if at == 0 else {}), **_mode(mode)}


def _own(one: Initiative) -> dict[str, str]:
    row = {
        "title_fa": one.title_fa,
        "title_en": one.title_en,
        "unit": one.unit,
        "partners": "; ".join(one.partners),
        "earliest_start": str(one.earliest_start) if one.earliest_start else "",
        "deadline": "" if one.deadline is None else str(one.deadline),
        "mandatory": "yes" if one.mandatory else "",
        "frozen": "" if one.frozen is None else f"{one.frozen.mode} {one.frozen.start}",
        "requires": "; ".join(
            f"{need.initiative}{f'+{need.lag}' if need.lag else ''}{' start' if need.after == 'start' else ''}"
            for need in one.requires
        ),
        "reference_class": one.reference_class,
    }
    row |= {f"district:{name}": str(share) for name, share in one.districts.items()}
    return row | {f"share:{name}": str(share) for name, share in one.goal_shares.items()}


def _mode(mode: Mode) -> dict[str, str]:
    row = {
        "mode": mode.id,
        "mode_title_fa": mode.title_fa,
        "mode_title_en": mode.title_en,
        "duration": str(mode.duration),
        "probability": str(mode.probability),
    }
    row |= {f"cost:{name}": _listed(years) for name, years in mode.costs.items()}
    row |= {f"run:{name}": str(amount) for name, amount in mode.run_costs.items()}
    row |= {f"skill:{name}": _listed(years) for name, years in mode.skills.items()}
    return row | {f"effect:{name}": _effect(effect) for name, effect in mode.effects.items()}


def _effect(effect: Effect) -> str:
    return f"{effect.once} | {_listed(effect.per_period)}".rstrip() if effect.once else _listed(effect.per_period) or "0 |"  # fmt: skip


def _listed(figures: Sequence[int]) -> str:
    return "; ".join(str(one) for one in figures)


def export(*, problem: Problem, format: Format, rtl: bool) -> Iterator[bytes]:
    """Yield the sheet in blocks. Cells that a spreadsheet would run are marked, and read as they were."""
    names = columns_of(problem)
    if format == "xlsx":
        columns = [Column(name, name) for name in names]
        yield from xlsx_stream(columns, rows_of(problem), sheet="initiatives", rtl=rtl)
        return
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows_of(problem):
        writer.writerow([harmless(row.get(name, "")) for name in names])
    yield buffer.getvalue().encode()


# --- In -------------------------------------------------------------------------------------------------------------


def take_in(*, scenario: Scenario, seen: int, path: Path, by: Account | None, why: str = "") -> Scenario:
    """Make the initiatives of a file those of the scenario. ValidationError names row, column, what was found and what was expected; then nothing changed."""
    problem = problem_of(scenario.problem)
    data = {**scenario.problem, "initiatives": initiatives_in(path, problem)}
    return change_scenario(scenario=scenario, seen=seen, problem=data, by=by, why=why)


def initiatives_in(path: Path, problem: Problem) -> list[dict[str, Any]]:
    """Return the initiatives that a file holds, as a problem's JSON has them. ValidationError for every cell that cannot be read."""
    try:
        _facts, found = read(path, _ANY)
    except LedgerError as error:
        raise ValidationError(error.message(_)) from error
    cells = next(one for one in found if one.frame.height)
    lines = [(int(row[0]), [restored(text or "").strip() for text in row[2:]]) for row in cells.frame.rows()]
    names = [search_key(name).replace(" ", "") for name in lines[0][1]]
    known = {search_key(name).replace(" ", ""): name for name in columns_of(problem)}
    wrong = [
        _("%(file)s: the scenario has no column “%(name)s”") % {"file": path.name, "name": lines[0][1][at]}
        for at, name in enumerate(names)
        if name and name not in known
    ]
    missing = [name for name in ("initiative", "duration") if search_key(name) not in names]
    wrong += [
        _("%(file)s: the column “%(name)s” is missing") % {"file": path.name, "name": name}
        for name in missing
    ]
    if wrong:
        raise ValidationError(wrong[:LISTED], code="columns")
    reading = _Reading(path.name)
    made: dict[str, dict[str, Any]] = {}
    for number, texts in lines[1:]:
        row = {known[name]: text for name, text in zip(names, texts, strict=False) if name and text}
        if not row:
            continue
        reading.number = number
        id_ = row.get("initiative", "")
        if not id_:
            reading.refuse("initiative", "", _("the initiative's id"))
            continue
        if id_ not in made:
            made[id_] = {"id": id_, **reading.own(row), "modes": []}
        made[id_]["modes"].append(reading.mode(row))
    if reading.wrong:
        raise ValidationError(reading.wrong[:LISTED], code="cells")
    return list(made.values())


class _Reading:
    """Rows of one file on their way into initiatives; every cell that cannot be read is taken down."""

    def __init__(self, file: str) -> None:
        self.file, self.number = file, 0
        self.wrong: list[str] = []

    def refuse(self, column: str, found: str, expected: str) -> None:
        self.wrong.append(
            _("%(file)s, row %(row)s, “%(column)s”: found “%(found)s”; expected %(expected)s")
            % {
                "file": self.file,
                "row": _digits(self.number),
                "column": column,
                "found": found,
                "expected": expected,
            }
        )

    def whole(self, column: str, text: str) -> int:
        """Return a whole number, in any digits and with groups; nought, taken down, where it is none."""
        plain = re.sub(r"[\s,٬،_]", "", to_latin(text)).replace("−", "-")
        if not re.fullmatch(r"-?\d{1,18}", plain):
            self.refuse(column, text, _("a whole number"))
            return 0
        return int(plain)

    def figures(self, column: str, text: str) -> list[int]:
        return [self.whole(column, part.strip()) for part in _PARTED.split(text) if part.strip()]

    def own(self, row: Mapping[str, str]) -> dict[str, Any]:
        """Return what a row says of its initiative."""
        found: dict[str, Any] = {
            name: row[name] for name in ("title_fa", "title_en", "unit", "reference_class") if name in row
        }
        if "partners" in row:
            found["partners"] = [one.strip() for one in _PARTED.split(row["partners"]) if one.strip()]
        for name in ("earliest_start", "deadline"):
            if name in row:
                found[name] = self.whole(name, row[name])
        if "mandatory" in row:
            found["mandatory"] = self._yes("mandatory", row["mandatory"])
        if "frozen" in row:
            mode, _space, start = row["frozen"].rpartition(" ")
            found["frozen"] = {"mode": mode or "base", "start": self.whole("frozen", start)}
        if "requires" in row:
            found["requires"] = [
                self._required(one.strip()) for one in _PARTED.split(row["requires"]) if one.strip()
            ]
        found["districts"] = self._named(row, "district:")
        found["goal_shares"] = self._named(row, "share:")
        return found

    def mode(self, row: Mapping[str, str]) -> dict[str, Any]:
        """Return what a row says of its way of doing the initiative."""
        found: dict[str, Any] = {"id": row.get("mode", "base")}
        for name, field in (("mode_title_fa", "title_fa"), ("mode_title_en", "title_en")):
            if name in row:
                found[field] = row[name]
        if "duration" in row:
            found["duration"] = self.whole("duration", row["duration"])
        else:
            self.refuse("duration", "", _("a whole number"))
        if "probability" in row:
            found["probability"] = self.whole("probability", row["probability"])
        found["costs"] = self._lists(row, "cost:")
        found["run_costs"] = self._named(row, "run:")
        found["skills"] = self._lists(row, "skill:")
        found["effects"] = {name: self._effect(column, text) for name, column, text in _of(row, "effect:")}
        return found

    def _effect(self, column: str, text: str) -> dict[str, Any]:
        once, bar, then = text.partition("|")
        if not bar:
            once, then = "", text
        made: dict[str, Any] = {"per_period": self.figures(column, then)}
        if once.strip():
            made["once"] = self.whole(column, once)
        return made

    def _required(self, text: str) -> dict[str, Any]:
        found = _REQUIRED.fullmatch(text)
        if found is None:
            self.refuse(
                "requires", text, _("the id of an initiative, as in “fibre”, “fibre+1” or “fibre start”")
            )
            return {"initiative": "?"}
        need: dict[str, Any] = {"initiative": found["id"]}
        if found["lag"]:
            need["lag"] = int(to_latin(found["lag"]))
        if found["start"]:
            need["after"] = "start"
        return need

    def _yes(self, column: str, text: str) -> bool:
        key = search_key(text)
        if key not in YES | NO:
            self.refuse(column, text, _("yes or no"))
        return key in YES

    def _lists(self, row: Mapping[str, str], kind: str) -> dict[str, list[int]]:
        return {name: self.figures(column, text) for name, column, text in _of(row, kind)}

    def _named(self, row: Mapping[str, str], kind: str) -> dict[str, int]:
        return {name: self.whole(column, text) for name, column, text in _of(row, kind)}


def _digits(number: int) -> str:
    """Return a row's number in the digits of whoever reads."""
    return to_persian(str(number)) if (get_language() or "").startswith("fa") else str(number)


def _of(row: Mapping[str, str], kind: str) -> Iterator[tuple[str, str, str]]:
    """Yield (name, column, text) of the cells of one kind of column."""
    for column, text in row.items():
        if column.startswith(kind):
            yield column.removeprefix(kind), column, text
