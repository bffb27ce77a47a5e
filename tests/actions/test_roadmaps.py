"""The roadmap's scenarios: drafted, locked, solved in the background, adopted, published, turned into projects and planned anew."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from rasad.actions import (
    goals,
    jobs,
    roadmap_alternatives,
    roadmap_initiatives,
    roadmap_projects,
    roadmap_release,
    roadmap_replan,
    roadmap_solving,
    roadmaps,
    units,
)
from rasad.actions import projects as project_actions
from rasad.actions.cities import packs
from rasad.actions.kinds import KINDS
from rasad.actions.roadmap_files import take_in
from rasad.actions.roadmap_reasons import explanation_of, other_ways
from rasad.ledger.engines.duck import duck
from rasad.records.changes import StaleError
from rasad.records.models import (
    Account,
    AuditEvent,
    Baseline,
    Job,
    Project,
    ProjectGoal,
    Scenario,
    ScenarioPlan,
    ScenarioProject,
)
from rasad.records.roadmap_tables import ROADMAP_TABLES
from rasad.records.tables import KEPT_INSIDE
from rasad.roadmap.problem import parse
from rasad.roadmap.verify import verify
from rasad.sample.register.roadmap import plan, problem, write_roadmap
from rasad.sample.register.roadmap_before import write_first_roadmap

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def starter() -> dict[str, Any]:
    text = resources.files("rasad.roadmap.problem").joinpath("starter.json").read_text("utf-8")
    return dict(json.loads(text))


@pytest.fixture
def scenario(account: Account, starter: dict[str, Any]) -> Scenario:
    return roadmaps.draft(code="a", title="نخست", problem=starter, by=account)


def solved(scenario: Scenario, by: Account) -> ScenarioPlan:
    told = roadmap_solving.solve_scenario(
        key=scenario.pk, seconds=20, by=by, progress=lambda what, done, total: None
    )
    return ScenarioPlan.objects.get(scenario=scenario, number=told["plan"])


def adopted(scenario: Scenario, by: Account, **values: Any) -> Scenario:
    found = solved(scenario, by)
    values = {"on": date(2025, 2, 9), "reference": "Council, 403/9", **values}
    return roadmaps.adopt(scenario=scenario, seen=scenario.version, plan=found.number, by=by, **values)


@pytest.fixture
def nemuneh(account: Account, tmp_path: Path) -> Scenario:
    """The sample city's adopted roadmap, with its units, a goal and the projects that it names."""
    for unit in problem()["units"]:
        units.add_unit(code=unit["id"], name=unit["title_fa"], by=account)
    goals.add_goal(code="g11", title="پروانه", weight_bp=10_000, by=account)
    for code, status in (("p06", "running"), ("p21", "running"), ("p30", "proposed")):
        project_actions.open_project(code=code, title=code, unit="309", status=status, by=account)
    return take_in(path=write_roadmap(tmp_path), by=account, why="decided")


def test_a_problem_that_is_wrong_is_refused_with_every_field(
    account: Account, starter: dict[str, Any]
) -> None:
    starter["initiatives"][0]["unit"] = "nobody"
    starter["horizon"]["count"] = "five"
    with pytest.raises(ValidationError) as refused:
        roadmaps.draft(code="a", title="x", problem=starter, by=account)
    assert any("horizon.count" in said for said in refused.value.messages)
    assert not Scenario.objects.exists()


def test_locks_give_way_and_change_the_plan(scenario: Scenario, account: Account) -> None:
    free = solved(scenario, account)
    chosen = {one["initiative"] for one in free.choices["choices"]}
    assert "screens" not in chosen
    locked = roadmaps.lock(
        scenario=scenario, seen=scenario.version, initiative="screens", choice="in", by=account
    )
    assert roadmaps.current_plan(locked) is None
    with pytest.raises(StaleError):
        roadmaps.lock(scenario=scenario, seen=scenario.version, initiative="centre", choice="out", by=account)
    held = solved(locked, account)
    assert "screens" in {one["initiative"] for one in held.choices["choices"]}
    roadmap_solving.price_locks(key=locked.pk, seconds=20, by=account, progress=lambda *told: None)
    held.refresh_from_db()
    cost = held.lock_costs["lock-screens"]
    assert cost["least"] == cost["most"] == free.result["objective"] - held.result["objective"] > 0
    again = roadmaps.lock(
        scenario=locked, seen=locked.version, initiative="screens", choice="out", by=account
    )
    assert [one["choice"] for one in again.problem["locks"]] == ["out"]
    bare = roadmaps.unlock(scenario=again, seen=again.version, initiative="screens", by=account)
    # The problem is as it was, so the first plan is for it again.
    assert roadmaps.current_plan(bare) == free


