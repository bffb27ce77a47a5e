"""Servers to be measured, each a process of its own on a port of its own, and a client that asks them for pages."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STARTED_WITHIN = 120
"""Seconds after which a server that has not answered with a page is given up."""
HEADERS = {"Accept-Encoding": "gzip", "Accept": "text/html"}


@dataclass(frozen=True)
class Server:
    """A server that answers: its `port`, its process, and how many seconds it took from its start to its first whole page."""

    port: int
    pid: int
    start: float

    @property
    def memory(self) -> float:
        """Return the memory of the process and those that it started, in MB (proportional set size)."""
        total = 0
        for pid in _family(self.pid):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        return total / 1024


@dataclass(frozen=True)
class Answer:
    """An answer: its status, its bytes as they came (packed, where the server packs), and how long it took in milliseconds."""

    status: int
    body: bytes
    packed: bool
    took: float


class Client:
    """One connection that is kept open, as a browser does."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def get(self, path: str) -> Answer:
        began = time.perf_counter()
        self._connection.request("GET", path, headers=HEADERS)
        answer = self._connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - began) * 1000
        return Answer(answer.status, body, answer.headers.get("Content-Encoding") == "gzip", took)

    def close(self) -> None:
        self._connection.close()


@contextmanager
def portal(releases: Path, processes: int = 1) -> Iterator[Server]:
    """Serve releases as `rasad portal` does."""
    command = [
        sys.executable,
        "-m",
        "rasad",
        "portal",
        "--releases",
        str(releases),
        "--port",
        "{port}",
        "--processes",
        str(processes),
    ]
    with _served(command, "/fa/") as server:
        yield server


@contextmanager
def datasette(database: Path) -> Iterator[Server]:
    """Serve an SQLite file by Datasette, with time enough for its queries."""
    settings = ["--setting", "sql_time_limit_ms", "60000", "--setting", "facet_time_limit_ms", "60000"]
    command = [
        sys.executable,
        "-m",
        "datasette",
        "serve",
        "--immutable",
        str(database),
        "--port",
        "{port}",
        *settings,
    ]
    with _served(command, "/") as server:
        yield server


@contextmanager
def _served(command: list[str], first: str) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    told = [part.replace("{port}", str(port)) for part in command]
    began = time.perf_counter()
    process = subprocess.Popen(
        told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env={**os.environ}
    )
    try:
        while True:
            client = Client(port)
            try:
                said = str(client.get(first).status)
            except OSError as error:
                said = str(error)
                if process.poll() is not None:
                    raise RuntimeError(f"the server ended: {' '.join(told)}") from None
                time.sleep(0.01)
            finally:
                client.close()
            if said == "200":
                break
            if time.perf_counter() - began > STARTED_WITHIN:
                raise RuntimeError(f"{first} is not answered with a page ({said}): {' '.join(told)}")
        yield Server(port, process.pid, time.perf_counter() - began)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _family(pid: int) -> list[int]:
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text().split():
            found += _family(int(child))
    return found
