"""Two periods beside each other, against a plain recomputation from the release's open file."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import jdatetime
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from test_figures import content, shown, table
from town import Row, Town, write_release

from rasad.release.reader import Filters, open_release
from rasad.release.reader.months import Period, months_of
from rasad.release.reader.periods import DIMENSIONS, ORDERS, compare

COLUMNS = {
    "class": "class",
    "mode": "mode",
    "unit": "unit_code",
    "programme": "programme_code",
    "economic": "economic_code",
    "supplier": "supplier",
    "source": "source",
}
KNOWN = ("hardware", "hardware", "software", "not_it")
"""Classes of a town where nothing is unknown."""


def by_line(each: Callable[[Row], Row | None]) -> Callable[[list[Row]], list[Row]]:
    """Return what changes a town's lines one by one; a line of None is left out."""
    return lambda rows: [changed for row in rows if (changed := each(row)) is not None]


def open_lines(releases: Path) -> list[dict[str, str]]:
    """Return the payments of the newest release's own CSV: what anybody can download."""
    newest = max(path for path in releases.iterdir() if path.name.isdigit())
    with (newest / "data/line.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if (row["book"], row["flow"]) == ("payments", "expense")]


def month(row: dict[str, str]) -> int | None:
    """Return the Jalali month of a line's date by another library than Rasad's own; None outside the fiscal year or without a date."""
    if not row["date"]:
        return None
    day = jdatetime.date.fromgregorian(date=date.fromisoformat(row["date"]))
    return day.month if day.year == int(row["fiscal_year"]) else None


def sums(rows: list[dict[str, str]], column: str, year: int, months: range | None = None) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in rows:
        if int(row["fiscal_year"]) == year and (months is None or month(row) in months):
            found[row[column]] += int(row["amount"])
    return found


def page(client: Client, path: str, lang: str = "en") -> str:
    answer = client.get(f"/{lang}/{path}")
    assert answer.status_code == 200, answer.content.decode()[:3000]
    text: str = answer.content.decode()
    return text


def chosen(text: str, name: str) -> str:
    """Return the option that stands in a field of the form."""
    field = re.search(rf'<select id="filter-{name}".*?</select>', text, re.S)
    assert field is not None, name
    found = re.search(r'<option value="([^"]*)" selected>', field[0])
    assert found is not None, name
    return found[1]


def totals(text: str) -> list[int]:
    foot = text[text.index("<tfoot") : text.index("</tfoot>")]
    return [int(one) for one in re.findall(r'<data class="money" value="(-?\d+)"', foot)]


@pytest.mark.parametrize(("by", "column"), COLUMNS.items())
@pytest.mark.parametrize(("a", "b"), [(1402, 1403), (1401, 1403), (1403, 1402)])
@pytest.mark.parametrize("months", [None, range(2, 6), range(7, 8)])
def test_groups_are_plain_sums_of_the_open_file(
    client: Client, town: Town, by: str, column: str, a: int, b: int, months: range | None
) -> None:
    lines = open_lines(town.releases)
    span = (months[0], months[-1]) if months else (1, 12)
    query = f"by={by}&a={a}&b={b}&from={span[0]}&to={span[1]}"
    one, other = sums(lines, column, a, months), sums(lines, column, b, months)
    rows = table(client, f"/en/compare.csv?{query}")
    assert {row["key"] for row in rows} == one.keys() | other.keys()
    for row in rows:
        key = row["key"]
        assert row["a"] == (str(one[key]) if key in one else "")
        assert row["b"] == (str(other[key]) if key in other else "")
        assert int(row["difference"]) == other[key] - one[key]
        assert row["only"] == ("" if key in one and key in other else str(b) if key in other else str(a))
        assert (row["a_year"], row["b_year"], row["stage"], row["book"]) == (
            str(a),
            str(b),
            "paid",
            "payments",
        )
        if by != "class" and row["change"]:
            assert float(row["change"]) == pytest.approx((other[key] - one[key]) / one[key])
    differences = [abs(int(row["difference"])) for row in rows]
    assert differences == sorted(differences, reverse=True)
    whole, rest = one.total(), other.total()
    assert totals(page(client, f"compare/?{query}")) == [whole, rest, rest - whole]


def test_the_page_holds_what_the_file_holds(client: Client) -> None:
    path = "by=unit&a=1402&b=1403&from=1&to=12"
    rows = table(client, f"/en/compare.csv?{path}")
    figures = [int(row[name]) for row in rows for name in ("a", "b", "difference") if row[name]]
    assert shown(client, f"/fa/compare/?{path}", "compared") == figures
    same = json.loads(content(client.get(f"/en/compare.json?{path}")))
    assert [str(row["difference"]) for row in same["rows"]] == [row["difference"] for row in rows]
    assert (
        same["filters"] | {"a": 1402, "b": 1403, "from": 1, "to": 12, "terms": "nominal"} == same["filters"]
    )
    book = content(client.get(f"/en/compare.xlsx?{path}"))
    cells = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [int(row[4]) for row in cells[1:]] == [int(row["difference"]) for row in rows]


def test_the_newest_year_stands_beside_the_one_before(client: Client) -> None:
    text = page(client, "compare/")
    assert (chosen(text, "a"), chosen(text, "b"), chosen(text, "by")) == ("1402", "1403", "class")
    assert "inflation not taken out" in text


@pytest.fixture
def unfinished(portal: Client, settings: Any, releases: Path) -> Client:
    """A town whose newest year ends with the 10th of Mehr, its seventh month: the month is not full."""
    last = jdatetime.date(1403, 7, 10).togregorian()
    write_release(releases, edit=by_line(lambda row: None if row["date"] and row["date"] > last else row))
    settings.RASAD_RELEASES = str(releases)
    return portal


def test_an_unfinished_year_is_compared_with_the_same_months(unfinished: Client, releases: Path) -> None:
    lines = open_lines(releases)
    assert {month(row) for row in lines if row["fiscal_year"] == "1403"} == {1, 2, 3, 4, 5, 6, 7}
    text = page(unfinished, "compare/?by=unit")
    assert (chosen(text, "from"), chosen(text, "to")) == ("1", "6")
    assert "do not reach equally far" in text
    assert "Farvardin to Shahrivar of 1402 and 1403" in text
    one, other = (sums(lines, "unit_code", year, range(1, 7)).total() for year in (1402, 1403))
    assert totals(text) == [one, other, other - one]
    # The way to whole years, and the way back.
    whole = re.search(r'<a href="(\?[^"]+)">Compare the whole years', text)
    assert whole is not None
    text = page(unfinished, "compare/" + whole[1].replace("&amp;", "&"))
    assert totals(text)[:2] == [sums(lines, "unit_code", year).total() for year in (1402, 1403)]
    assert "an unfinished year stands beside a longer one" in text
    back = re.search(r'<a href="(\?[^"]+)">Compare the same months', text)
    assert back is not None
    assert totals(page(unfinished, "compare/" + back[1].replace("&amp;", "&")))[:2] == [one, other]


def test_the_year_before_an_unfinished_one_is_told_for_the_same_months(
    unfinished: Client, releases: Path
) -> None:
    lines = open_lines(releases)
    one, other = (sums(lines, "unit_code", year, range(1, 7)).total() for year in (1402, 1403))
    text = page(unfinished, "money/")
    assert f"{(other - one) / one:+.1%}".replace("-", "−") in text
    assert "same months, Farvardin to Shahrivar" in text


def test_older_years_are_compared_whole_where_both_are_finished(unfinished: Client, releases: Path) -> None:
    text = page(unfinished, "compare/?by=unit&a=1401&b=1402")
    assert (chosen(text, "from"), chosen(text, "to")) == ("1", "12")
    assert "do not reach" not in text
    lines = open_lines(releases)
    assert totals(text)[:2] == [sums(lines, "unit_code", year).total() for year in (1401, 1402)]


def test_a_month_that_one_year_lacks_is_named(portal: Client, settings: Any, releases: Path) -> None:
    def each(row: Row) -> Row | None:
        return (
            None
            if row["date"]
            and jdatetime.date.fromgregorian(date=row["date"]).month == 4
            and row["fiscal_year"] == 1403
            else row
        )

    write_release(releases, edit=by_line(each))
    settings.RASAD_RELEASES = str(releases)
    assert "only one of the two years has lines: Tir." in page(portal, "compare/")
    assert "تنها یکی از دو سال ردیف دارد: تیر." in page(portal, "compare/", "fa")
    assert "only one of the two years" not in page(portal, "compare/?from=5&to=9")


def test_what_has_no_date_is_in_no_month_and_is_said(portal: Client, settings: Any, releases: Path) -> None:
    def each(row: Row) -> Row:
        if row["line_no"] % 10 == 0:
            return row | {"date": None}
        # A payment that was booked late: dated in the year after.
        return row | {"date": date(2030, 1, 1)} if row["line_no"] % 10 == 1 and row["date"] else row

    write_release(releases, edit=by_line(each))
    settings.RASAD_RELEASES = str(releases)
    lines = open_lines(releases)
    text = page(portal, "compare/?by=unit&from=1&to=11")
    for year in (1402, 1403):
        in_months = sums(lines, "unit_code", year, range(1, 13)).total()
        left = sums(lines, "unit_code", year).total() - in_months
        assert left > 0
        assert f"{left / 10**9:,.1f} billion rials of {year}" in text
    # Whole years hold them.
    assert totals(page(portal, "compare/?by=unit&from=1&to=12"))[0] == sums(lines, "unit_code", 1402).total()


def test_a_book_without_dates_is_compared_by_whole_years(client: Client, town: Town) -> None:
    text = page(client, "compare/?by=unit&stage=final&from=1&to=3")
    assert 'id="filter-from"' not in text
    assert "have no dates in this book" in text
    final = [row for row in town.lines if (row["book"], row["stage"]) == ("budget", "final")]
    a, b = (sum(row["amount"] for row in final if row["fiscal_year"] == year) for year in (1402, 1403))
    assert totals(text) == [a, b, b - a]


def test_both_years_come_from_one_book(client: Client, town: Town) -> None:
    paid = [row for row in town.lines if (row["book"], row["stage"]) == ("budget", "paid")]
    a, b = (sum(row["amount"] for row in paid if row["fiscal_year"] == year) for year in (1402, 1403))
    assert totals(page(client, "compare/?by=unit&book=budget")) == [a, b, b - a]
    assert totals(page(client, "compare/?by=unit"))[0] == sum(row["amount"] for row in town.paid(1402))


def test_filters_narrow_both_years(client: Client, town: Town) -> None:
    rows = table(
        client, "/en/compare.csv?by=supplier&unit=20&class=hardware&q=خرید&a=1402&b=1403&from=1&to=12"
    )
    for year, name in ((1402, "a"), (1403, "b")):
        expected: Counter[str] = Counter()
        for row in town.paid(year, unit_code="20", **{"class": "hardware"}):
            if row["title"].startswith("خرید"):
                expected[row["supplier"] or ""] += row["amount"]
        assert {row["key"]: int(row[name]) for row in rows if row[name]} == dict(expected)


@pytest.mark.parametrize("order", ORDERS)
def test_any_order_is_kept_from_page_to_file(client: Client, order: str) -> None:
    rows = table(client, f"/en/compare.csv?by=supplier&order={order}")
    key = order.lstrip("-")
    if key == "size":
        values: list[Any] = [-abs(int(row["difference"])) for row in rows]
    elif key == "name":
        return
    else:
        values = [float(row[key]) * (-1 if order.startswith("-") else 1) for row in rows if row[key]]
    assert values == sorted(values)


INDEX = {"1401": "73.3", "1402": "100", "1403": "137.91"}
NAMES = {"name_fa": "شاخص آبادی", "name_en": "Index of Abadi", "source_fa": "ساختگی", "source_en": "made up"}


@pytest.fixture
def priced(portal: Client, settings: Any, releases: Path) -> Client:
    """A town with an invented price index."""
    write_release(releases, classes=KNOWN, prices={**NAMES, "invented": True, "index": INDEX})
    settings.RASAD_RELEASES = str(releases)
    return portal


@pytest.mark.parametrize(("a", "b"), [(1402, 1403), (1403, 1401)])
@pytest.mark.parametrize("by", ["unit", "supplier"])
def test_real_terms_add_up_to_the_rounded_whole(
    priced: Client, releases: Path, by: str, a: int, b: int
) -> None:
    lines = open_lines(releases)
    factor = Fraction(INDEX[str(b)]) / Fraction(INDEX[str(a)])
    nominal = sums(lines, COLUMNS[by], a)
    rows = table(priced, f"/en/compare.csv?by={by}&a={a}&b={b}&terms=real&from=1&to=12")
    assert {row["key"]: int(row["a_nominal"]) for row in rows} == dict(nominal)
    for row in rows:
        assert abs(int(row["a"]) - nominal[row["key"]] * factor) < 1
        assert int(row["b"]) == sums(lines, COLUMNS[by], b)[row["key"]]
    whole = nominal.total() * factor
    told = sum(int(row["a"]) for row in rows)
    assert told == (2 * whole + 1) // 2
    text = page(priced, f"compare/?by={by}&a={a}&b={b}&terms=real&from=1&to=12")
    assert totals(text)[0] == told
    assert f"in prices of {b}" in text
    assert "Index of Abadi" in text
    assert "This index is invented" in text


def test_real_terms_are_offered_only_where_the_index_knows_both_years(
    client: Client, portal: Client, settings: Any, releases: Path
) -> None:
    assert 'id="filter-terms"' not in page(client, "compare/?terms=real")
    assert "This release has no price index" in page(client, "compare/")
    write_release(releases, prices={**NAMES, "index": {"1403": "5"}})
    settings.RASAD_RELEASES = str(releases)
    text = page(portal, "compare/?terms=real")
    assert 'id="filter-terms"' not in text
    assert "inflation not taken out" in text


def test_changes_of_classes_are_withheld_where_too_much_is_unknown(client: Client) -> None:
    text = page(client, "compare/?by=class")
    assert "Changes of classes are withheld" in text
    assert 'class="c-change' not in text
    assert "change" not in table(client, "/en/compare.csv?by=class")[0]
    text = page(client, "compare/?by=unit")
    assert "Changes of classes are withheld" not in text
    assert 'class="c-change' in text


def test_changes_of_classes_are_told_where_all_is_known(
    portal: Client, settings: Any, releases: Path
) -> None:
    write_release(releases, classes=KNOWN)
    settings.RASAD_RELEASES = str(releases)
    lines = open_lines(releases)
    a, b = (sums(lines, "class", year, range(1, 12))["hardware"] for year in (1402, 1403))
    text = page(portal, "compare/?by=class&from=1&to=11")
    assert "withheld" not in text
    assert f">{(b - a) / a:+.1%}<".replace("-", "−") in text.replace("\n", "")


def test_home_and_explorer_tell_the_year_before(portal: Client, settings: Any, releases: Path) -> None:
    write_release(releases, classes=KNOWN)
    settings.RASAD_RELEASES = str(releases)
    lines = open_lines(releases)
    years = [sums(lines, "class", year) for year in (1402, 1403)]
    changes = {cls: (years[1][cls] - years[0][cls]) / years[0][cls] for cls in ("hardware", "software")}
    home = page(portal, "")
    assert "Against 1402" in home
    assert "same months" not in home
    for value in changes.values():
        assert f"{value:+.1%}".replace("-", "−") in home
    it = [year["hardware"] + year["software"] for year in years]
    told = f"{(it[1] - it[0]) / it[0]:+.1%}".replace("-", "−")
    money = page(portal, "money/?it=1&by=unit")
    link = re.search(
        r'<dt>Against 1402</dt><dd class="stat-value"><a href="/en/compare/\?([^"]+)">.*?>([^<]+)</span>',
        money,
    )
    assert link is not None
    assert link[2] == told
    assert totals(page(portal, f"compare/?{link[1].replace('&amp;', '&')}"))[:2] == it


def test_no_change_is_told_beside_classes_that_are_too_much_unknown(client: Client) -> None:
    assert 'class="c-change' not in page(client, "")
    assert "Against 1402" not in page(client, "money/?class=hardware")
    # Of all the money together nothing is unknown.
    assert "Against 1402" in page(client, "money/")


def test_a_release_of_one_year_has_nothing_to_compare(portal: Client, settings: Any, releases: Path) -> None:
    write_release(releases, edit=by_line(lambda row: row if row["fiscal_year"] == 1403 else None))
    settings.RASAD_RELEASES = str(releases)
    assert "There is one year only" in page(portal, "compare/")
    assert "تنها یک سال هست" in page(portal, "compare/", "fa")
    assert portal.get("/en/compare.csv").status_code == 404
    assert "Against" not in page(portal, "money/")


def test_a_year_without_lines_is_said(client: Client) -> None:
    text = page(client, "compare/?a=1390&b=1403&by=unit")
    assert "This release has no line of 1390" in text
    assert {row["only"] for row in table(client, "/en/compare.csv?a=1390&b=1403&by=unit")} == {"1403"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("a=14", "«14» سال مالی نیست"),
        ("a=1403&b=1403", "یک سال را نمی‌توان با خودش سنجید"),
        ("from=13", "«13» ماهی از سال مالی نیست"),
        ("from=x", "«x» ماهی از سال مالی نیست"),
        ("from=9&to=2", "ماه نخست پس از ماه آخر است"),
        ("terms=gold", "terms"),
        ("by=month", "by"),
        ("order=-amount2", "order"),
        ("page=999", "صفحهٔ"),
    ],
)
def test_a_bad_value_is_answered_in_words(client: Client, query: str, said: str) -> None:
    answer = client.get(f"/fa/compare/?{query}")
    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_persian_digits_are_read(client: Client) -> None:
    assert totals(page(client, "compare/?a=۱۴۰۱&b=۱۴۰۲&from=۲&to=۵&by=unit")) == totals(
        page(client, "compare/?a=1401&b=1402&from=2&to=5&by=unit")
    )


