"""How sure a plan is by what the city's own projects became, by a file of classes, and a plan that is as sure as was asked."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from rasad.actions import allocation_rules, jobs, roadmap_solving, roadmaps, units
from rasad.actions import projects as project_actions
from rasad.actions.batches import import_file
from rasad.ledger.mapping import load_mapping
from rasad.records.models import Job, Scenario, ScenarioFinding, ScenarioPlan
from rasad.roadmap.problem import parse, parse_plan
from rasad.roadmap.uncertainty.classes import Uncertainty
from rasad.roadmap.uncertainty.forecast import kept_by_period, stays_within

pytestmark = pytest.mark.django_db

CITY = '[city]\nid = "town"\nname_fa = "شهر"\nname_en = "Town"\ncalendar = "jalali"\ncurrency = "IRR"\nlanguages = ["fa"]\n'
MAPPING = """id = "town.payments"
fiscal_year = { from = "date" }
[columns]
title = { names = ["title"] }
contract_no = { names = ["contract"] }
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
BEGAN, PROMISED = date(2022, 3, 21), 100
PAID = {"p1": 90, "p2": 100, "p3": 130, "p4": 160, "p5": 240}
"""Of a first budget of 100 each, in millions."""
TAKEN = {"p1": 100, "p2": 110, "p3": 120, "p4": 150, "p5": 200}
"""Days from when work really began, of 100 promised."""

TIGHT: dict[str, Any] = {
    "horizon": {"kind": "year", "first_year": 1404, "count": 2},
    "goals": [{"id": "g"}],
    "initiatives": [
        {
            "id": f"i{at}",
            "modes": [{"duration": 1, "costs": {"software": [40_000]}, "effects": {"g": {"once": 10 + at}}}],
        }
        for at in range(6)
    ],
    "limits": {"budgets": [{"id": "all", "amounts": [120_000, 120_000]}]},
    "objective": {"targets": [{"kind": "goal", "goal": "g"}]},
}
"""Six initiatives that fill two years' budgets to the last rial as long as nothing becomes dearer; nothing has to be in."""


def at(name: str, *args: Any, lang: str = "en") -> str:
    with translation.override(lang):
        return reverse(f"workbench:{name}", args=args)


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def ended(monkeypatch: pytest.MonkeyPatch) -> Job:
    """Let the worker do what waits."""
    monkeypatch.setattr(jobs, "BEAT", 600.0)
    taken = jobs.take()
    assert taken is not None
    return jobs.perform(taken)


@pytest.fixture
def solved(sign_in: Any) -> tuple[Client, Scenario]:
    """The example with a budget that binds, solved, and a browser of the IT organisation."""
    client = sign_in("it")
    client.post(at("roadmap-new"), {"code": "a", "title": "نخست", "title_en": "First", "begin": "example"})
    scenario = Scenario.objects.get()
    roadmap_solving.solve_scenario(key=scenario.pk, seconds=20, by=None, progress=lambda *told: None)
    return client, scenario


def finished(code: str, began: date, days: int, *, budget: int | None = 100, raised: int = 0) -> None:
    """A project that was promised for 100 days, with its budget in millions, promised anew where that was raised."""
    made = project_actions.open_project(
        code=code, title=code, unit="1", kind="data", status="running", started_on=began, by=None,
        start=BEGAN, end=BEGAN + timedelta(days=PROMISED), budget=budget and budget * 1_000_000,
    )  # fmt: skip
    if raised:
        project_actions.rebaseline(
            project=made, seen=1, start=None, end=None, budget=raised * 1_000_000, reason="بها", by=None
        )
    project_actions.finish(project=made, seen=made.version, on=began + timedelta(days=days), by=None)


@pytest.fixture
def own(tmp_path: Path) -> None:
    """Five finished projects with payments, one that nothing was paid for, and one that had no budget; two budgets were raised on the way."""
    units.add_unit(code="1", name="فناوری", by=None)
    for code, days in TAKEN.items():
        finished(code, BEGAN + timedelta(days=30), days, raised=900 if code in ("p1", "p2") else 0)
    finished("unpaid", BEGAN, 90)
    finished("unpriced", BEGAN, 90, budget=None)
    (tmp_path / "sources").mkdir()
    (tmp_path / "city.toml").write_text(CITY, "utf-8")
    (tmp_path / "sources" / "payments.toml").write_text(MAPPING, "utf-8")
    lines = (f"خرید سرور,{code},1401/05/01,{million}000000\n" for code, million in PAID.items())
    (tmp_path / "p.csv").write_text("title,contract,date,amount\n" + "".join(lines), "utf-8")
    mapping = load_mapping(tmp_path / "sources" / "payments.toml")
    import_file(home=tmp_path, mapping=mapping, path=tmp_path / "p.csv", add=True)
    for code in PAID:
        rule = allocation_rules.draft(
            code=code, title=code, conditions={"contracts": [code]}, by=None,
            parts=[{"project": code, "share_bp": 10_000}],
        )  # fmt: skip
        allocation_rules.put_in_force(rule=rule, seen=rule.version, by=None)


