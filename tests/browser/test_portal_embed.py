"""Embeds in a real browser: in another site's page, without JavaScript, on a phone, and the page that tells how."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from browsing import PHONE, axe, listen
from playwright.sync_api import Browser, Page, expect

LANGUAGES = ("fa", "en")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def newspaper(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the address of another site that serves it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / "favicon.ico").write_bytes(b"")
    yield tmp_path, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_copied_snippet_shows_the_chart_in_another_site(
    page: Page, live_portal: str, newspaper: tuple[Path, str], lang: str
) -> None:
    page.goto(f"{live_portal}/{lang}/")
    page.get_by_role("link", name="درج این نمودار" if lang == "fa" else "Embed this chart").first.click()
    # The newspaper's page is light, whatever the reader's device is.
    page.emulate_media(color_scheme="dark")
    page.get_by_label("روشن یا تیره" if lang == "fa" else "Light or dark").select_option("light")
    page.get_by_role("button", name="نمایش" if lang == "fa" else "Show", exact=True).click()
    page.wait_for_url("**scheme=light**")
    snippet = page.locator("#snippet").input_value()
    assert "release=1" in snippet
    folder, address = newspaper
    (folder / "story.html").write_text(f"<!doctype html><title>x</title><h1>x</h1>{snippet}", "utf-8")
    page.goto(f"{address}/story.html")
    frame = page.frame_locator("iframe")
    expect(frame.locator("h1")).to_be_visible()
    assert frame.locator("html").evaluate("e => getComputedStyle(e).colorScheme") == "light"
    expect(frame.locator("[data-drawn]")).to_have_count(1)
    frame.locator("summary").click()
    expect(frame.locator("table tbody tr").first).to_be_visible()
    expect(frame.locator(".embed-source")).to_contain_text("نمونه" if lang == "fa" else "Release")
    assert page.context.cookies() == []


def test_other_pages_refuse_the_frame(
    browser: Browser, live_portal: str, newspaper: tuple[Path, str]
) -> None:
    folder, address = newspaper
    (folder / "thief.html").write_text(
        f'<!doctype html><iframe src="{live_portal}/fa/money/"></iframe>', "utf-8"
    )
    said: list[str] = []
    page = listen(browser.new_page(), said)
    page.goto(f"{address}/thief.html")
    page.wait_for_timeout(500)
    assert any("frame-ancestors" in message or "X-Frame-Options" in message for message in said)
    page.close()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", ["embed/money/?by=class&it=1", "embed/years/", "embed/money/how/?by=unit"])
def test_axe_finds_nothing(page: Page, live_portal: str, lang: str, path: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(PHONE)
        page.goto(f"{live_portal}/{lang}/{path}")
        assert axe(page) == [], scheme
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], "the page is wider than a phone"


def test_an_embed_works_without_scripts(browser: Browser, live_portal: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{live_portal}/en/embed/money/?by=unit&it=1")
    page.locator("summary").click()
    expect(page.locator("table tfoot data").first).to_be_visible()
    page.goto(f"{live_portal}/en/embed/money/how/?by=unit&it=1")
    expect(page.locator("#snippet")).to_be_visible()
    expect(page.get_by_role("button", name="Copy", exact=True)).to_have_count(0)
    page.close()


def test_the_snippet_is_copied(browser: Browser, live_portal: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{live_portal}/en/embed/money/how/?by=unit&it=1")
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.locator("#announce")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#snippet").input_value()
    context.close()
