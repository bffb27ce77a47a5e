"""Reading the portal: drawings beside tables, dark and light, the other language, on paper, by keyboard, without scripts."""

from __future__ import annotations

import re

import pytest
from browsing import DESK, PHONE, axe, listen
from playwright.sync_api import Browser, Page, expect
from test_portal import LANGUAGES, PAGES, draw_all, open_page

DRAWN = {"home": 2, "money": 1, "suppliers": 1, "compare": 1, "share": 1, "thread": 1, "indicator": 1}
"""Pages with drawings, and how many at least."""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_dark_on_desks_and_light_on_phones(
    page: Page, live_portal: str, lang: str, name: str
) -> None:
    """The other two of the four; `test_portal` has light on desks and dark on phones."""
    open_page(page, live_portal, lang, name)
    for scheme, size in (("dark", DESK), ("light", PHONE)):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        draw_all(page)
        assert axe(page) == [], scheme


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_stands_with_its_table(page: Page, live_portal: str, lang: str, name: str) -> None:
    open_page(page, live_portal, lang, name)
    figures = page.locator("figure.figure")
    assert figures.count() >= DRAWN[name]
    draw_all(page)
    for figure in figures.all():
        drawing = figure.locator("[data-chart] svg, [data-chart] canvas")
        expect(drawing.first).to_be_visible()
        box = drawing.first.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) > 40
        assert figure.locator("table tbody tr").count() > 0
        assert figure.locator(".drawing").get_attribute("aria-hidden") == "true"


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


@pytest.mark.parametrize("name", PAGES)
def test_the_other_language_has_the_same_page(page: Page, live_portal: str, name: str) -> None:
    open_page(page, live_portal, "fa", name)
    here = page.url
    rows = page.locator("main tbody tr").count()
    page.locator("nav.languages a").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url == here.replace("/fa/", "/en/", 1)
    assert page.locator("main tbody tr").count() == rows
    page.locator("nav.languages a").click()
    expect(page.locator("html")).to_have_attribute("lang", "fa")
    assert page.url == here


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["home", "money", "lines", "budget", "line", "data", "method", "compare", "share"]
)
def test_tables_stand_on_paper(page: Page, live_portal: str, lang: str, name: str) -> None:
    open_page(page, live_portal, lang, name)
    page.emulate_media(media="print")
    tables = page.locator("main table")
    for table in tables.all():
        expect(table).to_be_visible()
        assert table.locator("thead").evaluate("e => getComputedStyle(e).display") == "table-header-group"
        assert table.locator("tbody tr").first.evaluate("e => getComputedStyle(e).display") == "table-row"
    for hidden in (".search", "nav.primary", "form.filters", ".downloads", ".switches"):
        for one in page.locator(hidden).all():
            expect(one).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    # A wide table is not cut at its frame: the browser makes a page that is too wide for the paper smaller, at most by half.
    page.set_viewport_size({"width": 680, "height": 960})
    for table in tables.all():
        cut = table.evaluate(
            "e => { for (; e.id !== 'content'; e = e.parentElement) if (getComputedStyle(e).overflowX !== 'visible') return e.className; }"
        )
        assert cut is None
        assert table.evaluate("e => e.scrollWidth") < 2 * 680


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
    page.locator("nav.pagination a[rel=next]").click()
    second = links()
    assert "page=2" in page.url
    assert "view=lines" in page.url
    assert not set(first) & set(second)
    page.locator("nav.pagination a[rel=prev]").click()
    assert links() == first
    context.close()
    assert complaints == []
