"""What changed in the records between releases of the town: on the pages of records, and in a feed for each."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as tree

import pytest
from django.test import Client
from test_portal_changes import read, table_cells
from three_records import SECOND, TAKEN_BACK, THIRD, write_three

from rasad.ledger.schema import TABLES
from rasad.records.roadmap_tables import ROADMAP_TABLES
from rasad.records.tables import SHEETS
from rasad.release.build import publish
from rasad.release.reader import Changes, changes_of, row_changes, steps
from rasad.release.reader.subjects import MONEY, OF_ALL, OF_ONE, UNLINKED
from rasad.web.portal.current import forget
from rasad.web.portal.record_words import MONEY_COLUMNS, naming

ATOM = "{http://www.w3.org/2005/Atom}"
DECLARED = {
    **{sheet.name: sheet.table for sheet in SHEETS},
    **{table.name: table for table in ROADMAP_TABLES},
    "batch": TABLES["batch"],
    "problem": TABLES["problem"],
}
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the town's three releases."""
    releases = tmp_path_factory.mktemp("three") / "releases"
    write_three(releases)
    return releases


@pytest.fixture
def visitor(portal: Client, settings: object, three: Path) -> Iterator[Client]:
    settings.RASAD_RELEASES = str(three)  # type: ignore[attr-defined]
    yield portal
    forget()


@pytest.fixture(scope="module")
def second(three: Path) -> Changes:
    """What the second release changed."""
    found = changes_of(steps(three / "0002")[0], three.parent / "cache")
    assert found is not None
    return found


def cells(text: str, id: str) -> list[list[str]]:
    """Return the body of a table as plain texts with Latin digits."""
    return [[" ".join(cell.split()) for cell in row] for row in table_cells(text, id)]


