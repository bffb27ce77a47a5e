"""Problems are checked when they are built, say which field is wrong in either language, and go through JSON unchanged."""

from __future__ import annotations

import copy
import gettext
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from small_problems import problems, tried

from rasad.cli.console import LOCALES
from rasad.roadmap import problem as package
from rasad.roadmap.problem import Problem, ProblemError, dump, json_schema, load, parse, parse_plan, write
from rasad.roadmap.problem.faults import FAULTS

GOOD: dict[str, Any] = {
    "horizon": {"first_year": 1405, "count": 3},
    "goals": [{"id": "access"}],
    "units": [{"id": "it"}],
    "initiatives": [
        {"id": "a", "unit": "it", "modes": [{"duration": 2, "costs": {"hardware": [5, 5]}}]},
        {"id": "b", "modes": [{"duration": 1}], "requires": [{"initiative": "a"}]},
    ],
    "limits": {"budgets": [{"id": "all", "amounts": [9, 9, 9]}]},
    "objective": {"targets": [{"kind": "goal", "goal": "access"}]},
}


def changed(path: str, value: Any) -> dict[str, Any]:
    data = copy.deepcopy(GOOD)
    *way, last = path.split(".")
    here: Any = data
    for step in way:
        here = here[int(step)] if isinstance(here, list) else here.setdefault(step, {})
    here[int(last) if isinstance(here, list) else last] = value
    return data


