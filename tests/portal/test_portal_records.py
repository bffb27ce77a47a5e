"""Pages of records: what they say is recomputed from the release's open files, and every link leads somewhere."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import UTC, datetime
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from test_figures import content, shown
from town import Town, write_release
from town_records import write_records

PAGES = {
    "thread/": "?of=thread",
    "projects/": "?of=projects",
    "projects/p/1/": "?of=project&code=p%2F1",
    "projects/p2/": "?of=project&code=p2",
    "projects/p/1/money/": "?of=project-money&code=p%2F1",
    "projects/-/money/": "?of=project-money&code=-",
    "goals/": "?of=goals",
    "goals/g11/": "?of=goal&code=g11",
    "goals/g2/": "?of=goal&code=g2",
    "indicators/i/1/": "?of=indicator&code=i%2F1",
    "indicators/i2/": "?of=indicator&code=i2",
    "register/": "?of=register",
    "register/units/": "?of=units",
    "register/units/20/": "?unit=20",
    "register/services/": "?of=services",
    "register/services/s1/": "?of=service&code=s1",
    "register/systems/": "?of=systems",
    "register/assets/": "?of=assets",
}
"""Pages of records, and what the feed of each is of."""


MONTHS_LATER = datetime(2025, 9, 1, tzinfo=UTC)
"""When the release was made: the data ends in March 2025."""


@pytest.fixture(scope="module")
def register_town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    releases = tmp_path_factory.mktemp("register") / "releases"
    return Town(releases, write_release(releases, records=write_records, now=MONTHS_LATER))


@pytest.fixture
def site(portal: Client, settings: Any, register_town: Town) -> Client:
    settings.RASAD_RELEASES = str(register_town.releases)
    return portal


def open_file(town: Town, name: str) -> list[dict[str, str]]:
    with (town.releases / f"0001/data/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def paid(town: Town, year: int) -> list[tuple[dict[str, str], dict[str, str]]]:
    """Return (line, part) of IT payments of a year, from the open files alone."""
    lines = {
        row["line_id"]: row
        for row in open_file(town, "line")
        if (row["flow"], row["book"], row["stage"], row["fiscal_year"])
        == ("expense", "payments", "paid", str(year))
        and row["class"] not in ("not_it", "unknown")
    }
    return [
        (lines[part["line_id"]], part) for part in open_file(town, "allocation") if part["line_id"] in lines
    ]


@pytest.mark.parametrize("lang", ["fa", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_and_its_links_lead_somewhere(site: Client, lang: str, path: str) -> None:
    text = content(site.get(f"/{lang}/{path}")).decode()
    assert "<b>یک</b>" not in text
    (feed,) = re.findall(r'type="application/atom\+xml" title="[^"]+" href="([^"]+)"', text)
    assert unescape(feed) == f"/{lang}/feed/{PAGES[path]}"
    assert site.get(unescape(feed)).status_code == 200
    links = {unescape(url) for url in re.findall(r'<a href="(/[^"#]+)', text)}
    own = {url for url in links if re.match(r"/\w\w/(thread|projects|goals|indicators|register|line)/", url)}
    assert own
    for url in sorted(own)[:25]:
        assert site.get(url).status_code == 200, url


def test_the_thread_is_what_the_open_files_say(site: Client, register_town: Town) -> None:
    parts = paid(register_town, 1403)
    whole = sum(int(part["amount"]) for _, part in parts)
    by_project: Counter[str] = Counter()
    for _, part in parts:
        by_project[part["project"]] += int(part["amount"])
    linked = whole - by_project[""]
    assert shown(site, "/en/thread/?year=1403", "steps")[:2] == [linked, by_project[""]]
    weights = {
        (row["project"], row["goal"]): int(row["weight_bp"])
        for row in open_file(register_town, "project_goal")
    }
    # Exact quotas: the page rounds each project's parts to whole rials that add up.
    to_goal = sum(
        Fraction(amount * weight, 10_000)
        for project, amount in by_project.items()
        for (of, _goal), weight in weights.items()
        if of == project
    )
    reached = shown(site, "/en/thread/?year=1403", "steps")
    assert abs(reached[2] - to_goal) < 3
    assert reached[2] + reached[3] == whole
    # Of p/1's money seven tenths go to the goal with a reading; of no other does any.
    assert abs(reached[4] - Fraction(by_project["p/1"] * 7, 10)) < 1
    # Only p/1 was ordered by a resolution.
    assert reached[6] == by_project["p/1"]


def test_flows_add_up_to_the_whole(site: Client, register_town: Town) -> None:
    whole = sum(int(part["amount"]) for _, part in paid(register_town, 1402))
    assert sum(shown(site, "/en/thread/?year=1402", "flows")) == whole


def test_a_projects_money_is_that_of_its_parts(site: Client, register_town: Town) -> None:
    mine = [int(part["amount"]) for _, part in paid(register_town, 1401) if part["project"] == "p/1"]
    listed = shown(site, "/en/projects/p/1/money/?year=1401", "lines")
    assert 10 < len(mine) <= 50
    assert Counter(listed) == Counter(mine)
    text = content(site.get("/en/projects/p/1/money/?year=1401")).decode()
    assert f'value="{sum(mine)}"' in text
    # Its own page joins them: what is linked, what no project has, and the contracts that its lines name.
    page = site.get("/en/projects/p/1/?year=1401").context
    linked, of_all, unlinked = page["money_stats"]
    everything = paid(register_town, 1401)
    whole = sum(int(part["amount"]) for _, part in everything)
    none = sum(int(part["amount"]) for _, part in everything if not part["project"])
    assert (linked.amount, of_all.share, unlinked.share) == (sum(mine), sum(mine) / whole, none / whole)
    named: Counter[str] = Counter()
    for line, part in everything:
        if part["project"] == "p/1" and line["contract_no"]:
            named[line["contract_no"]] += int(part["amount"])
    shown_contracts = page["contracts"].rows if page["contracts"] else []
    assert {row["contract_no"]: row["amount"] for row in shown_contracts} == dict(named.most_common(10))


def test_a_goals_money_is_divided_exactly(site: Client, register_town: Town) -> None:
    """What the goals get of a project is the whole of it, to the rial."""
    mine = sum(int(part["amount"]) for _, part in paid(register_town, 1403) if part["project"] == "p/1")
    assert sum(shown(site, "/en/projects/p/1/?year=1403", "goals")) == mine


def test_a_line_leads_to_project_goal_and_indicator(site: Client, register_town: Town) -> None:
    line, part = next(pair for pair in paid(register_town, 1403) if pair[1]["project"] == "p3")
    text = content(site.get(f"/en/line/{line['line_id']}/")).decode()
    parts = shown(site, f"/en/line/{line['line_id']}/", "thread")
    assert sum(parts) == int(line["amount"])
    assert int(part["amount"]) in parts
    assert "/en/projects/p3/" in text
    assert "/en/goals/g2/" in text
    assert "/en/indicators/i2/" in text


def test_links_are_told_as_they_are_and_not_as_was_said(site: Client) -> None:
    text = content(site.get("/en/register/systems/")).decode()
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", text[text.index('id="links"') :], re.S)
    states = [re.sub(r"<[^>]+>", " ", row).split("  ") for row in rows[1:5]]
    said = [" ".join(row) for row in states]
    assert [
        next(
            s
            for s in ("not seen in use of late", "agreed, never used", "needed, not agreed", "in use")
            if s in row
        )
        for row in said
    ] == ["not seen in use of late", "agreed, never used", "needed, not agreed", "in use"]


def test_the_register_and_its_systems_count_the_same_links_in_use(site: Client) -> None:
    """Both as of the last day the data speaks of, not of the day on which the release was made, months later."""
    rows = (site.get("/en/register/systems/").context or {})["links"].rows
    used = sum(row["key"] == "in_use" for row in rows)
    assert used == 1
    assert f"{used} of {len(rows)} data links are in use" in content(site.get("/en/register/")).decode()


def test_assets_bought_and_never_registered_are_found(site: Client) -> None:
    text = content(site.get("/en/register/assets/?what=unregistered")).decode()
    assert "A2" in text
    assert "A1" not in text
    assert "66.7%" in text
    assert "75.0%" in text


def test_codes_are_called_as_the_release_calls_them(site: Client) -> None:
    assert "running now" in content(site.get("/en/projects/p/1/")).decode()
    assert "در دست اجرا" in content(site.get("/fa/projects/p/1/")).decode()


@pytest.mark.parametrize("path", [*PAGES, "projects/none/", "goals/none/", "indicators/none/"])
def test_a_release_without_records_has_no_such_pages(client: Client, path: str) -> None:
    assert client.get(f"/en/{path}").status_code == 404
    assert "/en/thread/" not in content(client.get("/en/")).decode()


@pytest.mark.parametrize(
    "path",
    [
        "projects/none/",
        "goals/none/",
        "indicators/none/",
        "register/units/none/",
        "register/services/none/",
        "projects/none/money/",
    ],
)
def test_what_nobody_recorded_is_not_found(site: Client, path: str) -> None:
    assert site.get(f"/en/{path}").status_code == 404


def test_no_private_column_of_records_leaves(register_town: Town) -> None:
    folder: Path = register_town.releases / "0001/data"
    for name, private in (("post", "holder"), ("progress", "said_by"), ("contract_record", "supplier_name")):
        header = (folder / f"{name}.csv").read_text("utf-8-sig").splitlines()[0].split(",")
        assert private not in header


@pytest.mark.parametrize("lang", ["fa", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_records_has_its_preview(site: Client, lang: str, path: str) -> None:
    text = site.get(f"/{lang}/{path}").content.decode()
    title, said, picture = (
        unescape(re.findall(rf'<meta property="og:{name}" content="([^"]*)">', text)[0])
        for name in ("title", "description", "image")
    )
    assert title
    assert said
    answer = site.get(picture.removeprefix("http://localhost"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png"), picture
