"""What really happened flows back into the next plan: real starts and ends, money from the ledger, what is left; to the rial."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from rasad.actions import (
    allocation_rules,
    roadmap_chain,
    roadmap_projects,
    roadmap_release,
    roadmap_replan,
    roadmaps,
    units,
)
from rasad.actions import projects as project_actions
from rasad.actions.batches import import_file
from rasad.ledger.engines.duck import duck
from rasad.ledger.mapping import load_mapping
from rasad.persian.calendar import to_gregorian
from rasad.records.models import Account, AuditEvent, Project, Scenario, ScenarioProject
from rasad.roadmap.problem import Plan, parse, parse_plan
from rasad.roadmap.solve.solving import solve
from rasad.roadmap.verify import verify

pytestmark = pytest.mark.django_db

CITY = """[city]
id = "town"
name_fa = "شهر"
name_en = "Town"
calendar = "jalali"
currency = "IRR"
languages = ["fa"]
"""
MAPPING = """id = "town.payments"
fiscal_year = { from = "date" }
[columns]
title = { names = ["title"] }
contract_no = { names = ["contract"] }
unit_code = { names = ["unit"] }
date = { names = ["date"] }
[[amounts]]
stage = "paid"
names = ["amount"]
[numbers]
scale = "rial"
currency = "IRR"
[dates]
calendar = "jalali"
[constants]
flow = "expense"
"""
PAYMENTS = """title,contract,unit,date,amount
خرید سرور,fibre,1,1403/02/10,140
پرداخت بابت صورت وضعیت,fibre,1,1403/11/01,20
برگشت وجه خرید سرور,fibre,1,1403/11/20,-10
توسعه نرم‌افزار اتوماسیون,desk,1,1402/05/01,40
توسعه نرم‌افزار اتوماسیون,desk,1,1403/05/01,25
توسعه نرم‌افزار اتوماسیون,desk,1,1404/02/01,3
خرید سرور,screens,1,1402/07/01,9
خرید سرور,,1,1403/07/01,1000
"""
NOW = to_gregorian(1404, 6, 1)


def initiative(id_: str, costs: dict[str, list[int]], **more: Any) -> dict[str, Any]:
    mode = {"duration": max(map(len, costs.values())), "costs": costs, "effects": {"g": {"per_period": [10]}}}
    mode |= {name: more.pop(name) for name in ("run_costs", "skills") if name in more}
    return {"id": id_, "title_en": id_, "unit": "1", "modes": [mode], **more}


PROBLEM: dict[str, Any] = {
    "horizon": {"kind": "year", "first_year": 1402, "count": 5},
    "goals": [{"id": "g"}],
    "skills": [{"id": "dev"}],
    "units": [{"id": "1"}],
    "initiatives": [
        initiative("fibre", {"hardware": [100, 100]}, skills={"dev": [1, 2]}),
        initiative("desk", {"software": [60]}, run_costs={"software": 5}),
        initiative("screens", {"hardware": [30]}),
        initiative("app", {"software": [50]}, deadline=1, requires=[{"initiative": "desk"}]),
        initiative("tax", {"software": [45]}),
    ],
    "limits": {
        "budgets": [{"id": "all", "amounts": [220, 200, 200, 150, 150], "carry_share": 1000}],
        "category_shares": [{"id": "cap", "categories": ["hardware"], "at_most": 9000}],
        "skills": [{"id": "dev", "skill": "dev", "amounts": [1, 2, 2, 2, 2]}],
        "running": [{"id": "focus", "at_most": [5]}],
    },
    "objective": {"targets": [{"kind": "goal", "goal": "g"}]},
}
PLAN = {"choices": [{"initiative": one, "start": at} for one, at in (("fibre", 0), ("desk", 0), ("screens", 0), ("app", 1))]}  # fmt: skip


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def adopted(account: Account) -> Scenario:
    units.add_unit(code="1", name="فناوری", by=account)
    scenario = roadmaps.draft(code="a", title="نخست", problem=PROBLEM, by=account)
    found = solve(parse(scenario.problem), seconds=10, start=parse_plan(PLAN))
    assert verify(parse(scenario.problem), parse_plan(PLAN)).keeps
    kept = roadmaps.keep_plan(
        scenario=scenario,
        problem=parse(scenario.problem),
        plan=parse_plan(PLAN),
        result={"status": found.status.value, "objective": None, "bound": None, "gap": None},
        by=account,
    )
    return roadmaps.adopt(
        scenario=scenario, seen=scenario.version, plan=kept.number, on=date(2023, 2, 1), reference="1", by=account
    )  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / "sources").mkdir(parents=True)
    (home / "city.toml").write_text(CITY, "utf-8")
    (home / "sources" / "payments.toml").write_text(MAPPING, "utf-8")
    (tmp_path / "payments.csv").write_text(PAYMENTS, "utf-8")
    import_file(
        home=home,
        mapping=load_mapping(home / "sources" / "payments.toml"),
        path=tmp_path / "payments.csv",
        add=True,
    )
    return home


@pytest.fixture
def happened(adopted: Scenario, home: Path, account: Account) -> Scenario:
    """Three projects: late and dearer, done a year late, given up; their payments by a rule each."""
    made: dict[str, Project] = {}
    for id_ in ("fibre", "desk", "screens", "app"):
        made[id_] = roadmap_projects.become_project(
            scenario=adopted, initiative=id_, code=f"p-{id_}", by=account
        )
        rule = allocation_rules.draft(
            code=id_, title=id_, conditions={"contracts": [id_]}, by=account,
            parts=[{"project": f"p-{id_}", "share_bp": 10_000}],
        )  # fmt: skip
        allocation_rules.put_in_force(rule=rule, seen=rule.version, by=account)
    for id_ in ("fibre", "desk", "screens"):
        made[id_] = project_actions.start(project=made[id_], seen=made[id_].version, by=account)
    fibre = made["fibre"]
    project_actions.rebaseline(
        project=fibre, seen=1, start=to_gregorian(1403, 1, 1), end=to_gregorian(1405, 10, 1), budget=250,
        reason="بها", by=account,
    )  # fmt: skip
    project_actions.report_progress(
        project=fibre, as_of=to_gregorian(1404, 3, 1), physical_bp=3000, by=account
    )
    desk = project_actions.change_project(
        project=made["desk"], seen=made["desk"].version, started_on=to_gregorian(1402, 4, 1), by=account
    )
    project_actions.finish(project=desk, seen=desk.version, on=to_gregorian(1403, 9, 1), by=account)
    project_actions.cancel(
        project=made["screens"],
        seen=made["screens"].version,
        on=to_gregorian(1402, 9, 1),
        by=account,
        why="no use",
    )
    return adopted


def test_a_new_plan_begins_from_what_really_happened(
    happened: Scenario, home: Path, account: Account
) -> None:
    again = roadmap_replan.replan(
        home=home, scenario=happened, code="b", title="بازنگری", as_of=NOW, by=account, why="a year on"
    )
    made = {one["id"]: one for one in again.problem["initiatives"]}
    facts = {one["id"]: one for one in (again.facts or {})["initiatives"]}
    # Begun with its first payment in 1403, to be done in 1405 by its new baseline. 250 are promised, 150 were paid, 30 % stands: 175 are left.
    fibre, fact = made["fibre"], facts["fibre"]
    assert fibre["frozen"] == {"start": 1}
    [mode] = fibre["modes"]
    assert mode["duration"] == 3
    assert mode["costs"] == {"hardware": [150, 88, 87]}
    assert mode["skills"] == {"dev": [1, 2, 2]}
    told = ("start", "start_was", "start_from", "end", "end_from", "paid", "planned", "promised", "left", "left_from", "other_classes")  # fmt: skip
    assert {name: fact[name] for name in told} == {
        "start": 1, "start_was": 0, "start_from": "payment", "end": 3, "end_from": "baseline", "paid": 150, "planned": 200,
        "promised": 250, "left": 175, "left_from": "progress", "other_classes": 20,
    }  # fmt: skip
    # Done in 1403: paid as it was, running costs from now on, benefits from 1404.
    desk = made["desk"]
    assert desk["frozen"] == {"start": 0}
    assert desk["modes"][0]["duration"] == 2
    assert desk["modes"][0]["costs"] == {"software": [40, 25, 5, 5, 5]}
    assert (facts["desk"]["state"], facts["desk"]["start_from"], facts["desk"]["end_from"]) == ("done", "project", "project")  # fmt: skip
    # Given up: left out by a lock, though it may be chosen again by taking the lock away.
    assert facts["screens"]["state"] == "stopped"
    assert [(one["initiative"], one["choice"]) for one in again.problem["locks"]] == [("screens", "out")]
    # Its project has not begun: it begins now at the earliest, and its deadline has passed.
    assert "frozen" not in made["app"]
    assert made["app"]["earliest_start"] == 2
    assert "deadline" not in made["app"]
    assert (again.facts or {})["late"] == ["app"]
    # Past budgets are what was spent; of what 1403 left a tenth of its own amount is carried on.
    [budget] = again.problem["limits"]["budgets"]
    assert budget["amounts"] == [40, 175, 220, 150, 150]
    assert (again.facts or {})["carried"] == [{"id": "all", "period": 2, "amount": 20}]
    assert again.problem["limits"]["category_shares"][0]["since"] == 2
    assert (again.based_on, again.state) == (happened, "draft")
    assert AuditEvent.objects.filter(action="scenario.draft", why="a year on").count() == 1


def test_what_was_planned_anew_is_solved_and_goes_on_as_the_same_projects(
    happened: Scenario, home: Path, account: Account
) -> None:
    again = roadmap_replan.replan(
        home=home, scenario=happened, code="b", title="بازنگری", as_of=NOW, by=account
    )
    problem = parse(again.problem)
    found = solve(problem, seconds=10)
    assert found.plan is not None
    chosen = {one.initiative: one.start for one in found.plan.choices}
    assert (chosen["fibre"], chosen["desk"]) == (1, 0)
    assert "screens" not in chosen
    assert min(chosen["app"], chosen["tax"]) >= 2
    # What the ledger says was spent in the years that are over is what the plan says, to the rial.
    figures = verify(problem, found.plan).figures
    spent = [sum(figures.spending(one.id)[period] for one in problem.categories) for period in (0, 1)]
    assert spent == [40, 175]
    # The hardware cap of 90 % was broken in 1403 and holds from now on.
    kept = roadmaps.keep_plan(
        scenario=again, problem=problem, plan=found.plan, by=account,
        result={"status": "optimal", "objective": found.objective, "bound": found.bound, "gap": 0.0},
    )  # fmt: skip
    second = roadmaps.adopt(
        scenario=again, seen=again.version, plan=kept.number, on=NOW, reference="2", by=account
    )
    links = ScenarioProject.objects.filter(scenario=second).values_list("initiative", "project__code")
    assert dict(links)["fibre"] == "p-fibre"
    assert len(links) == 4
    _leaves_as_open_tables(second, home, chosen)
    with pytest.raises(ValidationError, match="All periods of this roadmap are over"):
        roadmap_replan.replan(
            home=home, scenario=second, code="c", title="ج", as_of=to_gregorian(1407, 1, 1), by=account
        )


def _leaves_as_open_tables(second: Scenario, home: Path, chosen: dict[str, int]) -> None:
    """What became of each, against the decision that first promised it; what the second decision changed; what was paid."""
    out = home / "out"
    out.mkdir()
    paths = roadmap_release.stage(out, home=home)
    found = {
        name: {row.get("code"): row for row in rows(paths[name])}
        for name in ("roadmap_actual", "roadmap_change")
    }
    fibre, desk = found["roadmap_actual"]["fibre"], found["roadmap_actual"]["desk"]
    began, due = to_gregorian(1403, 2, 10), to_gregorian(1402, 12, 29)
    assert (fibre["real_start"], fibre["planned_start_by"], fibre["start_late"]) == (
        began,
        due,
        (began - due).days,
    )
    assert fibre["end_late"] == (to_gregorian(1405, 10, 1) - to_gregorian(1403, 12, 30)).days
    assert (fibre["planned_cost"], fibre["paid"], fibre["remaining"], fibre["over"]) == (200, 150, 175, 125)
    assert (desk["state"], desk["real_end"], desk["paid"], desk["over"]) == (
        "done",
        to_gregorian(1403, 9, 1),
        68,
        8,
    )
    assert found["roadmap_actual"]["screens"]["state"] == "stopped"
    # It has not begun: late by the days since it was to have begun, up to the newest day that is known.
    app = found["roadmap_actual"]["app"]
    assert (app["state"], app["as_of"], app["start_late"]) == (
        "waiting",
        NOW,
        (NOW - to_gregorian(1403, 12, 30)).days,
    )
    changed = found["roadmap_change"]
    assert (changed["fibre"]["change"], changed["fibre"]["moved"]) == ("changed", 1)
    assert (changed["app"]["moved"], changed["tax"]["change"]) == (chosen["app"] - 1, "added")
    assert changed["screens"]["change"] == "dropped"
    # Promised for 1402 and 1403, worked on from 1403 to 1405: begun a year later, done two years later.
    moved = ("planned_from", "planned_to", "current_from", "current_to", "start_moved", "end_moved")
    assert [fibre[name] for name in moved] == [0, 1, 1, 3, 1, 2]
    sides = ("from_before", "to_before", "from_after", "to_after", "end_moved")
    assert [changed["fibre"][name] for name in sides] == [0, 1, 1, 3, 2]
    decided = rows(paths["roadmap_version"])
    assert [(row["number"], row["code"], row["reference"]) for row in decided] == [
        (1, "a", "1"),
        (2, "b", "2"),
    ]
    assert sum(row["amount"] for row in rows(paths["roadmap_paid"])) == 150 + 68 + 9


def rows(path: Path) -> list[dict[str, Any]]:
    with duck() as engine:
        engine.table("t", path)
        read = engine.connection.sql("select * from t")
        return [dict(zip(read.columns, row, strict=True)) for row in read.fetchall()]


def test_before_anything_happened_all_is_as_it_was(adopted: Scenario, home: Path, account: Account) -> None:
    again = roadmap_replan.replan(
        home=home, scenario=adopted, code="b", title="ب", as_of=to_gregorian(1401, 12, 1), by=account
    )
    assert {**again.problem, "published": None} == {**adopted.problem, "published": None}
    assert parse_plan(again.problem["published"]) == Plan.model_validate(PLAN)


QUARTERS: dict[str, Any] = {
    "horizon": {"kind": "quarter", "first_year": 1403, "first_part": 3, "count": 6},
    "goals": [{"id": "g"}],
    "units": [{"id": "1"}],
    "initiatives": [
        initiative("fibre", {"hardware": [50, 50, 50]}),
        initiative("desk", {"software": [60]}),
        initiative("tax", {"software": [45]}),
    ],
    "objective": {"targets": [{"kind": "goal", "goal": "g"}]},
}


def decide(
    scenario: Scenario, starts: dict[str, int], on: date, modes: dict[str, str] | None = None
) -> Scenario:
    problem = parse(scenario.problem)
    ways = {id_: {"mode": mode} for id_, mode in (modes or {}).items()}
    choices = [{"initiative": one, "start": at, **ways.get(one, {})} for one, at in starts.items()]
    plan = parse_plan({"choices": choices})
    kept = roadmaps.keep_plan(
        scenario=scenario, problem=problem, plan=plan, by=None,
        result={"status": "optimal", "objective": None, "bound": None, "gap": None},
    )  # fmt: skip
    return roadmaps.adopt(
        scenario=scenario, seen=scenario.version, plan=kept.number, on=on, reference="1", by=None
    )


def test_a_roadmap_of_quarters_is_late_by_the_days_of_the_decision_that_first_promised(
    happened: Scenario, home: Path
) -> None:
    """Years were decided first, then quarters: what the years promised still counts, and moves are told in quarters."""
    again = roadmaps.draft(code="q", title="فصلی", problem=QUARTERS, based_on=happened, by=None)
    # The years gave 1402 for both, so that 1403 Q3 is three quarters after; what is new is promised for 1404 Q1.
    again = decide(again, {"fibre": 0, "desk": 1, "tax": 2}, to_gregorian(1403, 6, 1))
    chain = roadmap_chain.chain_of(again, home=home)
    assert [one.scenario.code for one in chain.versions] == ["a", "q"]
    moves = {row["code"]: (row["change"], row.get("moved")) for row in roadmap_chain.changes(chain)}
    assert moves["fibre"] == ("changed", 3)
    assert moves["desk"] == ("changed", 4)
    assert moves["tax"] == ("added", None)
    times = list(roadmap_chain.times(chain))
    # From the first quarter of 1402 to the last of 1406, as quarters of the decision in force: ten before it.
    assert (times[0]["period"], times[0]["first_day"]) == (-6, to_gregorian(1402, 1, 1))
    assert times[-1]["last_day"] == to_gregorian(1406, 12, 29)
    assert len(times) == 20
    rows = {row["code"]: row for row in roadmap_chain.became(chain)}
    assert (rows["fibre"]["planned_in"], rows["fibre"]["planned_start_by"]) == (1, to_gregorian(1402, 12, 29))
    assert (rows["tax"]["planned_in"], rows["tax"]["planned_start_by"]) == (2, to_gregorian(1404, 3, 31))
    assert rows["tax"]["planned_end"] == to_gregorian(1404, 3, 31)
    # Nothing of it is seen after 1404-03-01, so it is not late yet; the fibre's first payment came 42 days after its year.
    assert "start_late" not in rows["tax"]
    assert rows["fibre"]["start_late"] == (to_gregorian(1403, 2, 10) - to_gregorian(1402, 12, 29)).days


def test_a_roadmap_of_steps_slips_by_the_steps_of_the_plan_in_force(
    adopted: Scenario, home: Path, account: Account
) -> None:
    """Steps have no days: nothing is late by days, and what a later decision moved is told in steps; years before it are a chain of their own."""
    steps = {**deepcopy(QUARTERS), "horizon": {"kind": "step", "count": 6}}
    ways = {"id": "wide", "duration": 1, "costs": {"software": [60]}, "effects": {"g": {"once": 1}}}
    steps["initiatives"][1]["modes"].append(ways)
    first = roadmaps.draft(code="s1", title="گام", problem=steps, based_on=adopted, by=None)
    first = decide(first, {"fibre": 0, "desk": 1}, to_gregorian(1403, 6, 1))
    again = roadmap_replan.replan(
        home=home, scenario=first, code="s2", title="گام دوم", as_of=NOW, by=account
    )
    plan = {"fibre": 2, "tax": 0, "desk": 1}
    again = decide(again, plan, to_gregorian(1404, 6, 1), modes={"desk": "wide"})
    out = home / "steps"
    out.mkdir()
    paths = roadmap_release.stage(out, home=home)
    assert [row["code"] for row in rows(paths["roadmap_version"])] == ["s1", "s2"]
    times = rows(paths["roadmap_time"])
    assert [(row["period"], row["title"], row["first_day"]) for row in times][:2] == [(0, "دورهٔ ۱", None), (1, "دورهٔ ۲", None)]  # fmt: skip
    assert len(times) == 6
    became = {row["code"]: row for row in rows(paths["roadmap_actual"])}
    told = ("planned_in", "planned_from", "planned_to", "current_from", "current_to", "start_moved", "end_moved", "planned_start", "start_late")  # fmt: skip
    assert [became["fibre"][name] for name in told] == [1, 0, 2, 2, 4, 2, 2, None, None]
    assert [became["tax"][name] for name in told[:3]] == [2, 0, 0]
    changed = {row["code"]: row for row in rows(paths["roadmap_change"])}
    assert (changed["fibre"]["moved"], changed["tax"]["change"]) == (2, "added")
    # At the same time and the same cost, but another way.
    assert (changed["desk"]["moved"], changed["desk"]["mode_after"], changed["desk"]["mode_before"]) == (0, "wide", "base")  # fmt: skip
