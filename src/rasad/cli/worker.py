"""`rasad worker`: does the work that people asked for on the workbench's pages."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click

from rasad.actions import workspace
from rasad.cli.console import Session, need_home, pass_session
from rasad.cli.parent import end_with_parent


@click.command(epilog="Example: rasad --home karaj worker")
@click.option("--once", is_flag=True, help="Do what waits, then end.")
@pass_session
def worker(session: Session, once: bool) -> None:
    """Do background work until Ctrl-C: files to load, releases to build. `rasad up` starts one with the site.

    More than one may run; each piece of work is taken by one. Work that a crash broke off is begun again.
    """
    need_home(session)
    workspace.connect(session.home)
    # After `connect`: what the work is made of reads the records.
    from rasad.actions.jobs import work

    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    end_with_parent()
    if not once:
        session.say("● Worker: ready")
    count = work(stop=stop, once=once)
    if session.as_json:
        session.emit({"done": count})
    elif once:
        session.say_counted("%(count)s piece of work done.", "%(count)s pieces of work done.", count)