def test_months_of_a_fiscal_year_that_begins_in_april(releases: Path) -> None:
    """A British town: the fiscal year is called by the calendar year in which it begins, and its first month is April."""

    def each(row: Row) -> Row | None:
        day = row["date"]
        return row | {"fiscal_year": day.year if day.month >= 4 else day.year - 1} if day else None

    rows = write_release(releases, edit=by_line(each), calendar="gregorian", currency="GBP")
    release = open_release(releases / "0001")
    months = months_of(release)
    assert months.first_month == 4
    assert [months.key(2023, place) for place in (1, 9, 10, 12)] == [
        "2023-04",
        "2023-12",
        "2024-01",
        "2024-03",
    ]
    assert [months.place(key) for key in ("2023-04", "2024-01", "2024-03")] == [1, 10, 12]
    found = compare(release, "unit", Filters(stage="paid"), Period(2022, 9, 10), Period(2023, 9, 10))
    for year, total in ((2022, found.total.a), (2023, found.total.b)):
        dated = {(year, 12), (year + 1, 1)}
        assert total == sum(row["amount"] for row in rows if (row["date"].year, row["date"].month) in dated)
    release.close()


_YEARS = st.sampled_from([1401, 1402, 1403])
_SPANS = st.tuples(st.integers(1, 12), st.integers(1, 12)).map(sorted)


