"""What changed on a page between two releases, told on the page and in its own feed, in a real browser."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as tree

import pytest
from browsing import PHONE, axe, serve
from playwright.sync_api import Browser, Page, expect

sys.path.append(str(Path(__file__).resolve().parents[1] / "portal"))
from two_releases import write_two

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def changed_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the portal over a town's two releases, of which the second has lines gone, new, and of another class."""
    folder = tmp_path_factory.mktemp("feeds")
    write_two(folder / "releases")
    with serve(folder / "log.txt", RASAD_RELEASES=str(folder / "releases")) as address:
        yield address


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_a_page_tells_what_changed_here_and_its_feed_leads_to_the_lines(
    page: Page, changed_portal: str, lang: str
) -> None:
    page.goto(f"{changed_portal}/{lang}/money/?class=hardware")
    here = page.locator(".changes-here")
    expect(here.locator("tbody tr").first).to_be_visible()
    assert axe(page) == []
    address = here.locator(".feed-link").get_attribute("href") or ""
    assert "class=hardware" in address
    alternate = page.locator("link[type='application/atom+xml']").get_attribute("href")
    assert alternate == address
    feed = tree.fromstring(page.request.get(f"{changed_portal}{address}").text())
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 2, "one for each release"
    link = entries[0].find(f"{ATOM}link")
    assert link is not None
    page.goto(link.attrib["href"])
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("main tbody tr").first).to_be_visible()
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_two_periods_and_a_share_have_feeds_of_their_own_without_scripts(
    browser: Browser, changed_portal: str
) -> None:
    page = browser.new_page(java_script_enabled=False)
    for path in ("compare/?by=unit&class=software", "share/?paid=5000000"):
        page.goto(f"{changed_portal}/en/{path}")
        expect(page.locator("#changes-here")).to_have_text("What changed here")
        address = page.locator(".feed-link").get_attribute("href") or ""
        assert "5000000" not in address, "what a reader typed is in no feed's address"
        assert tree.fromstring(page.request.get(f"{changed_portal}{address}").text()).findall(f"{ATOM}entry")
    page.close()
