"""`rasad roadmap` as a person or a script uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_command_line import run, run_process, told

from rasad.roadmap.explain import Explanation


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "roadmap.json"
    done = run("roadmap", "new", path, "--first-year", "1406")
    assert done.returncode == 0, done.stderr
    return path


def test_from_nothing_to_a_checked_plan(tmp_path: Path, file: Path) -> None:
    assert json.loads(file.read_text("utf-8"))["horizon"]["first_year"] == 1406
    again = run("roadmap", "new", file)
    assert (again.returncode, "exists already" in again.stderr) == (2, True)
    checked = run("roadmap", "check", file)
    assert (checked.returncode, "8 initiatives" in checked.stdout) == (0, True)

    plan = tmp_path / "plan.json"
    solved = run("roadmap", "solve", file, "-o", plan, lang="fa")
    assert solved.returncode == 0, solved.stderr
    for said in ("میز خدمت برخط", "ده خدمت پرمراجعه", "۱۴۰۷", "ثابت شده", "بررسی مستقل"):
        assert said in solved.stdout
    # In a process of its own: nothing but the one document stands on standard output.
    data = told(run_process("roadmap", "solve", file, "--start", plan, "--json"))
    assert (data["status"], data["gap"]) == ("optimal", 0)
    assert data["objective"] == data["bound"] == json.loads(plan.read_text("utf-8"))["objective"]

    assert run("roadmap", "verify", file, plan).returncode == 0
    broken = json.loads(plan.read_text("utf-8"))["plan"]
    broken["choices"] = [one for one in broken["choices"] if one["initiative"] != "identity"]
    plan.write_text(json.dumps(broken), "utf-8")
    refused = run("roadmap", "verify", file, plan)
    assert refused.returncode == 4
    assert "single sign-on and electronic signature is mandatory and left out" in refused.stdout
    data = told(run("roadmap", "verify", file, plan, "--json"))
    assert {"mandatory:identity", "requires:counter:0:identity"} <= {
        one["limit"] for one in data["violations"]
    }


def test_a_wrong_field_is_named_in_either_language(tmp_path: Path, file: Path) -> None:
    data = json.loads(file.read_text("utf-8"))
    data["limits"]["budgets"][0]["amounts"] = [1, 2.5]
    file.write_text(json.dumps(data), "utf-8")
    wrong = run("roadmap", "check", file)
    assert (wrong.returncode, "limits.budgets.0.amounts.1: found 2.5" in wrong.stderr) == (1, True)
    assert "عدد صحیح" in run("roadmap", "solve", file, lang="fa").stderr
    assert run("roadmap", "check", tmp_path / "none.json").returncode == 1


def test_where_there_is_no_plan_the_exit_code_says_so(file: Path) -> None:
    data = json.loads(file.read_text("utf-8"))
    data["limits"]["budgets"][0]["amounts"] = [1] * 5
    file.write_text(json.dumps(data), "utf-8")
    none = run("roadmap", "solve", file, "--json")
    assert none.returncode == 4
    assert (told(none)["status"], told(none)["plan"]) == ("infeasible", None)


def test_a_made_up_problem_of_any_size(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    assert run("roadmap", "new", path, "--sample", "30", "--kind", "quarter", "--count", "8").returncode == 0
    assert told(run("roadmap", "check", path, "--json"))["initiatives"] == 30


def test_a_plan_is_drawn(tmp_path: Path, file: Path) -> None:
    plan, picture = tmp_path / "plan.json", tmp_path / "plan.svg"
    assert run("roadmap", "solve", file, "-o", plan).returncode == 0
    assert run("roadmap", "draw", file, plan, "-o", picture, lang="fa").returncode == 0
    assert "چه کاری کی انجام می‌شود" in picture.read_text("utf-8")
    document = tmp_path / "plan.pdf"
    assert run("roadmap", "draw", file, plan, "--pdf", "-o", document, lang="fa").returncode == 0
    assert document.read_bytes().startswith(b"%PDF-")


def test_a_plan_is_explained(tmp_path: Path, file: Path) -> None:
    out = tmp_path / "why.json"
    told_to_people = run("roadmap", "explain", file, "-o", out, lang="fa")
    assert told_to_people.returncode == 0, told_to_people.stderr
    for said in ("میز خدمت برخط", "ناشدنی", "الزامی است", "یک صدم پول بیشتر"):
        assert said in told_to_people.stdout
    written = Explanation.model_validate_json(out.read_text("utf-8"))
    data = told(run("roadmap", "explain", file, "--json"))
    assert {why["initiative"]: why["verdict"] for why in data["whys"]} == {
        why.initiative: why.verdict for why in written.whys
    }
    assert data["whys"][0]["limits"][0]["words"] == "fibre between buildings is running already"


def test_where_no_plan_keeps_the_limits_the_conflict_and_a_repair_are_said(file: Path) -> None:
    data = json.loads(file.read_text("utf-8"))
    data["limits"]["budgets"][0]["amounts"] = [100_000_000_000, 1, 1, 1, 1]
    file.write_text(json.dumps(data), "utf-8")
    none = run("roadmap", "explain", file, "--seconds", "10")
    assert none.returncode == 4, none.stderr
    for said in ("No plan keeps these together", "budget limit", "It would do to:", "more for"):
        assert said in none.stdout
    found = told(run("roadmap", "explain", file, "--seconds", "10", "--json"))
    assert (found["status"], found["conflicts"][0]["proven"]) == ("infeasible", True)
    assert found["repairs"]


def test_a_front_is_traced(file: Path) -> None:
    traced = run("roadmap", "front", file, "--seconds", "60")
    assert traced.returncode == 0, traced.stderr
    assert "These are all" in traced.stdout
    solved = run("roadmap", "solve", file).stdout
    trips = next(
        line.split()[-1] for line in solved.splitlines() if line.startswith("fewer trips of citizens:")
    )
    assert trips in traced.stdout.split(), "a goal is told as it is when a plan is"
    points = told(run("roadmap", "front", file, "--json"))["points"]
    values = [tuple(point["values"]) for point in points]
    assert values == sorted(values, reverse=True)
    assert [second for _first, second in values] == sorted(second for _first, second in values)
    data = json.loads(file.read_text("utf-8"))
    data["objective"]["targets"] = data["objective"]["targets"][:1]
    file.write_text(json.dumps(data), "utf-8")
    assert run("roadmap", "front", file).returncode == 2


def test_a_plan_is_played_through(tmp_path: Path, file: Path) -> None:
    plan, classes = tmp_path / "plan.json", tmp_path / "classes.json"
    assert run("roadmap", "solve", file, "-o", plan).returncode == 0
    done = [
        {"id": f"p{at}", "kind": "it", "planned_cost": 100, "actual_cost": 90 + 15 * at, "planned_duration": 10, "actual_duration": 10 + at}
        for at in range(6)
    ]  # fmt: skip
    classes.write_text(json.dumps({"finished": done, "otherwise": "it"}), "utf-8")
    options = ("uncertainty", file, plan, "--classes", classes, "--draws", "200", "--seconds", "20")
    played = run("roadmap", *options, "--confidence", "70", "--weights", "3", lang="fa")
    assert played.returncode == 0, played.stderr
    for said in ("در همهٔ بودجه‌ها", "فیبر", "ذخیره"):
        assert said in played.stdout
    each = told(run("roadmap", *options, "--confidence", "70", "--holds", "2", "--json"))["confident"]
    assert each["periods"] == [1]
    assert each["kept"][1] == each["probability"] >= 0.7
    beyond = run("roadmap", *options, "--confidence", "70", "--holds", "99")
    assert (beyond.returncode, "99" in beyond.stderr) == (2, True)
    data = told(run("roadmap", *options, "--json"))
    assert 0 < data["forecast"]["within_budget"] < 1
    assert data["forecast"] == told(run("roadmap", *options, "--json"))["forecast"]
    classes.write_text(json.dumps({"otherwise": "none"}), "utf-8")
    wrong = run("roadmap", *options)
    assert (wrong.returncode, "otherwise" in wrong.stderr) == (1, True)
