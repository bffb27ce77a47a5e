"""The `rasad` command: one command line for all."""

from __future__ import annotations

import os
import sys

STOPPED = 130


def main() -> None:
    """Run the command line. Ctrl-C while the program is still being read ends as it does later: quietly, with 130."""
    try:
        from rasad.cli.main import main as run

        run()
    except KeyboardInterrupt:
        # Libraries may still be half-read: nothing of theirs is asked to end in order.
        sys.stderr.write("\n")
        sys.stderr.flush()
        os._exit(STOPPED)


__all__ = ["main"]
