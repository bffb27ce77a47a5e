"""What a scenario is made of, changed in forms: periods, goals, skills, units, districts, groups, synergies, the plan to keep near."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from rasad.actions import roadmap_solving, roadmaps
from rasad.records.changes import changing
from rasad.records.models import AuditEvent, Goal, Scenario, ScenarioPlan, Unit
from rasad.roadmap.problem import parse
from rasad.sample.register.roadmap import problem as city_problem
from rasad.web.workbench.views.roadmap import example

pytestmark = pytest.mark.django_db


def at(name: str, *args: Any, lang: str = "en") -> str:
    with translation.override(lang):
        return reverse(f"workbench:{name}", args=args)


def text_of(response: Any) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()))


def form_of(client: Client, address: str) -> dict[str, Any]:
    """Return what a page's form holds, as a browser without script would send it back."""
    page = re.sub(r"<template.*?</template>", "", client.get(address).content.decode(), flags=re.DOTALL)
    page = page.split('class="form form-cells"')[1]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = (re.search(rf'\b{one}="([^"]*)"', tag) for one in ("name", "value"))
        if name is None or (re.search(r'type="(checkbox|radio)"', tag) and " checked" not in tag):
            continue
        told = unescape(value[1]) if value else ""
        sent[name[1]] = [*sent[name[1]], told] if isinstance(sent.get(name[1]), list) else told
        if 'type="checkbox"' in tag:
            sent[name[1]] = [sent[name[1]]] if isinstance(sent[name[1]], str) else sent[name[1]]
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page):
        chosen = re.findall(r'value="([^"]*)" selected', options) or re.findall(r'value="([^"]*)"', options)
        sent[name] = chosen[0]
    return sent


@pytest.fixture
def drafted(sign_in: Any) -> tuple[Client, Scenario]:
    return sign_in("it"), roadmaps.draft(code="a", title="نخست", problem=example(), by=None)


def test_every_form_sends_back_what_stands_in_it(sign_in: Any) -> None:
    client = sign_in("it")
    found = roadmaps.draft(code="c", title="شهر", problem=city_problem(), by=None)
    before = found.problem
    addresses = [
        at("roadmap-part", found.pk, part) for part in ("horizon", "goals", "skills", "units", "districts")
    ]
    addresses += [
        at("roadmap-joined", found.pk, kind, one["id"])
        for kind in ("groups", "synergies")
        for one in before[kind]
    ]
    assert len(addresses) > 6
    for address in [*addresses, at("roadmap-near", found.pk)]:
        assert client.post(address, form_of(client, address)).status_code == 302, address
        found.refresh_from_db()
        assert found.problem == before, address
    assert found.version == 1


def test_a_goal_is_the_registers_and_carries_weight_unit_and_least_share(
    drafted: tuple[Client, Scenario],
) -> None:
    client, found = drafted
    with changing(by=None, action="test") as change:
        change.add(Goal(code="g11", title="پروانهٔ بی‌مراجعه", title_en="permits", weight_bp=5_000))
        change.add(Goal(code="g12", title="شفافیت", weight_bp=5_000))
    address = at("roadmap-part", found.pk, "goals")
    sent = form_of(client, address)
    # More rows keep what was typed and write nothing.
    more = client.post(address, sent | {"goals-1-unit_fa": "امتیاز", "more": "goals"})
    assert more.status_code == 200
    assert more.content.decode().count('name="goals-5-title_fa"') == 1
    assert 'value="امتیاز"' in more.content.decode()
    sent |= {
        "goals-count": "4",
        "goals-0-unit_en": "visits a year",
        "goals-0-weight": "۵",
        "goals-1-weight": "",
        "goals-1-register": "g12",
    }
    sent |= {
        "goals-2-register": "g11",
        "goals-2-share": "12٫5",
        "goals-3-title_fa": "سرعت",
        "goals-3-weight": "1",
    }
    # What would change is said in words before anything is written.
    looked = text_of(client.post(address, sent | {"look": "1"}))
    assert "Goal “permits”" in looked
    assert "fewer trips of citizens × 3 · openness × 2 fewer trips of citizens × 5 · سرعت × 1" in looked
    found.refresh_from_db()
    assert found.version == 1
    assert client.post(address, sent | {"why": "جلسهٔ ۴"}).status_code == 302
    found.refresh_from_db()
    problem = parse(found.problem)
    assert [one.id for one in problem.goals] == ["trips", "g12", "g11", "goal-1"]
    assert problem.goals[0].unit_en == "visits a year"
    assert problem.goals[2].title_fa == "پروانهٔ بی‌مراجعه"
    assert [(one.goal, one.weight) for one in problem.objective.targets] == [("trips", 5), ("goal-1", 1)]  # type: ignore[union-attr]
    # The id that follows the register's is followed wherever it stood.
    assert [(one.goal, one.at_least) for one in problem.limits.goal_shares] == [("g12", 300), ("g11", 1250)]
    assert "openness" not in str(found.problem["initiatives"])
    event = AuditEvent.objects.filter(noun="scenario").last()
    assert event is not None
    assert (event.action, event.why, event.account_name) == ("scenario.change", "جلسهٔ ۴", "زهرا")


