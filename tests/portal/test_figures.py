"""Figures of pages and files against a plain recomputation from the rows, and files against pages."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from town import CLASSES, UNITS, Row, Town

from rasad.release.reader import DIMENSIONS


def content(answer: HttpResponse) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def table(client: Client, path: str) -> list[dict[str, str]]:
    text = content(client.get(path)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def shown(client: Client, path: str, table_id: str) -> list[int]:
    """Return the exact amounts of a table's body, in their order, as the page holds them."""
    text = client.get(path).content.decode()
    body = text[text.index(f'<table role="table" id="{table_id}"') :]
    body = body[body.index("<tbody") : body.index("</tbody>")]
    return [int(one) for one in re.findall(r'<data class="money" value="(-?\d+)"', body)]


def sums(rows: list[Row], key: str) -> dict[str, int]:
    found: Counter[str] = Counter()
    for row in rows:
        found[str(row[key] or "")] += row["amount"]
    return dict(found)


@pytest.mark.parametrize(
    ("by", "column"),
    [
        ("class", "class"),
        ("unit", "unit_code"),
        ("programme", "programme_code"),
        ("economic", "economic_code"),
        ("supplier", "supplier"),
        ("mode", "mode"),
    ],
)
@pytest.mark.parametrize("year", [1401, 1402, 1403])
def test_groups_equal_a_plain_sum(client: Client, town: Town, by: str, column: str, year: int) -> None:
    expected = sums(town.paid(year), column)
    rows = table(client, f"/en/money.csv?by={by}&year={year}")
    assert {row["key"]: int(row["amount"]) for row in rows} == expected
    assert sum(float(row["share"]) for row in rows) == pytest.approx(1)
    assert shown(client, f"/fa/money/?by={by}&year={year}", "groups") == [int(row["amount"]) for row in rows]
    assert {(row["stage"], row["fiscal_year"], row["book"], row["currency"]) for row in rows} == {
        ("paid", str(year), "payments", "IRR")
    }


def test_the_book_asked_for_answers(client: Client, town: Town) -> None:
    budget = [
        row
        for row in town.lines
        if (row["book"], row["stage"], row["fiscal_year"]) == ("budget", "paid", 1403)
    ]
    rows = table(client, "/en/money.csv?by=unit&year=1403&stage=paid&book=budget")
    assert {row["key"]: int(row["amount"]) for row in rows} == sums(budget, "unit_code")


def test_stages_stand_side_by_side_and_are_never_added(client: Client, town: Town) -> None:
    rows = table(client, "/en/budget.csv?by=unit&year=1403")
    own = [
        row
        for row in town.lines
        if (row["book"], row["fiscal_year"], row["flow"]) == ("budget", 1403, "expense")
    ]
    for row in rows:
        for stage in ("initial", "modification", "final", "committed", "paid"):
            assert int(row[stage]) == sum(
                x["amount"] for x in own if x["unit_code"] == row["key"] and x["stage"] == stage
            )
        assert float(row["absorption"]) == pytest.approx(int(row["paid"]) / int(row["final"]))
    by_stage = json.loads(content(client.get("/en/money.json?by=stage&year=1403")))
    assert "share" not in by_stage["columns"]
    assert {row["key"]: row["amount"] for row in by_stage["rows"]} == sums(own, "stage")


@pytest.mark.parametrize("order", ["final", "-final", "-absorption", "name", "-paid"])
def test_the_budget_is_sorted_by_any_column(client: Client, order: str) -> None:
    rows = table(client, f"/en/budget.csv?by=unit&year=1403&order={order}")
    key = order.lstrip("-")
    values: list[Any] = [row["name"] if key == "name" else float(row[key]) for row in rows]
    assert values == sorted(values, reverse=order.startswith("-"))


def test_lines_are_downloaded_whole_though_a_page_holds_fifty(client: Client, town: Town) -> None:
    expected = town.paid(1403)
    rows = table(client, "/en/money.csv?view=lines&year=1403")
    assert len(rows) == len(expected) > 50
    assert {row["line_id"] for row in rows} == {row["line_id"] for row in expected}
    assert [int(row["amount"]) for row in rows] == sorted((row["amount"] for row in expected), reverse=True)
    first = shown(client, "/en/money/?view=lines&year=1403", "lines")
    second = shown(client, "/en/money/?view=lines&year=1403&page=2", "lines")
    assert first + second == [int(row["amount"]) for row in rows][:100]


