"""Takes the README's pictures anew: `make pictures`. Loads the sample city, serves its portal, and photographs pages in Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

REPO = Path(__file__).resolve().parent.parent
HOME = REPO / ".demo" / "sample"
OUT = REPO / "docs" / "pictures"
PICTURES = {
    "home-en": ("/en/", 1280, 900, "light"),
    "home-fa": ("/fa/", 1280, 900, "light"),
    "money-fa": ("/fa/money/?by=unit&it=1", 1280, 900, "light"),
    "budget-fa": ("/fa/budget/", 1280, 900, "dark"),
    "home-phone-fa": ("/fa/", 390, 844, "light"),
}


def main() -> int:
    """Return 0 when every picture is taken."""
    subprocess.run([sys.executable, "-m", "rasad", "demo", "--no-serve", "--home", str(HOME)], check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "rasad", "--home", str(HOME), "portal", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/fa/")
        _take(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait()
    return 0


def _wait(address: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(address)


def _take(base: str) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for name, (path, width, height, scheme) in PICTURES.items():
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
            page = context.new_page()
            page.goto(base + path)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(800)
            page.screenshot(path=OUT / f"{name}.png")
            context.close()
            print(OUT / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
