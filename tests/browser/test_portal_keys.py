"""Shortcuts of single keys, and the last view that is kept on the reader's device, in a real browser."""

from __future__ import annotations

import json

import pytest
from browsing import PHONE, axe, listen
from playwright.sync_api import Browser, Page, expect

LANGUAGES = ("fa", "en")
SECTIONS = {
    "h": "", "m": "money/", "c": "compare/", "b": "budget/", "s": "share/", "d": "data/", "t": "method/", "w": "glossary/",
    "n": "changes/",
}  # fmt: skip
"""Those of every release; one that holds a register has more."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_letters_lead_to_sections_and_are_listed(page: Page, live_portal: str, lang: str) -> None:
    page.goto(f"{live_portal}/{lang}/method/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe(page) == []
    listed = dialog.locator("dt").all_inner_texts()
    letters = [text.split()[-1] for text in listed if text.startswith("g")]
    assert len(set(letters)) == len(letters) >= len(SECTIONS)
    assert set(SECTIONS) <= set(letters)
    # Nothing acts behind the open list.
    page.keyboard.type("gm")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(f"{live_portal}/{lang}/method/")
    # The keys are places on the keyboard, the same in both languages: in the second one two are enough.
    for key, path in list(SECTIONS.items())[-len(SECTIONS) if lang == LANGUAGES[0] else -2 :]:
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(f"{live_portal}/{lang}/{path}")
    # A letter alone leads nowhere, nor one that comes too late, nor one with another key held.
    page.keyboard.press("m")
    page.keyboard.press("g")
    page.keyboard.press("Control+m")
    page.keyboard.press("Shift+G")
    page.keyboard.press("m")
    page.keyboard.press("g")
    page.wait_for_timeout(1600)
    page.keyboard.press("m")
    expect(page).to_have_url(f"{live_portal}/{lang}/changes/")


def test_a_persian_keyboard_has_the_same_keys(page: Page, live_portal: str) -> None:
    """Its letters are others; their places are the same."""
    page.goto(f"{live_portal}/fa/method/")
    page.evaluate(
        """for (const [key, code, shiftKey] of [['؟', 'Slash', true]])
        document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, shiftKey, bubbles: true}))"""
    )
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.evaluate(
        """for (const [key, code] of [['ل', 'KeyG'], ['ئ', 'KeyM']])
        document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true}))"""
    )
    page.wait_for_url("**/fa/money/")


def test_no_key_acts_while_somebody_types_or_when_switched_off(page: Page, live_portal: str) -> None:
    page.goto(f"{live_portal}/en/money/")
    page.keyboard.press("/")
    expect(page.locator("#site-search")).to_be_focused()
    page.keyboard.type("?gm/jn")
    expect(page.locator("#site-search")).to_have_value("?gm/jn")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.locator("#filter-q").focus()
    page.keyboard.type("gb")
    page.locator("#filter-by").focus()
    page.keyboard.type("gs")
    expect(page).to_have_url(f"{live_portal}/en/money/")
    # Off: by the button at the foot, which is always there; and it stays off on other pages.
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Shortcuts of single keys are on").uncheck()
    page.get_by_role("button", name="Close").click()
    for path in ("money/", "budget/"):
        page.goto(f"{live_portal}/en/{path}")
        for key in ("?", "/", "j", "g", "m"):
            page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.locator("body")).to_be_focused()
        expect(page).to_have_url(f"{live_portal}/en/{path}")
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Shortcuts of single keys are on").check()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#site-search")).to_be_focused()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rows_are_walked_and_pages_turned(page: Page, live_portal: str, lang: str) -> None:
    page.goto(f"{live_portal}/{lang}/money/?view=lines&it=1")
    rows = page.locator("#lines tbody tr")
    for key, at in (("j", 0), ("j", 1), ("ArrowDown", 2), ("k", 1), ("ArrowUp", 0), ("k", 0), ("j", 1)):
        page.keyboard.press(key)
        expect(rows.nth(at).locator("a").first).to_be_focused()
    for _row in range(30):
        page.keyboard.press("j")
    expect(rows.nth(31).locator("a").first).to_be_in_viewport()
    # Arrows scroll as ever, unless one walks.
    page.locator("h1").click()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(0).locator("a").first).not_to_be_focused()
    first = rows.first.inner_text()
    page.keyboard.press("n")
    page.wait_for_url("**page=2**")
    assert rows.first.inner_text() != first
    page.keyboard.press("p")
    page.wait_for_url("**page=1**")
    assert rows.first.inner_text() == first
    page.keyboard.press("p")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/line/**")


@pytest.mark.parametrize(
    ("lang", "path", "filters"),
    [("fa", "money/", "?by=unit&it=1"), ("en", "compare/", "?by=unit"), ("fa", "budget/", "?by=class")],
)
def test_the_last_view_is_kept_offered_and_forgotten(
    page: Page, live_portal: str, lang: str, path: str, filters: str
) -> None:
    texts = {
        "fa": ("بازگشت به آخرین نمای من", "فراموش کن", "تنها روی همین دستگاه", "میان‌برهای صفحه‌کلید", "به یاد بماند"),
        "en": ("Back to my last view", "Forget it", "on this device alone", "Keyboard shortcuts", "Remember my last"),
    }  # fmt: skip
    back, forget, where, keys, remember = texts[lang]
    note, bare = page.locator(".remembered"), f"{live_portal}/{lang}/{path}"
    page.goto(f"{bare}{filters}")
    expect(note).to_contain_text(where)
    expect(note.get_by_role("link", name=back)).to_be_hidden()
    scope = page.locator(".lede").inner_text()
    # The address without filters shows what it always shows, and offers the way back.
    page.goto(bare)
    assert axe(page) == []
    expect(note).to_contain_text(scope)
    note.get_by_role("link", name=back).click()
    expect(page).to_have_url(f"{bare}{filters}")
    # In the other language the way back stays; what is said of it would be in the wrong one.
    other = "en" if lang == "fa" else "fa"
    page.goto(f"{live_portal}/{other}/{path}")
    expect(note.locator("[data-remember-said]")).to_be_empty()
    expect(note.locator("[data-remember-link]")).to_have_attribute("href", f"/{other}/{path}{filters}")
    page.goto(bare)
    note.get_by_role("button", name=forget).click()
    expect(note).to_be_hidden()
    page.reload()
    expect(note).to_be_hidden()
    # Switched off, nothing is kept, and what was kept is gone.
    page.goto(f"{bare}{filters}")
    expect(note).to_be_visible()
    page.get_by_role("button", name=keys).click()
    page.get_by_label(remember).uncheck()
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    page.reload()
    expect(note).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage)") == ["rasad.views"]


@pytest.mark.parametrize(
    "stored",
    ["nonsense", "{}", '{"query": 5}', json.dumps({"query": "javascript:alert(1)"}), json.dumps({"query": "//evil.example/"})],
)  # fmt: skip
def test_whatever_is_kept_leads_nowhere_else(page: Page, live_portal: str, stored: str) -> None:
    page.goto(f"{live_portal}/en/money/")
    page.evaluate("text => localStorage.setItem('rasad.view.money', text)", stored)
    page.reload()
    expect(page.locator(".remembered")).to_be_hidden()
    markup = json.dumps({"query": "?by=unit", "label": "<img src=x onerror=alert(1)>", "lang": "en"})
    page.evaluate("text => localStorage.setItem('rasad.view.money', text)", markup)
    page.reload()
    expect(page.locator("[data-remember-said]")).to_have_text("<img src=x onerror=alert(1)>")
    assert page.locator("[data-remember-link]").evaluate("a => a.href") == f"{live_portal}/en/money/?by=unit"


def test_without_storage_and_without_scripts_nothing_is_offered(browser: Browser, live_portal: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = listen(context.new_page(), complaints := [])
    page.goto(f"{live_portal}/en/money/?by=unit")
    for hidden in (".remembered", "[data-keys-open]", "dialog"):
        expect(page.locator(hidden)).to_be_hidden()
    context.close()
    context = browser.new_context()
    page = listen(context.new_page(), complaints)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('forbidden'); }})"
    )
    page.goto(f"{live_portal}/en/money/?by=unit")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    context.close()
    assert complaints == []
