"""Weights of one's own: the plan that fits, by whole numbers, and its difference from the adopted one."""

from __future__ import annotations

import re
from fractions import Fraction
from html import unescape

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from test_figures import content
from town import Town, write_release
from town_roadmap import MET, write_with_roadmap

from rasad.web.portal.weighing import best, fit, weight_of

WEIGHTS = st.lists(st.integers(0, 10), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def weighed(tmp_path_factory: pytest.TempPathFactory) -> Town:
    releases = tmp_path_factory.mktemp("weigh") / "releases"
    return Town(releases, write_release(releases, payments=60, records=write_with_roadmap))


@pytest.fixture
def site(portal: Client, settings: object, weighed: Town) -> Client:
    settings.RASAD_RELEASES = str(weighed.releases)  # type: ignore[attr-defined]
    return portal


def test_the_plan_that_fits_is_on_the_pages_picture(site: Client) -> None:
    answer = site.get("/en/roadmap/weigh/")
    card = answer.context_data["card"]  # type: ignore[attr-defined]
    shown = next(plan for plan in answer.context_data["plans"] if plan["shown"])  # type: ignore[attr-defined]
    assert (card.figure, card.note) == (shown["fit"], shown["title"])
    assert site.get("/en/picture/roadmap/weigh/card.png")["Content-Type"] == "image/png"


@given(WEIGHTS, st.data())
def test_a_plan_fits_by_the_weighted_mean_rounded_down(weights: list[int], data: st.DataObject) -> None:
    plans = data.draw(
        st.lists(
            st.lists(st.integers(0, 10_000), min_size=len(weights), max_size=len(weights)),
            min_size=1,
            max_size=6,
        )
    )
    meant = weights if sum(weights) else [1] * len(weights)
    means = [int(Fraction(sum(w * m for w, m in zip(meant, met, strict=True)), sum(meant))) for met in plans]
    assert [fit(weights, met) for met in plans] == means
    assert best(weights, plans) == means.index(max(means))


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        (None, 5),
        ("", 5),
        ("7", 7),
        ("۷", 7),
        (" 0 ", 0),
        ("11", 10),
        ("-3", 5),
        ("1.5", 5),
        ("<b>", 5),
        ("9" * 400, 5),
    ],
)
def test_a_weight_is_read_in_any_digits_and_kept_within_bounds(text: str | None, weight: int) -> None:
    assert weight_of(text) == weight


def visible(text: str, name: str) -> list[str]:
    return re.findall(rf'data-{name}="(\d+)"(?! hidden)>', text)


@pytest.mark.parametrize("weights", [(5, 5), (10, 0), (0, 10), (0, 0), (1, 3)])
def test_the_page_shows_the_plan_that_fits_best(site: Client, weights: tuple[int, int]) -> None:
    answer = content(site.get(f"/en/roadmap/weigh/?w-g11={weights[0]}&w-g2={weights[1]}"))
    text = unescape(answer.decode())
    wanted = best(weights, list(MET.values()))
    number = str(list(MET)[wanted])
    assert visible(text, "best") == [number]
    assert visible(text, "plan") == [number]
    for plan, met in MET.items():
        shown = set(re.findall(rf'data-fit="{plan}">(\d+)%', text))
        assert shown == {str(fit(weights, met) // 100)}
    assert f'name="w-g11" value="{weights[0]}"' in text
    assert len(answer) < 100_000


def test_what_differs_from_the_adopted_plan_is_said(site: Client) -> None:
    text = unescape(content(site.get("/en/roadmap/weigh/?w-g11=0&w-g2=10")).decode())
    plan = text[text.index('data-plan="2"') :]
    added, dropped, moved = (re.findall(r"<li>(.*?)</li>", part) for part in plan.split("<h3>")[1:4])
    assert (added, dropped[:1]) == (["Screens"], ["One desk"])
    assert moved[0] == "Permits: in use from 1405 rather than after 1405"
    persian = content(site.get("/fa/roadmap/weigh/?w-g11=۱۰&w-g2=۰")).decode()
    assert visible(persian, "best") == ["1"]
    assert "۱۰۰٪" in persian


def test_the_plans_are_open_files_with_their_check(site: Client, weighed: Town) -> None:
    for name in (
        "roadmap_alternative",
        "roadmap_alternative_goal",
        "roadmap_alternative_initiative",
        "roadmap_actual",
    ):
        assert (weighed.releases / f"0001/data/{name}.csv").is_file()
        assert f"data/{name}.csv" in content(site.get("/en/data/")).decode()


def test_a_release_without_other_plans_has_no_such_page(client: Client) -> None:
    assert client.get("/en/roadmap/weigh/").status_code == 404
    assert client.get("/en/roadmap/progress/").status_code == 404
