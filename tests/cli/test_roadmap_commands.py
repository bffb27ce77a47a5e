"""`rasad roadmap` as a person or a script uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_command_line import run, run_process, told


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
