"""What changed between two releases of the town: on the pages, and in a feed that readers of feeds accept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as tree

import pytest
from django.test import Client
from town import Row, write_release
from two_releases import LATER, edited, write_two

from rasad.persian.digits import to_latin
from rasad.web.portal import atom
from rasad.web.portal.current import forget

ATOM = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LANGUAGES = ("fa", "en")
PERSON_NAME = "زهرا نمونه‌ای"
UNRESERVED = r"[A-Za-z0-9\-._~!$&'()*+,;=:@%/?]"


@dataclass(frozen=True)
class Two:
    releases: Path
    old: list[Row]
    new: list[Row]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Two:
    releases = tmp_path_factory.mktemp("two") / "releases"
    return Two(releases, *write_two(releases))


@pytest.fixture
def visitor(portal: Client, settings: Any, two: Two) -> Iterator[Client]:
    settings.RASAD_RELEASES = str(two.releases)
    yield portal
    forget()


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def table_cells(text: str, id: str) -> list[list[str]]:
    """Return the body of a table as plain texts with Latin digits."""
    body = re.search(rf'<table role="table" id="{id}">.*?<tbody[^>]*>(.*?)</tbody>', text, re.S)
    assert body, id
    rows = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        for row in re.findall(r"<tr.*?</tr>", body[1], re.S)
    ]
    return [[to_latin(re.sub("<[^>]+>", " ", cell)).replace("٬", ",") for cell in row] for row in rows]


def cells(text: str, id: str) -> list[list[str]]:
    """Return the body of a table of plain numbers."""
    return [[cell.replace(",", "").strip() for cell in row] for row in table_cells(text, id)]


def amounts(text: str, id: str) -> list[list[int]]:
    """Return the exact amounts in each row of a table."""
    body = re.search(rf'<table role="table" id="{id}">.*?<tbody[^>]*>(.*?)</tbody>', text, re.S)
    assert body, id
    rows = re.findall(r"<tr.*?</tr>", body[1], re.S)
    return [[int(value) for value in re.findall(r'<data class="money" value="(-?\d+)"', row)] for row in rows]


def by_number(rows: list[Row]) -> dict[tuple[int, str], Row]:
    """Return the town's lines by what stays the same whatever file they are in."""
    return {(row["line_no"], row["batch"].replace("dddd", "aaaa"), row["stage"]): row for row in rows}  # type: ignore[misc]


def expected(two: Two, **wanted: Any) -> dict[str, int]:
    """Compare the town's rows without SQL: lines came, gone, differing, and the net amount."""
    old, new = by_number(two.old), by_number(two.new)

    def meant(row: Row | None) -> bool:
        return row is not None and all(row[name] == value for name, value in wanted.items())

    seen = {"came": 0, "gone": 0, "changed": 0, "net": 0}
    for key in old.keys() | new.keys():
        a, b = old.get(key), new.get(key)
        if (
            a
            and b
            and all(a[name] == b[name] for name in ("amount", "class", "unit_code", "fiscal_year", "title"))
        ):
            continue
        before, after = meant(a), meant(b)
        seen["came"] += after and not before
        seen["gone"] += before and not after
        seen["changed"] += before and after
        seen["net"] += (b["amount"] if after and b else 0) - (a["amount"] if before and a else 0)
    return seen


SUBJECTS: list[tuple[str, dict[str, Any]]] = [
    ("", {}),
    ("?class=software", {"class": "software"}),
    ("?unit=10", {"unit_code": "10"}),
    ("?programme=p1", {"programme_code": "p1"}),
    ("?supplier=person", {"supplier": "person"}),
    ("?year=1402", {"fiscal_year": 1402}),
    ("?year=۱۴۰۳&class=hardware", {"fiscal_year": 1403, "class": "hardware"}),
]