def test_what_is_wrong_in_a_part_stands_at_its_row_in_words(
    drafted: tuple[Client, Scenario], sign_in: Any
) -> None:
    client, found = drafted
    goals, skills, horizon = (
        at("roadmap-part", found.pk, part, lang="fa") for part in ("goals", "skills", "horizon")
    )
    taken_out = client.post(goals, form_of(client, goals) | {"goals-0-remove": "1"})
    assert taken_out.status_code == 422
    assert "طرح «شبکهٔ فیبر میان ساختمان‌ها»" in text_of(taken_out)
    short = client.post(skills, form_of(client, skills) | {"skills-0-p1": "", "skills-1-p0": "زیاد"})
    assert short.content.decode().count('aria-invalid="true"') == 2
    # Fewer periods: a deadline that is beyond them is named by its initiative, not by its place in a file.
    cut = client.post(horizon, form_of(client, horizon) | {"horizon-0-count": "2"})
    assert cut.status_code == 422
    assert "initiatives." not in text_of(cut)
    assert "طرح «ورود یگانه و امضای الکترونیک»" in text_of(cut)
    assert client.post(horizon, form_of(client, horizon) | {"horizon-0-kind": "half", "horizon-0-first_part": "3"}).status_code == 422  # fmt: skip
    found.refresh_from_db()
    assert found.version == 1
    # Who comes second is told; who only reads sees the parts and no form.
    sent = form_of(client, goals)
    client.post(goals, sent | {"goals-0-weight": "7"})
    assert client.post(goals, sent | {"goals-0-weight": "8"}).status_code == 409
    member = sign_in("member")
    assert member.get(goals).status_code == 403
    assert member.post(goals, sent).status_code == 403
    read = member.get(at("roadmap-parts", found.pk))
    assert "one at most: they exclude each other" in text_of(read)
    assert at("roadmap-part", found.pk, "goals") not in read.content.decode()


def test_periods_skills_and_holders_are_changed(drafted: tuple[Client, Scenario]) -> None:
    client, found = drafted
    horizon, skills, districts = (at("roadmap-part", found.pk, part) for part in ("horizon", "skills", "districts"))  # fmt: skip
    client.post(horizon, form_of(client, horizon) | {"horizon-0-kind": "half", "horizon-0-first_part": "۲", "horizon-0-count": "7"})  # fmt: skip
    sent = form_of(client, skills)
    assert sent["skills-0-p6"] == "10", "the last period's figure goes on"
    client.post(
        skills, sent | {"skills-2-title_fa": "امنیت", "skills-2-unit_fa": "نفرماه", "skills-2-p0": "۴"}
    )
    client.post(districts, form_of(client, districts) | {"districts-1-share": "30", "districts-2-title_fa": "منطقهٔ ۳", "districts-2-weight": "90"})  # fmt: skip
    found.refresh_from_db()
    problem = parse(found.problem)
    assert [problem.horizon.code(0), problem.horizon.count] == ["1405-H2", 7]
    assert problem.limits.budgets[0].amounts[4:] == (125_000_000_000,) * 3
    assert (problem.skills[2].id, problem.skills[2].unit_fa, problem.limits.skills[2].amounts) == (
        "skill-1",
        "نفرماه",
        (4,) * 7,
    )
    assert [(one.whom, one.at_least) for one in problem.limits.fairness] == [("", 3500), ("d2", 3000)]
    assert problem.districts[2].weight == 90


