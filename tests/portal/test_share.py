"""Your share, against a plain recomputation from the release's open file."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import BadRequest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_figures import content, table
from test_portal_compare import KNOWN, by_line, page
from town import Row, Town, write_release

from rasad.persian.digits import to_persian
from rasad.release.reader import IT_CLASSES
from rasad.web.portal.sharing import LARGEST, TOP, base, read_sum

RESIDENTS = 1000
"""How many live in the town."""


def paid_in(releases: Path, year: int) -> list[dict[str, str]]:
    """Return the payments of a year from the newest release's own CSV."""
    newest = max(path for path in releases.iterdir() if path.name.isdigit())
    with (newest / "data/line.csv").open(encoding="utf-8-sig", newline="") as file:
        wanted = ("payments", "expense", "paid", str(year))
        return [
            row
            for row in csv.DictReader(file)
            if (row["book"], row["flow"], row["stage"], row["fiscal_year"]) == wanted
        ]


def sums(rows: list[dict[str, str]], column: str) -> dict[str, int]:
    found: Counter[str] = Counter()
    for row in rows:
        found[row[column]] += int(row["amount"])
    return dict(found)


def halves_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def parts(client: Client, query: str = "") -> list[dict[str, str]]:
    return table(client, f"/en/share.csv?{query}")


def of(rows: list[dict[str, str]], *kinds: str) -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in rows if row["kind"] in kinds}


@pytest.fixture
def known(portal: Client, settings: Any, releases: Path) -> Client:
    """A town where every line has a class."""
    write_release(releases, classes=KNOWN)
    settings.RASAD_RELEASES = str(releases)
    return portal


@pytest.mark.parametrize("year", [1401, 1403])
@pytest.mark.parametrize("paid", [1, 999_999, 12_500_000])
def test_parts_are_those_of_the_open_file_and_add_up(
    known: Client, releases: Path, year: int, paid: int
) -> None:
    rows = paid_in(releases, year)
    by_class, by_unit = sums(rows, "class"), sums(rows, "unit_code")
    whole = sum(by_class.values())
    found = parts(known, f"year={year}&by=unit&paid={paid}")
    columns = {"of_base": 1_000_000, "of_paid": paid, "per_resident": halves_up(Fraction(whole, RESIDENTS))}
    for kind, amounts in (("class", by_class), ("unit", by_unit)):
        group = of(found, kind)
        assert {key: int(row["amount"]) for key, row in group.items()} == amounts
        for column, told in columns.items():
            assert sum(int(row[column]) for row in group.values()) == told
            for key, row in group.items():
                assert abs(int(row[column]) - Fraction(told * amounts[key], whole)) < 1
    assert {(row["stage"], row["fiscal_year"], row["book"]) for row in found} == {
        ("paid", str(year), "payments")
    }


def test_the_page_shows_the_same_with_totals_and_words(known: Client, releases: Path) -> None:
    whole = sum(sums(paid_in(releases, 1403), "class").values())
    each = halves_up(Fraction(whole, RESIDENTS))
    text = page(known, "share/?paid=12,500,000")
    assert f'<data class="money" value="{each}"' in text
    assert "twelve million five hundred thousand rials" in text
    assert "دوازده میلیون و پانصد هزار ریال" in page(known, "share/?paid=۱۲٬۵۰۰٬۰۰۰", "fa")
    own = of(parts(known, "paid=12500000"), "class")
    for table_id in ("share-by-class", "share-by-group"):
        body = text[text.index(f'<table role="table" id="{table_id}"') :]
        body, foot = (
            body[body.index("<tbody") : body.index("</tbody>")],
            body[body.index("<tfoot") : body.index("</tfoot>")],
        )
        figures = [int(one) for one in re.findall(r'<data class="money" value="(-?\d+)"', body)]
        assert sum(figures[::2]) == 12_500_000
        assert sum(figures[1::2]) == each
        assert [int(one) for one in re.findall(r'value="(-?\d+)"', foot)] == [12_500_000, each]
        if table_id == "share-by-class":
            assert figures[::2] == [int(row["of_paid"]) for row in own.values()]
    without = page(known, "share/")
    assert "Of each 1,000,000 rials" in without
    assert "Of what you paid" not in without


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    paid=st.integers(1, LARGEST),
    by=st.sampled_from(["unit", "programme", "economic"]),
    year=st.sampled_from([1401, 1402, 1403]),
)
def test_any_sum_divides_without_rest(client: Client, paid: int, by: str, year: int) -> None:
    told = json.loads(content(client.get(f"/en/share.json?paid={paid}&by={by}&year={year}")))
    assert told["paid"] == paid
    for kinds in (("class", "coarse"), (by, "others")):
        group = [row for row in told["rows"] if row["kind"] in kinds]
        assert sum(row["of_paid"] for row in group) == paid
        assert sum(row["of_base"] for row in group) == 1_000_000