@pytest.mark.parametrize(("query", "wanted"), SUBJECTS)
def test_counts_are_those_of_the_rows(visitor: Client, two: Two, query: str, wanted: dict[str, Any]) -> None:
    found = expected(two, **wanted)
    newest, first = cells(read(visitor, f"/fa/changes/{query}"), "releases")
    counts = newest[1:] if query else newest[2:]
    assert [int(cell) for cell in counts[:3]] == [found["came"], found["gone"], found["changed"]]
    assert amounts(read(visitor, f"/fa/changes/{query}"), "releases")[0][0] == found["net"]
    assert sum(found[name] for name in ("came", "gone", "changed")) > 3
    assert "نخستین انتشار" in first[-1]


@pytest.mark.parametrize(("query", "wanted"), SUBJECTS)
def test_sums_add_up_in_every_row(visitor: Client, two: Two, query: str, wanted: dict[str, Any]) -> None:
    rows = amounts(read(visitor, f"/en/changes/2/{query}"), "sums")
    nets = 0
    for row in rows:
        before, *rest = row if not query else [0, *row, 0]
        came, gone, changed, net, after = rest
        assert came + gone + changed == net
        assert query or before + net == after
        nets += net
    # The town's changes are all of one stage and book, so its years may be added.
    assert nets == expected(two, **wanted)["net"]


def test_what_was_carried_over_is_no_change(visitor: Client, two: Two) -> None:
    text = read(visitor, "/en/changes/2/")
    assert "30 lines came in another file with the same content" in text
    # Of the files only those stand there in which a row differs, and by the names that readers know.
    files = [row[0] for row in cells(text, "tables")]
    assert any(name.startswith("Line") for name in files)
    told = re.search(r"what they said before: ([0-9]+)", text)
    assert told
    assert len(files) > 1
    assert all(row[2:5] != ["0", "0", "0"] for row in cells(text, "tables"))
    assert cells(read(visitor, "/fa/changes/2/"), "tables")[0][0].startswith("ردیف")
    gone = read(visitor, "/en/changes/2/?kind=gone")
    assert len(cells(gone, "gone")) == 10
    assert "dddd" not in text


def test_each_page_says_what_changed_in_what_it_shows(visitor: Client, two: Two) -> None:
    text = read(visitor, "/en/money/?year=1403&unit=10")
    found = expected(two, fiscal_year=1403, unit_code="10")
    row = cells(text, "changed-here")[0]
    assert [int(cell) for cell in row[1:4]] == [found["came"], found["gone"], found["changed"]]
    assert amounts(text, "changed-here")[0] == [found["net"]]
    assert 'href="/en/changes/2/?year=1403&amp;unit=10"' in text
    # The total of the page itself lies as far from the earlier one.
    total = int(re.findall(r'<data class="money" value="(-?\d+)"', text)[0])
    before = sum(
        row["amount"]
        for row in two.old
        if row["book"] == "payments" and row["fiscal_year"] == 1403 and row["unit_code"] == "10"
    )
    assert total - before == found["net"]
    person = read(visitor, "/en/supplier/person/")
    found = expected(two, supplier="person")
    assert [int(cell) for cell in cells(person, "changed-here")[0][1:4]] == [
        found["came"],
        found["gone"],
        found["changed"],
    ]
    assert "Nothing that this page shows has changed" in read(visitor, "/en/budget/")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("aaaa00000000-1-12-paid", "Changed in release 2"),
        ("eeee00000000-1-900-paid", "New in release 2"),
        ("dddd00000000-1-52-paid", ""),
        ("aaaa00000000-1-202-paid", ""),
    ],
)
def test_a_line_says_that_it_changed(visitor: Client, line: str, said: str) -> None:
    text = read(visitor, f"/en/line/{line}/")
    assert (said in text) if said else ("in release 2" not in text)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "path", ["", "money/?class=hardware", "budget/", "supplier/person/", "changes/", "changes/2/?unit=10"]
)
def test_pages_lead_to_their_own_feed(visitor: Client, lang: str, path: str) -> None:
    text = read(visitor, f"/{lang}/{path}")
    (href,) = re.findall(
        r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="([^"]+)">', text
    )
    assert href.startswith(f"/{lang}/feed/")
    assert visitor.get(href.replace("&amp;", "&")).status_code == 200
    assert ("unit=10" in href) == ("unit=10" in path)
    assert ("supplier=person" in href) == ("supplier" in path)


