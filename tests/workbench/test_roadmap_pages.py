"""The roadmap on the workbench: drafting, initiatives as a sheet and one by one, solving, locks, comparing, opinion, adoption, projects."""

from __future__ import annotations

import io
import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from rasad.actions import jobs, roadmap_projects, roadmap_solving, roadmaps
from rasad.actions import projects as project_actions
from rasad.actions.cities import packs
from rasad.actions.roadmap_files import take_in
from rasad.records.changes import changing
from rasad.records.models import (
    Goal,
    Job,
    Project,
    Resolution,
    Scenario,
    ScenarioOpinion,
    ScenarioPlan,
    ScenarioProject,
    Unit,
)
from rasad.sample.register.roadmap import problem, write_roadmap
from rasad.web.workbench.views.roadmap import example as starter

pytestmark = pytest.mark.django_db


def at(name: str, *args: Any, query: str = "", lang: str = "en") -> str:
    with translation.override(lang):
        return reverse(f"workbench:{name}", args=args) + query


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def body_of(response: Any) -> bytes:
    return bytes(response.content)


@pytest.fixture
def drafted(sign_in: Any) -> tuple[Client, Scenario]:
    """The IT organisation's scenario, begun from the example."""
    client = sign_in("it", "secretary", "expert")
    sent = {"code": "a", "title": "نخست", "title_en": "First", "begin": "example"}
    answer = client.post(at("roadmap-new"), sent)
    found = Scenario.objects.get()
    assert answer["Location"] == at("roadmap-scenario", found.pk)
    return client, found


@pytest.fixture
def nemuneh(tmp_path: Path) -> Scenario:
    """The sample city's adopted roadmap with its units, a goal and the projects that it names."""
    with changing(by=None, action="test") as change:
        units = {
            one["id"]: change.add(Unit(code=one["id"], name=one["title_fa"])) for one in problem()["units"]
        }
        change.add(Goal(code="g11", title="پروانه", weight_bp=10_000))
        for code in ("p06", "p21", "p30"):
            change.add(Project(code=code, title=code, unit=units["309"]))
    return take_in(path=write_roadmap(tmp_path), by=None, why="decided")


def solved(scenario: Scenario) -> None:
    roadmap_solving.solve_scenario(key=scenario.pk, seconds=20, by=None, progress=lambda *told: None)


def test_a_scenario_begins_from_a_file_and_says_what_is_wrong_in_it(sign_in: Any) -> None:
    client = sign_in("expert")
    sent = {"code": "b", "title": "دوم", "begin": "file"}
    assert "Choose the file." in text_of(client.post(at("roadmap-new"), sent))
    broken = SimpleUploadedFile(
        "p.json", b'{"horizon": {"kind": "year", "count": "x"}, "objective": {"targets": []}}'
    )
    answer = client.post(at("roadmap-new"), {**sent, "problem": broken})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Periods, Number of periods: found &quot;x&quot;; expected a whole number" in page
    assert '<small class="path"><bdi dir="ltr">horizon.count</bdi></small>' in page
    # What the parts say of one another is said by their names, in either language.
    told = starter()
    told["initiatives"][0] |= {"earliest_start": 4, "deadline": 3}
    told["limits"]["budgets"][0]["amounts"] = [1]
    for lang, expected in (
        (
            "en",
            (
                "Initiative “fibre between buildings”, Complete by the end of: the deadline (period 1408) is before the earliest start (period 1409)",
                "Budget “",
            ),
        ),
        ("fa", ("طرح «", "بودجه «")),
    ):
        odd = SimpleUploadedFile("p.json", json.dumps(told).encode())
        said = text_of(client.post(at("roadmap-new", lang=lang), {**sent, "problem": odd}))
        for one in (*expected, "initiatives.0.deadline", "limits.budgets.0.amounts"):
            assert one in said, (lang, one)
    assert not Scenario.objects.exists()
    # Looked at first, nothing is written, and what it would be made of is said in words.
    good = SimpleUploadedFile("p.json", json.dumps(starter()).encode())
    ahead = text_of(client.post(at("roadmap-new"), {**sent, "problem": good, "look": "1"}))
    assert "Periods 5 years, 1405 – 1409" in ahead
    assert "It is valid and can be drafted. Nothing is written yet" in ahead
    assert not Scenario.objects.exists()
    good = SimpleUploadedFile("p.json", json.dumps(problem()).encode())
    client.post(at("roadmap-new"), {**sent, "problem": good})
    assert len(Scenario.objects.get().problem["initiatives"]) == len(problem()["initiatives"])


