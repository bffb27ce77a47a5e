"""What commands that search share: Ctrl-C that ends the search and not the program, live progress, and gaps for people."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.status import Status as Spinner

from rasad.cli.console import Session
from rasad.roadmap.solve.outcome import Progress
from rasad.roadmap.wording import gap_text


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """Let Ctrl-C end the search rather than the program; a second one ends the program."""
    cancel = threading.Event()

    def stop(_number: int, _frame: object) -> None:
        if cancel.is_set():
            raise KeyboardInterrupt
        cancel.set()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield cancel
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def live(session: Session) -> Iterator[Any]:
    """Yield a progress call that shows the best plan and the gap as they come, where standard error is a terminal."""
    if not session.err.is_terminal:
        yield None
        return
    with Spinner(session.text("Searching …"), console=session.err) as spinner:

        def report(step: Progress) -> None:
            best = "—" if step.objective is None else session.number(step.objective)
            spinner.update(
                session.text("%(seconds)s s · best %(best)s · bound %(bound)s · gap %(gap)s · %(engine)s",
                             seconds=round(step.seconds), best=best, gap=per_cent(session, step.gap), engine=step.engine,
                             bound="—" if step.bound is None else session.number(step.bound))
            )  # fmt: skip

        yield report


def per_cent(session: Session, gap: float | None) -> str:
    return gap_text(gap, session.lang)
