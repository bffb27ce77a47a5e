"""What an engine is: something that searches on rows under a watch until it ends, the time is up, or it is told to stop."""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from rasad.roadmap.solve.outcome import Outcome, Status
from rasad.roadmap.solve.watch import Watch

GRACE = 0.5
"""Seconds that an engine has to end after it was told to; then its thread is left to itself."""
_POLL = 0.05
AT_EXIT = 10.0
"""Seconds that threads which did not end in time have when the program ends: a solver that still runs then would take it down."""
_left_running: list[threading.Thread] = []


class Engine(Protocol):
    """A solver. One object is one search."""

    name: str

    def run(self, watch: Watch, seconds: float) -> tuple[Status, str]:
        """Search, offering plans and bounds to the watch; return how it ended and the solver's own word for it."""

    def stop(self) -> None:
        """Tell the search to end soon; from another thread."""


def search(
    engines: Sequence[Engine], watch: Watch, seconds: float, until: Callable[[], bool] = lambda: False
) -> Outcome:
    """Run engines side by side, each in a thread of its own, until one has a proof.

    Returns at the latest `GRACE` after the time, a cancellation, or `until()`. The outcome has the best values, whoever found them, and the
    status of the engine that proved, else of the first.
    """
    began = time.monotonic()
    ended: dict[int, tuple[Status, str]] = {}
    failed: list[Exception] = []

    def work(at: int) -> None:
        try:
            ended[at] = engines[at].run(watch, seconds)
        except Exception as error:  # noqa: BLE001 - raised again below, in the thread that asked
            failed.append(error)

    threads = [threading.Thread(target=work, args=(at,), daemon=True) for at in range(len(engines))]
    for thread in threads:
        thread.start()
    told: Status | None = None
    while told is None and not failed and any(thread.is_alive() for thread in threads):
        next(thread for thread in threads if thread.is_alive()).join(_POLL)
        if watch.cancel.is_set():
            told = Status.CANCELLED
        elif watch.met or until() or any(status.proven for status, _raw in ended.values()):
            break
        elif time.monotonic() - began > seconds + GRACE:
            told = Status.TIME
    for engine in engines:
        engine.stop()
    patience = time.monotonic() + GRACE
    for thread in threads:
        thread.join(max(0.0, patience - time.monotonic()))
    _left_running[:] = [thread for thread in (*_left_running, *threads) if thread.is_alive()]
    if failed:
        raise failed[0]
    proving = [at for at, (status, _raw) in ended.items() if status.proven]
    first = proving[0] if proving else min(ended, default=0)
    status, raw = ended.get(first, (Status.TIME, ""))
    if told is not None and not status.proven:
        status = told
    return outcome(watch, status, engines[first].name, raw, time.monotonic() - began)


@atexit.register
def _wait_for_those_left() -> None:
    patience = time.monotonic() + AT_EXIT
    for thread in _left_running:
        thread.join(max(0.0, patience - time.monotonic()))


_WITHOUT = {
    Status.TIME: Status.TIME_NONE,
    Status.CANCELLED: Status.CANCELLED_NONE,
    Status.LIMIT: Status.LIMIT_NONE,
    Status.OPTIMAL: Status.NUMERIC,
}


def outcome(watch: Watch, status: Status, engine: str, raw: str, seconds: float) -> Outcome:
    """Return the outcome of a watch: a status that fits whether there is a plan, and the bound of a proof."""
    bound: int | None = watch.bound
    if watch.values is None:
        status = _WITHOUT.get(status, status)
    elif status is Status.OPTIMAL or watch.met:
        status, bound = Status.OPTIMAL, watch.objective
    elif status is Status.INFEASIBLE:
        # There is a plan that holds exactly: what says otherwise is the solver's arithmetic.
        status = Status.TIME
    return Outcome(status, engine, raw, watch.values, watch.objective, bound, seconds)
