"""The portal over a release of the sample city that was made the real way: every link leads on, nobody is named, sums agree."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

import pytest
from django.conf import settings as configured
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rasad.actions.cities import packs, start_home
from rasad.actions.releases import build_release
from rasad.web.portal.current import forget

LANGUAGES = ("fa", "en")
ROUNDS = 260
"""Pages that a crawl opens in each language."""
ALIKE = 2
"""Pages of one shape (the same view, the same names in the query, the same grouping) that a crawl opens."""


class Sample(NamedTuple):
    """Folder of releases, what is true of the sample's files, and the rows of the release's own CSV."""

    releases: Path
    truth: dict[str, Any]
    lines: list[dict[str, str]]


@pytest.fixture(scope="session")
def sample(small_city: Path) -> Sample:
    """The smallest sample city, loaded and released."""
    releases = small_city / "releases"
    with (releases / "0001/data/line.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    truth = json.loads((small_city / "files/truth.json").read_text("utf-8"))
    return Sample(releases, truth, lines)


@pytest.fixture
def visitor(portal: Client, settings: Any, sample: Sample) -> Iterator[Client]:
    """A client of the portal over the sample's release."""
    settings.RASAD_RELEASES = str(sample.releases)
    forget()
    yield portal
    forget()


class _Links(HTMLParser):
    """Addresses that a page leads to, and the names of its places."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href") is not None:
            self.links.append(str(given["href"]))
        if given.get("id"):
            self.places.add(str(given["id"]))


def body(client: Client, address: str) -> bytes:
    """Return what is sent, page or file."""
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    if not answer.streaming:
        return bytes(answer.content)
    sent = b"".join(answer.streaming_content)
    answer.close()
    return sent


def shape(address: str) -> tuple[object, ...]:
    parts = urlsplit(address)
    path = re.sub(r"/(line|supplier|data/batch)/.+/$", r"/\1/*/", parts.path)
    query = dict(parse_qsl(parts.query))
    return (path, tuple(sorted(query)), query.get("by"), query.get("view"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_link_leads_on(visitor: Client, lang: str) -> None:
    waiting = deque([f"/{lang}/"])
    seen: Counter[object] = Counter([shape(f"/{lang}/")])
    known, opened = set(waiting), 0
    named: dict[str, set[str]] = {}
    wanted: list[tuple[str, str, str]] = []
    while waiting and opened < ROUNDS:
        here = waiting.popleft()
        opened += 1
        answer = visitor.get(here)
        assert answer.status_code == 200, here
        if answer.streaming:
            answer.close()
            continue
        page = _Links()
        page.feed(answer.content.decode())
        named[here] = page.places
        for link in page.links:
            there, _, place = urljoin(here, link).partition("#")
            if urlsplit(there).netloc:
                continue
            assert link not in ("", "#"), here
            if place:
                wanted.append((here, there, place))
            own = urlsplit(there).path.startswith(f"/{lang}/")
            if own and there not in known and seen[shape(there)] < ALIKE:
                seen[shape(there)] += 1
                known.add(there)
                waiting.append(there)
    assert opened > 100
    views = {key[0] for key in seen if isinstance(key, tuple)}
    for path in (
        "money/",
        "budget/",
        "line/*/",
        "supplier/*/",
        "data/",
        "data/batch/*/",
        "data/problems/",
        "method/",
        "money.csv",
        "money.xlsx",
        "budget.json",
        "data/files/data/line.parquet",
    ):
        assert f"/{lang}/{path}" in views, path
    for here, there, place in wanted:
        if there in named:
            assert place in named[there], f"{here} leads to {there}#{place}"


def test_persons_of_the_sample_are_named_nowhere(visitor: Client, sample: Sample) -> None:
    """Searched for by name and by number, in pages, files and the release itself: nothing of any person comes back."""
    people = sample.truth["people"]
    assert len(people["names"]) > 20
    assert len(people["ids"]) > 20
    secret = [*people["names"], *people["ids"]]
    sent = [
        "money.csv?view=lines&year=all",
        "money.json?view=lines&year=all",
        "money.json?by=supplier&year=all",
        "supplier/person/",
        "data/problems/",
        *(
            f"data/files/data/{name}.csv"
            for name in ("line", "contract", "supplier", "batch", "problem", "tombstone")
        ),
        *(f"money/?view=lines&year=all&supplier=person&page={page}" for page in (1, 2)),
    ]
    for path in sent:
        text = body(visitor, f"/fa/{path}").decode("utf-8-sig")
        assert [one for one in secret if one in text] == [], path
    # Numbers of firms do stand in the files: what is looked for would be found.
    told = body(visitor, "/fa/data/files/data/line.csv").decode("utf-8-sig")
    assert sum(one in told for one in sample.truth["legal_ids"]) > 20
    masked = [row for row in sample.lines if row["supplier"] == "person"]
    assert masked
    for row in masked[:25]:
        text = body(visitor, f"/fa/line/{row['line_id']}/").decode()
        assert [one for one in secret if one in text] == [], row["line_id"]


def test_a_search_for_a_person_finds_nobody(visitor: Client, sample: Sample) -> None:
    people = sample.truth["people"]
    for one in [*people["names"][:20], *people["ids"][:20]]:
        text = visitor.get("/fa/search/", {"q": one}).content.decode()
        hits = re.findall(r"<tr.*?</tr>|<ul class=\"hits\">.*?</ul>", text, flags=re.S)
        # Its words may find other lines; the name as a whole stands in none.
        assert not [hit for hit in hits if one in hit], one
    firm = next(row for row in sample.lines if row["supplier_id_kind"] == "ir_legal")
    text = visitor.get("/fa/search/", {"q": firm["supplier_name"]}).content.decode()
    assert f"/fa/supplier/{quote(firm['supplier'], safe=':')}/" in text


@pytest.mark.parametrize("year", ["1399", "1401", "1403"])
@pytest.mark.parametrize(
    ("by", "column"), [("class", "class"), ("unit", "unit_code"), ("supplier", "supplier")]
)
def test_figures_are_plain_sums_of_the_open_file(
    visitor: Client, sample: Sample, by: str, column: str, year: str
) -> None:
    sums: Counter[str] = Counter()
    for row in sample.lines:
        if (row["flow"], row["book"], row["stage"], row["fiscal_year"]) == (
            "expense",
            "payments",
            "paid",
            year,
        ):
            # The open file has an apostrophe before what a spreadsheet would run.
            sums[row[column].removeprefix("'")] += int(row["amount"])
    if not sums:
        pytest.skip(f"the sample has no payments of {year}")
    told = json.loads(body(visitor, f"/en/money.json?by={by}&year={year}&stage=paid&book=payments"))
    assert {row["key"]: row["amount"] for row in told["rows"]} == dict(sums)
    text = body(visitor, f"/en/money/?by={by}&year={year}&stage=paid&book=payments").decode()
    foot = text[text.index("<tfoot") : text.index("</tfoot>")]
    assert f'value="{sum(sums.values())}"' in foot


def test_downloaded_lines_are_the_lines_of_the_open_file(visitor: Client, sample: Sample) -> None:
    sent = body(visitor, "/fa/money.csv?view=lines&year=all&stage=paid&book=payments").decode("utf-8-sig")
    got = list(csv.reader(io.StringIO(sent)))
    wanted = [
        row
        for row in sample.lines
        if (row["flow"], row["book"], row["stage"]) == ("expense", "payments", "paid")
    ]
    assert len(got) - 1 == len(wanted) > 1_900
    place = {row["line_id"]: row for row in wanted}
    spot = next(i for i, cell in enumerate(got[1]) if cell in place)
    assert {row[spot] for row in got[1:]} == set(place)
    for row in got[1:]:
        assert place[row[spot]]["amount"] in row


@pytest.mark.parametrize(
    "path", ["", "money/", "budget/", "money/?view=lines&year=all&it=1", "data/", "method/"]
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_are_light_and_in_one_language(visitor: Client, lang: str, path: str) -> None:
    sent = body(visitor, f"/{lang}/{path}")
    assert len(sent) < 100_000
    text = sent.decode()
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "fa" else "ltr"}">' in text
    if lang == "fa":
        # Every heading, label and caption has its Persian text: what is English there was left untranslated.
        shown = re.findall(
            r"<(?:h[1-3]|caption|label|legend|summary|button)\b[^>]*>(.*?)</", text, flags=re.S
        )
        bare = [re.sub(r"<[^>]*>|&\w+;", " ", one) for one in shown]
        known = re.compile(r"\b(SHA|CSV|XLSX|JSON|IT)\b")
        assert [one for one in bare if re.search("[A-Za-z]{3}", known.sub("", one))] == []


@pytest.mark.parametrize(
    ("query", "value", "said"),
    [
        ("year=14x3", "14x3", "سال مالی"),
        ("stage=spent", "spent", "stage"),
        ("by=colour", "colour", "by"),
        ("page=two", "two", "صفحه"),
        ("month=1403-13", "1403-13", "ماه"),
    ],
)
def test_a_bad_value_is_answered_in_persian(visitor: Client, query: str, value: str, said: str) -> None:
    answer = visitor.get(f"/fa/money/?{query}")
    text = answer.content.decode()
    assert answer.status_code == 400
    assert value in text
    assert said in text
    assert "is no " not in text
    assert 'dir="rtl"' in text


@pytest.mark.parametrize(
    "name",
    [
        "../manifest.json",
        "../../current",
        "data/../../current",
        "%2e%2e/%2e%2e/current",
        "..%2f..%2fcurrent",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "data/",
        "data",
        ".",
        "data/line.csv%00",
        "data/line.csv/",
        "data//line.csv",
        "DATA/LINE.CSV",
        "data\\line.csv",
        "no-such-file",
    ],
)
def test_only_files_of_the_manifest_are_sent(visitor: Client, name: str) -> None:
    answer = visitor.get(f"/en/data/files/{name}")
    assert answer.status_code == 404, unquote(name)
    assert not answer.streaming


@pytest.mark.parametrize(
    "path", ["", "money/", "money.csv", "budget/", "search/", "data/", "data/files/data/line.csv"]
)
def test_nothing_can_be_sent_to_the_portal(visitor: Client, path: str) -> None:
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(visitor, method)(f"/fa/{path}")
        assert answer.status_code == 405, method
        assert answer.headers["Allow"] == "GET, HEAD"
    head = visitor.head(f"/fa/{path}")
    assert head.status_code == 200
    assert not head.cookies
    head.close()


def test_the_portal_has_neither_database_nor_session(visitor: Client) -> None:
    assert all(one.get("ENGINE") == "django.db.backends.dummy" for one in configured.DATABASES.values())
    assert not any("session" in one.lower() or "auth" in one.lower() for one in configured.MIDDLEWARE)
    assert not visitor.get("/fa/money/").cookies


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_release_before_its_first_file_answers(
    portal: Client, settings: Any, tmp_path: Path, lang: str
) -> None:
    home = start_home(home=tmp_path / "home", pack=packs()["sample"])
    settings.RASAD_RELEASES = str(build_release(home=home).parent)
    for path in (
        "",
        "money/",
        "money/?view=lines",
        "money/?by=stage",
        "budget/",
        "search/?q=x",
        "data/",
        "method/",
        "compare/",
        "share/",
    ):
        body(portal, f"/{lang}/{path}")
    for path in ("money.csv", "money.json?view=lines", "budget.xlsx"):
        assert body(portal, f"/{lang}/{path}")
    assert portal.get(f"/{lang}/supplier/person/").status_code == 404


_WORDS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            *'"*%_:^-+()',
            "NEAR(",
            "a OR b",
            "شبکه*",
            '"شبکه',
            "title:x",
            "\u200c",
            "كي",
            "۰۰",
            "\ud7ff",
            "'; --",
            "%s",
        ]
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=_WORDS, kind=st.sampled_from(["", "supplier", "line", "x"]), lang=st.sampled_from(LANGUAGES))
def test_any_words_can_be_searched_for(visitor: Client, q: str, kind: str, lang: str) -> None:
    assert visitor.get(f"/{lang}/search/", {"q": q, "kind": kind}).status_code in (200, 400)
    answer = visitor.get(f"/{lang}/money/", {"q": q, "view": "lines", "year": "all"})
    assert answer.status_code == (400 if "\x00" in q.strip() else 200)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.text(min_size=1, max_size=30), lang=st.sampled_from(LANGUAGES))
def test_any_name_of_what_is_not_there_is_not_found(visitor: Client, key: str, lang: str) -> None:
    for kind in ("line", "supplier", "data/batch", "data/files"):
        answer = visitor.get(f"/{lang}/{kind}/{quote(key, safe='')}/")
        assert answer.status_code in (404, 301), kind