def test_a_group_and_a_synergy_are_written_found_wrong_and_taken_out(
    drafted: tuple[Client, Scenario],
) -> None:
    client, found = drafted
    new = at("roadmap-joined", found.pk, "groups", "new")
    sent: dict[str, Any] = {"seen": "1", "groups-count": "1", "groups-0-title_en": "pilots", "groups-0-rule": "least", "groups-0-number": "3", "members": ["counter", "ledger"]}  # fmt: skip
    wrong = client.post(new, sent)
    assert wrong.status_code == 422
    assert "The group has only 2 members." in text_of(wrong)
    # Sought by name, in either ي: those that are ticked stay in the list.
    sought = client.post(new, sent | {"find": "1", "q": "حسگرهاي"}).content.decode()
    assert re.findall(r'name="members" value="([^"]+)"', sought) == ["counter", "ledger", "sensors"]
    assert client.post(new, sent | {"groups-0-rule": "between", "groups-0-number": "1", "groups-0-to": "2"}).status_code == 302  # fmt: skip
    found.refresh_from_db()
    assert found.problem["groups"][1] == {"id": "group-1", "title_en": "pilots", "initiatives": ["counter", "ledger"], "at_least": 1, "at_most": 2}  # fmt: skip
    new = at("roadmap-joined", found.pk, "synergies", "new")
    sent = {"seen": "2", "synergies-count": "1", "synergies-0-title_fa": "با هم", "synergies-0-kind": "bonus", "synergies-0-probability": "75", "bonus-count": "2", "bonus-0-id": "trips", "bonus-1-id": "openness", "members": ["fibre", "sensors"]}  # fmt: skip
    assert "Say what the bonus is" in text_of(client.post(new, sent))
    assert "“زیاد”" in text_of(client.post(new, sent | {"bonus-0-once": "زیاد"}))
    client.post(new, sent | {"bonus-0-once": "۱۰", "bonus-0-a0": "5", "bonus-0-a1": "8"})
    found.refresh_from_db()
    assert found.problem["synergies"][1] == {
        "id": "synergy-1", "title_fa": "با هم", "initiatives": ["fibre", "sensors"], "probability": 7500,
        "effects": {"trips": {"once": 10, "per_period": [5, 8]}},
    }  # fmt: skip
    page = text_of(client.get(at("roadmap-parts", found.pk)))
    assert "fewer trips of citizens: once 10, then 5 → 8 a period · with a probability of 75%" in page
    assert "from 1 to 2" in page
    client.post(at("roadmap-joined", found.pk, "groups", "group-1"), {"seen": "3", "remove": "1"})
    found.refresh_from_db()
    assert len(found.problem["groups"]) == 1


def test_the_plan_to_keep_near_becomes_an_aim(drafted: tuple[Client, Scenario]) -> None:
    client, found = drafted
    address = at("roadmap-near", found.pk)
    refused = client.post(address, {"seen": "1", "plan": "", "aimed": "1"})
    assert "Choose the plan that change is measured against." in text_of(refused)
    in_force = roadmaps.parse_plan({"choices": [{"initiative": "ledger", "start": 0}, {"initiative": "gone", "start": 1}, {"initiative": "fibre", "start": -1}]})  # fmt: skip
    with changing(by=None, action="test") as change:
        result = {"objective": 1, "bound": 1, "gap": 0.0, "status": "optimal"}
        kept = change.add(
            ScenarioPlan(
                scenario=found, number=1, problem_hash="x", choices=roadmaps.dump(in_force), result=result
            )
        )
    assert client.post(address, {"seen": "1", "plan": str(kept.pk), "aimed": "1"}).status_code == 302
    found.refresh_from_db()
    assert [one["initiative"] for one in found.problem["published"]["choices"]] == ["ledger", "fibre"]
    assert found.problem["objective"]["targets"][-1] == {"kind": "change"}
    client.post(address, {"seen": "2", "plan": ""})
    found.refresh_from_db()
    assert found.problem == roadmaps.dump(parse(example()))