def file_rows(release: Path, table: str) -> list[dict[str, str]]:
    with (release / "data" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# --- the comparison --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("of", [name for name in OF_ALL if not name.startswith("roadmap")])
def test_counts_are_those_of_the_open_files(three: Path, second: Changes, of: str) -> None:
    expected = []
    for table in OF_ALL[of]:
        if table in (MONEY, UNLINKED):
            continue
        old, new = (
            {
                tuple(row[name] for name in DECLARED[table].key): row
                for row in file_rows(three / number, table)
            }
            for number in ("0001", "0002")
        )
        counts = (
            len(new.keys() - old.keys()),
            len(old.keys() - new.keys()),
            sum(old[key] != new[key] for key in old.keys() & new.keys()),
        )
        if any(counts):
            expected.append((table, *counts))
    told = [(one.table, one.added, one.gone, one.changed) for one in second.of_rows.counts(of)]
    assert told == expected
    assert bool(told) == (of in ("projects", "goals", "services", "register", "assets"))


def test_the_money_of_projects_is_compared_by_stage_and_year(three: Path) -> None:
    """A payment costs more in the third release: each project's sums of both are those of the open files."""
    sums: list[dict[tuple[str, ...], int]] = []
    for number in ("0002", "0003"):
        lines = {row["line_id"]: row for row in file_rows(three / number, "line")}
        found: dict[tuple[str, ...], int] = {}
        for part in file_rows(three / number, "allocation"):
            line = lines[part["line_id"]]
            if line["flow"] == "expense":
                key = (part["project"] or "-", line["book"], line["fiscal_year"], line["stage"])
                found[key] = found.get(key, 0) + int(part["amount"])
        sums.append(found)
    expected = {
        key: (sums[0].get(key, 0), sums[1].get(key, 0))
        for key in sums[0].keys() | sums[1].keys()
        if sums[0].get(key) != sums[1].get(key)
    }
    changes = changes_of(steps(three / "0003")[0], three.parent / "cache")
    assert changes is not None
    told = {}
    for code in ("p/1", "p2", "p3", "-"):
        for row in changes.of_rows.rows("project-money", code):
            key = tuple(str(row.either(name)) for name in ("project", "book", "fiscal_year", "stage"))
            told[key] = (int(row.cells["amount"].before or 0), int(row.cells["amount"].after or 0))
    assert told == expected
    ((key, (before, after)),) = told.items()
    assert (key[0], after - before) == ("p/1", 1_000_000)
    # Money reaches a goal through the projects that serve it, and an indicator through its goals.
    for of, code, there in (("goal", "g2", 1), ("goal", "g1", 0), ("indicator", "i/1", 1), ("thread", "", 1)):
        assert sum(one.table == MONEY for one in changes.of_rows.counts(of, code)) == there, code


def test_a_comparison_too_large_to_be_kept_in_memory_says_the_same(
    second: Changes, three: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [("project", "p/1"), ("goal", "g11"), ("projects", ""), ("assets", ""), ("project", "none")]
    kept = [(second.of_rows.counts(*one), second.of_rows.rows(*one, limit=3, offset=1)) for one in asked]
    assert len(kept[0][1]) == 3
    monkeypatch.setattr(row_changes, "HELD", 0)
    (path,) = (three.parent / "cache" / "changes").glob(
        f"{steps(three / '0001')[0].hash[:24]}-*/changes.duckdb"
    )
    large = Changes(path).of_rows
    assert [(large.counts(*one), large.rows(*one, limit=3, offset=1)) for one in asked] == kept


def test_a_record_has_the_rows_that_name_it(second: Changes) -> None:
    def tables(of: str, code: str) -> dict[str, tuple[int, int, int]]:
        return {one.table: (one.added, one.gone, one.changed) for one in second.of_rows.counts(of, code)}

    assert tables("project", "p/1") == {
        "project": (0, 0, 1),
        "baseline": (1, 0, 1),
        "milestone": (0, 0, 1),
        "progress": (1, 0, 0),
    }
    # A goal has the readings of its indicators, and its parent those of neither.
    assert tables("goal", "g11") == {"reading": (0, 1, 0)}
    assert tables("goal", "g2") == {"goal": (0, 0, 1)}
    assert tables("goal", "g1") == {}
    assert tables("indicator", "i/1") == {"reading": (0, 1, 0)}
    assert tables("service", "s1") == {"channel": (0, 0, 1)}
    assert tables("project", "p3") == tables("project", "nowhere") == {}


def test_subjects_name_tables_and_columns_that_there_are() -> None:
    of_money = {
        (table, column.name)
        for table in {*sum(OF_ALL.values(), ()), *(m.table for ms in OF_ONE.values() for m in ms)}
        if table in DECLARED
        for column in DECLARED[table].columns
        if column.type == "money" and column.public and table != "roadmap_limit"
    }
    assert len(of_money) > 15
    assert {column for _, column in of_money} == MONEY_COLUMNS
    for members in OF_ONE.values():
        for member in members:
            if member.table in DECLARED:
                assert member.column in DECLARED[member.table].names
    for table in DECLARED:
        if naming(table):
            assert set(naming(table)) <= set(DECLARED[table].names), table


# --- pages -----------------------------------------------------------------------------------------------------------


def test_a_project_says_what_its_record_said_before(visitor: Client, three: Path) -> None:
    path = "/en/changes/2/?of=project&code=p/1"
    rows = cells(read(visitor, path), "rows")
    assert ["Baseline · 3", "Budget", "190,000,000 rials", "250,000,000 rials"] in rows
    assert ["Baseline · 3", "End", "1402-12-29", "1403-12-30"] in rows
    new = next(row for row in rows if row[0] == "Baseline · 10")
    assert new[1] == "new"
    assert "300,000,000 rials" in new[3]
    assert any(row[0].startswith("Physical progress") and "51.0%" in row[3] for row in rows)
    persian = cells(read(visitor, path.replace("/en/", "/fa/")), "rows")
    budget = next(row for row in persian if row[:2] == ["خط مبنا · 3", "بودجه"])
    assert "190,000,000" in budget[2]
    assert "250,000,000" in budget[3]
    days = next(row for row in persian if row[:2] == ["خط مبنا · 3", "پایان"])
    assert days[2:] == ["1402/12/29", "1403/12/30"]


def test_a_page_says_what_the_live_release_changed_of_it(visitor: Client) -> None:
    text = read(visitor, "/en/projects/p/1/")
    milestone, money = cells(text, "changed-here")
    assert money[1] == "Amount"
    assert milestone == ["آغاز Milestone", "Title", "آغاز با نام", "آغاز"]
    assert 'href="/en/feed/?of=project&amp;code=p%2F1"' in text
    assert 'href="/en/changes/3/?of=project&amp;code=p%2F1"' in text
    untouched = read(visitor, "/en/projects/p2/")
    assert "Nothing that this page shows has changed" in untouched


def test_what_was_taken_back_is_not_told_again(visitor: Client) -> None:
    asked = ["of=projects", "of=project&code=p/1", "of=project&code=p2"]
    for lang in ("fa", "en"):
        for query in asked:
            for page in ("changes/2/", "changes/3/", "feed/"):
                text = read(visitor, f"/{lang}/{page}?{query}")
                assert not [words for words in TAKEN_BACK[:2] if words in text], (page, query)
        # The second release's word for the milestone is told of the newest comparison alone: there it is what stood before.
        assert TAKEN_BACK[2] not in read(visitor, f"/{lang}/changes/2/?of=project&code=p/1")


# --- the feed --------------------------------------------------------------------------------------------------------


def entries(client: Client, query: str, lang: str = "en") -> dict[str, tree.Element]:
    """Return the entries of a feed by their ids, newest first."""
    answer = client.get(f"/{lang}/feed/{query}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = tree.fromstring(answer.content)
    return {one.findtext(f"{ATOM}id") or "": one for one in root.findall(f"{ATOM}entry")}


def test_a_feed_has_an_entry_for_each_release_that_changed_it(visitor: Client) -> None:
    found = entries(visitor, "?of=project&code=p/1")
    assert list(found) == [
        f"tag:localhost,{day}:town/en/changes/{number}?of=project&code=p%2F1"
        for day, number in (
            (f"{THIRD:%Y-%m-%d}", "0003"),
            (f"{SECOND:%Y-%m-%d}", "0002"),
            ("2025-04-01", "0001"),
        )
    ]
    newest, middle, oldest = found.values()
    assert newest.findtext(f"{ATOM}summary") == "Rows that differ: 2."
    assert middle.findtext(f"{ATOM}summary") == "Rows new: 2, rows that differ: 3."
    assert "first release" in (oldest.findtext(f"{ATOM}summary") or "")
    texts = ["".join(cell.itertext()) for cell in middle.iter() if cell.tag in (f"{XHTML}td", f"{XHTML}th")]
    assert {"190,000,000 rials", "250,000,000 rials"} <= set(texts)
    # A goal that only the second release changed, a project that only the third took away, a list as it was.
    numbers = {
        query: re.findall(r"changes/(\d{4})", " ".join(entries(visitor, query)))
        for query in ("?of=goal&code=g2", "?of=project&code=p3", "?of=units", "?of=assets", "?of=projects")
    }
    assert numbers == {
        "?of=goal&code=g2": ["0003", "0002", "0001"],
        "?of=project&code=p3": ["0003", "0001"],
        "?of=units": ["0001"],
        "?of=assets": ["0002", "0001"],
        "?of=projects": ["0003", "0002", "0001"],
    }


def test_ids_stay_when_the_next_release_comes(visitor: Client, three: Path) -> None:
    def told() -> dict[str, str | None]:
        return {
            key: one.findtext(f"{ATOM}summary") for key, one in entries(visitor, "?of=projects", "fa").items()
        }

    publish(three, 2)
    forget()
    before = told()
    publish(three, 3)
    forget()
    assert len(before) == 2
    assert before.items() <= told().items()
    assert len(told()) == 3


def test_a_record_that_is_gone_still_has_its_feed(visitor: Client) -> None:
    assert visitor.get("/en/projects/p3/").status_code == 404
    newest = next(iter(entries(visitor, "?of=project&code=p3").values()))
    assert "Rows gone: 2" in (newest.findtext(f"{ATOM}summary") or "")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?of=abc", 400),
        ("?of=project", 400),
        ("?of=projects&code=p2", 400),
        ("?of=projects&unit=10", 400),
        ("?of=project&code=none", 404),
        ("?of=batch&code=none", 404),
        ("?of=roadmap", 404),
    ],
)
def test_an_unknown_subject_is_refused(visitor: Client, query: str, status: int) -> None:
    for page in ("feed/", "changes/", "changes/2/"):
        assert visitor.get(f"/fa/{page}{query}").status_code == status, page
