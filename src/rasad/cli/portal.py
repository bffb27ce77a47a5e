"""`rasad portal`: serve the live release."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import click

from rasad.cli.console import WRONG_USE, Session, pass_session

THREADS = max(2, os.cpu_count() or 2)
"""Requests answered at once; DuckDB takes its own threads besides."""


@click.command(epilog="Example: rasad --home karaj portal --port 8750")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8750, show_default=True, type=click.IntRange(1, 65535))
@click.option("--releases", type=click.Path(path_type=Path), help="Folder of releases; the home's otherwise.")
@click.option(
    "--threads", default=THREADS, show_default=True, type=click.IntRange(1), help="Requests answered at once."
)
@pass_session
def portal(session: Session, host: str, port: int, releases: Path | None, threads: int) -> None:
    """Serve the portal over the live release, until Ctrl-C. It reads the folder of releases and nothing else."""
    serve(session, releases or session.home / "releases", host=host, port=port, threads=threads)


def serve(session: Session, releases: Path, *, host: str, port: int, threads: int = THREADS) -> None:
    """Serve `releases`; ends the command where the port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            session.fail(
                session.text("Port %(port)s is taken. Choose another with --port.", port=str(port)),
                code=WRONG_USE,
            )
    os.environ["RASAD_RELEASES"] = str(releases.resolve())
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    session.say(
        "The portal is open: %(address)s",
        address=f"http://{'localhost' if host == '127.0.0.1' else host}:{port}/",
    )
    session.say("Ctrl-C ends it.")
    Granian(
        "rasad.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()
