"""A real browser on a real server: the system's Chromium, and the site served by granian in its own process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import DESK, listen, serve
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; the test fails, and says what to do, where there is none."""
    path = next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("no Chromium here: on Debian, apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        # No sandbox: the tests also run as root in a container, on pages of our own alone.
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def console() -> list[str]:
    """What the browser said: every message of the console, every error, every request that failed."""
    return []


@pytest.fixture
def page(browser: Browser, console: list[str]) -> Iterator[Page]:
    """A page of its own; the test fails at its end unless the console stayed clean (empty `console` where a message is meant)."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce")
    yield listen(context.new_page(), console)
    context.close()
    assert console == []


@pytest.fixture(scope="session")
def live_portal(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the portal, served over the sample city's release."""
    log = tmp_path_factory.mktemp("portal") / "log.txt"
    with serve(log, RASAD_RELEASES=str(releases)) as address:
        yield address


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a site in development with the gallery of components, and neither portal nor release."""
    log = tmp_path_factory.mktemp("gallery") / "log.txt"
    here = str(Path(__file__).parent)
    with serve(log, DJANGO_SETTINGS_MODULE="theme_settings", PYTHONPATH=here) as address:
        yield address
