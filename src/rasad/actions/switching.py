"""Files of a home that change together with the trail: the pointer to the live release, the mappings of its sources.

A file and a database are not committed at once. So a file's new content is written beside it, under the id of the change, before that is
committed, and takes the file's place afterwards. Whoever comes after a crash asks the trail: where the change stands its file is moved into
place, where it does not the file goes. The end of every change and the recovery are the same step.

with switching(home / "sources"), changing(by=account, action="source.change") as change:
    change.tell(noun="source", key=name, after=told)
    beside(path, text, change)
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import Error

from rasad.ledger import durable
from rasad.ledger.problems import Busy
from rasad.records.changes import Change
from rasad.records.models import AuditEvent

FOLDERS = ("sources", "releases")
"""Folders of a home in which such files are."""
LOCK = ".switching"
_BESIDE = re.compile(r"\.(?P<name>.+)\.(?P<change>[0-9a-f]{32})\.next")


@contextmanager
def switching(folder: Path) -> Iterator[None]:
    """Hold a folder for a change of one of its files: what is written `beside` inside is in its place when the block has ended.

    To be opened around the change, not inside it. Busy where another holds the folder for long.
    """
    durable.make_folder(folder)
    with durable.alone(folder / LOCK, home=folder.parent):
        _settle(folder)
        try:
            yield
        finally:
            # After an error too: the answer to a commit that was done may be lost. Where the database is, `recover` comes later.
            with suppress(Error):
                _settle(folder)


def beside(place: Path, text: str, change: Change) -> None:
    """Write what a file is to hold once the change stands. OSError where the disk does not take it: then neither stands."""
    path = place.with_name(f".{place.name}.{change.id.hex}.next")
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o644)
    durable.flush(path.parent)


def recover(home: Path) -> None:
    """Settle what a crash left of any file that changes with the trail; nothing to do costs two listings."""
    for name in FOLDERS:
        folder = home / name
        if any(folder.glob(".*.next")):
            # Who holds it settles it; what the disk refuses the next change says.
            with suppress(Busy, OSError), durable.alone(folder / LOCK, home=home):
                _settle(folder)


def _settle(folder: Path) -> None:
    """Move what belongs to a change that stands into its place, and take away the rest. Whoever calls holds the folder."""
    for path in folder.glob(".*.next"):
        if found := _BESIDE.fullmatch(path.name):
            if AuditEvent.objects.filter(change=found["change"]).exists():
                path.replace(folder / found["name"])
            else:
                path.unlink()
            durable.flush(folder)
