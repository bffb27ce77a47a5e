"""A process that `rasad up` started ends when `rasad up` is gone, however it went: the other end of a pipe closes."""

from __future__ import annotations

import os
import signal
import threading

PIPE = "RASAD_PARENT_PIPE"
"""Number of the pipe's end that is read; set by `rasad up` for what it starts."""


def end_with_parent() -> None:
    """End this process, by the signal that ends it tidily, once whoever started it is gone. Nothing where no pipe was handed over."""
    number = os.environ.pop(PIPE, "")
    if not number:
        return

    def wait() -> None:
        with os.fdopen(int(number), "rb") as pipe:
            pipe.read(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="parent", daemon=True).start()
