"""What browser tests share: listening to the console, axe-core, serving the site in a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

REPO = Path(__file__).resolve().parents[2]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
SEEN = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
"""Those of axe's rules whose answer depends on colours and places, not on the markup alone."""

# What is waited for comes at once, unless the machine is busy with other tests: five seconds were too few there.
expect.set_options(timeout=20_000)


def listen(page: Page, console: list[str]) -> Page:
    """Collect into `console` whatever `page` complains of; the policy's violations are among the messages."""
    page.on("console", lambda message: console.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: console.append(f"error: {error}"))
    page.on(
        "response",
        lambda got: console.append(f"{got.status}: {got.url}") if got.status >= 400 else None,
    )
    return page


def axe(page: Page, rules: Sequence[str] | None = None) -> list[str]:
    """Return what axe-core finds on the page as it stands, one text per finding; an empty list is what to ask for.

    All rules are asked unless some are named. Of a long table the first rows are looked at: the others are of the same make.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate((REPO / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    # A change of size is answered in the next frame: the page is looked at after it.
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found = page.evaluate(
        "asked => axe.run({exclude: ['tbody tr:nth-child(n+11)']}, {resultTypes: ['violations'], ...asked})",
        # The size of targets is of WCAG 2.2, which axe leaves out unless asked.
        {"runOnly": {"type": "rule", "values": list(rules)}}
        if rules
        else {"rules": {"target-size": {"enabled": True}}},
    )
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@contextmanager
def serve(log: Path, **environment: str) -> Iterator[str]:
    """Serve the site in a process of its own on a free port; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "4", "--no-ws", "rasad.web.wsgi:application"),
    ]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait(server, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"the site did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}")
