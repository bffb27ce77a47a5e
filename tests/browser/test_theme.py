"""The theme in a real browser: every component in the gallery, in both languages, schemes and widths."""

from __future__ import annotations

import re

import pytest
from browsing import DESK, PHONE, axe, listen
from playwright.sync_api import Browser, Page, Request, expect

LANGUAGES = ("fa", "en")


def open_gallery(page: Page, gallery: str, lang: str = "fa") -> None:
    page.goto(f"{gallery}/{lang}/_gallery/")


def draw_all(page: Page) -> None:
    """Scroll past every drawing and wait until all are drawn."""
    for place in page.locator("[data-chart]").all():
        place.scroll_into_view_if_needed()
    expect(page.locator("[data-chart]:not([data-drawn])")).to_have_count(0)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing(page: Page, gallery: str, lang: str, scheme: str, size: dict[str, int]) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    open_gallery(page, gallery, lang)
    draw_all(page)
    assert axe(page) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_runs_over_the_edge(page: Page, gallery: str, lang: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_gallery(page, gallery, lang)
    draw_all(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_direction_follows_language(page: Page, gallery: str) -> None:
    open_gallery(page, gallery, "fa")
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    assert page.url.endswith("/en/_gallery/")


def test_language_switch_keeps_the_query(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/en/_gallery/?year=1402&order=-amount")
    page.get_by_role("link", name="فارسی").click()
    expect(page).to_have_url(f"{gallery}/fa/_gallery/?year=1402&order=-amount")


def test_skip_link_comes_first_and_leads_to_the_content(page: Page, gallery: str) -> None:
    open_gallery(page, gallery)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_everything_that_acts_is_reached_by_keyboard_and_shows_it(page: Page, gallery: str) -> None:
    open_gallery(page, gallery, "en")
    seen: set[str] = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        spot = page.evaluate(
            """() => { const e = document.activeElement; const s = getComputedStyle(e);
            const ring = getComputedStyle(e.matches('.radios input') ? e.nextElementSibling : e);
            return [e.className || e.name || e.tagName, ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) > 0]; }"""
        )
        if spot[0] in ("BODY",):
            break
        assert spot[1], f"no focus ring on {spot[0]}"
        seen.add(str(spot[0]))
    assert {"skip", "switch-scheme", "sort", "copy", "by", "year", "q", "it"} <= seen


def test_a_table_is_a_stop_for_the_keyboard_only_while_it_scrolls(page: Page, gallery: str) -> None:
    open_gallery(page, gallery)
    frames = page.locator(".table[tabindex='0'][role=region]")
    expect(frames).to_have_count(0)
    page.set_viewport_size({"width": 320, "height": 800})
    expect(page.locator(".matrix[tabindex='0'][role=region]").first).to_be_attached()
    assert (
        frames.first.evaluate(
            "e => document.getElementById(e.getAttribute('aria-labelledby')).textContent.length"
        )
        > 3
    )


def test_slash_goes_to_the_search_box_but_not_while_typing(page: Page, gallery: str) -> None:
    open_gallery(page, gallery)
    page.keyboard.press("/")
    box = page.locator("#site-search")
    expect(box).to_be_focused()
    page.keyboard.type("a/b")
    expect(box).to_have_value("a/b")


@pytest.mark.parametrize("system", ["light", "dark"])
def test_scheme_switch_turns_and_is_remembered(page: Page, gallery: str, system: str) -> None:
    page.emulate_media(color_scheme=system)
    open_gallery(page, gallery)
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    before = page.evaluate(ground)
    switch = page.locator("[data-scheme-switch]")
    expect(switch).to_have_attribute("aria-pressed", str(system == "dark").lower())
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", str(system == "light").lower())
    after = page.evaluate(ground)
    assert after != before
    page.reload()
    assert page.evaluate(ground) == after


def test_charts_are_drawn_anew_in_the_other_scheme(page: Page, gallery: str) -> None:
    page.emulate_media(color_scheme="light")
    open_gallery(page, gallery)
    draw_all(page)
    canvas = page.locator("#chart-class canvas")
    before = canvas.evaluate("c => c.toDataURL()")
    page.locator("[data-scheme-switch]").click()
    page.wait_for_timeout(300)
    assert canvas.evaluate("c => c.toDataURL()") != before


def test_charts_are_hidden_from_assistive_technology_and_stand_by_a_table(page: Page, gallery: str) -> None:
    open_gallery(page, gallery)
    draw_all(page)
    drawn, plotted = page.locator("figure:has([data-chart])"), page.locator("figure:has(.plot)")
    assert page.locator("[data-chart] canvas").count() == drawn.count() == 5
    assert page.locator("figure.figure .drawing:not([aria-hidden=true])").count() == 0
    assert plotted.count() == page.locator("figure:has(.plot svg)").count() > 0
    assert page.locator("figure.figure").count() == drawn.count() + plotted.count()
    assert page.locator("figure.figure:has(.figure-table)").count() == page.locator("figure.figure").count()


def test_pointing_at_a_drawing_tells_its_figures_within_the_policy(page: Page, gallery: str) -> None:
    open_gallery(page, gallery)
    draw_all(page)
    for figure, texts in (
        ("#chart-class", ["سخت‌افزار", "۴۱۲٫۳"]),
        ("#chart-years", ["۱۴۰۱", "۲۷۲٫۱", "نامعلوم"]),
    ):
        canvas = page.locator(f"{figure} canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + (15 if figure == "#chart-class" else 150))
        tip = page.locator(f"{figure} .chart-tip")
        for text in texts:
            expect(tip).to_contain_text(text)


def test_a_click_on_a_bar_goes_where_its_row_leads(page: Page, gallery: str) -> None:
    open_gallery(page, gallery)
    draw_all(page)
    canvas = page.locator("#chart-class canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    # The first bar is the longest: a point in its middle is on it in either direction.
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + 15)
    expect(page).to_have_url(re.compile(r"\?class=hardware$"))


def test_a_choice_by_pointer_is_sent_and_one_by_keyboard_waits(page: Page, gallery: str) -> None:
    open_gallery(page, gallery)
    page.locator("label", has_text="طرف قرارداد").first.click()
    page.wait_for_url("**by=supplier**")
    assert "q=" not in page.url
    open_gallery(page, gallery)
    page.locator("#filter-year").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(200)
    assert "?" not in page.url
    page.get_by_role("button", name="نمایش").press("Enter")
    page.wait_for_url("**year=1402**")


def test_without_javascript_all_figures_are_there(browser: Browser, gallery: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = listen(context.new_page(), complaints := [])
    open_gallery(page, gallery)
    assert page.locator(".drawing").first.is_hidden()
    assert page.locator("[data-scheme-switch]").is_hidden()
    assert page.locator(".copy").first.is_hidden()
    page.locator("details.figure-table summary").first.click()
    assert page.locator("details.figure-table").first.get_attribute("open") is not None
    page.locator("#filter-year").select_option("1401")
    with page.expect_navigation():
        page.get_by_role("button", name="نمایش").click()
    assert "year=1401" in page.url
    context.close()
    assert complaints == []


def test_copy_puts_the_whole_hash_on_the_clipboard_and_says_so(page: Page, gallery: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_gallery(page, gallery, "en")
    page.locator("main .copy").first.click()
    expect(page.locator("#announce")).to_have_text("Copied")
    assert re.fullmatch("[0-9a-f]{64}", page.evaluate("navigator.clipboard.readText()"))


def test_a_page_weighs_less_than_200_kb_before_drawings(page: Page, gallery: str) -> None:
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(f"{gallery}/fa/_gallery/", wait_until="networkidle")
    weights = {request.url: request.sizes()["responseBodySize"] for request in finished}
    drawings = [weight for url, weight in weights.items() if "/charts-" in url]
    assert len(drawings) == 1
    assert drawings[0] < 200_000
    assert sum(weights.values()) - drawings[0] < 200_000
    assert len([url for url in weights if ".woff2" in url]) == 1


def test_the_policy_is_strict_and_files_are_kept_for_good(page: Page, gallery: str) -> None:
    answer = page.goto(f"{gallery}/fa/_gallery/")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    style = page.request.get(gallery + str(page.locator("link[rel=stylesheet]").get_attribute("href")))
    assert "immutable" in style.headers["cache-control"]


def test_numbers_in_a_column_stand_under_one_another(page: Page, gallery: str) -> None:
    open_gallery(page, gallery)
    rights = page.locator("#by-class tbody td.c-money data").evaluate_all(
        "all => all.map(e => Math.round(e.getBoundingClientRect().right))"
    )
    assert len(rights) == 8
    assert len(set(rights)) == 1


@pytest.mark.parametrize(
    ("lang", "title"), [("fa", "در این نشانی چیزی نیست"), ("en", "There is nothing at this address")]
)
def test_not_found_speaks_the_language_of_the_address(
    page: Page, live_portal: str, console: list[str], lang: str, title: str
) -> None:
    answer = page.goto(f"{live_portal}/{lang}/no-such-page/")
    assert answer is not None
    assert answer.status == 404
    assert page.locator("h1").inner_text() == title
    assert axe(page) == []
    console.clear()


def test_print_is_ink_on_white_without_controls(page: Page, gallery: str) -> None:
    open_gallery(page, gallery)
    page.locator("[data-scheme-switch]").click()
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    for hidden in (".search", ".primary", ".filters", ".downloads"):
        assert page.locator(hidden).first.is_hidden()
    assert page.locator("#by-class").is_visible()
