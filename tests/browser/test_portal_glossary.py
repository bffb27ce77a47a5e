"""Terms explained in place, and pictures for addresses that are passed on, in a real browser."""

from __future__ import annotations

import re

import pytest
from browsing import DESK, PHONE, axe, listen
from playwright.sync_api import Browser, Locator, Page, expect

LANGUAGES = ("fa", "en")


def inside(page: Page, card: Locator) -> bool:
    """Return whether all of an explanation stands within the window."""
    box, size = card.bounding_box(), page.viewport_size
    assert box
    assert size
    return box["x"] >= 0 and box["y"] >= 0 and box["x"] + box["width"] <= size["width"] + 0.5


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_term_is_explained_by_keyboard_and_by_pointer(page: Page, live_portal: str, lang: str) -> None:
    unknown = {"fa": "ردهٔ نامعلوم", "en": "Class unknown"}[lang]
    page.goto(f"{live_portal}/{lang}/")
    term = page.locator(".stats").get_by_role("button", name=unknown, exact=True)
    card = page.locator("#term-unknown")
    expect(card).to_be_hidden()
    term.focus()
    page.keyboard.press("Enter")
    expect(card).to_be_visible()
    assert inside(page, card)
    near = term.bounding_box(), card.bounding_box()
    assert near[0]
    assert near[1]
    assert min(abs(near[1]["y"] - near[0]["y"]), abs(near[1]["y"] + near[1]["height"] - near[0]["y"])) < 60
    assert axe(page) == []
    # The explanation is the next stop, and Escape leads back to the word.
    page.keyboard.press("Tab")
    expect(card.get_by_role("link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(term).to_be_focused()
    # A click elsewhere closes it; on to the glossary, where the term is marked.
    term.click()
    page.locator("h1").click()
    expect(card).to_be_hidden()
    term.click()
    card.get_by_role("link").click()
    expect(page).to_have_url(f"{live_portal}/{lang}/glossary/#unknown")
    expect(page.locator("#unknown")).to_be_in_viewport()
    assert page.locator("#unknown").evaluate("e => e.matches(':target')")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_headings_that_sort_have_a_mark_beside(page: Page, live_portal: str, lang: str) -> None:
    page.goto(f"{live_portal}/{lang}/budget/")
    marks = page.locator("#stages thead .term-mark")
    assert 1 <= marks.count() < page.locator("#stages thead th").count(), (
        "what stands above is not marked again"
    )
    for mark in marks.all():
        target = mark.evaluate(
            "e => { const s = getComputedStyle(e, '::after'), b = e.getBoundingClientRect();"
            " return [b.width - 2 * parseFloat(s.left), b.height - 2 * parseFloat(s.top)]; }"
        )
        assert min(target) >= 24, "a target of WCAG 2.2"
    marks.first.click()
    expect(page.locator(".term-card:popover-open")).to_have_count(1)
    assert "order=" not in page.url
    # Lists: the class's explanation holds every class.
    page.goto(f"{live_portal}/{lang}/line/" + _line(page, live_portal))
    page.locator("dt").get_by_role("button", name={"fa": "رده", "en": "Class"}[lang], exact=True).click()
    expect(page.locator("#term-class dt")).to_have_count(8)
    page.set_viewport_size(PHONE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe(page) == []
        assert inside(page, page.locator("#term-class"))


def _line(page: Page, portal: str) -> str:
    page.goto(f"{portal}/en/money/?view=lines&it=1")
    href = page.locator("main a[href*='/line/']").first.get_attribute("href") or ""
    return href.split("/line/")[1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_explanations_and_the_glossary_work_without_scripts(
    browser: Browser, live_portal: str, lang: str
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = listen(context.new_page(), complaints := [])
    page.goto(f"{live_portal}/{lang}/money/")
    page.locator(".lede .term").first.click()
    expect(page.locator(".term-card:popover-open")).to_have_count(1)
    with page.expect_navigation():
        page.locator(".term-card:popover-open a").click()
    assert re.search(r"/glossary/#[\w-]+$", page.url)
    assert page.locator(".glossary-term").count() > 70
    context.close()
    assert complaints == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_picture_is_drawn_in_the_pages_direction(page: Page, live_portal: str, lang: str) -> None:
    page.set_viewport_size(DESK)
    page.goto(f"{live_portal}/{lang}/money/?by=unit&it=1")
    address = page.locator("meta[property='og:image']").get_attribute("content") or ""
    assert address.startswith(live_portal)
    # The mark stands where lines begin: its colour is found in the first hundred pixels from that edge, and not from the other.
    found = page.evaluate(
        """async (address) => { const image = new Image(), canvas = document.createElement('canvas');
        image.src = address; await image.decode();
        canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
        const brush = canvas.getContext('2d', {willReadFrequently: true}); brush.drawImage(image, 0, 0);
        const turquoise = (x) => { const d = brush.getImageData(x, 40, 100, 60).data; let n = 0;
          for (let i = 0; i < d.length; i += 4) if (d[i] < 40 && d[i + 1] > 100 && d[i + 2] > 110) n++;
          return n; };
        return [canvas.width, canvas.height, turquoise(20), turquoise(1080)]; }""",
        address,
    )
    assert found[:2] == [1200, 630]
    start, end = (found[3], found[2]) if lang == "fa" else (found[2], found[3])
    assert start > 300
    assert end == 0
