"""What the worker is asked for a scenario (a front, how sure its plan is), what needs what, and its limits as a form."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from rasad.actions import jobs, roadmap_sheets, roadmap_solving, roadmaps
from rasad.records.models import Job, Scenario, ScenarioFinding, ScenarioPlan
from rasad.roadmap.front import Front
from rasad.roadmap.problem import dump
from rasad.sample.register.roadmap import problem as city_problem

pytestmark = pytest.mark.django_db


def at(name: str, *args: Any, lang: str = "en") -> str:
    with translation.override(lang):
        return reverse(f"workbench:{name}", args=args)


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def done(monkeypatch: pytest.MonkeyPatch) -> Job:
    """Let the worker do what waits."""
    monkeypatch.setattr(jobs, "BEAT", 600.0)
    taken = jobs.take()
    assert taken is not None
    ended = jobs.perform(taken)
    assert ended.state == "done", ended.error
    return ended


@pytest.fixture
def solved(sign_in: Any) -> tuple[Client, Scenario]:
    """The example, solved, and a browser of the IT organisation."""
    client = sign_in("it")
    client.post(at("roadmap-new"), {"code": "a", "title": "نخست", "title_en": "First", "begin": "example"})
    scenario = Scenario.objects.get()
    roadmap_solving.solve_scenario(key=scenario.pk, seconds=20, by=None, progress=lambda *told: None)
    return client, scenario


def test_a_front_is_asked_for_and_a_point_of_it_taken(
    solved: tuple[Client, Scenario], sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, scenario = solved
    address = at("roadmap-front", scenario.pk)
    # Nobody is sent to a form that is not there.
    assert "aims below" in text_of(client.get(address))
    member = sign_in("member")
    for name in ("front", "sureness"):
        reads = text_of(member.get(at(f"roadmap-{name}", scenario.pk)))
        assert "by whoever draws up the roadmap" in reads
        assert "below" not in reads
    sent = {"points": "few", "seconds": "30", "aims": ["goal:trips"]}
    assert "Choose two or three aims." in text_of(client.post(address, sent))
    client.post(address, {**sent, "aims": ["goal:trips", "cost"]})
    assert "A search is under way" in text_of(client.get(address))
    assert client.get(at("job", done(monkeypatch).pk)).content.decode().count(address) == 1
    record = ScenarioFinding.objects.get()
    front = Front.model_validate(record.found)
    assert len(front.points) >= 3
    page = client.get(address, {"p": ["1", "3"]}).content.decode()
    assert page.count('class="plot-dot') == 2 * len(front.points)
    assert page.count('class="plot-dot chosen"') == 4
    assert page.count('type="checkbox" name="p"') == len(front.points)
    assert "What these points choose" in page
    # Money in one unit, in the drawing and in the table; in Persian with its digits.
    persian = client.get(at("roadmap-front", scenario.pk, lang="fa")).content.decode()
    assert "نقطهٔ ۱" in persian
    assert not re.search(r"<text[^>]*>[^<]*[0-9]", persian)
    one = at("roadmap-point", scenario.pk, record.number, len(front.points))
    assert "What runs when" in text_of(client.get(one))
    assert client.get(at("roadmap-point", scenario.pk, record.number, 99)).status_code == 404
    assert member.post(one, {"seen": scenario.version}).status_code == 403
    client.post(one, {"seen": scenario.version})
    plan = ScenarioPlan.objects.first()
    assert plan is not None
    assert plan.number == 2
    assert plan.choices == dump(front.points[-1].plan)
    shown = text_of(client.get(at("roadmap-scenario", scenario.pk)))
    assert "chosen by hand from a front" in shown
    # Taken, it can be set beside the plan before it and beside any other scenario.
    other = roadmaps.draft(code="o", title="دیگر", title_en="Other", problem=scenario.problem, by=None)
    roadmap_solving.solve_scenario(key=other.pk, seconds=20, by=None, progress=lambda *told: None)
    keys = [f"{scenario.pk}-2", f"{scenario.pk}-1", str(other.pk)]
    beside = client.get(at("roadmap-compare"), {"s": [*keys, "", "9-9-9"]})
    assert [one.name for one in beside.context["found"]] == ["First, plan 2", "First, plan 1", "Other"]
    best = len(roadmaps.parse_plan(roadmaps.current_plan(other).choices).choices)  # type: ignore[union-attr]
    (counted,) = (row for row in beside.context["figures"].rows if row["name"] == "Initiatives chosen")
    assert [counted[key] for key in keys] == [
        str(one) for one in (len(front.points[-1].plan.choices), best, best)
    ]
    alone = client.get(at("roadmap-compare"), {"s": keys[0]})
    assert alone.context["others"] == [(keys[1], "First, plan 1"), (keys[2], "Other")]
    assert (
        f'href="{at("roadmap-compare")}?s={keys[0]}"'
        in client.get(at("roadmap-scenario", scenario.pk)).content.decode()
    )
    # What is for another state of the scenario is no plan of it.
    roadmaps.lock(scenario=scenario, seen=1, initiative="screens", choice="out", by=None)
    assert client.post(one, {"seen": 2})["Location"] == address
    assert "No front was traced" in text_of(client.get(address))
    assert ScenarioPlan.objects.filter(scenario=scenario).count() == 2
    assert client.get(at("roadmap-compare"), {"s": keys[0]}).context["without"] == ["First, plan 2"]


def test_a_plan_is_played_through_and_weights_are_varied(
    solved: tuple[Client, Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, scenario = solved
    address = at("roadmap-sureness", scenario.pk)
    sent = {"source": "entered", "cost_middle": "110", "cost_high": "90", "time_middle": "100", "shared": "30", "weights": "20", "seconds": "30"}  # fmt: skip
    wrong = client.post(address, sent)
    assert wrong.status_code == 422
    assert "This is below the middle." in text_of(wrong)
    assert "Enter a number above nought." in text_of(wrong)
    answer = client.post(address, {**sent, "cost_high": "160", "time_high": "170"})
    assert answer.status_code == 302
    done(monkeypatch)
    found = ScenarioFinding.objects.get().found
    page = client.get(address).content.decode()
    text = text_of(client.get(address))
    share = found["forecast"]["budgets"][0]["probability"]
    assert f"{share * 100:.1f}%" in text
    assert page.count("tornado-bar") >= 4
    always = sum(one["count"] == found["weights"]["solved"] for one in found["weights"]["initiatives"])
    assert text.count("whatever the weights") == always
    assert client.get(at("roadmap-sureness", scenario.pk, lang="fa")).status_code == 200


def test_the_document_is_set_at_once_or_by_the_worker(
    solved: tuple[Client, Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, scenario = solved
    english = client.get(at("roadmap-meeting", scenario.pk))
    assert english.content.startswith(b"%PDF-")
    assert english["Content-Type"].startswith("application/pdf")
    # What takes longer is work in the background, found where it was asked for.
    monkeypatch.setattr(roadmap_sheets, "QUICK", 0)
    assert client.get(at("roadmap-meeting", scenario.pk)).content == english.content
    address = at("roadmap-meeting", scenario.pk, lang="fa")
    answer = client.get(address, {"by": "unit"})
    job = Job.objects.get()
    assert answer["Location"].endswith(f"/{job.pk}/")
    done(monkeypatch)
    assert f"{at('roadmap-meeting', scenario.pk)}?by=unit" in client.get(at("job", job.pk)).content.decode()
    persian = client.get(address, {"by": "unit"})
    assert persian.content.startswith(b"%PDF-")
    assert persian.content != english.content
    # A scenario without a plan has no document.
    roadmaps.lock(scenario=scenario, seen=1, initiative="screens", choice="out", by=None)
    assert client.get(address)["Location"] == at("roadmap-scenario", scenario.pk, lang="fa")


def test_an_expert_hands_in_a_problem_of_more_than_a_megabyte(sign_in: Any) -> None:
    sent = {"code": "b", "title": "بزرگ", "begin": "file"}
    large = SimpleUploadedFile("p.json", b" " * 1_200_000 + b"{}")
    answer = sign_in("expert").post(at("roadmap-new"), {**sent, "problem": large})
    assert answer.status_code == 422
    assert "Periods is missing horizon" in text_of(answer)


def test_what_needs_what_is_a_map_beside_its_table(sign_in: Any) -> None:
    scenario = roadmaps.draft(code="n", title="شهر", problem=city_problem(), by=None)
    page = sign_in("member").get(at("roadmap-needs", scenario.pk)).content.decode()
    needs = [need for one in city_problem()["initiatives"] for need in one.get("requires", ())]
    assert len(needs) > 5
    assert page.count('class="plot-arrow"') == page.count('class="plot-head"') == len(needs)
    assert page.split('id="needs"')[1].count('scope="row"') == len(city_problem()["initiatives"])


def form_of(client: Client, scenario: Scenario) -> dict[str, Any]:
    """Return the form of limits as a browser would send it back."""
    page = client.get(at("roadmap-limits", scenario.pk)).content.decode()
    sent: dict[str, Any] = dict(re.findall(r'<input(?: type="hidden")? name="([^"]+)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page):
        chosen = re.findall(r'value="([^"]*)" selected', options) or re.findall(r'value="([^"]*)"', options)
        sent[name] = chosen[0]
    for name, value in re.findall(r'type="checkbox" name="([^"]+)" value="([^"]*)"[^>]* checked', page):
        sent.setdefault(name, []).append(value)
    sent.pop("csrfmiddlewaretoken", None)
    return sent


def test_limits_come_back_as_they_were_and_are_changed_in_the_form(sign_in: Any) -> None:
    client = sign_in("it")
    scenario = roadmaps.draft(code="l", title="شهر", problem=city_problem(), by=None)
    address, before = at("roadmap-limits", scenario.pk), scenario.problem
    sent = form_of(client, scenario)
    assert client.post(address, sent).status_code == 302
    scenario.refresh_from_db()
    assert scenario.problem == before
    sent = form_of(client, scenario)
    # A further budget of two classes, in Persian digits; hardware's cap lower; one aim less.
    row = int(sent["budgets-count"]) - 1
    sent |= {f"budgets-{row}-p{at_}": "۱۲٫۵" for at_ in range(5)} | {f"budgets-{row}-title_en": "soft"}
    sent[f"budgets-{row}-categories"] = ["software", "services"]
    sent["shares-0-at_most"] = "30"
    sent |= {"method": "lexicographic", "aims-0-order": "", "aims-0-weight": "", "aims-0-slack": ""}
    sent |= {"aims-1-order": "99", "aims-2-slack": "2.5"}
    assert client.post(address, sent).status_code == 302
    scenario.refresh_from_db()
    limits, objective = scenario.problem["limits"], scenario.problem["objective"]
    made = limits["budgets"][-1]
    assert made["amounts"] == [12_500_000_000] * 5
    assert made["categories"] == ["software", "services"]
    assert limits["category_shares"][0]["at_most"] == 3000
    assert objective["method"] == "lexicographic"
    before_aims = before["objective"]["targets"]
    assert len(objective["targets"]) == len(before_aims) - 1
    assert objective["targets"][0]["slack"] == 250
    assert objective["targets"][-1]["goal"] == before_aims[1]["goal"]
    assert scenario.problem["initiatives"] == before["initiatives"]


def test_what_is_wrong_stands_at_its_field_and_nothing_is_written(sign_in: Any) -> None:
    client = sign_in("it")
    scenario = roadmaps.draft(code="w", title="شهر", problem=city_problem(), by=None)
    sent = form_of(client, scenario)
    sent |= {"budgets-0-p1": "پنج", "skills-0-p0": "", "shares-0-at_most": "120"}
    with translation.override("fa"):
        answer = client.post(reverse("workbench:roadmap-limits", args=[scenario.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    for cell in ("budgets-0-p1", "skills-0-p0", "shares-0-at_most"):
        assert f'id="{cell}-wrong"' in page, cell
    assert page.count('aria-invalid="true"') == 3
    # What only the problem as a whole can say stands at its row.
    sent = form_of(client, scenario) | {"shares-0-at_least": "90"}
    answer = client.post(at("roadmap-limits", scenario.pk), sent)
    assert answer.status_code == 422
    assert "cannot both hold" in text_of(answer)
    scenario.refresh_from_db()
    assert scenario.version == 1
    # Whoever only reads sees a form that cannot be sent; who comes second is told.
    reader = sign_in("member")
    assert (
        '<fieldset class="grid-all" disabled'
        in reader.get(at("roadmap-limits", scenario.pk)).content.decode()
    )
    assert (
        client.post(at("roadmap-limits", scenario.pk), form_of(client, scenario) | {"seen": "7"}).status_code
        == 409
    )