@pytest.fixture(scope="session")
def town_release(town: Town) -> Path:
    """The folder of the town's release."""
    return town.releases / "0001"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    by=st.sampled_from(DIMENSIONS),
    a=_YEARS,
    b=_YEARS,
    span=_SPANS,
    prices=st.none() | st.tuples(st.integers(1, 10**9), st.integers(1, 10**9)),
)
def test_any_comparison_balances(
    town_release: Path, by: str, a: int, b: int, span: list[int], prices: tuple[int, int] | None
) -> None:
    release = open_release(town_release)
    try:
        one, other = Period(a, *span), Period(b, *span)
        found = compare(release, by, Filters(stage="paid"), one, other, prices=prices, limit=None)
        turned = compare(release, by, Filters(stage="paid"), other, one, limit=None)
        assert sum(row.a or 0 for row in found.rows) == (found.total.a or 0)
        assert sum(row.b or 0 for row in found.rows) == (found.total.b or 0)
        assert sum(row.difference for row in found.rows) == found.total.difference
        assert found.groups == len(found.rows)
        assert {row.key: row.a_nominal for row in found.rows} == {row.key: row.b for row in turned.rows}
        if prices:
            whole = Fraction((found.total.a_nominal or 0) * prices[0], prices[1])
            assert (found.total.a or 0) == (2 * whole + 1) // 2
            assert all(
                row.a is None or abs(row.a - Fraction((row.a_nominal or 0) * prices[0], prices[1])) < 1
                for row in found.rows
            )
        else:
            assert all(row.a == row.a_nominal for row in found.rows)
    finally:
        release.close()


def test_stages_are_never_mixed(town: Town) -> None:
    release = open_release(town.releases / "0001")
    with pytest.raises(ValueError, match="stage"):
        compare(release, "class", Filters(), Period(1402), Period(1403))
    with pytest.raises(ValueError, match="month"):
        compare(release, "month", Filters(stage="paid"), Period(1402), Period(1403))
    release.close()
