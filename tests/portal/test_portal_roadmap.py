"""The page of the adopted roadmap: its sums are the open files', every reason stands there, and a release without one says so."""

from __future__ import annotations

import csv
import re
from html import unescape

import pytest
from django.test import Client
from test_figures import content, shown
from town import Town, write_release
from town_roadmap import SPENT, write_as_before, write_in_steps, write_with_roadmap, write_without_roadmap

from rasad.release.reader.store import Store

MILLION = 1_000_000


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Town:
    releases = tmp_path_factory.mktemp("roadmap") / "releases"
    return Town(releases, write_release(releases, payments=60, records=write_with_roadmap))


@pytest.fixture
def site(portal: Client, settings: object, planned: Town) -> Client:
    settings.RASAD_RELEASES = str(planned.releases)  # type: ignore[attr-defined]
    return portal


def test_money_by_year_and_class_is_that_of_the_open_files(site: Client, planned: Town) -> None:
    with (planned.releases / "0001/data/roadmap_spending.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {(int(row["period"]), row["category"]): int(row["amount"]) for row in csv.DictReader(file)}
    assert told == {key: amount * MILLION for key, amount in SPENT.items()}
    line: list[int] = []
    for period, there, cap in ((0, 100, [32]), (1, 90, [])):
        spent = [told[period, "hardware"], told[period, "software"]]
        held = [there * MILLION, there * MILLION - sum(spent), *(one * MILLION for one in cap)]
        line += [*spent, sum(spent), *held]
    assert shown(site, "/en/roadmap/", "money")[: len(line)] == line
    assert sum(shown(site, "/en/roadmap/", "comes")) == sum(told.values())
    for by in ("goal", "unit", "district"):
        assert sum(shown(site, "/en/roadmap/", f"by-{by}")) == sum(told.values())


def test_a_cap_is_told_with_its_share_and_what_the_plan_takes(site: Client) -> None:
    text = content(site.get("/en/roadmap/")).decode()
    told = unescape(text[text.index('id="shares"') :].split("</table>")[0])
    assert "the hardware cap: hardware, at most 40%" in told
    # 30 of 80 in the year that it holds in.
    assert re.findall(r"<td[^>]*>(?:<[^>]+>)?([^<]+)", told.split("at most 40%")[1]) == ["37.5%", "—"]


def test_a_release_from_before_limits_were_told_is_shown_by_its_figures(
    site: Client, planned: Town, settings: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pages = ("/en/roadmap/", "/fa/roadmap/progress/")
    now = [shown(site, "/en/roadmap/", "money"), shown(site, "/en/roadmap/progress/", "changes-2")]
    releases = tmp_path_factory.mktemp("roadmap-before") / "releases"
    write_release(releases, payments=60, records=write_as_before)
    settings.RASAD_RELEASES = str(releases)  # type: ignore[attr-defined]
    before, went = (unescape(content(site.get(page)).decode()) for page in pages)
    assert [shown(site, "/en/roadmap/", "money"), shown(site, "/en/roadmap/progress/", "changes-2")] == now
    assert before.count('class="plot-cap"') == 3
    assert 'id="shares"' not in before
    assert "the hardware cap" in before[before.index('id="held"') :]
    # Of a move it is known when work began, not when it was to end.
    assert 'id="moves-2"' not in went
    assert "۲ سال دیرتر" in went


def test_money_is_drawn_against_the_whole_budget_and_the_hardware_cap(site: Client) -> None:
    text = content(site.get("/en/roadmap/")).decode()
    drawn = text[text.index('id="spending"') : text.index('id="money"')]
    # Wide and narrow: a bar for each amount there is, hardware lowest; the budget over both years, the cap where it holds.
    bars = re.findall(r'class="plot-bar"[^>]*data-class="(\w+)"[^>]*><title>([^<]+)', drawn)
    assert [cls for cls, _title in bars] == ["hardware", "software", "software"] * 2
    assert bars[0][1] == "hardware · 1404: 30 million rials"
    assert drawn.count('class="plot-step"') == 2 + 1, "one in each drawing, one in the legend"
    assert drawn.count('class="plot-cap"') == 2 + 1
    for name in ("the whole budget", "the hardware cap"):
        assert name in drawn
    assert "<script" not in drawn


def test_what_runs_when_reads_without_colour(site: Client) -> None:
    text = content(site.get("/en/roadmap/")).decode()
    table = text[text.index('id="timeline"') :].split("</table>")[0]
    rows = {
        unescape(re.sub(r"<[^>]+>", "", row.split("</th>")[0])).strip(): [
            re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r'<td class="slot">(.*?)</td>', row)
        ]
        for row in re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", table)
    }
    assert rows == {"One desk": ["work, begun before", "in use"], "Permitssmall": ["", "work"]}
    by_unit = content(site.get("/en/roadmap/?by=unit")).decode()
    lanes = re.findall(r'scope="rowgroup"[^>]*>([^<]+)', by_unit)
    assert lanes == ["Deputy", "IT"]


def test_every_initiative_has_its_reason(site: Client) -> None:
    text = content(site.get("/en/roadmap/")).decode()
    reasons = text[text.index('aria-labelledby="why"') :]
    for said in (
        "It is running already.",
        "It serves: two.",
        "No room:",
        "the whole budget in 1405: 40 too much",
    ):
        assert said in reasons
    assert "Left out: 1" in reasons
    assert "at most, proven" in text
    assert "2.0%" in text
    persian = content(site.get("/fa/roadmap/")).decode()
    assert "<b>یک</b>" not in persian
    assert "جا نیست" in persian


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_links_lead_on_and_the_page_is_named_in_the_frame(site: Client, lang: str) -> None:
    text = content(site.get(f"/{lang}/roadmap/")).decode()
    own = {
        unescape(url)
        for url in re.findall(rf'href="(/{lang}/(?:projects|goals|register|data)/[^"#]*)"', text)
    }
    assert f"/{lang}/projects/p/1/" in own
    assert f"/{lang}/goals/g11/" in own
    assert f"/{lang}/register/units/10/" in own
    for url in own:
        assert site.get(url).status_code == 200, url
    assert f'href="/{lang}/roadmap/"' in content(site.get(f"/{lang}/")).decode()
    picture = unescape(re.findall(r'<meta property="og:image" content="([^"]*)">', text)[0])
    assert site.get(picture.removeprefix("http://localhost"))["Content-Type"] == "image/png"


def test_the_page_asks_the_release_a_few_times_and_is_light(
    site: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    plain = Store.dicts

    def counted(self: Store, query: str, values: list[object] | None = None) -> list[dict[str, object]]:
        asked.append(query)
        return plain(self, query, values)

    monkeypatch.setattr(Store, "dicts", counted)
    answer = site.get("/fa/roadmap/")
    # One for each table of the roadmap, one each for goals and units; what the frame asks is asked once a release.
    assert len(asked) <= 12, asked
    assert len(content(answer)) < 200_000


def test_none_adopted_is_said(
    portal: Client, settings: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    releases = tmp_path_factory.mktemp("no-roadmap") / "releases"
    write_release(releases, payments=60, records=write_without_roadmap)
    settings.RASAD_RELEASES = str(releases)  # type: ignore[attr-defined]
    answer = portal.get("/en/roadmap/")
    assert answer.status_code == 200
    assert "No roadmap is adopted" in content(answer).decode()


def test_a_release_that_knows_no_roadmaps_has_no_such_page(client: Client) -> None:
    assert client.get("/en/roadmap/").status_code == 404
    assert "/en/roadmap/" not in content(client.get("/en/")).decode()


def test_what_became_of_the_roadmap_has_its_picture(site: Client) -> None:
    for lang in ("fa", "en"):
        address = (
            unescape(content(site.get(f"/{lang}/roadmap/progress/")).decode())
            .split('og:image" content="')[1]
            .split('"')[0]
        )
        assert site.get(address.removeprefix("http://localhost"))["Content-Type"] == "image/png"


def test_slippage_adds_up_and_is_counted_from_the_first_promise(site: Client) -> None:
    text = content(site.get("/en/roadmap/progress/")).decode()
    money = shown(site, "/en/roadmap/progress/", "slipped")
    # Planned, paid, left and over of the first; of one that has not begun only what was planned, of one that was given up also what was paid.
    assert money[:4] == [60 * MILLION, 50 * MILLION, 36 * MILLION, 26 * MILLION]
    assert money[4:] == [80 * MILLION, 30 * MILLION, 4 * MILLION]
    assert sum(shown(site, "/en/roadmap/progress/", "paid")) == 2 * 54 * MILLION
    bars = text[text.index('id="went"') :].split("</table>")[0]
    rows = [re.findall(r"slot-(\w+)", row) for row in bars.split('<tr><th scope="row">')[1:]]
    assert rows == [
        ["work", "serves", "serves"],
        ["waits", "late"],
        ["work", "serves", "serves"],
        ["waits", "waits"],
        ["work", "serves", "serves"],
        [],
    ]
    assert "work, late" in bars
    assert "10 days late to begin" not in bars
    assert "365 days late to be done" in bars
    assert "12 days late to begin" in bars


def test_every_decision_says_what_it_changed_and_who_took_it(site: Client) -> None:
    text = unescape(content(site.get("/en/roadmap/progress/")).decode())
    decisions = text[text.index('id="decisions"') :]
    assert decisions.index("Roadmap one") < decisions.index("The first")
    assert "by resolution r/1 “مصوبهٔ یک”, in the meeting of the commission برنامه" in re.sub(
        "[\u2068\u2069]", "", decisions
    )
    assert (
        "1 left out, 1 moved or at another cost. The plan before came to 170 million rials (1403 – 1404)"
        in decisions
    )
    assert (
        "begins 2 years later, done one year later, another way: small rather than full, dearer" in decisions
    )
    # What came, went and moved is drawn too: before it, and after it.
    moves = decisions[decisions.index('id="moves-2"') :].split("</table>")[0]
    assert [re.findall(r"slot-(\w+)", row) for row in moves.split('<tr><th scope="row">')[1:]] == [
        ["work", "work", "serves"],
        ["work"],
        ["work", "serves", "serves"],
    ]
    assert shown(site, "/en/roadmap/progress/", "changes-2") == [
        80 * MILLION,
        90 * MILLION,
        10 * MILLION,
        30 * MILLION,
        -30 * MILLION,
    ]
    assert len(content(site.get("/fa/roadmap/progress/"))) < 100_000
    assert site.get("/en/projects/p/1/").status_code == 200


def test_a_roadmap_of_steps_slips_in_steps(
    portal: Client, settings: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    releases = tmp_path_factory.mktemp("roadmap-steps") / "releases"
    write_release(releases, payments=60, records=write_in_steps)
    settings.RASAD_RELEASES = str(releases)  # type: ignore[attr-defined]
    text = unescape(content(portal.get("/en/roadmap/progress/")).decode())
    went = text[text.index('id="went"') :].split("</table>")[0]
    rows = [re.findall(r"slot-(\w+)", row) for row in went.split('<tr><th scope="row">')[1:]]
    assert rows == [
        ["work", "work", "serves"],
        ["waits", "waits", "late"],
        ["work", "serves", "serves"],
        ["work", "serves"],
        [],
    ]
    assert re.findall(r'scope="rowgroup"[^>]*>([^<]+)', went) == [
        "Later than first decided",
        "Under way, as decided",
        "Left out since",
    ]
    assert "begins 2 periods later, done one period later" in went
    slipped = text[text.index('id="slipped"') :].split("</table>")[0]
    assert "period 1 – period 2" in slipped
    assert "Days late" not in text
    assert shown(portal, "/en/roadmap/progress/", "changes-2") == [80 * MILLION, 90 * MILLION, 10 * MILLION]
    persian = unescape(content(portal.get("/fa/roadmap/progress/")).decode())
    assert "آغاز ۲ دوره دیرتر، پایان یک دوره دیرتر" in persian
    assert "گام سوم" in persian