def test_solving_is_work_in_the_background_and_its_plan_is_shown(
    drafted: tuple[Client, Scenario], django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, scenario = drafted
    assert "There is no plan for the scenario as it is now." in text_of(
        client.get(at("roadmap-scenario", scenario.pk))
    )
    answer = client.post(at("roadmap-solve", scenario.pk), {"seconds": "10"})
    job = Job.objects.get()
    assert answer["Location"] == at("job", job.pk)
    assert "A search is under way" in text_of(client.get(at("roadmap-scenario", scenario.pk)))
    monkeypatch.setattr(jobs, "BEAT", 600.0)
    taken = jobs.take()
    assert taken is not None
    assert jobs.perform(taken).state == "done"
    with django_assert_max_num_queries(16):
        page = client.get(at("roadmap-scenario", scenario.pk))
    text = text_of(page)
    assert "the best plan, proven" in text
    assert "The independent check agrees" in text
    assert "work, begun before" in text
    assert page.content.decode().count('class="slot"') == 5 * 6
    assert len(page.content) < 200_000
    sheet = client.get(at("roadmap-picture", scenario.pk))
    assert sheet.content.startswith(b"<svg")
    assert client.get(at("roadmap-problem", scenario.pk)).json() == scenario.problem
    with translation.override("fa"):
        persian = client.get(reverse("workbench:roadmap-scenario", args=[scenario.pk]))
    assert "بهترین برنامه" in text_of(persian)


def test_locks_are_set_priced_and_freed(drafted: tuple[Client, Scenario]) -> None:
    client, scenario = drafted
    sent = {"initiative": "screens", "choice": "in", "seen": "1"}
    client.post(at("roadmap-lock", scenario.pk), sent)
    # Whoever comes second is told.
    assert client.post(at("roadmap-lock", scenario.pk), sent).status_code == 409
    solved(scenario)
    client.post(at("roadmap-price", scenario.pk))
    assert Job.objects.filter(kind="roadmap.locks").exists()
    roadmap_solving.price_locks(key=scenario.pk, seconds=20, by=None, progress=lambda *told: None)
    client.post(at("roadmap-explain", scenario.pk))
    assert Job.objects.filter(kind="roadmap.explain").exists()
    roadmap_solving.explain_scenario(key=scenario.pk, seconds=20, by=None, progress=lambda *told: None)
    cost = ScenarioPlan.objects.get().lock_costs["lock-screens"]["least"]
    text = text_of(client.get(at("roadmap-scenario", scenario.pk)))
    assert f"put in costs {cost:,}" in text
    assert "of its value." in text
    assert "What a step more of each limit is worth" in text
    client.post(at("roadmap-lock", scenario.pk), {"initiative": "screens", "choice": "free", "seen": "2"})
    scenario.refresh_from_db()
    assert scenario.problem.get("locks", []) == []
    refused = client.post(
        at("roadmap-lock", scenario.pk), {"initiative": "nothing", "choice": "in", "seen": "3"}, follow=True
    )
    assert "“nothing” is not among" in text_of(refused)


def test_initiatives_go_out_and_come_in(drafted: tuple[Client, Scenario]) -> None:
    client, scenario = drafted
    for format in ("csv", "xlsx"):
        out = body_of(client.get(at("roadmap-sheet", scenario.pk, format)))
        sent = {"seen": "1", "file": SimpleUploadedFile(f"sheet.{format}", out)}
        assert client.post(at("roadmap-initiatives", scenario.pk), sent).status_code == 302
        scenario.refresh_from_db()
        assert scenario.version == 1, "what went out came in as it was"
    text = body_of(client.get(at("roadmap-sheet", scenario.pk, "csv"))).decode("utf-8-sig")
    text = text.replace("fibre between buildings", "fibre everywhere").replace(
        "60000000000; 40000000000", "۶۰٬۰۰۰; 4x"
    )
    wrong = io.BytesIO(text.encode())
    wrong.name = "wrong.csv"
    answer = client.post(at("roadmap-initiatives", scenario.pk), {"seen": "1", "file": wrong})
    assert answer.status_code == 422
    assert "wrong.csv, row 2, “cost:hardware”: found “4x”; expected a whole number" in text_of(answer)
    # What only the scenario as a whole can say is said by names, and where it is in the JSON small beside them.
    alone = text.replace("4x", "۴۰").splitlines()
    heads = alone[0].split(",")
    late = alone[1].split(",")
    late[heads.index("earliest_start")], late[heads.index("deadline")] = "4", "3"
    odd = SimpleUploadedFile("odd.csv", "\n".join([alone[0], ",".join(late), *alone[2:]]).encode())
    answer = client.post(at("roadmap-initiatives", scenario.pk), {"seen": "1", "file": odd})
    assert "Initiative “fibre everywhere”, Complete by the end of: the deadline (period 1408)" in text_of(
        answer
    )
    assert (
        '<small class="path"><bdi dir="ltr">initiatives.0.deadline</bdi></small>' in answer.content.decode()
    )
    right = SimpleUploadedFile("right.csv", text.replace("4x", "۴۰").encode())
    client.post(at("roadmap-initiatives", scenario.pk), {"seen": "1", "file": right})
    scenario.refresh_from_db()
    fibre = scenario.problem["initiatives"][0]
    assert (fibre["title_en"], fibre["modes"][0]["costs"]["hardware"]) == ("fibre everywhere", [60_000, 40])


def test_scenarios_stand_side_by_side(
    drafted: tuple[Client, Scenario], django_assert_max_num_queries: Any
) -> None:
    client, first = drafted
    client.post(
        at("roadmap-new"),
        {"code": "b", "title": "دوم", "title_en": "Second", "begin": f"scenario:{first.pk}"},
    )
    second = Scenario.objects.get(code="b")
    assert second.based_on == first
    client.post(at("roadmap-lock", second.pk), {"initiative": "centre", "choice": "out", "seen": "1"})
    solved(first)
    solved(second)
    listed = text_of(client.get(at("roadmap")))
    assert "First" in listed
    assert "Second" in listed
    with django_assert_max_num_queries(14):
        page = client.get(at("roadmap-compare", query=f"?s={first.pk}&s={second.pk}&s=0&s=x"))
    rows = {row["name"]: (row[str(first.pk)], row[str(second.pk)]) for row in page.context["choices"].rows}
    assert rows["a new data centre"] == ("1406 (rent)", "left out")
    assert page.context["choices"].rows[0]["same"] is False
    counts = page.context["figures"].rows[0]
    assert counts["name"] == "Initiatives chosen"
    assert "Nothing to compare" in text_of(client.get(at("roadmap-compare")))


def test_opinion_and_adoption(drafted: tuple[Client, Scenario], sign_in: Any) -> None:
    client, scenario = drafted
    before = roadmaps.draft(code="before", title="پیش", problem=scenario.problem, by=None)
    solved(scenario)
    solved(scenario)
    # Another plan than the one that counts is looked at, taken to the meeting and judged as itself.
    page = client.get(at("roadmap-scenario", scenario.pk, query="?plan=1")).content.decode()
    assert "You are looking at plan 1. The plan that counts is 2" in page
    for part in ("?plan=1&amp;by=unit#when", "/meeting/?plan=1&amp;by=goal", "/opinion/?plan=1"):
        assert part in page
    assert "You are looking at" not in text_of(client.get(at("roadmap-scenario", scenario.pk)))
    opinion = {"verdict": "conditions", "text": "اگر نیرو باشد"}
    asked = client.get(at("roadmap-opinion", scenario.pk, query="?plan=1"))
    assert "It is about plan 1." in text_of(asked)
    gone = client.post(at("roadmap-opinion", scenario.pk), {**opinion, "plan": "9"})
    assert "its plan is another now" in text_of(gone)
    client.post(at("roadmap-opinion", scenario.pk), {**opinion, "plan": "1"})
    assert ScenarioOpinion.objects.get().plan == 1
    with changing(by=None, action="test") as change:
        change.add(Resolution(number="403/9", date=date(2025, 2, 9), title="نقشه راه"))
    sent = {"plan": "1", "adopted_on": "۱۴۰۳/۱۱/۲۱", "resolution": "", "reference": "", "seen": "1"}
    assert "name the resolution that adopted the roadmap" in text_of(
        client.post(at("roadmap-adopt", scenario.pk), sent)
    )
    assert "no resolution “7”" in text_of(
        client.post(at("roadmap-adopt", scenario.pk), {**sent, "resolution": "7"})
    )
    done = client.post(at("roadmap-adopt", scenario.pk), {**sent, "resolution": "403/9"})
    assert done.status_code == 302
    scenario.refresh_from_db()
    assert (scenario.state, scenario.adopted_on) == ("adopted", date(2025, 2, 9))
    decided = client.get(at("resolution", Resolution.objects.get().pk))
    [adopted] = [one["table"] for one in decided.context["parts"] if one["part"].name == "scenarios"]
    assert [(row["what"], row["url"]) for row in adopted.rows] == [
        ("First", at("roadmap-scenario", scenario.pk))
    ]
    text = text_of(client.get(at("roadmap-scenario", scenario.pk)))
    assert "in favour, on conditions" in text
    assert "Solve" not in text.replace("Solve it", "")
    # How it goes is told of what was decided alone: nothing has begun, and nothing is late on the day of the decision.
    assert client.get(at("roadmap-slippage", before.pk)).status_code == 404
    went = client.get(at("roadmap-slippage", scenario.pk))
    works = roadmaps.checked(
        scenario, ScenarioPlan.objects.get(scenario=scenario, number=1)
    ).verdict.figures.works
    assert {row["name"] for row in went.context["slipped"].rows} == {
        one.initiative.title_en for one in works.values()
    }
    assert {row["state"] for row in went.context["slipped"].rows} == {"not begun"}
    assert "the first decision" in text_of(went)
    assert "403/9" in text_of(went)
    assert (
        at("roadmap-slippage", scenario.pk)
        in client.get(at("roadmap-scenario", scenario.pk)).content.decode()
    )
    # An expert who is no secretary signs, and adopts nothing.
    assert sign_in("expert").post(at("roadmap-adopt", scenario.pk), sent).status_code == 403


def test_a_roadmap_of_steps_tells_states_and_money_and_no_day_late(sign_in: Any, tmp_path: Path) -> None:
    shutil.copyfile(packs()["sample"] / "city.toml", tmp_path / "city.toml")
    steps: dict[str, Any] = {
        "horizon": {"kind": "step", "count": 3},
        "goals": [{"id": "g"}],
        "units": [{"id": "309"}],
        "initiatives": [
            {"id": f"i{at_}", "unit": "309", "modes": [{"duration": 1, "costs": {"software": [7_000]}, "effects": {"g": {"once": 9}}}]}
            for at_ in range(2)
        ],
        "limits": {"budgets": [{"id": "all", "amounts": [7_000] * 3}]},
        "objective": {"targets": [{"kind": "goal", "goal": "g"}]},
    }  # fmt: skip
    with changing(by=None, action="test") as change:
        change.add(Unit(code="309", name="فاوا"))
    scenario = roadmaps.draft(code="s", title="گام‌ها", problem=steps, by=None)
    solved(scenario)
    scenario = roadmaps.adopt(scenario=scenario, seen=1, plan=1, on=date(2025, 2, 9), reference="1", by=None)
    made = roadmap_projects.become_project(scenario=scenario, initiative="i0", code="p1", by=None)
    project_actions.start(project=made, seen=made.version, by=None)
    went = sign_in("it").get(at("roadmap-slippage", scenario.pk))
    begun, waiting = sorted(went.context["slipped"].rows, key=lambda row: row["name"])
    assert (begun["state"], begun["over"], waiting["state"], waiting["over"]) == (
        "under way",
        0,
        "not begun",
        None,
    )
    assert {begun["by"], waiting["by"]} <= {"period 1", "period 2", "period 3"}
    assert [one.number for one in went.context["stats"]][:2] == [1, 0]
    assert "no day is late by it" in text_of(went)


def test_an_adopted_initiative_becomes_a_project_and_planning_anew_keeps_it(
    sign_in: Any, nemuneh: Scenario, tmp_path: Path
) -> None:
    shutil.copyfile(packs()["sample"] / "city.toml", tmp_path / "city.toml")
    client = sign_in("it")
    page = at("roadmap-scenario", nemuneh.pk)
    assert "Make it a project" in text_of(client.get(page))
    client.post(at("roadmap-project", nemuneh.pk), {"initiative": "permits", "code": "p40"})
    made = Project.objects.get(code="p40")
    assert made.current is not None
    assert made.current.budget == 169_000_000_000
    refused = client.post(
        at("roadmap-project", nemuneh.pk), {"initiative": "twin", "code": "p41"}, follow=True
    )
    assert "The adopted plan does not hold this initiative." in text_of(refused)
    with changing(by=None, action="test") as change:
        change.update(made, seen=made.version, status="running", started_on=date(2026, 5, 1))
    sent = {"code": "next", "title": "بازنگری", "as_of": "1405/07/01", "why": "سال گذشت"}
    answer = client.post(at("roadmap-again", nemuneh.pk), sent)
    again = Scenario.objects.get(code="next")
    assert answer["Location"] == at("roadmap-scenario", again.pk)
    assert {one["id"]: one.get("frozen") for one in again.problem["initiatives"]}["permits"] == {
        "mode": "small",
        "start": 1,
    }
    told = text_of(client.get(at("roadmap-scenario", again.pk)))
    happened = told[told.index("What really happened") : told.index("What experts say")]
    for said in (
        "as the project says; planned: 1406",
        "the baseline in force",
        "promised less paid",
        "Really spent",
    ):
        assert said in happened
    assert ScenarioProject.objects.filter(scenario=nemuneh).count() == 4
