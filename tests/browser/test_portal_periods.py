"""Two periods compared, and your share, in a real browser over the sample city."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from browsing import PHONE, listen
from playwright.sync_api import Browser, Locator, Page, expect
from test_portal import LANGUAGES, draw_all


def figures(table: Locator, part: str) -> list[list[int]]:
    """Return the exact amounts of each row of a table's body or foot."""
    return [
        [int(value) for value in row]
        for row in table.locator(f"{part} tr").evaluate_all(
            "rows => rows.map(row => [...row.querySelectorAll('data')].map(cell => cell.value))"
        )
    ]


def balances(table: Locator) -> None:
    """Every difference is the second amount less the first, and the foot is the sum of the body."""
    body, foot = figures(table, "tbody"), figures(table, "tfoot")[0]
    assert foot == [sum(column) for column in zip(*body, strict=True)]
    assert all(b - a == difference for a, b, difference in [*body, foot])


def test_from_the_home_page_to_the_same_money_a_year_before(page: Page, live_portal: str) -> None:
    page.goto(f"{live_portal}/fa/")
    expect(page.get_by_role("columnheader", name="نسبت به ۱۴۰۲")).to_be_visible()
    it = page.locator("#it-by-class tfoot data").first.get_attribute("value")
    page.locator("main").get_by_role("link", name="نسبت به ۱۴۰۲").click()
    expect(page.locator("h1")).to_have_text("مقایسهٔ دو دوره")
    expect(page.locator(".lede")).to_contain_text("سال‌های مالی ۱۴۰۲ و ۱۴۰۳")
    expect(page.locator(".lede")).to_contain_text("تورم کم نشده")
    table = page.locator("#compared")
    balances(table)
    assert figures(table, "tfoot")[0][1] == int(it or 0)


def test_years_months_and_prices_are_chosen(page: Page, live_portal: str) -> None:
    page.goto(f"{live_portal}/en/compare/?by=unit&it=1")
    whole = figures(page.locator("#compared"), "tfoot")[0]
    page.locator("#filter-a").select_option("1401")
    page.locator("#filter-to").select_option(label="Shahrivar")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**to=6**")
    expect(page.locator(".lede")).to_contain_text("Farvardin to Shahrivar of 1401 and 1403")
    table = page.locator("#compared")
    balances(table)
    half = figures(table, "tfoot")[0]
    assert 0 < half[1] < whole[1]
    page.locator("#filter-terms").select_option("real")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**terms=real**")
    balances(table)
    real = figures(table, "tfoot")[0]
    # The invented index: 199.2 in 1401, 371.9 in 1403.
    assert real[0] == (2 * half[0] * 3719 + 1992) // (2 * 1992)
    assert real[1] == half[1]
    expect(page.locator("main")).to_contain_text("This index is invented")


def test_rows_are_sorted_and_taken_apart(page: Page, live_portal: str, tmp_path: Path) -> None:
    page.goto(f"{live_portal}/en/compare/?by=unit")
    table = page.locator("#compared")
    sizes = [abs(row[-1]) for row in figures(table, "tbody")]
    assert sizes == sorted(sizes, reverse=True)
    table.get_by_role("columnheader", name="Difference").get_by_role("link").click()
    page.wait_for_url("**order=-difference**")
    expect(table.get_by_role("columnheader", name="Difference")).to_have_attribute("aria-sort", "descending")
    rows = figures(table, "tbody")
    assert [row[-1] for row in rows] == sorted((row[-1] for row in rows), reverse=True)
    with page.expect_download() as got:
        page.locator(".downloads").get_by_role("link", name="CSV").click()
    assert got.value.suggested_filename == "rasad-sample-0001-compare-by-unit.csv"
    got.value.save_as(tmp_path / "file.csv")
    with (tmp_path / "file.csv").open(encoding="utf-8-sig", newline="") as file:
        saved = [
            [int(row[name]) for name in ("a", "b", "difference") if row[name]] for row in csv.DictReader(file)
        ]
    assert saved == rows
    first = figures(table, "tbody")[0]
    table.locator("tbody th a").first.click()
    page.wait_for_url("**by=class**")
    assert figures(page.locator("#compared"), "tfoot")[0] == first