def test_csv_json_and_xlsx_hold_the_same(client: Client) -> None:
    query = "by=economic&year=1402&per=resident"
    rows = table(client, f"/fa/money.csv?{query}")
    told = json.loads(content(client.get(f"/fa/money.json?{query}")))
    assert [row["amount"] for row in told["rows"]] == [int(row["amount"]) for row in rows]
    assert [row["per_resident"] for row in told["rows"]] == [
        (row["amount"] + 500) // 1000 for row in told["rows"]
    ]
    assert told["currency"] == "IRR"
    assert told["sample"] is True
    book = content(client.get(f"/fa/money.xlsx?{query}"))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert len(sheet) == len(rows) + 1
    column = list(told["columns"]).index("amount")
    assert [int(cell[column]) for cell in sheet[1:]] == [row["amount"] for row in told["rows"]]


@pytest.mark.parametrize("path", ["money", "money.xlsx?view=lines&year=all"])
def test_no_cell_is_a_formula(client: Client, path: str) -> None:
    if path == "money":
        cells = [cell for row in table(client, "/en/money.csv?view=lines&year=all") for cell in row.values()]
        cells += [
            cell for row in table(client, "/en/money.csv?by=economic&year=all") for cell in row.values()
        ]
        risky = [c for c in cells if c[:1] in "=+@\t\r" and c and not re.fullmatch(r"[+-]?[0-9.,]+", c)]
        assert risky == []
        assert "'=1+1" in cells
        assert "'=SUM(A1:A9)" in cells
    else:
        with zipfile.ZipFile(io.BytesIO(content(client.get(f"/en/{path}")))) as book:
            sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
            assert sheets
            assert not any(b"<f>" in book.read(name) for name in sheets)
            assert not any(
                "hyperlink" in book.read(name).decode().lower() and "<hyperlink" in book.read(name).decode()
                for name in sheets
            )


def test_files_of_the_release_are_sent_as_they_are(client: Client, town: Town) -> None:
    manifest = json.loads(content(client.get("/fa/data/files/manifest.json")))
    for one in manifest["files"]:
        assert (
            content(client.get(f"/fa/data/files/{one['path']}"))
            == (town.releases / "0001" / one["path"]).read_bytes()
        )


def test_a_file_that_is_known_is_not_sent_again(client: Client) -> None:
    first = client.get("/fa/data/files/data/line.parquet")
    content(first)
    again = client.get("/fa/data/files/data/line.parquet", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_command_on_the_method_page_gives_the_figure_it_says(
    client: Client,
    town: Town,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = client.get("/en/method/").content.decode()
    listing = re.search(r"&lt;&lt;'PY'\n(.*?)\nPY", text.replace("&#x27;", "'"), re.S)
    assert listing is not None
    source = listing[1].replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    (tmp_path / "line.csv").write_bytes(content(client.get("/en/data/files/data/line.csv")))
    monkeypatch.chdir(tmp_path)
    exec(compile(source, "listing", "exec"), {})
    amount = sum(row["amount"] for row in town.paid(1403))
    assert capsys.readouterr().out.split() == [str(amount), str(len(town.paid(1403)))]
    assert f"{amount:,}" in text


def test_home_tells_it_spending_of_the_newest_year(client: Client, town: Town) -> None:
    it = [row for row in town.paid(1403) if row["class"] in ("hardware", "software", "services")]
    assert shown(client, "/en/", "it-by-class") == sorted(sums(it, "class").values(), reverse=True)


_NAMES = st.sampled_from(
    [
        "by",
        "view",
        "order",
        "page",
        "year",
        "stage",
        "flow",
        "book",
        "it",
        "per",
        "class",
        "mode",
        "unit",
        "programme",
        "economic",
        "supplier",
        "nature",
        "source",
        "month",
        "q",
        "batch",
        "a",
        "b",
        "from",
        "to",
        "terms",
        "people",
        "paid",
        "in",
        "x",
    ]
)
_VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            *DIMENSIONS,
            *CLASSES,
            *UNITS,
            "1403",
            "۱۴۰۲",
            "all",
            "lines",
            "paid",
            "final",
            "revenue",
            "budget",
            "payments",
            "1",
            "-amount",
            "date",
            "1403-05",
            "resident",
            "1390",
            "۷",
            "12",
            "real",
            "toman",
            "1,250,000",
            "person",
            '"',
            "*",
            "' or 1=1 --",
            "%",
            "سرور",
        ]
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(
        [
            "",
            "money/",
            "money.csv",
            "money.json",
            "budget/",
            "budget.csv",
            "search/",
            "data/",
            "data/problems/",
            "supplier/person/",
            "method/",
            "changes/",
            "changes/1/",
            "feed/",
            "compare/",
            "compare.json",
            "share/",
            "share.csv",
        ]
    ),
    query=st.lists(st.tuples(_NAMES, _VALUES), max_size=5),
)
def test_no_address_breaks_a_page(client: Client, path: str, query: list[tuple[str, str]]) -> None:
    answer = client.get(f"/fa/{path}", dict(query))
    assert answer.status_code in (200, 400)
    if answer.streaming:
        assert b"".join(answer.streaming_content)
