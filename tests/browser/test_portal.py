"""The portal in a real browser, over the sample city as a newcomer gets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import DESK, PHONE, SEEN, axe, listen
from playwright.sync_api import Browser, Page, Request, Response, expect

LANGUAGES = ("fa", "en")
PAGES = {
    "home": "",
    "money": "money/",
    "lines": "money/?view=lines&it=1",
    "suppliers": "money/?by=supplier&it=1&per=resident",
    "stages": "money/?by=stage",
    "empty": "money/?q=zzzz",
    "budget": "budget/",
    "line": "@line",
    "supplier": "@supplier",
    "persons": "supplier/person/",
    "search": "search/?q=رايانه",
    "search-empty": "search/",
    "data": "data/",
    "batch": "@batch",
    "problems": "data/problems/",
    "method": "method/",
    "glossary": "glossary/",
    "changes": "changes/",
    "changes-first": "changes/1/?unit=309",
    "compare": "compare/?by=unit&it=1",
    "compare-months": "compare/?by=class&from=1&to=6&terms=real",
    "share": "share/?paid=2500000",
    "thread": "thread/",
    "project": "projects/p01/",
    "indicator": "indicators/i111/",
    "systems": "register/systems/",
    "roadmap": "roadmap/",
}

DRAWN = {"home": 2, "money": 1, "suppliers": 1, "compare": 1, "share": 1, "thread": 1, "indicator": 1}
"""Pages with drawings, and how many at least."""
TOLD_APART = {
    "home",
    "money",
    "lines",
    "budget",
    "line",
    "data",
    "compare",
    "glossary",
    "thread",
    "project",
    "roadmap",
}
"""One page of each make: looked at in the second language too. That all have it is seen from the first."""
PRINTED = {"home", "money", "lines", "budget", "line", "data", "method", "compare", "share"}


def open_page(page: Page, portal: str, lang: str, name: str) -> Response:
    """Open a page by its name; a line, supplier or batch is reached by the first link that leads to one."""
    path = PAGES[name]
    if not path.startswith("@"):
        answer = page.goto(f"{portal}/{lang}/{path}")
    else:
        start = {
            "@line": "money/?view=lines&it=1",
            "@supplier": "money/?by=supplier&it=1",
            "@batch": "data/",
        }[path]
        kind = {"@line": "/line/", "@supplier": "/supplier/", "@batch": "/data/batch/"}[path]
        page.goto(f"{portal}/{lang}/{start}")
        href = page.locator(f"main a[href*='{kind}']:not([href*='supplier/person'])").first.get_attribute(
            "href"
        )
        answer = page.goto(f"{portal}{href}")
    assert answer is not None
    assert answer.status == 200
    return answer


def draw_all(page: Page) -> None:
    for place in page.locator("[data-chart]").all():
        place.scroll_into_view_if_needed()
    expect(page.locator("[data-chart]:not([data-drawn])")).to_have_count(0)


def look_in_every_scheme_and_size(page: Page, lang: str, name: str) -> None:
    """All of axe's rules once; light, dark, desk and phone differ only in what is seen, which further looks go over.

    One page of each make is looked at in all four, the others in the two that differ most. Colours are the same in both languages.
    """
    looks = [("light", DESK, None)]
    if lang == LANGUAGES[0]:
        looks.append(("dark", PHONE, SEEN))
        if name in TOLD_APART:
            looks += [("dark", DESK, SEEN), ("light", PHONE, SEEN)]
    for scheme, size, rules in looks:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        draw_all(page)
        assert axe(page, rules) == [], (scheme, size)


def fit_every_width(page: Page) -> None:
    for width in (320, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert size[0] <= size[1], width


def stand_with_their_tables(page: Page, least: int) -> None:
    figures = page.locator("figure.figure")
    assert figures.count() >= least
    for figure in figures.all():
        # Drawn by the script, or by the server: for a desk and for a phone, of which one shows.
        drawing = figure.locator("[data-chart] svg, [data-chart] canvas, .plot svg:not(.plot-swatch):visible")
        expect(drawing.first).to_be_visible()
        box = drawing.first.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) > 40
        assert figure.locator("table tbody tr").count() > 0
        assert (
            figure.locator(".drawing, .plot svg:not(.plot-swatch)").first.get_attribute("aria-hidden")
            == "true"
        )


def have_the_same_in_the_other_language(page: Page, lang: str) -> None:
    other = "en" if lang == "fa" else "fa"
    leads_to = page.evaluate("document.querySelector('nav.languages a').href")
    assert leads_to == page.url.replace(f"/{lang}/", f"/{other}/", 1)
    answer = page.request.get(leads_to).text()
    assert f'<html lang="{other}"' in answer
    within = (
        "text => new DOMParser().parseFromString(text, 'text/html').querySelectorAll('main tbody tr').length"
    )
    assert page.evaluate(within, answer) == page.locator("main tbody tr").count()


def stand_on_paper(page: Page) -> None:
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


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page that looks at one address after another, as a reader's does: scripts stand compiled. And what the browser said."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce")
    yield listen(context.new_page(), said := []), said
    context.close()


@pytest.mark.parametrize(
    ("name", "lang"), [*((name, "fa") for name in PAGES), *((name, "en") for name in sorted(TOLD_APART))]
)
def test_a_page_is_sound(tab: tuple[Page, list[str]], live_portal: str, lang: str, name: str) -> None:
    """One look at each page, at everything that holds for all of them: opening a page anew for each rule would take minutes."""
    page, said = tab
    said.clear()
    page.set_viewport_size(DESK)
    page.emulate_media(media="screen", color_scheme="light")
    hosts: set[str] = set()

    def asked(one: Request) -> None:
        hosts.add("/".join(one.url.split("/")[:3]))

    page.on("request", asked)
    answer = open_page(page, live_portal, lang, name)
    assert answer.headers["content-type"].startswith("text/html")
    assert len(answer.body()) < 100_000
    assert len(page.content().encode()) < 110_000
    draw_all(page)
    stand_with_their_tables(page, DRAWN.get(name, 0))
    have_the_same_in_the_other_language(page, lang)
    look_in_every_scheme_and_size(page, lang, name)
    fit_every_width(page)
    assert hosts == {live_portal}
    if name in PRINTED:
        stand_on_paper(page)
    page.evaluate("localStorage.clear()")
    page.remove_listener("request", asked)
    assert said == []


def test_from_the_home_page_to_the_row_of_the_file(page: Page, live_portal: str) -> None:
    """The way of a citizen: what was spent, on what, down to one payment and the file that it came from."""
    page.goto(live_portal)
    expect(page).to_have_url(f"{live_portal}/fa/")
    page.locator("#it-by-class").get_by_role("link", name="سخت‌افزار").click()
    expect(page.locator("h1")).to_have_text("پول")
    whole = page.locator("#groups tfoot data").first.get_attribute("value")
    with page.expect_navigation():
        page.get_by_role("link", name="ردیف به ردیف").click()
    assert page.locator(".stats data").first.get_attribute("value") == whole
    row = page.locator("#lines tbody tr").first
    amount = row.locator("data").get_attribute("value")
    with page.expect_navigation():
        row.get_by_role("link").first.click()
    assert page.locator(".headline-value data").get_attribute("value") == amount
    expect(page.locator("main")).to_contain_text(re.compile(r"payments_1403\.csv"))
    page.locator("a[href*='/data/batch/']").click()
    expect(page.locator("h1")).to_have_text("payments_1403.csv")


def test_filters_by_keyboard_live_in_the_address(page: Page, live_portal: str) -> None:
    page.goto(f"{live_portal}/en/money/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    # The terms of the lede, each of which opens its explanation, come before the form.
    for _term in range(page.locator(".lede .term").count() + 1):
        page.keyboard.press("Tab")
    expect(page.locator("#filter-by")).to_be_focused()
    page.keyboard.type("Unit")
    page.keyboard.press("Tab")
    expect(page.locator("#filter-year")).to_be_focused()
    page.keyboard.type("1402")
    page.locator("#filter-it").focus() if page.locator("#filter-it").count() else page.locator(
        "[name=it]"
    ).focus()
    page.keyboard.press("Space")
    page.locator("form.filters button").press("Enter")
    page.wait_for_url("**by=unit**")
    assert "year=1402" in page.url
    assert "it=1" in page.url
    expect(page.locator(".lede")).to_contain_text("fiscal year 1402")
    expect(page.locator("#shown")).to_have_text("By unit")
    page.go_back()
    expect(page.locator("#shown")).to_have_text("By class")


def test_sorting_turns_round_and_is_told(page: Page, live_portal: str) -> None:
    page.goto(f"{live_portal}/en/budget/")
    head = page.get_by_role("columnheader", name=re.compile("^Paid"))
    head.get_by_role("link").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    values = [
        int(v)
        for v in page.locator("#stages tbody tr").evaluate_all(
            "rows => rows.map(r => [...r.querySelectorAll('data')].at(-1).value)"
        )
    ]
    assert values == sorted(values, reverse=True)
    page.get_by_role("columnheader", name=re.compile("^Paid")).get_by_role("link").click()
    expect(page.get_by_role("columnheader", name=re.compile("^Paid"))).to_have_attribute(
        "aria-sort", "ascending"
    )


def test_a_file_is_downloaded_with_its_name(page: Page, live_portal: str, tmp_path: Path) -> None:
    page.goto(f"{live_portal}/fa/money/?by=unit&year=1402&it=1")
    shown = page.locator("#groups tbody data").evaluate_all("all => all.map(e => e.value)")
    with page.expect_download() as got:
        page.locator(".downloads").first.get_by_role("link", name="CSV").click()
    assert got.value.suggested_filename == "rasad-sample-0001-by-unit.csv"
    got.value.save_as(tmp_path / "file.csv")
    lines = (tmp_path / "file.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) - 1 == len(shown) > 3
    assert all(f",{amount}," in line for amount, line in zip(shown, lines[1:], strict=True))


def test_search_by_any_spelling_from_any_page(page: Page, live_portal: str) -> None:
    page.goto(f"{live_portal}/fa/method/")
    page.keyboard.press("/")
    page.keyboard.type("رايانه هاي")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fa/search/**")
    assert page.locator("#hits tbody tr").count() > 5
    expect(page.locator("#site-search")).to_have_value("رايانه هاي")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_works_without_javascript(browser: Browser, live_portal: str, lang: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = listen(context.new_page(), complaints := [])
    for name in PAGES if lang == LANGUAGES[0] else sorted(TOLD_APART):
        open_page(page, live_portal, lang, name)
        assert page.locator("h1").count() == 1
    page.goto(f"{live_portal}/{lang}/money/")
    page.locator("#filter-by").select_option("programme")
    with page.expect_navigation():
        page.locator("form.filters button").click()
    assert "by=programme" in page.url
    assert page.locator("#groups tbody tr").count() > 3
    page.locator("#site-search").fill("شبکه")
    with page.expect_navigation():
        page.locator("form.search button").click()
    assert page.locator("#hits tbody tr").count() > 0
    with page.expect_navigation():
        page.locator("nav.languages a").click()
    assert f"/{'en' if lang == 'fa' else 'fa'}/search/?q=" in page.url
    context.close()
    assert complaints == []


def test_a_bad_address_says_what_is_wrong(page: Page, live_portal: str, console: list[str]) -> None:
    answer = page.goto(f"{live_portal}/fa/money/?year=۱۴")
    assert answer is not None
    assert answer.status == 400
    expect(page.locator(".lede")).to_contain_text("سال مالی نیست")
    assert axe(page) == []
    page.get_by_role("link", name="همین صفحه بدون صافی").click()
    expect(page).to_have_url(f"{live_portal}/fa/money/")
    console.clear()