# --- the feed: what RFC 4287 asks ------------------------------------------------------------------------------------


def feed(client: Client, path: str) -> tree.Element:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return tree.fromstring(answer.content)


def text_of(element: tree.Element, tag: str) -> str:
    (found,) = element.findall(f"{ATOM}{tag}")
    return found.text or ""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("query", ["", "?unit=10", "?class=software&year=1402", "?q=خرید+سرور"])
def test_the_feed_is_atom(visitor: Client, lang: str, query: str) -> None:
    root = feed(visitor, f"/{lang}/feed/{query}")
    assert root.tag == f"{ATOM}feed"
    assert root.get(LANG) == lang
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 2
    for element in (root, *entries):
        assert re.fullmatch(rf"tag:[a-z0-9.-]+,\d{{4}}(-\d\d-\d\d)?:{UNRESERVED}+", text_of(element, "id"))
        assert text_of(element, "title").strip()
        moment = datetime.fromisoformat(text_of(element, "updated"))
        assert moment.tzinfo is not None
        alternates = [link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len({(link.get("type"), link.get("hreflang")) for link in alternates}) == len(alternates) == 1
        assert str(alternates[0].get("href")).startswith(f"http://localhost/{lang}/changes/")
    (own,) = [link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert str(own).startswith(f"http://localhost/{lang}/feed/")
    assert feed(visitor, str(own).removeprefix("http://localhost")).find(f"{ATOM}id").text == text_of(
        root, "id"
    )  # type: ignore[union-attr]
    (author,) = root.findall(f"{ATOM}author")
    assert text_of(author, "name") == {"fa": "آبادی", "en": "Abadi"}[lang]
    ids = [text_of(element, "id") for element in (root, *entries)]
    assert len(set(ids)) == 3
    assert text_of(root, "updated") == text_of(entries[0], "updated") == LATER.isoformat()


def test_entries_read_from_the_right_in_persian(visitor: Client) -> None:
    fa, en = (feed(visitor, f"/{lang}/feed/?unit=10") for lang in LANGUAGES)
    for root, direction in ((fa, "rtl"), (en, "ltr")):
        for entry in root.findall(f"{ATOM}entry"):
            content = entry.find(f"{ATOM}content")
            assert content is not None
            assert content.get("type") == "xhtml"
            (div,) = list(content)
            assert (div.tag, div.get("dir")) == (f"{XHTML}div", direction)
            assert text_of(entry, "title").startswith("\u200f") == (direction == "rtl")
            assert text_of(entry, "summary").startswith("\u200f") == (direction == "rtl")
            assert {cell.tag for row in div.iter(f"{XHTML}td") for cell in row} <= {f"{XHTML}bdi"}
    said = "".join(fa.find(f"{ATOM}entry").itertext())  # type: ignore[union-attr]
    assert re.search("[۰-۹]", said)
    assert "lines" not in said


def test_ids_stay_when_the_next_release_comes(portal: Client, settings: Any, releases: Path) -> None:
    settings.RASAD_RELEASES = str(releases)
    write_release(releases)
    before = feed(portal, "/fa/feed/?unit=10")
    (only,) = before.findall(f"{ATOM}entry")
    assert "نخستین انتشار" in text_of(only, "summary")
    write_release(releases, edit=edited, now=LATER)
    after = feed(portal, "/fa/feed/?unit=10")
    newest, oldest = after.findall(f"{ATOM}entry")
    assert text_of(after, "id") == text_of(before, "id")
    for tag in ("id", "updated", "title", "summary"):
        assert text_of(oldest, tag) == text_of(only, tag)
    assert text_of(newest, "id") != text_of(oldest, "id")
    # The pointer set back takes the later release out of the public's sight.
    from rasad.release.build import publish

    publish(releases, 1)
    assert len(feed(portal, "/fa/feed/?unit=10").findall(f"{ATOM}entry")) == 1
    assert portal.get("/fa/changes/2/").status_code == 404


def test_a_release_that_changed_nothing_here_has_no_entry(visitor: Client) -> None:
    root = feed(visitor, "/en/feed/?stage=final")
    (only,) = root.findall(f"{ATOM}entry")
    assert "first release" in text_of(only, "summary")
    assert text_of(root, "updated") == text_of(only, "updated")


def test_the_feed_is_not_sent_twice(visitor: Client) -> None:
    first = visitor.get("/fa/feed/?unit=10")
    assert first["Last-Modified"] == "Sun, 05 Oct 2025 09:30:00 GMT"
    known = {"If-None-Match": first["ETag"]}
    assert visitor.get("/fa/feed/?unit=10", headers=known).status_code == 304
    assert visitor.get("/fa/feed/?unit=20", headers=known).status_code == 200
    since = {"If-Modified-Since": first["Last-Modified"]}
    again = visitor.get("/fa/feed/?unit=10", headers=since)
    assert (again.status_code, again.content) == (304, b"")
    assert (
        visitor.get(
            "/fa/feed/?unit=10", headers={"If-Modified-Since": "Sat, 04 Oct 2025 00:00:00 GMT"}
        ).status_code
        == 200
    )


@pytest.mark.parametrize(
    "path", ["feed/?year=abc", "changes/?class=x", "changes/2/?kind=x", "changes/2/?page=99&kind=gone"]
)
def test_a_bad_subject_is_answered_in_words(visitor: Client, path: str) -> None:
    answer = visitor.get(f"/fa/{path}")
    assert answer.status_code == 400
    assert "این نشانی" in answer.content.decode()


def test_any_text_makes_a_well_formed_feed() -> None:
    nasty = "a\x00b\x0b\ud800<c>&\"'\ufffe\u200f]]>"
    entry = atom.Entry(
        "tag:x,2026:1", nasty, LATER, "http://x/?a=1&b=2", nasty, [atom.Grid(nasty, [nasty], [[nasty]])]
    )
    made = atom.Feed(
        "tag:x,2026:", nasty, nasty, "fa", nasty, nasty, LATER, "http://x/", "http://x/", [entry]
    )
    root = tree.fromstring(atom.written(made))
    assert "<c>&\"'" in "".join(root.itertext())
    with pytest.raises(ValueError):
        atom.written(atom.Feed("", "", "", "en", "", "", datetime(2025, 1, 1), "", "", []))


def test_what_is_withheld_by_now_is_withheld_of_before(portal: Client, settings: Any, releases: Path) -> None:
    """A payee whom the first release named is known for a natural person by the second: no page tells the name any more."""
    settings.RASAD_RELEASES = str(releases)
    named = {
        "supplier": "name:زهرا",
        "supplier_name": PERSON_NAME,
        "supplier_raw": PERSON_NAME,
        "supplier_id_kind": "name",
    }
    person = {
        "supplier": "person",
        "supplier_name": None,
        "supplier_raw": "***",
        "supplier_id_kind": "person",
        "supplier_is_person": True,
    }

    def first(lines: list[Row]) -> list[Row]:
        for row in lines[:6]:
            row |= named | {
                "title": f"حق‌الزحمه {PERSON_NAME}",
                "title_raw": PERSON_NAME,
                "title_key": PERSON_NAME,
            }
        lines[6] |= {"title": "تماس با 0912 345 6789", "title_raw": "تماس", "title_key": "تماس"}
        lines[7] |= {"title": f"سفر {PERSON_NAME}", "title_raw": "سفر", "title_key": "سفر"}
        return lines

    def second(lines: list[Row]) -> list[Row]:
        for row in lines[:6]:
            row |= person | {"title": "حق‌الزحمه ***", "title_raw": "***", "title_key": "حق‌الزحمه"}
        # Some of them have left altogether.
        return lines[3:6] + lines[8:]

    write_release(releases, edit=first)
    write_release(releases, edit=second, now=LATER)
    for path in (
        "changes/",
        "changes/2/",
        "changes/2/?kind=gone",
        "changes/2/?kind=changed",
        "changes/2/?supplier=person",
        "feed/",
    ):
        text = read(portal, f"/fa/{path}")
        assert PERSON_NAME not in text, path
        assert "345" not in text, path
    assert len(cells(read(portal, "/fa/changes/2/?kind=gone"), "gone")) == 5