def test_a_lock_is_priced_in_the_first_target_that_is_better_without_it(
    account: Account, starter: dict[str, Any]
) -> None:
    # As little money as can be, then as much for the goals: what is put in by hand costs what it spends.
    starter["objective"] = {
        "method": "lexicographic",
        "targets": [{"kind": "cost"}, *starter["objective"]["targets"][:1]],
    }
    drafted = roadmaps.draft(code="frugal", title="x", problem=starter, by=account)
    free = solved(drafted, account)
    assert "screens" not in {one["initiative"] for one in free.choices["choices"]}
    locked = roadmaps.lock(
        scenario=drafted, seen=drafted.version, initiative="screens", choice="in", by=account
    )
    held = solved(locked, account)
    roadmap_solving.price_locks(key=locked.pk, seconds=20, by=account, progress=lambda *told: None)
    held.refresh_from_db()
    cost = held.lock_costs["lock-screens"]
    dearer = held.result["stages"][0]["objective"] - free.result["stages"][0]["objective"]
    assert cost["aim"]["kind"] == "cost"
    assert cost["least"] == cost["most"] == dearer > 0


def test_solving_tells_how_far_it_is_and_cancelling_keeps_the_best(
    scenario: Scenario, account: Account
) -> None:
    said: list[str] = []

    def cancel(what: str, done: int, total: int) -> None:
        said.append(what)
        raise jobs.Cancelled

    with pytest.raises(jobs.Cancelled):
        roadmap_solving.solve_scenario(key=scenario.pk, seconds=60, by=account, progress=cancel)
    assert said
    for kept in ScenarioPlan.objects.all():
        assert kept.result["status"] in ("cancelled", "optimal")


def test_a_job_solves_and_says_why_there_is_no_plan(
    scenario: Scenario, account: Account, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HOME = tmp_path
    # Signs of life come from a thread of their own, which does not see what a test has not committed.
    monkeypatch.setattr(jobs, "BEAT", 600.0)
    assert {"roadmap.solve", "roadmap.locks"} <= set(KINDS)
    jobs.enqueue(kind="roadmap.solve", params={"scenario": scenario.pk, "seconds": 10}, by=account)
    job = jobs.take()
    assert job is not None
    done = jobs.perform(job, stop=threading.Event())
    assert (done.state, done.result["status"]) == ("done", "optimal")
    data = dict(scenario.problem)
    data["limits"] = {**data["limits"], "goal_scores": [{"id": "much", "goal": "trips", "at_least": 10**9}]}
    impossible = roadmaps.change_scenario(scenario=scenario, seen=scenario.version, problem=data, by=account)
    jobs.enqueue(kind="roadmap.solve", params={"scenario": impossible.pk, "seconds": 9}, by=account)
    job = jobs.take()
    assert job is not None
    failed = jobs.perform(job)
    assert failed.state == "failed"
    with translation.override(account.language):
        assert failed.error.startswith(translation.gettext("no plan keeps all limits, proven"))
    assert Job.objects.count() == 2


def test_adoption_names_its_decision_and_replaces_the_one_before(
    scenario: Scenario, account: Account, starter: dict[str, Any]
) -> None:
    found = solved(scenario, account)
    with pytest.raises(ValidationError, match="name the resolution"):
        roadmaps.adopt(scenario=scenario, seen=1, plan=found.number, on=date(2025, 2, 9), by=account)
    changed = roadmaps.lock(scenario=scenario, seen=1, initiative="centre", choice="out", by=account)
    with pytest.raises(ValidationError, match="changed after this plan"):
        roadmaps.adopt(scenario=changed, seen=2, plan=1, on=date(2025, 2, 9), reference="x", by=account)
    first = adopted(changed, account)
    assert (first.state, roadmaps.adopted()) == ("adopted", first)
    with pytest.raises(ValidationError, match="stays as it was"):
        roadmaps.change_scenario(scenario=first, seen=first.version, problem=starter, by=account)
    second = adopted(roadmaps.draft(code="b", title="دوم", problem=starter, by=account), account)
    first.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "adopted")
    opinion = roadmaps.give_opinion(scenario=second, verdict="conditions", text="با تأمین نیرو", by=account)
    assert (opinion.number, opinion.signed_name) == (1, account.name)
    with pytest.raises(ValidationError, match="gives its reasons"):
        roadmaps.give_opinion(scenario=second, verdict="favour", text=" ", by=account)
    verbs = {event.action for event in AuditEvent.objects.all()}
    assert {"scenario.draft", "scenario.keep_plan", "scenario.adopt", "scenario.give_opinion"} <= verbs


