"""`rasad portal` and `rasad workbench`: the two sites, each by itself."""

from __future__ import annotations

import os
from pathlib import Path

import click

from rasad.actions import workspace
from rasad.cli.console import Session, need_home, pass_session
from rasad.cli.serving import THREADS, address_of, serve


@click.command(
    epilog="""\b
Examples:
  rasad --home karaj portal --port 8750
  rasad --home karaj portal --processes 4         many readers, on a machine of four cores"""
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8750, show_default=True, type=click.IntRange(1, 65535))
@click.option("--releases", type=click.Path(path_type=Path), help="Folder of releases; the home's otherwise.")
@click.option(
    "--threads",
    default=THREADS,
    show_default=True,
    type=click.IntRange(1),
    help="Requests answered at once, by each process.",
)
@click.option(
    "--processes",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="How many serve: one for each core where readers are many; each takes memory of its own.",
)
@pass_session
def portal(
    session: Session, host: str, port: int, releases: Path | None, threads: int, processes: int
) -> None:
    """Serve the portal over the live release, until Ctrl-C. It reads the folder of releases and nothing else."""
    serve_portal(
        session,
        releases or session.home / "releases",
        host=host,
        port=port,
        threads=threads,
        processes=processes,
    )


def serve_portal(
    session: Session, releases: Path, *, host: str, port: int, threads: int = THREADS, processes: int = 1
) -> None:
    """Serve `releases`; ends the command where the port is taken."""
    os.environ["RASAD_SITE"] = "portal"
    os.environ["RASAD_RELEASES"] = str(releases.resolve())
    greeting = session.text("The portal is open: %(address)s", address=address_of(host, port))
    serve(session, greeting, host=host, port=port, threads=threads, processes=processes)


@click.command(epilog="Example: rasad --home karaj workbench --port 8751")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8751, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--threads",
    default=2 * THREADS,
    show_default=True,
    type=click.IntRange(1),
    help="Requests answered at once.",
)
@pass_session
def workbench(session: Session, host: str, port: int, threads: int) -> None:
    """Serve the workbench, until Ctrl-C. `rasad up` serves both sites and does the background work as well."""
    need_home(session)
    workspace.connect(session.home)
    greeting = session.text("The workbench is open: %(address)s", address=address_of(host, port))
    serve(session, greeting, host=host, port=port, threads=threads)
