"""`rasad portal` as it is started in service: several processes on one port, and none of them left behind."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path


def test_several_processes_serve_one_port_and_go_together(releases: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "rasad", "portal", "--releases", str(releases)]
    server = subprocess.Popen(
        [*command, "--port", str(port), "--processes", "2"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert _page(port).startswith(b"<!doctype html>")
        serving = _children(server.pid)
        assert len([pid for pid in serving if b"resource_tracker" not in _command(pid)]) == 2
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
    assert not [pid for pid in serving if Path(f"/proc/{pid}").exists()]


def _page(port: int) -> bytes:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/fa/", timeout=30) as answer:
                return bytes(answer.read())
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(port)


def _children(pid: int) -> list[int]:
    return [
        int(child)
        for path in Path(f"/proc/{pid}/task").glob("*/children")
        for child in path.read_text().split()
    ]


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()