def test_a_plan_that_breaks_a_limit_is_not_kept(scenario: Scenario, account: Account) -> None:
    meant = parse(scenario.problem)
    everything = roadmaps.parse_plan(
        {
            "choices": [
                {"initiative": one.id, "mode": one.modes[0].id, "start": 0} for one in meant.initiatives
            ]
        }
    )
    with pytest.raises(ValidationError, match="does not keep every limit"):
        roadmaps.keep_plan(scenario=scenario, problem=meant, plan=everything, result={}, by=account)


def test_the_sample_citys_plans_are_the_best_ones() -> None:
    from rasad.roadmap.solve.solving import solve
    from rasad.sample.register import roadmap_before as before
    from rasad.sample.register.roadmap import RESULT

    for meant, told, chosen in (
        (problem(), RESULT, plan()),
        (before.problem(), before.result(), before.plan()),
    ):
        found = solve(parse(meant), seconds=60)
        assert (found.status.value, found.objective) == ("optimal", told["objective"])
        assert verify(parse(meant), roadmaps.parse_plan(chosen)).keeps


def test_the_sample_citys_second_roadmap_follows_its_first(account: Account, tmp_path: Path) -> None:
    for unit in problem()["units"]:
        units.add_unit(code=unit["id"], name=unit["title_fa"], by=account)
    for code in ("p06", "p08", "p16", "p17", "p20", "p21", "p24", "p30"):
        project_actions.open_project(code=code, title=code, unit="309", by=account)
    first = take_in(path=write_first_roadmap(tmp_path), by=account, why="decided")
    second = take_in(path=write_roadmap(tmp_path), by=account, why="decided")
    first.refresh_from_db()
    assert (second.based_on, first.state, second.state) == (first, "replaced", "adopted")
    kept = dict(ScenarioProject.objects.filter(scenario=second).values_list("initiative", "project__code"))
    assert kept == {"incidents": "p21", "culture": "p30", "exchange": "p06"}
    out = tmp_path / "out"
    out.mkdir()
    paths = roadmap_release.stage(out, home=tmp_path)
    assert [row["code"] for row in rows(paths["roadmap_version"])] == ["roadmap-1402", "roadmap-1404"]
    changed = {row["code"]: row for row in rows(paths["roadmap_change"])}
    assert (changed["permits"]["change"], changed["permits"]["moved"]) == ("changed", 3)
    assert changed["lights"]["change"] == "past"
    assert changed["ledger"]["change"] == "added"


def rows(path: Path) -> list[dict[str, Any]]:
    with duck() as engine:
        engine.table("t", path)
        read = engine.connection.sql("select * from t")
        return [dict(zip(read.columns, row, strict=True)) for row in read.fetchall()]


def test_the_adopted_roadmap_leaves_as_open_tables(nemuneh: Scenario, tmp_path: Path) -> None:
    found = {name: rows(path) for name, path in roadmap_release.stage(tmp_path, home=tmp_path).items()}
    [head] = found["roadmap"]
    assert (head["code"], head["status"], head["gap"], head["reference"]) == (
        "roadmap-1404",
        "optimal",
        0.0,
        "ش/403/118",
    )
    cost = head["cost"]
    assert cost == sum(row["amount"] for row in found["roadmap_spending"]) > 0
    for by in ("goal", "unit", "district"):
        assert sum(row["amount"] for row in found["roadmap_part"] if row["by"] == by) == cost
    inside = [row for row in found["roadmap_initiative"] if row["chosen"]]
    assert {row["code"] for row in inside} == {one["initiative"] for one in plan()["choices"]}
    assert sum(row["cost"] for row in inside) == cost
    # Every limit holds, and what is said of each initiative is said in both languages.
    assert all(row["used"] <= row["available"] for row in found["roadmap_limit"] if not row["least"])
    assert {row["kind"] for row in found["roadmap_limit"]} == {"budget", "share", "skill"}
    # The cap says what it is for and how much it allows, period by period.
    caps = [row for row in found["roadmap_limit"] if row["kind"] == "share"]
    spent: dict[int, int] = {}
    for row in found["roadmap_spending"]:
        spent[row["period"]] = spent.get(row["period"], 0) + row["amount"]
    assert {(row["categories"], row["share_bp"]) for row in caps} == {("hardware", 3500)}
    assert {row["period"]: row["available"] for row in caps} == {
        at: 35 * one // 100 for at, one in spent.items()
    }
    assert all(row["why"] != row["why_en"] for row in found["roadmap_initiative"])
    why = {row["code"]: row for row in found["roadmap_initiative"]}
    assert (why["identity"]["reason"], why["exchange"]["reason"]) == ("mandatory", "running")
    assert (why["fibre"]["reason"], why["fibre"]["start"]) == ("no_room", None)
    assert "the whole budget in" in why["fibre"]["why_en"]
    assert why["exchange"]["project"] == "p06"
    # What is expected of each goal, year by year, is its score.
    checked = roadmaps.checked(nemuneh, roadmaps.current_plan(nemuneh) or pytest.fail("no plan"))
    for goal, score in checked.verdict.scores.items():
        assert sum(row["expected"] for row in found["roadmap_benefit"] if row["goal"] == goal) == score
    # Drafts, opinions and locks are in no file.
    assert {"Scenario", "ScenarioPlan", "ScenarioOpinion", "ScenarioProject"} <= KEPT_INSIDE