MODE = {"duration": 1}
CASES = [
    ("horizon.count", 2.5, "horizon.count", "whole_number"),
    ("horizon.count", 0, "horizon.count", "range"),
    ("horizon.kind", "week", "horizon.kind", "choice"),
    ("horizon", None, "horizon", "kind"),
    ("colour", "red", "colour", "unknown_field"),
    ("objective", {}, "objective.targets", "missing"),
    ("objective.targets", [], "objective.targets", "count"),
    ("objective.targets", [{"kind": "fame"}], "objective.targets.0", "choice"),
    ("objective.targets", [{"kind": "goal"}], "objective.targets.0.goal", "missing"),
    ("objective.targets", [{"kind": "goal", "goal": "x"}], "objective.targets.0.goal", "not_known"),
    ("objective.targets", [{"kind": "cost", "categories": ["x"]}], "objective.targets.0.categories", "not_known"),
    ("objective.targets", [{"kind": "completion", "initiatives": ["x"]}], "objective.targets.0.initiatives", "not_known"),
    ("objective.targets", [{"kind": "change"}], "objective.targets.0", "published_needed"),
    ("objective.targets", [{"kind": "least"}], "objective.targets.0", "no_holders"),
    ("objective.targets", [{"kind": "least", "by": "unit", "of": "benefit"}], "objective.targets.0.goal", "goal_needed"),
    ("objective.method", "front", "objective.targets", "front_targets"),
    ("objective", {"method": "lexicographic", "targets": [{"kind": "cost"}] * 2}, "objective.targets", "twice"),
    ("initiatives.0.id", "two words", "initiatives.0.id", "text"),
    ("initiatives.1.id", "a", "initiatives.1.id", "twice"),
    ("initiatives.0.unit", "x", "initiatives.0.unit", "not_known"),
    ("initiatives.0.partners", ["x"], "initiatives.0.partners", "not_known"),
    ("initiatives.0.partners", ["it", "it"], "initiatives.0.partners.1", "twice"),
    ("initiatives.0.districts", {"x": 1}, "initiatives.0.districts", "not_known"),
    ("initiatives.0.goal_shares", {"access": 10_001}, "initiatives.0.goal_shares.access", "range"),
    ("initiatives.0.goal_shares", {"access": 9000, "y": 9000}, "initiatives.0.goal_shares", "shares"),
    ("initiatives.0.modes", [], "initiatives.0.modes", "count"),
    ("initiatives.0.modes", [MODE, MODE], "initiatives.0.modes.1.id", "twice"),
    ("initiatives.0.modes.0.duration", -1, "initiatives.0.modes.0.duration", "range"),
    ("initiatives.0.modes.0.costs", {"hardware": [1, 2, 3]}, "initiatives.0.modes.0.costs.hardware", "longer"),
    ("initiatives.0.modes.0.costs", {"hardware": [True]}, "initiatives.0.modes.0.costs.hardware.0", "whole_number"),
    ("initiatives.0.modes.0.costs", {"toys": [1]}, "initiatives.0.modes.0.costs", "not_known"),
    ("initiatives.0.modes.0.run_costs", {"toys": 1}, "initiatives.0.modes.0.run_costs", "not_known"),
    ("initiatives.0.modes.0.skills", {"x": [1]}, "initiatives.0.modes.0.skills", "not_known"),
    ("initiatives.0.modes.0.effects", {"x": {"once": 1}}, "initiatives.0.modes.0.effects", "not_known"),
    ("initiatives.0.earliest_start", 3, "initiatives.0.earliest_start", "beyond"),
    ("initiatives.0.deadline", 3, "initiatives.0.deadline", "beyond"),
    ("initiatives.0", {**GOOD["initiatives"][0], "earliest_start": 2, "deadline": 1}, "initiatives.0.deadline", "deadline_early"),
    ("initiatives.0.requires", [{"initiative": "x"}], "initiatives.0.requires.0.initiative", "not_known"),
    ("initiatives.0.requires", [{"initiative": "a"}], "initiatives.0.requires.0.initiative", "own"),
    ("initiatives.0.requires", [{"initiative": "b"}], "initiatives.0.requires", "circle"),
    ("initiatives.0.frozen", {"mode": "x", "start": 0}, "initiatives.0.frozen.mode", "frozen_mode"),
    ("initiatives.0.frozen", {"start": 3}, "initiatives.0.frozen.start", "beyond"),
    ("initiatives.0.mandatory", 3, "initiatives.0.mandatory", "kind"),
    ("groups", [{"id": "g", "initiatives": ["a", "x"], "at_most": 1}], "groups.0.initiatives", "not_known"),
    ("groups", [{"id": "g", "initiatives": ["a"]}], "groups.0", "no_bound"),
    ("groups", [{"id": "g", "initiatives": ["a", "b"], "at_least": 2, "at_most": 1}], "groups.0", "bounds"),
    ("groups", [{"id": "g", "initiatives": ["a"], "at_least": 2}], "groups.0.initiatives", "few_members"),
    ("synergies", [{"id": "s", "initiatives": ["a", "a"]}], "synergies.0.initiatives.1", "twice"),
    ("locks", [{"id": "l", "initiative": "a", "mode": "x"}], "locks.0.mode", "not_known"),
    ("locks", [{"id": "l", "initiative": "a", "start": 5}], "locks.0.start", "beyond"),
    ("limits.budgets.0.amounts", [9, 9], "limits.budgets.0.amounts", "per_period"),
    ("limits.budgets.0.categories", ["x"], "limits.budgets.0.categories", "not_known"),
    ("limits.category_shares", [{"id": "h", "categories": ["hardware"]}], "limits.category_shares.0", "no_bound"),
    ("limits.category_shares", [{"id": "h", "categories": ["hardware"], "at_least": 2, "at_most": 1}], "limits.category_shares.0", "bounds"),
    ("limits.skills", [{"id": "k", "skill": "x", "amounts": [1, 1, 1]}], "limits.skills.0.skill", "not_known"),
    ("limits.running", [{"id": "r", "unit": "x", "at_most": [1, 1]}], "limits.running.0.unit", "not_known"),
    ("limits.running", [{"id": "r", "at_most": [1, 1]}], "limits.running.0.at_most", "per_period"),
    ("limits.fairness", [{"id": "f", "whom": "x", "at_least": 1}], "limits.fairness.0.whom", "not_known"),
    ("limits.goal_shares", [{"id": "f", "goal": "x", "at_least": 1}], "limits.goal_shares.0.goal", "not_known"),
    ("limits.goal_scores", [{"id": "f", "goal": "x", "at_least": 1}], "limits.goal_scores.0.goal", "not_known"),
    ("published", {"choices": [{"initiative": "x", "start": 0}]}, "published.choices.0.initiative", "not_known"),
    ("published", {"choices": [{"initiative": "a", "start": 0}] * 2}, "published.choices.1.initiative", "twice"),
    ("horizon.first_part", 2, "horizon.first_part", "range"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "field", "code"), CASES, ids=lambda value: str(value)[:40])