def test_what_the_citys_own_projects_became_is_what_was_paid_and_how_long_it_took(
    solved: tuple[Client, Scenario], own: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, scenario = solved
    address = at("roadmap-sureness", scenario.pk)
    page = text_of(client.get(address, {"own": "1"}))
    # Paid of the first budget, whatever it was raised to; taken from the day that work began.
    assert "finished projects of all kinds 5 130% one in ten above 240% 120% one in ten above 200%" in page
    assert "data project 5" in page
    assert "without a payment in the ledger: unpaid" in page
    assert "without a budget in the first baseline: unpriced" in page
    sent = {"source": "own:data", "weights": "0", "seconds": "10", "shared": "20", "ask": "forecast"}
    assert client.post(address, sent).status_code == 302
    assert ended(monkeypatch).state == "done"
    asked = Uncertainty.model_validate(ScenarioFinding.objects.get().asked["uncertainty"])
    (known,) = asked.classes
    assert (known.id, known.projects, asked.otherwise, asked.shared) == ("data", 5, "data", 2000)
    assert known.cost.factors == (9_000, 10_000, 13_000, 16_000, 24_000)  # type: ignore[union-attr]
    assert known.duration.factors == (10_000, 11_000, 12_000, 15_000, 20_000)  # type: ignore[union-attr]
    page = text_of(client.get(address))
    assert re.search(r"What it rests on .* data project \d+ 5 130%", page)
    # Each initiative by its kind: the one that says its kind by that class, the others by all together.
    kinds = {
        **scenario.problem,
        "initiatives": [
            {**one, "reference_class": "data"} if at_ == 1 else one
            for at_, one in enumerate(scenario.problem["initiatives"])
        ],
    }
    scenario = roadmaps.change_scenario(scenario=scenario, seen=1, problem=kinds, by=None)
    roadmap_solving.solve_scenario(key=scenario.pk, seconds=20, by=None, progress=lambda *told: None)
    assert client.post(address, sent | {"source": "own:by-kind"}).status_code == 302
    assert ended(monkeypatch).state == "done"
    page = text_of(client.get(address))
    rest = len(scenario.problem["initiatives"]) - 1
    assert re.search(
        rf"What it rests on .* data project 1 5 130% .* finished projects of all kinds {rest} 5 130%", page
    )
    # One payment fewer, and the class is not to be had any more: said where it is asked for, and by the worker.
    rule = allocation_rules.AllocationRule.objects.get(code="p5")
    allocation_rules.retire(rule=rule, seen=rule.version, by=None, why="خطا")
    page = text_of(client.get(address, {"own": "1"}))
    assert "too few: a class needs 5" in page
    client.post(address, sent)
    failed = ended(monkeypatch)
    assert failed.state == "failed"
    assert failed.account is not None
    assert "5" in failed.error.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    assert ScenarioFinding.objects.count() == 2


def test_a_file_of_classes_is_read_or_its_wrong_fields_are_named(
    solved: tuple[Client, Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, scenario = solved
    address, first = at("roadmap-sureness", scenario.pk), scenario.problem["initiatives"][0]["id"]
    sent: dict[str, Any] = {"source": "file", "weights": "0", "seconds": "10", "ask": "forecast"}

    def send(content: Any) -> Any:
        text = content if isinstance(content, bytes) else json.dumps(content).encode()
        return client.post(address, {**sent, "classes": SimpleUploadedFile("c.json", text)})

    assert "Choose the file." in text_of(client.post(address, sent))
    software = {"id": "s", "title_en": "Software of five cities", "cost": {"kind": "lognormal", "median": 11_000, "ninetieth": 16_000}, "projects": 31, "source": "A study"}  # fmt: skip
    for content, said in (
        (b"\xff{", "no JSON in UTF-8"),
        (b" " * (1024**2 + 1), "larger than 1 MB"),
        ({"classes": [{**software, "cost": {**software["cost"], "median": -1}}], "otherwise": "s"}, "median: found -1"),
        ({"classes": [software], "otherwise": "t"}, "otherwise: “t” is not among classes"),
        ({"classes": [software], "of": {"nothing": "s"}}, "of.nothing: “nothing” is not among the scenario"),
        ({"classes": [software]}, "otherwise is missing"),
        ({"classes": [software], "otherwise": "s", "draws": 7}, "draws is no field"),
    ):  # fmt: skip
        answer = send(content)
        assert answer.status_code == 422, said
        assert said in text_of(answer)
        assert 'id="id_classes-wrong"' in answer.content.decode()
    assert not Job.objects.exists()
    assert send({"classes": [software], "of": {first: "s"}}).status_code == 302
    assert ended(monkeypatch).state == "done"
    page = text_of(client.get(address))
    assert "Software of five cities A study 1 31 110% one in ten above 160% 100%" in page
    rest = len(scenario.problem["initiatives"]) - 1
    assert re.search(rf"as planned {rest} —", page)
    # What was asked last can be asked again without the file.
    assert "as asked last: Software of five cities" in page


def test_a_plan_that_is_as_sure_as_was_asked_is_kept_and_counts(
    solved: tuple[Client, Scenario], sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, scenario = solved
    scenario = roadmaps.change_scenario(scenario=scenario, seen=1, problem=TIGHT, by=None)
    roadmap_solving.solve_scenario(key=scenario.pk, seconds=20, by=None, progress=lambda *told: None)
    address = at("roadmap-sureness", scenario.pk)
    sent = {"source": "entered", "cost_middle": "110", "cost_high": "150", "time_middle": "100", "time_high": "120", "weights": "0", "seconds": "30", "ask": "plan"}  # fmt: skip
    wrong = client.post(address, {**sent, "confidence": "100"})
    assert wrong.status_code == 422
    assert 'id="id_confidence-wrong"' in wrong.content.decode()
    assert client.post(address, {**sent, "confidence": "80"}).status_code == 302
    assert "A search is under way" in text_of(client.get(address))
    job = ended(monkeypatch)
    assert (job.state, job.error) == ("done", "")
    assert address in client.get(at("job", job.pk)).content.decode()
    problem = parse(scenario.problem)
    record, before = ScenarioPlan.objects.order_by("-number")[:2]
    assert record.number == 3
    finding = ScenarioFinding.objects.get()
    assert finding.plan == 3
    asked = Uncertainty.model_validate(finding.asked["uncertainty"])
    # As sure as it says, by playing it through here; and surer than the best plan is.
    share = stays_within(problem, parse_plan(record.choices), asked)
    assert share == record.result["confident"]["probability"] >= 0.8
    assert stays_within(problem, parse_plan(before.choices), asked) < 0.8
    assert record.result["confident"]["reserve"] > 0
    page = text_of(client.get(address))
    assert f"Keeps every budget {share * 100:.1f}%" in page
    assert "Reserves that were tried" in page
    plan = text_of(client.get(at("roadmap-scenario", scenario.pk)))
    assert "found with a reserve: a plan that keeps its budgets as surely as was asked" in plan
    assert f"in {share * 100:.1f}% of cases" in plan
    # One year alone asks for less, and its plan is worth more; a year that there is not is refused.
    assert client.post(address, {**sent, "confidence": "80", "holds": "7"}).status_code == 422
    assert client.post(address, {**sent, "confidence": "80", "holds": "1"}).status_code == 302
    assert ended(monkeypatch).state == "done"
    second = ScenarioPlan.objects.order_by("-number")[0]
    told = second.result["confident"]
    shares, _times = kept_by_period(problem, parse_plan(second.choices), asked, 0.8, draws=10_000)
    assert told["kept"] == list(shares)
    assert told["probability"] == shares[1] >= 0.8 > shares[0]
    assert (told["reserves"][0], told["periods"]) == (0, [1])
    assert before.result["objective"] > second.result["objective"] > record.result["objective"]
    page = text_of(client.get(address))
    assert f"Keeps the budgets of 1405 {shares[1] * 100:.1f}%" in page
    assert re.search(rf"1404 not asked about {shares[0] * 100:.1f}% none 100", page)
    assert f"those of 1405 in {shares[1] * 100:.1f}% of cases" in text_of(
        client.get(at("roadmap-scenario", scenario.pk))
    )
    # It is adopted as any plan is.
    roadmaps.adopt(
        scenario=scenario, seen=scenario.version, plan=4, on=date(2025, 5, 1), reference="1", by=None
    )
    assert "Look for the plan" not in text_of(client.get(address))
    assert sign_in("member").post(address, sent).status_code == 403


def test_where_nothing_is_so_sure_it_is_said_how_sure_the_surest_is(
    solved: tuple[Client, Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, scenario = solved
    address = at("roadmap-sureness", scenario.pk)
    sent = {"source": "entered", "cost_middle": "110", "cost_high": "140", "time_middle": "100", "time_high": "100", "confidence": "85", "seconds": "30", "weights": "0", "ask": "plan"}  # fmt: skip
    assert client.post(address, sent).status_code == 302
    job = ended(monkeypatch)
    assert job.state == "failed"
    said = job.error.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹٫٪", "0123456789.%"))
    found = re.findall(r"[\d.]+%", said)
    assert found[0] == "85%"
    assert 50 < float(found[1][:-1]) < 85
    assert ScenarioPlan.objects.count() == 1
