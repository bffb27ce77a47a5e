"""Takes the README's pictures anew: `make pictures`. Loads the sample city, serves both sites, and photographs pages in Chromium."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

REPO = Path(__file__).resolve().parent.parent
# A home of its own: it has an account, and a demo's home is the user's.
HOME = REPO / "build" / "pictures"
OUT = REPO / "docs" / "pictures"
EMAIL = "secretary@example.org"


class Picture(NamedTuple):
    """A page to take: where, and in which size and colours; `down` is the heading that it begins at."""

    path: str
    width: int = 1280
    height: int = 900
    scheme: str = "light"
    down: str = ""


PORTAL = {
    "home-en": Picture("/en/"),
    "home-fa": Picture("/fa/"),
    "money-fa": Picture("/fa/money/?by=unit&it=1"),
    "budget-fa": Picture("/fa/budget/", scheme="dark"),
    "home-phone-fa": Picture("/fa/", 390, 844),
    "thread-fa": Picture("/fa/thread/", height=1500),
    "roadmap-fa": Picture("/fa/roadmap/?by=unit", height=1040, down="#when"),
}
WORKBENCH = {
    "project-desk-fa": Picture("/fa/projects/16/", height=1100),
    "scenario-fa": Picture("/fa/roadmap/2/", height=1100),
}


def main() -> int:
    """Return 0 when every picture is taken."""
    rasad = [sys.executable, "-m", "rasad", "--home", str(HOME)]
    shutil.rmtree(HOME, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "rasad", "demo", "--no-serve", "--home", str(HOME)], check=True)
    password = secrets.token_urlsafe(24)
    account = ["--email", EMAIL, "--name", "زهرا", "--language", "fa", "--password-stdin"]
    roles = [part for role in ("secretary", "data", "it", "expert") for part in ("--role", role)]
    subprocess.run([*rasad, "init", *account, *roles], input=password, text=True, check=True)
    OUT.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        with _served([*rasad, "portal"], "/fa/") as base:
            for name, picture in PORTAL.items():
                _take(browser, base, name, picture)
        with _served([*rasad, "workbench"], "/fa/accounts/login/") as base:
            for name, picture in WORKBENCH.items():
                _take(browser, base, name, picture, password)
        browser.close()
    return 0


@contextmanager
def _served(command: list[str], first: str) -> Iterator[str]:
    """Serve a site while the block runs; give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL)
    base = f"http://localhost:{port}"
    try:
        _wait(base + first)
        yield base
    finally:
        server.terminate()
        server.wait()


def _wait(address: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(address)


def _take(browser: Browser, base: str, name: str, picture: Picture, password: str = "") -> None:
    size = {"width": picture.width, "height": picture.height}
    context = browser.new_context(viewport=size, color_scheme=picture.scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    if password:
        _sign_in(page, base, password)
    page.goto(base + picture.path)
    if picture.down:
        page.locator(picture.down).evaluate("here => here.scrollIntoView()")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(800)
    page.screenshot(path=OUT / f"{name}.png")
    context.close()
    print(OUT / f"{name}.png")


def _sign_in(page: Page, base: str, password: str) -> None:
    page.goto(base + "/fa/accounts/login/")
    page.fill("input[name=login]", EMAIL)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(base + "/fa/")


if __name__ == "__main__":
    sys.exit(main())
