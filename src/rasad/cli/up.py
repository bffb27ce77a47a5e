"""`rasad up`: the whole site, each part a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import click

from rasad.actions import workspace
from rasad.cli.console import WRONG_INPUT, WRONG_USE, Session, need_home, pass_session
from rasad.cli.parent import PIPE
from rasad.cli.serving import address_of

KEPT_FROM_PORTAL = ("RASAD_HOME", "RASAD_DATABASE", "RASAD_EMAIL", "RASAD_SECRET_KEY")
"""What the portal's process never has in its environment: it knows no workspace and no database."""
READY_WITHIN = 60.0
"""Seconds that a server may take to answer for the first time."""
ENDS_WITHIN = 15.0
"""Seconds that a process may take to end tidily."""
LOOK_EVERY = 0.25
SOON = 10.0
"""A process that ends within so many seconds of its start ends soon; it is started again ever more slowly."""
SLOWEST = 30.0


@dataclass
class Part:
    """One process of the site: how it is started, where it answers, and how it fares."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = 0.0
    again_at: float = 0.0
    ready: bool = False

    def start(self, pipe: int) -> None:
        """Start the process in a session of its own: Ctrl-C reaches `rasad up` alone, which ends its parts in order."""
        self.process = subprocess.Popen(
            self.command,
            env={**self.environment, PIPE: str(pipe)},
            stdin=subprocess.DEVNULL,
            pass_fds=(pipe,),
            start_new_session=True,
        )
        self.started, self.ready = time.monotonic(), False

    def answers(self) -> bool:
        """Return whether the process takes connections; one without a port is ready once it runs."""
        if not self.port:
            return True
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@click.command(
    epilog="""\b
Examples:
  rasad --home karaj up
  rasad --home karaj up --portal-port 80 --workbench-port 8080 --host 0.0.0.0"""
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--portal-port", default=8750, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workbench-port", default=8751, show_default=True, type=click.IntRange(1, 65535))
@pass_session
def up(session: Session, host: str, portal_port: int, workbench_port: int) -> None:
    """Start the whole site until Ctrl-C: the portal, the workbench and a worker, each a process of its own.

    The portal's process has no database and knows no account: it reads the folder of releases and nothing else. A part that ends by
    itself is started again.
    """
    need_home(session)
    for port in (portal_port, workbench_port):
        _free(session, host, port)
    workspace.connect(session.home)
    parts = _parts(session, host, portal_port, workbench_port)
    read, write = os.pipe()
    # Only this process holds the pipe's other end; when it goes, however it goes, its parts read the end and go too.
    os.set_inheritable(write, False)
    session.say("Starting the site of %(home)s; Ctrl-C ends it.", home=str(session.home))
    with _told_to_end() as ended:
        try:
            for part in parts:
                part.start(read)
            _look_after(session, parts, read, ended, host)
        finally:
            _end(parts)
            os.close(read)
            os.close(write)
    session.say("The site is down.")


def _parts(session: Session, host: str, portal_port: int, workbench_port: int) -> list[Part]:
    home = session.home.resolve()
    own = {name: value for name, value in os.environ.items() if name != "RASAD_SITE"}
    public = {name: value for name, value in own.items() if name not in KEPT_FROM_PORTAL}
    rasad = [sys.executable, "-m", "rasad", "--lang", session.lang, "--home", str(home)]
    # The portal is told of the releases alone: not even where the home is.
    portal = [
        sys.executable,
        "-m",
        "rasad",
        "--lang",
        session.lang,
        "portal",
        "--releases",
        str(home / "releases"),
    ]
    listen = ["--host", host, "--port"]
    return [
        Part("portal", [*portal, *listen, str(portal_port)], public, portal_port),
        Part("workbench", [*rasad, "workbench", *listen, str(workbench_port)], own, workbench_port),
        Part("worker", [*rasad, "worker"], own),
    ]


def _free(session: Session, host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            session.fail(
                session.text(
                    "Port %(port)s is taken. Choose others with --portal-port and --workbench-port.",
                    port=str(port),
                ),
                code=WRONG_USE,
            )


@contextmanager
def _told_to_end() -> Iterator[list[int]]:
    """Yield a list that is not empty once this process is told to end."""
    told: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        told.append(number)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _look_after(session: Session, parts: list[Part], pipe: int, ended: list[int], host: str) -> None:
    """Say which parts are ready, and start again what ended, until told to end."""
    while not ended:
        for part in parts:
            if part.process is None:
                if time.monotonic() >= part.again_at:
                    part.start(pipe)
            elif (code := part.process.poll()) is not None:
                _fell(session, part, code)
            elif not part.ready:
                _greet(session, part, host)
        time.sleep(LOOK_EVERY)


def _greet(session: Session, part: Part, host: str) -> None:
    """Say once that a server answers; the worker says itself that it is ready."""
    if part.answers():
        part.ready = True
        if part.port:
            session.say(
                "● %(part)s: %(address)s", part=_title(session, part), address=address_of(host, part.port)
            )
    elif time.monotonic() - part.started > READY_WITHIN:
        session.fail(
            session.text("%(part)s does not answer. What it said stands above.", part=_title(session, part)),
            code=WRONG_INPUT,
        )


def _fell(session: Session, part: Part, code: int) -> None:
    """Say that a part ended, and when it is started again: at once, or ever later where it keeps ending soon."""
    soon = time.monotonic() - part.started < SOON
    part.wait = min(SLOWEST, max(0.5, part.wait * 2)) if soon else 0.0
    part.again_at, part.process = time.monotonic() + part.wait, None
    session.say(
        "○ %(part)s ended (%(code)s); it is started again.", part=_title(session, part), code=str(code)
    )


def _title(session: Session, part: Part) -> str:
    names = {
        "portal": session.text("Portal"),
        "workbench": session.text("Workbench"),
        "worker": session.text("Worker"),
    }
    return names[part.name]


def _end(parts: list[Part]) -> None:
    """End every part tidily, the servers first; what does not end in time is killed, which leaves nothing half-done."""
    running = [part.process for part in parts if part.process is not None and part.process.poll() is None]
    for process in running:
        process.send_signal(signal.SIGTERM)
    end = time.monotonic() + ENDS_WITHIN
    for process in running:
        try:
            process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