def test_a_scenario_begins_from_nothing_with_what_the_register_has(sign_in: Any) -> None:
    client = sign_in("expert")
    with changing(by=None, action="test") as change:
        change.add(Goal(code="g1", title="پروانه", weight_bp=4_000))
        change.add(Goal(code="g2", title="شفافیت", weight_bp=6_000))
        change.add(Unit(code="309", name="فاوا"))
    sent = {"title": "از نو", "begin": "empty", "kind": "half", "first_year": "۱۴۰۶", "count": "", "goals": ["g2"], "units": ["309"]}  # fmt: skip
    assert client.post(at("roadmap-new"), sent).status_code == 422
    ahead = text_of(client.post(at("roadmap-new"), sent | {"count": "6", "look": "1"}))
    assert "Periods 6 half-years, 1406 H1 – 1408 H2" in ahead
    assert "Goals 1: شفافیت Units 1: فاوا Classes 5: hardware, " in ahead
    assert "Initiatives — Limits — Aims شفافیت × 60 It is valid" in ahead
    assert "It is valid and can be drafted. Before it can be solved it needs initiatives." in ahead
    assert not Scenario.objects.exists()
    client.post(at("roadmap-new"), sent | {"count": "6"})
    found = Scenario.objects.get()
    assert (found.code, found.version) == ("roadmap-1406", 1)
    assert found.problem == {
        "horizon": {"kind": "half", "first_year": 1406, "count": 6},
        "goals": [{"id": "g2", "title_fa": "شفافیت"}],
        "units": [{"id": "309", "title_fa": "فاوا"}],
        "objective": {"targets": [{"kind": "goal", "goal": "g2", "weight": 60}]},
    }
    # Before there is anything to choose from, its page leads on to the initiatives instead of a search.
    empty = client.get(at("roadmap-scenario", found.pk)).content.decode()
    assert "Write them down, or hand in a sheet" in empty
    assert 'class="solve"' not in empty
    # Where no amount says otherwise, money is written in thousand millions: no unit so large that a slip is a city's budget.
    assert '<option value="billion" selected>' in client.get(at("roadmap-limits", found.pk)).content.decode()
    # Without a goal there is no aim yet; the first goal with a weight is one.
    client.post(at("roadmap-new"), sent | {"count": "6", "goals": []})
    other = Scenario.objects.get(code="roadmap-1406-2")
    # A code that is taken is refused when it is looked at, too.
    assert (
        client.post(at("roadmap-new"), sent | {"count": "6", "code": "roadmap-1406", "look": "1"}).status_code
        == 422
    )
    assert "No aim was chosen yet" in text_of(client.get(at("roadmap-parts", other.pk)))
    address = at("roadmap-part", other.pk, "goals")
    client.post(address, form_of(client, address) | {"goals-0-register": "g1", "goals-0-weight": "4"})
    other.refresh_from_db()
    assert other.problem["objective"]["targets"] == [{"kind": "goal", "goal": "g1", "weight": 4}]