def test_without_an_adopted_roadmap_the_tables_are_empty(scenario: Scenario, tmp_path: Path) -> None:
    assert {name: rows(path) for name, path in roadmap_release.stage(tmp_path, home=tmp_path).items()} == {
        table.name: [] for table in ROADMAP_TABLES
    }


def test_an_initiative_becomes_a_project_with_budget_days_and_goals(
    nemuneh: Scenario, account: Account
) -> None:
    with pytest.raises(ValidationError, match="counts in IRR and the city's projects in EUR"):
        roadmap_projects.become_project(
            scenario=nemuneh, initiative="permits", code="p40", currency="EUR", by=account
        )
    made = roadmap_projects.become_project(scenario=nemuneh, initiative="permits", code="p40", by=account)
    assert (made.status, made.unit.code) == ("approved", "205")
    first = Baseline.objects.get(project=made)
    # From the first day of 1406 to the last of it, in the city's calendar.
    assert (first.start, first.end) == (date(2027, 3, 21), date(2028, 3, 19))
    assert first.budget == 1_000_000_000 * (110 + 35 + 2 * 12)
    assert list(ProjectGoal.objects.filter(project=made).values_list("goal__code", "weight_bp")) == [
        ("g11", 10_000)
    ]
    with pytest.raises(ValidationError, match="project already"):
        roadmap_projects.become_project(scenario=nemuneh, initiative="permits", code="p41", by=account)
    with pytest.raises(ValidationError, match="does not hold"):
        roadmap_projects.become_project(scenario=nemuneh, initiative="twin", code="p42", by=account)
    assert not Project.objects.filter(code__in=("p41", "p42")).exists()


