"""Serving a site by granian, in the process that is asked to."""

from __future__ import annotations

import os
import socket

from rasad.cli.console import WRONG_USE, Session
from rasad.cli.parent import PIPE, end_with_parent

THREADS = max(2, os.cpu_count() or 2)
"""Requests answered at once; DuckDB takes its own threads besides."""


def serve(
    session: Session, greeting: str, *, host: str, port: int, threads: int = THREADS, processes: int = 1
) -> None:
    """Serve the site that the environment names until Ctrl-C; ends the command where the port is taken.

    `greeting` is said, in the language of the session, once the port is known to be free; not where `rasad up` started this process, for
    it speaks itself.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            session.fail(
                session.text("Port %(port)s is taken. Choose another with --port.", port=str(port)),
                code=WRONG_USE,
            )
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    if PIPE not in os.environ:
        session.say(greeting)
        session.say("Ctrl-C ends it.")
    end_with_parent()
    Granian(
        "rasad.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


def address_of(host: str, port: int) -> str:
    """Return the address that a person on this machine types."""
    return f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}/"  # noqa: S104