def test_an_initiative_is_written_changed_and_taken_out(drafted: tuple[Client, Scenario]) -> None:
    client, found = drafted
    new = at("roadmap-initiative", found.pk, "new")
    sent = form_of(client, new) | {
        "unit": "million",
        "own-0-title_fa": "کیوسک",
        "own-0-unit": "it",
        "own-0-deadline": "3",
    }
    sent |= {"w0cost-0-a0": "۱٬۲۰۰", "w0cost-0-a1": "0.5x", "w0effect-0-once": "1"}
    wrong = client.post(new, sent)
    assert wrong.status_code == 422
    assert re.findall(r'id="([^"]+)-wrong"', wrong.content.decode()) == [
        "w0-0-duration",
        "w0cost-0-a1",
    ]
    sent |= {
        "w0-0-duration": "۲",
        "w0-0-probability": "85",
        "w0cost-0-a1": "0.5",
        "w0cost-3-run": "7",
        "w0skill-1-a1": "2",
    }
    sent |= {
        "w0effect-0-a0": "2",
        "w0effect-0-a1": "-3",
        "needs-0-initiative": "fibre",
        "needs-0-lag": "1",
        "goal_shares-0-share": "60",
        "own-0-reference_class": "data",
    }
    # What only the problem as a whole can say is said of the initiative by its name.
    late = text_of(client.post(new, sent | {"own-0-earliest_start": "4"}))
    assert (
        "Initiative “کیوسک”, Complete by the end of: the deadline (period 1408) is before the earliest start (period 1409)"
        in late
    )
    assert client.post(new, sent | {"another": "1"})["Location"] == new
    found.refresh_from_db()
    assert found.problem["initiatives"][-1] == {
        "id": "i9", "title_fa": "کیوسک", "unit": "it", "deadline": 3, "reference_class": "data", "goal_shares": {"trips": 6_000},
        "requires": [{"initiative": "fibre", "lag": 1}],
        "modes": [{
            "duration": 2, "probability": 8_500, "costs": {"hardware": [1_200_000_000, 500_000]}, "run_costs": {"staff": 7_000_000},
            "skills": {"network": [0, 2]}, "effects": {"trips": {"once": 1, "per_period": [2, -3]}},
        }],
    }  # fmt: skip
    one = at("roadmap-initiative", found.pk, "i9")
    # Another way beside the first; then the first is taken out.
    sent = form_of(client, one)
    more = client.post(one, sent | {"more": "ways"}).content.decode()
    assert 'name="w1cost-0-a0"' in more
    assert 'name="w0cost-0-a0" value="1,200,000"' in more
    sent |= {
        "ways": "2",
        "w1-0-duration": "1",
        "w1-0-title_fa": "اجاره",
        "w1cost-2-a0": "9",
        "w1cost-2-id": "services",
        "w1cost-count": "5",
    }
    sent |= {
        f"w1cost-{at_}-id": id_
        for at_, id_ in enumerate(("hardware", "software", "services", "staff", "telecom_cloud"))
    }
    assert client.post(one, sent).status_code == 302
    found.refresh_from_db()
    assert [mode.get("id", "base") for mode in found.problem["initiatives"][-1]["modes"]] == ["base", "way-2"]
    assert (
        client.post(
            one,
            form_of(client, one) | {"w0-0-remove": "1", "own-0-frozen": "-2", "own-0-frozen_mode": "way-2"},
        ).status_code
        == 302
    )
    found.refresh_from_db()
    assert found.problem["initiatives"][-1]["frozen"] == {"mode": "way-2", "start": -2}
    # One that others name stays, and the refusal names them; one that nobody names goes.
    refused = client.post(at("roadmap-initiative", found.pk, "fibre"), {"seen": "4", "remove": "1"})
    assert "Initiative “کیوسک”, Needs first" in text_of(refused)
    client.post(one, {"seen": "4", "remove": "1"})
    found.refresh_from_db()
    assert found.problem == roadmaps.dump(parse(example()))
    assert client.get(one).status_code == 404


def test_every_initiative_comes_back_as_it_was(drafted: tuple[Client, Scenario]) -> None:
    client, found = drafted
    before = found.problem
    for id_ in ("fibre", "counter", "identity"):
        address = at("roadmap-initiative", found.pk, id_)
        answer = client.post(address, form_of(client, address))
        assert answer.status_code == 302, text_of(answer)
    found.refresh_from_db()
    assert found.problem == before


def test_a_plan_that_chooses_nothing_is_kept_and_shown(sign_in: Any) -> None:
    data = example()
    for one in data["initiatives"]:
        one["goal_shares"] = {}
        one.pop("mandatory", None)
        one.pop("frozen", None)
    found = roadmaps.draft(code="z", title="هیچ", problem=data, by=None)
    # No money serves the goal of which a least share is asked: nothing can be spent.
    roadmap_solving.solve_scenario(key=found.pk, seconds=10, by=None, progress=lambda *told: None)
    assert ScenarioPlan.objects.get().choices == {"choices": []}
    # What a change of a long problem puts where nothing was is told by a dash, and by no markup.
    data["groups"] = []
    roadmaps.change_scenario(scenario=found, seen=1, problem=data, by=None)
    assert "What it is made of" in (told := text_of(sign_in("expert").get(at("roadmap-scenario", found.pk))))
    assert "<span" not in told
    roadmaps.change_scenario(scenario=found, seen=2, problem=data | {"groups": example()["groups"]}, by=None)
    assert "of 8 that were proposed" in text_of(sign_in("it").get(at("roadmap-scenario", found.pk)))