@pytest.mark.parametrize("lang", LANGUAGES)
def test_differences_are_drawn_to_both_sides(page: Page, live_portal: str, lang: str) -> None:
    page.goto(f"{live_portal}/{lang}/compare/?by=supplier&it=1")
    data = page.evaluate("JSON.parse(document.getElementById('compared-chart-data').textContent)")
    assert data["kind"] == "diverging"
    assert {item["value"] > 0 for item in data["items"]} == {True, False}
    draw_all(page)
    place = page.locator("#compared-chart [data-chart]")
    box = place.bounding_box()
    assert box is not None
    assert box["height"] > 30 * len(data["items"])
    # A click on a bar goes where its row leads.
    canvas = place.locator("canvas")
    for across in range(30, 100, 5):
        canvas.click(position={"x": box["width"] * across / 100, "y": 15})
        if "/supplier/" in page.url:
            break
    expect(page).to_have_url(f"{live_portal}{data['items'][0]['url']}")


def test_what_one_paid_divides_to_the_last_rial(page: Page, live_portal: str) -> None:
    page.goto(f"{live_portal}/fa/share/")
    expect(page.locator("h1")).to_have_text("سهم شما")
    each = int(page.locator(".headline-value data").get_attribute("value") or 0)
    assert figures(page.locator("#share-by-class"), "tfoot") == [[1_000_000, each]]
    page.locator("#filter-paid").fill("۱٬۲۵۰٬۰۰۰")
    page.locator("#filter-in").select_option("toman")
    page.locator("#filter-paid").press("Enter")
    page.wait_for_url("**paid=**")
    expect(page.locator("main")).to_contain_text("دوازده میلیون و پانصد هزار ریال")
    for name in ("#share-by-class", "#share-by-group"):
        body, foot = figures(page.locator(name), "tbody"), figures(page.locator(name), "tfoot")
        assert foot == [[12_500_000, each]]
        assert [sum(column) for column in zip(*body, strict=True)] == foot[0]
    expect(page.locator("#filter-paid")).to_have_value("۱٬۲۵۰٬۰۰۰")
    # From a class down to real lines.
    page.locator("#share-examples tbody a").first.click()
    expect(page.locator("main")).to_contain_text("payments_1403")


def test_a_sum_that_is_none_is_said(page: Page, live_portal: str, console: list[str]) -> None:
    page.goto(f"{live_portal}/en/share/")
    page.locator("#filter-paid").fill("a lot")
    page.locator("#filter-paid").press("Enter")
    expect(page.locator(".lede")).to_contain_text("“a lot” is no sum of money")
    console.clear()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_work_without_scripts_on_a_phone(browser: Browser, live_portal: str, lang: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = listen(context.new_page(), complaints := [])
    page.goto(f"{live_portal}/{lang}/compare/")
    page.locator("#filter-by").select_option("programme")
    page.locator("#filter-from").select_option("3")
    with page.expect_navigation():
        page.locator("form.filters button").click()
    assert "by=programme" in page.url
    assert "from=3" in page.url
    assert page.locator("#compared tbody tr").count() > 2
    page.goto(f"{live_portal}/{lang}/share/")
    page.locator("#filter-paid").fill("2,500,000")
    with page.expect_navigation():
        page.locator("form.filters button").click()
    assert page.locator("#share-by-class tfoot data").first.get_attribute("value") == "2500000"
    context.close()
    assert complaints == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_share_is_printed_whole(page: Page, live_portal: str, lang: str) -> None:
    page.goto(f"{live_portal}/{lang}/share/?paid=2500000")
    page.emulate_media(media="print")
    expect(page.locator("form.filters")).to_be_hidden()
    expect(page.locator(".headline-value")).to_be_visible()
    page.set_viewport_size({"width": 680, "height": 960})
    for table in page.locator("main table").all():
        expect(table).to_be_visible()
        assert table.evaluate("e => e.getBoundingClientRect().width") <= 680
