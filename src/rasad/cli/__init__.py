"""The `rasad` command: one command line for all."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

STOPPED = 130


def end_at_once(number: int = signal.SIGINT, frame: FrameType | None = None) -> None:
    """End as Ctrl-C does, while libraries are half-read: some make errors of their own of it, and nothing is under way yet."""
    sys.stderr.write("\n")
    sys.stderr.flush()
    os._exit(STOPPED)


def listen(*, to: object, by: object) -> None:
    """Let Ctrl-C be answered `by` this handler where it was answered by the handler `to`."""
    if signal.getsignal(signal.SIGINT) is to:
        signal.signal(signal.SIGINT, by)  # type: ignore[arg-type]


def main() -> None:
    """Run the command line. Ctrl-C while the program is still being read ends it quietly, with 130."""
    try:
        listen(to=signal.default_int_handler, by=end_at_once)
        from rasad.cli.main import main as run

        run()
    except KeyboardInterrupt:
        end_at_once()
    finally:
        listen(to=end_at_once, by=signal.default_int_handler)


__all__ = ["main"]