def test_what_is_wrong_is_said_with_its_field(path: str, value: Any, field: str, code: str) -> None:
    with pytest.raises(ProblemError) as raised:
        parse(changed(path, value))
    assert (field, code) in [(fault.field, fault.code) for fault in raised.value.faults]
    assert field in str(raised.value)


def test_every_fault_is_said_in_persian_too() -> None:
    assert parse(GOOD)
    persian = gettext.translation("django", LOCALES, ["fa"]).gettext
    tested = {code for *_rest, code in CASES} | {"file_missing", "json", "key_twice", "value"}
    elsewhere = {"in_order"}  # of reference classes, in test_uncertainty
    assert set(FAULTS) == tested | elsewhere
    for template in FAULTS.values():
        assert persian(template) != template
        assert persian(template).count("%(") == template.count("%(")


def test_all_faults_are_said_at_once() -> None:
    data = changed("initiatives.0.unit", "x")
    data["limits"]["budgets"][0]["amounts"] = [1]
    with pytest.raises(ProblemError) as raised:
        parse(data)
    assert len(raised.value.faults) == 2


def test_files_that_are_no_problem(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="no such file"):
        load(tmp_path / "none.json")
    path = tmp_path / "broken.json"
    path.write_text('{"horizon": ', "utf-8")
    with pytest.raises(ProblemError, match="no JSON"):
        load(path)
    path.write_text(
        '{"horizon": {"count": 2}, "horizon": {"count": 3}, "objective": {"targets": [{"kind": "cost"}]}}',
        "utf-8",
    )
    with pytest.raises(ProblemError, match="“horizon” stands twice"):
        load(path)
    # An editor's mark at the beginning is no fault.
    path.write_text('{"horizon": {"count": 2}, "objective": {"targets": [{"kind": "cost"}]}}', "utf-8-sig")
    assert load(path).horizon.count == 2
    with pytest.raises(ProblemError, match=r"choices.0.start"):
        parse_plan({"choices": [{"initiative": "a"}]})


SCHEMA = jsonschema.Draft202012Validator(json_schema())


@tried(15)
@given(problem=problems())
def test_a_problem_goes_through_json_unchanged_and_fits_the_schema(problem: Problem) -> None:
    for data in (dump(problem), problem.model_dump(mode="json")):
        again = json.loads(json.dumps(data))
        assert parse(again) == problem
        SCHEMA.validate(again)


def test_a_written_problem_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    write(parse(GOOD), path)
    assert load(path) == parse(GOOD)
    assert json.loads(path.read_text("utf-8")) == GOOD


def test_the_schema_for_editors_is_the_one_of_today() -> None:
    committed = Path(package.__file__).with_name("problem.schema.json").read_text("utf-8")
    again = "rasad schema roadmap > src/rasad/roadmap/problem/problem.schema.json"
    assert json.loads(committed) == json_schema(), again
    with pytest.raises(jsonschema.ValidationError):
        SCHEMA.validate(changed("horizon.count", 2.5))


@pytest.mark.parametrize(
    ("kind", "part", "period", "code", "fa"),
    [
        ("year", 1, 1, "1406", "۱۴۰۶"),
        ("half", 2, 1, "1406-H1", "نیمهٔ نخست ۱۴۰۶"),
        ("quarter", 3, -3, "1404-Q4", "سه‌ماههٔ چهارم ۱۴۰۴"),
        ("month", 11, 2, "1406-01", "فروردین ۱۴۰۶"),
        ("step", 1, 0, "1", "دورهٔ ۱"),
    ],
)
def test_periods_have_names(kind: str, part: int, period: int, code: str, fa: str) -> None:
    horizon = parse(
        changed("horizon", {"kind": kind, "first_year": 1405, "first_part": part, "count": 3})
    ).horizon
    assert (horizon.code(period), horizon.name(period).fa) == (code, fa)
