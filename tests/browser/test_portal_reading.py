"""Reading the portal: the scheme chosen, by keyboard, without scripts."""

from __future__ import annotations

import re

import pytest
from browsing import PHONE, listen
from playwright.sync_api import Browser, Page, expect
from test_portal import LANGUAGES


def test_the_scheme_chosen_is_remembered(page: Page, live_portal: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{live_portal}/en/")

    def ground() -> str:
        return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))

    light = ground()
    switch = page.locator("[data-scheme-switch]")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    dark = ground()
    assert dark != light
    for path in ("/en/money/", "/fa/budget/"):
        page.goto(f"{live_portal}{path}")
        assert ground() == dark, path
        expect(switch).to_have_attribute("aria-pressed", "true")
    switch.click()
    assert ground() == light


def test_tab_goes_from_filters_to_the_table_and_sorts(page: Page, live_portal: str) -> None:
    page.goto(f"{live_portal}/en/money/?by=unit&year=1403")
    page.locator("form.filters button").focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#groups th a.sort')"):
            break
    else:
        pytest.fail("the head of the table is not reached")
    head = page.locator("#groups th", has=page.locator("a:focus"))
    index = head.evaluate("e => e.cellIndex")
    page.keyboard.press("Enter")
    page.wait_for_url("**order=**")
    sorted_head = page.locator("#groups thead th").nth(index)
    expect(sorted_head).to_have_attribute("aria-sort", re.compile("ascending|descending"))
    assert "by=unit" in page.url
    assert "year=1403" in page.url


def test_enter_in_a_field_sends_the_filters(page: Page, live_portal: str) -> None:
    page.goto(f"{live_portal}/fa/money/?view=lines")
    field = page.locator("#filter-q")
    field.focus()
    page.keyboard.type("شبکه")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    assert "view=lines" in page.url
    expect(page.locator("#filter-q")).to_have_value("شبکه")
    assert page.locator("#lines tbody tr").count() > 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_of_a_list_are_turned_without_scripts(browser: Browser, live_portal: str, lang: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = listen(context.new_page(), complaints := [])
    page.goto(f"{live_portal}/{lang}/money/?view=lines&it=1")

    def links() -> list[str]:
        rows = page.locator("#lines tbody th a[href*='/line/']")
        return [str(one.get_attribute("href")) for one in rows.all()]

    first = links()
    assert len(first) == 50
    with page.expect_navigation():
        page.locator("nav.pagination a[rel=next]").click()
    second = links()
    assert "page=2" in page.url
    assert "view=lines" in page.url
    assert not set(first) & set(second)
    with page.expect_navigation():
        page.locator("nav.pagination a[rel=prev]").click()
    assert links() == first
    context.close()
    assert complaints == []
