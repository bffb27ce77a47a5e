"""Files that are there whole or not at all, also after the power went: written beside, flushed, renamed, read-only from then on."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from rasad.ledger.phrases import (
    DISK_FAILS,
    DISK_FULL,
    IN_A_CIRCLE,
    NO_DISK,
    NOT_ALLOWED,
    NOT_READABLE,
    REFUSED,
)
from rasad.ledger.problems import Busy, Problem

PATIENCE = 30.0
"""Seconds that an import waits for another to end its writing."""
_POLL = 0.05
_FEW_BLOCKS = 16
_OF_THE_DISK = frozenset(
    {errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.ENXIO, errno.ENODEV, errno.ENOTCONN}
)


def write(path: Path, content: pl.DataFrame | str) -> None:
    """Write a table as Parquet, or a text, whole or not at all; its name is certain once its folder is flushed.

    OSError where the disk is full, or does not take it.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file, of_system(path.parent):
            if isinstance(content, str):
                file.write(content.encode())
            else:
                # Who reads a batch reads all of its rows: statistics would serve nobody.
                content.write_parquet(file, compression="zstd", compression_level=1, statistics=False)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(0o444)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


@contextmanager
def of_system(place: Path) -> Iterator[None]:
    """Raise as OSError what the system says to Polars while it writes to the folder: it passes that on as a text, not always with its number."""
    try:
        yield
    except pl.exceptions.ComputeError as error:
        found = re.search(r"\(os error ([0-9]+)\)", str(error))
        full = os.statvfs(place).f_bavail < _FEW_BLOCKS
        number = int(found[1]) if found else errno.ENOSPC if full else errno.EIO
        raise OSError(number, os.strerror(number)) from error


def says_full(error: BaseException) -> bool:
    """Whether a library that writes for us, such as DuckDB or SQLite, says that the disk is full; each has an error of its own for it."""
    return "No space left on device" in str(error) or "disk is full" in str(error)


def reason(error: OSError) -> str:
    """Return why the system refused, for messages."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return DISK_FULL
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return NOT_ALLOWED
    if error.errno == errno.EIO:
        return DISK_FAILS
    return REFUSED


def why_unreadable(error: OSError) -> str:
    """Return why the system does not give out a file, for messages."""
    if isinstance(error, PermissionError):
        return NOT_READABLE
    if error.errno == errno.ELOOP:
        return IN_A_CIRCLE
    return NO_DISK if error.errno in _OF_THE_DISK else REFUSED


def make_folder(place: Path) -> None:
    """Make a folder, and those above it that are missing; that they are there is certain when it returns."""
    missing = []
    while not place.is_dir():
        missing.append(place)
        place = place.parent
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        flush(one.parent)


def flush(place: Path) -> None:
    """Let the folder's new names reach the disk."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def alone(lock: Path, *, home: Path, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock; `waiting` is called once where another holds it. Busy, naming the home, where that one is not done in `PATIENCE` seconds."""
    with lock.open("w") as file:
        until = time.monotonic() + PATIENCE
        asked = False
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise Busy(Problem("busy", file=str(home))) from None
            if waiting and not asked:
                waiting()
                asked = True
            time.sleep(_POLL)
        yield


@contextmanager
def together(lock: Path, sweep: Callable[[], None]) -> Iterator[None]:
    """Hold the lock beside others; who holds it alone first sweeps what a work that was cut off has left."""
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            sweep()
        except BlockingIOError:
            pass
        fcntl.flock(file, fcntl.LOCK_SH)
        yield
