"""The register's forms as they are filled in: amounts in words, days typed and picked by the keyboard, weights with what remains."""

from __future__ import annotations

from datetime import date

import pytest
from browsing import PHONE, SEEN, axe
from playwright.sync_api import Page, expect

from own_home import OwnHome
from rasad.persian import dates, money
from rasad.web.theme import show

AMOUNTS = (0, 7, 1_000, 21_019, 1_000_001, 700_080_000, 999_999_999_999, 12_345_678_901_234_567)
DAYS = (
    date(2021, 3, 20), date(2021, 3, 21), date(2025, 3, 20), date(2025, 3, 21), date(1997, 3, 20), date(2030, 3, 20),
    date(1921, 3, 21), date(2024, 8, 2), date(2024, 9, 21), date(2024, 9, 22), date(2100, 1, 1), date(2249, 12, 31),
)  # fmt: skip
WEEKDAYS = "دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه شنبه یکشنبه".split()


@pytest.fixture(scope="module")
def project(own_home: OwnHome) -> int:
    """A project with a baseline, and two goals that it may serve."""
    made: int = own_home.python(
        "import json\nfrom datetime import date\nfrom rasad.actions import goals, projects, units\n"
        "units.add_unit(code='309', name='سازمان فناوری', by=None)\n"
        "one = projects.open_project(code='P1', title='شهرسازی', unit='309', status='running', start=date(2021, 3, 21), end=date(2025, 3, 20), budget=5, by=None)\n"
        "for day, done in ((date(2022, 3, 20), 2000), (date(2023, 3, 20), 4500)):\n"
        "    projects.report_progress(project=one, as_of=day, physical_bp=done, said_by='مجری', by=None)\n"
        "for code, title in (('G1', 'شهر الکترونیک'), ('G2', 'شفافیت')):\n"
        "    goals.add_goal(code=code, title=title, by=None)\n"
        "print(json.dumps(one.pk))"
    )
    return made


def in_words(amount: int, lang: str) -> str:
    return f"{show.full_amount(amount, 'IRR', lang)}: {money.in_words(amount, 'IRR', lang)}"


def test_forms_help_while_they_are_filled_in(page: Page, project: int, console: list[str]) -> None:
    # Amounts: grouped while typing, and said exactly as the server says them.
    page.goto(f"/fa/projects/{project}/rebaseline/")
    budget, words = page.locator("[name=budget]"), page.locator("[data-words]")
    for amount in AMOUNTS:
        budget.fill(str(amount))
        assert budget.input_value() == show.grouped(amount, "fa")
        assert words.text_content() == in_words(amount, "fa"), amount
    budget.fill("")
    budget.press_sequentially("12345")
    budget.press("ArrowLeft")
    budget.press("ArrowLeft")
    budget.press_sequentially("99")
    assert budget.input_value() == "۱٬۲۳۹٬۹۴۵"
    budget.fill("۱٫۲۵")
    page.select_option("[name=budget_unit]", "million_toman")
    assert words.text_content() == in_words(12_500_000, "fa")

    # Days: what is typed is said in full by the same calendar as the server's; what is none is not.
    start, said = page.locator("[name=start]"), page.locator(".day-said").first
    for day in DAYS:
        start.fill(dates.format_date(day, calendar="jalali", lang="fa"))
        assert (
            said.text_content()
            == f"{WEEKDAYS[day.weekday()]} {dates.format_date(day, calendar='jalali', lang='fa', style='long')}"
        ), day
    for none in ("1402/12/30", "1403/13/1", "1403/7/31", "دیروز"):
        start.fill(none)
        assert said.text_content() == ""

    # The month opens and is walked by keys alone: a day back in time is to the right.
    start.fill("1403/06/31")
    start.press("Alt+ArrowDown")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("PageDown")
    page.keyboard.press("Shift+PageUp")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert start.input_value() == "۱۴۰۲/۰۸/۰۷"
    page.locator(".day-open").first.click()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(page.locator(".day-box")).to_have_count(0)
    expect(page.locator(".day-open").first).to_be_focused()

    # What is wrong comes first, and what was typed stands.
    page.fill("[name=end]", "1400/01/01")
    with page.expect_navigation():
        page.get_by_role("button", name="ذخیره").click()
    expect(page.locator("#wrong")).to_be_focused()
    assert [line for line in console if "422" in line] == console
    console.clear()
    assert budget.input_value() == "۱٫۲۵"
    assert axe(page) == []
    page.fill("[name=end]", "۱۵ اسفند ۱۴۰۴")
    page.fill("[name=why]", "افزایش بها")
    with page.expect_navigation():
        page.get_by_role("button", name="ذخیره").click()
    assert "۱۲٫۵ میلیون" in page.locator(".stats").inner_text().replace("\n", " ")


def test_weights_and_names_while_they_are_typed(page: Page, project: int, console: list[str]) -> None:
    page.goto(f"/fa/projects/{project}/goals/")
    rest, row = page.locator("[data-rest]"), page.locator(".rows-table tbody tr")
    page.fill("[name=goals-0-goal]", "الکترون")
    option = page.locator("datalist option").first
    expect(option).to_have_attribute("value", "G1 · شهر الکترونیک")
    page.fill("[name=goals-0-goal]", "G1 · شهر الکترونیک")
    page.fill("[name=goals-0-weight_bp]", "62.5")
    assert rest.text_content() == "۳۷٫۵"
    count = row.count()
    page.get_by_role("button", name="یک ردیف دیگر").click()
    assert row.count() == count + 1
    page.fill(f"[name=goals-{count}-goal]", "شفافیت")
    page.fill(f"[name=goals-{count}-weight_bp]", "۳۸")
    assert rest.text_content() == "−۰٫۵"
    with page.expect_navigation():
        page.get_by_role("button", name="ذخیره").click()
    # The form came back: the server says why.
    assert "روی هم باید درست ۱۰۰٪" in page.locator("#wrong").inner_text()
    assert [line for line in console if "422" in line] == console
    console.clear()
    page.fill(f"[name=goals-{count}-weight_bp]", "۳۷٫۵")
    with page.expect_navigation():
        page.get_by_role("button", name="ذخیره").click()
    assert "شفافیت" in page.locator("#goals").inner_text()
    for address in (f"/fa/projects/{project}/", "/fa/projects/", "/en/goals/", "/en/bulk/"):
        page.goto(address)
        assert axe(page) == [], address
        page.set_viewport_size(PHONE)
        assert axe(page, SEEN) == [], address
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
        page.set_viewport_size({"width": 1280, "height": 900})