def test_it_is_told_as_one_where_too_much_is_unknown(client: Client, town: Town) -> None:
    amounts = sums(paid_in(town.releases, 1403), "class")
    assert amounts["unknown"] / sum(amounts.values()) > 0.1
    group = of(parts(client), "class", "coarse")
    assert {key: int(row["amount"]) for key, row in group.items()} == {
        "it": sum(amounts.get(cls, 0) for cls in IT_CLASSES),
        "not_it": amounts["not_it"],
        "unknown": amounts["unknown"],
    }
    text = page(client, "share/")
    assert "Shares are withheld" in text
    assert "Identified as IT, all classes together" in text
    body = text[text.index('id="share-by-class"') : text.index('id="by-group-title"')]
    assert "Hardware" not in body


def test_the_largest_are_named_and_the_others_stand_together(
    portal: Client, settings: Any, releases: Path
) -> None:
    units = 14

    def each(row: Row) -> Row:
        number = row["line_no"] % units
        return row | {"unit_code": f"u{number}", "unit": f"Unit {number}"}

    write_release(releases, edit=by_line(each))
    settings.RASAD_RELEASES = str(releases)
    amounts = sorted(sums(paid_in(releases, 1403), "unit_code").values(), reverse=True)
    found = [row for row in parts(portal, "by=unit") if row["kind"] in ("unit", "others")]
    assert [int(row["amount"]) for row in found] == [*amounts[:TOP], sum(amounts[TOP:])]
    assert found[-1]["kind"] == "others"
    assert f"{units - TOP} others together" in page(portal, "share/?by=unit")
    assert f"{to_persian(str(units - TOP))} مورد دیگر" in page(portal, "share/?by=unit", "fa")


def test_a_city_without_residents_says_so_and_takes_a_number(
    portal: Client, settings: Any, releases: Path
) -> None:
    write_release(releases, residents=0)
    settings.RASAD_RELEASES = str(releases)
    whole = sum(sums(paid_in(releases, 1403), "class").values())
    text = page(portal, "share/")
    assert "does not state how many people live in it" in text
    assert "For each resident" not in text
    assert 'id="filter-people"' in text
    assert "per_resident" not in parts(portal)[0]
    text = page(portal, "share/?people=۱۲٬۰۰۰")
    assert f'value="{halves_up(Fraction(whole, 12_000))}"' in text
    assert "is the one you typed" in text
    assert 'value="12,000"' in text


def test_a_city_that_states_its_residents_keeps_them(client: Client) -> None:
    assert page(client, "share/?people=5") == page(client, "share/?people=5").replace(
        'id="filter-people"', ""
    )
    assert parts(client, "people=5") == parts(client)
    assert "Number of residents: counted" in page(client, "share/")
    assert "شمرده" in page(client, "share/", "fa")
    assert "شمرده" in page(client, "data/", "fa")


def test_examples_are_the_largest_lines_and_nobodys(client: Client, town: Town) -> None:
    text = page(client, "share/")
    body = text[text.index('id="share-examples"') :]
    linked = re.findall(r'href="/en/line/([^/"]+)/"', body[: body.index("</table>")])
    rows = [
        row
        for row in paid_in(town.releases, 1403)
        if row["supplier_is_person"] == "false" and int(row["amount"]) > 0
    ]
    largest = {
        cls: max(int(row["amount"]) for row in rows if row["class"] == cls)
        for cls in {row["class"] for row in rows}
    }
    chosen = {row["class"]: int(row["amount"]) for row in rows if row["line_id"] in linked}
    assert chosen == largest
    assert len(linked) == len(largest)
    for line in linked:
        assert client.get(f"/en/line/{line}/").status_code == 200


def test_every_part_leads_to_its_money(known: Client, releases: Path) -> None:
    text = page(known, "share/?year=1402")
    amounts = sums(paid_in(releases, 1402), "class")
    body = text[text.index('id="share-by-class"') : text.index('id="by-group-title"')]
    for address in re.findall(r'href="(/en/money/[^"]+)"', body[: body.index("</table>")]):
        told = page(known, address.replace("&amp;", "&").removeprefix("/en/"))
        cls = re.search(r"class=([a-z_]+)", address)
        assert cls is not None
        assert f'value="{amounts[cls[1]]}"' in told