def test_planning_anew_keeps_what_has_started(nemuneh: Scenario, account: Account, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copyfile(packs()["sample"] / "city.toml", home / "city.toml")
    made = roadmap_projects.become_project(scenario=nemuneh, initiative="identity", code="p40", by=account)
    project_actions.start(project=made, seen=made.version, by=account)
    again = roadmap_replan.replan(home=home, scenario=nemuneh, code="next", title="بازنگری", by=account)
    frozen = {one["id"]: one["frozen"] for one in again.problem["initiatives"] if "frozen" in one}
    # Its project runs; the one of "culture" is only proposed.
    assert frozen["identity"] == {"start": 0}
    assert set(frozen) == {"exchange", "incidents", "identity"}
    assert again.based_on == nemuneh
    assert again.problem["published"]["choices"]
    assert ScenarioProject.objects.filter(scenario=nemuneh).count() == 4
    found = solved(again, account)
    kept = {one["initiative"]: one["start"] for one in found.choices["choices"]}
    assert kept["identity"] == 0


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_initiatives_come_in_as_they_went_out(
    scenario: Scenario, account: Account, tmp_path: Path, format: Any
) -> None:
    for data in (scenario.problem, problem()):
        data["initiatives"][1]["reference_class"] = "infrastructure"
        meant = parse(data)
        path = tmp_path / f"initiatives.{format}"
        path.write_bytes(b"".join(roadmap_initiatives.export(problem=meant, format=format, rtl=True)))
        back = parse({**data, "initiatives": roadmap_initiatives.initiatives_in(path, meant)})
        assert back.initiatives == meant.initiatives
    # The file of the sample city's is another scenario's: its columns are named.
    with pytest.raises(ValidationError, match="has no column “skill:data”"):
        roadmap_initiatives.take_in(scenario=scenario, seen=1, path=path, by=account)


def test_what_the_other_way_would_cost_is_kept_and_published(
    nemuneh: Scenario, account: Account, tmp_path: Path
) -> None:
    roadmap_solving.explain_scenario(key=nemuneh.pk, seconds=30, by=account, progress=lambda *told: None)
    record = roadmaps.current_plan(nemuneh)
    assert record is not None
    found = explanation_of(record)
    assert found is not None
    assert found.objective == record.result["objective"]
    told = other_ways(found, {one["initiative"] for one in record.choices["choices"]})
    said = {key: words.said() for key, words in told.items()}
    assert said["identity"] == "No plan that keeps the limits has it the other way."
    assert any(text.startswith("Left out, the plan would lose") for text in said.values())
    lines = {
        row["code"]: row["why_en"]
        for row in rows(roadmap_release.stage(tmp_path, home=tmp_path)["roadmap_initiative"])
    }
    assert all(lines[key].endswith(text) for key, text in said.items())


def test_a_scenario_without_a_plan_says_what_contradicts(account: Account, starter: dict[str, Any]) -> None:
    starter["limits"]["budgets"][0]["amounts"] = [1] * 5
    poor = roadmaps.draft(code="p", title="x", problem=starter, by=account)
    with pytest.raises(ValidationError) as refused:
        solved(poor, account)
    said = refused.value.messages
    assert said[0] == "no plan keeps all limits, proven"
    assert any(line.startswith("No plan keeps these together:") for line in said)
    assert any(line.startswith("• ") and "the whole budget" in line for line in said)
    # What would do comes last, each repair a line of its own.
    assert said[said.index("Any one of these would do:") + 1].startswith("• ")


def test_cells_that_cannot_be_read_are_named(scenario: Scenario, account: Account, tmp_path: Path) -> None:
    path = tmp_path / "wishes.csv"
    path.write_text(
        "initiative,duration,cost:hardware,mandatory,requires\nfibre,۲,۶۰٬۰۰۰;x,شاید,\nkiosk,,,yes,fibre+1 start\n",
        "utf-8",
    )
    with pytest.raises(ValidationError) as refused:
        roadmap_initiatives.take_in(scenario=scenario, seen=1, path=path, by=account)
    said = refused.value.messages
    assert len(said) == 3
    assert "row 2, “mandatory”: found “شاید”" in said[0]
    assert "row 2, “cost:hardware”: found “x”" in said[1]
    assert "row 3, “duration”" in said[2]
    scenario.refresh_from_db()
    assert scenario.version == 1


def test_plans_to_weigh_are_kept_checked_and_published(
    nemuneh: Scenario, account: Account, tmp_path: Path
) -> None:
    record = roadmaps.current_plan(nemuneh) or pytest.fail("no plan")
    weighed = roadmap_alternatives.alternatives_of(record) or pytest.fail("none came with the file")
    found = {name: rows(path) for name, path in roadmap_release.stage(tmp_path, home=tmp_path).items()}
    plans = found["roadmap_alternative"]
    assert len(plans) == len(weighed.plans) > 3
    assert [row["adopted"] for row in plans].count(True) == 1
    assert all(row["keeps"] for row in plans)
    [adopted_one] = [row for row in plans if row["adopted"]]
    assert adopted_one["cost"] == found["roadmap"][0]["cost"]
    # What each brings each goal is counted anew, and is what the search said; `met` reaches from the least to the most of them.
    values = {(row["number"], row["goal"]): row for row in found["roadmap_alternative_goal"]}
    for number, one in enumerate(weighed.plans, 1):
        assert [values[number, goal.goal]["expected"] for goal in weighed.goals] == list(one.values)
        assert [values[number, goal.goal]["met"] for goal in weighed.goals] == list(one.met)
        held = [row for row in found["roadmap_alternative_initiative"] if row["number"] == number]
        assert sum(row["cost"] for row in held) == plans[number - 1]["cost"]
    for goal in weighed.goals:
        mine = [values[number, goal.goal]["met"] for number in range(1, len(plans) + 1)]
        assert (min(mine), max(mine)) in {(0, 10_000), (10_000, 10_000)}
    broken = weighed.plans[0].model_copy(
        update={"plan": weighed.plans[0].plan.model_copy(update={"choices": ()})}
    )
    with pytest.raises(ValidationError, match="does not keep every limit"):
        roadmap_alternatives.keep_alternatives(
            record=record, weighed=weighed.model_copy(update={"plans": (broken,)}), by=account
        )


def test_the_worker_finds_plans_to_weigh(scenario: Scenario, account: Account) -> None:
    record = solved(scenario, account)
    told = roadmap_alternatives.find_alternatives(
        key=scenario.pk, seconds=5, by=account, progress=lambda *told: None
    )
    record.refresh_from_db()
    weighed = roadmap_alternatives.alternatives_of(record) or pytest.fail("none was kept")
    assert told["plans"] == len(weighed.plans) > 0
    assert [one.given for one in weighed.plans].count(True) == 1
