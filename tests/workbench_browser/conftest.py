"""The workbench in a real browser: the system's Chromium, a home of its own, the site served in its own process."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

for shared in (Path(__file__).parents[1], Path(__file__).parents[1] / "browser"):
    if str(shared) not in sys.path:
        sys.path.insert(0, str(shared))

from browsing import DESK, listen, serve  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from own_home import FIRST, PASSWORD, OwnHome, copy_of, first_home  # noqa: E402

__all__ = ["first_home"]

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; the test fails, and says what to do, where there is none.

    For one file: while Playwright is there, its thread has an event loop, and Django asks no database in such a thread.
    """
    path = next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("no Chromium here: on Debian, apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        # No sandbox: the tests also run as root in a container, on pages of our own alone.
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def workbench(own_home: OwnHome, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the workbench of a home of the test's own, whose first account works for the IT organisation and the working group."""
    own_home.python(
        "from datetime import date\n"
        "from rasad.records.models import Account\n"
        "from rasad.actions import accounts\n"
        "person = Account.objects.get()\n"
        "[accounts.grant_role(account=person, role=role, by=None) for role in ('it', 'secretary', 'auditor')]"
    )
    log = tmp_path_factory.mktemp("workbench") / "log.txt"
    with serve(log, **{**own_home.environment, "RASAD_SITE": "workbench"}) as address:
        yield address


@pytest.fixture
def console() -> list[str]:
    """What the browser said: every message of the console, every error, every request that failed."""
    return []


@pytest.fixture
def page(browser: Browser, console: list[str], workbench: str) -> Iterator[Page]:
    """A page that is signed in; the test fails at its end unless the console stayed clean."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce", base_url=workbench)
    page = listen(context.new_page(), console)
    page.goto("/fa/accounts/login/")
    page.fill("input[name=login]", FIRST)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    yield page
    context.close()
    assert console == []


@pytest.fixture(scope="module")
def own_home(first_home: OwnHome, tmp_path_factory: pytest.TempPathFactory) -> OwnHome:
    """A home of the tests of one file, with its own database."""
    return copy_of(first_home, tmp_path_factory.mktemp("own") / "home")