def test_another_currency_divides_a_hundred(portal: Client, settings: Any, releases: Path) -> None:
    write_release(releases, classes=KNOWN, currency="EUR", minor_digits=2)
    settings.RASAD_RELEASES = str(releases)
    found = of(parts(portal, "paid=1,250.5"), "class")
    assert base("EUR") == sum(int(row["of_base"]) for row in found.values()) == 10_000
    assert sum(int(row["of_paid"]) for row in found.values()) == 125_050
    text = page(portal, "share/?paid=1,250.5")
    assert 'value="1,250.50"' in text
    assert "one thousand two hundred and fifty euros and fifty cents" in text
    assert 'id="filter-in"' not in text


def test_toman_are_ten_rials(known: Client) -> None:
    own = of(parts(known, "paid=1,250,000&in=toman"), "class")
    assert sum(int(row["of_paid"]) for row in own.values()) == 12_500_000
    assert 'value="1,250,000"' in page(known, "share/?paid=1,250,000&in=toman")


def test_all_years_together_are_no_share(known: Client, releases: Path) -> None:
    assert parts(known, "year=all") == parts(known)


def test_revenue_is_not_divided(known: Client) -> None:
    assert parts(known, "flow=revenue&class=hardware&it=1") == parts(known)


def test_a_year_of_nothing_has_nothing_to_divide(client: Client) -> None:
    text = page(client, "share/?year=1390")
    assert "There is nothing to divide" in text
    assert parts(client, "year=1390") == []


def test_money_that_came_back_is_below_nought(portal: Client, settings: Any, releases: Path) -> None:
    def each(row: Row) -> Row:
        back = row["class"] == "software" and row["book"] == "payments"
        return row | {"amount": -abs(row["amount"]) // 5} if back else row

    write_release(releases, classes=KNOWN, edit=by_line(each))
    settings.RASAD_RELEASES = str(releases)
    found = of(parts(portal), "class")
    assert int(found["software"]["of_base"]) < 0
    assert sum(int(row["of_base"]) for row in found.values()) == 1_000_000
    assert "−" in page(portal, "share/") or "-" in page(portal, "share/")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("paid=abc", "«abc» مبلغ پول نیست"),
        ("paid=-5", "«-5» مبلغ پول نیست"),
        ("paid=1.5", "«1.5» مبلغ پول نیست"),
        ("paid=12,34", "مبلغ پول نیست"),
        ("paid=0", "مبلغ باید بیشتر از صفر"),
        ("paid=9999999999999999999", "مبلغ باید بیشتر از صفر"),
        ("by=supplier", "by"),
        ("in=dollar", "in"),
        ("year=14", "سال مالی نیست"),
    ],
)
def test_a_bad_value_is_answered_in_words(client: Client, query: str, said: str) -> None:
    answer = client.get(f"/fa/share/?{query}")
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert client.get(f"/fa/share.csv?{query}").status_code == 400


@pytest.mark.parametrize("people", ["0", "-3", "x", "12.5", "9" * 30])
def test_a_bad_number_of_residents_is_answered_in_words(
    portal: Client, settings: Any, releases: Path, people: str
) -> None:
    write_release(releases, residents=0)
    settings.RASAD_RELEASES = str(releases)
    answer = portal.get(f"/fa/share/?people={people}")
    assert answer.status_code == 400
    assert "شمار ساکنان نیست" in answer.content.decode()


@given(st.integers(1, LARGEST), st.sampled_from([",", "٬", "", "'", "\u00a0"]), st.booleans())
def test_sums_are_read_as_people_write_them(amount: int, mark: str, persian: bool) -> None:
    text = f"{amount:,}".replace(",", mark)
    assert read_sum(to_persian(text) if persian else text, "IRR") == amount


@given(st.integers(10, LARGEST), st.sampled_from([".", "٫"]))
def test_cents_are_read(amount: int, point: str) -> None:
    major, minor = divmod(amount, 100)
    assert read_sum(f"{major:,}{point}{minor:02d}", "EUR") == amount
    assert read_sum(f"{major}{point}{minor // 10}", "EUR") == amount - amount % 10


@given(st.text(max_size=25))
def test_any_text_is_a_sum_or_refused(text: str) -> None:
    try:
        found = read_sum(text, "IRR")
    except BadRequest:
        return
    assert found is None or 0 < found <= LARGEST
