"""Every kind of background work, by the name under which it is asked for. A further kind is one more entry in `KINDS`.

A kind's function gets a `Task` and returns what it did as JSON has it. It calls `task.progress` at its steps (there it may be stopped or
cancelled), and must be safe to run again after a crash (`task.again`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.actions import cities, review, uploads
from rasad.actions.batches import import_file
from rasad.actions.releases import build_release
from rasad.ledger.batches import receipts
from rasad.ledger.mapping import load_mapping
from rasad.ledger.problems import AlreadyLoaded
from rasad.records.models import Account


@dataclass(frozen=True)
class Task:
    """One piece of work under way: the home, what was asked, who asked, whether it was begun before and broke off, and how to say
    `progress(what, done, total)`."""

    home: Path
    params: dict[str, Any]
    by: Account | None
    again: bool
    progress: Callable[[str, int, int], None]


@dataclass(frozen=True)
class Kind:
    """A kind of work: its name for people, and what does it."""

    title: str | Promise
    run: Callable[[Task], dict[str, Any]]


def load_file(task: Task) -> dict[str, Any]:
    """Import a file that was handed in. Params: upload (its id), source, params (of the source), replace, add."""
    known = cities.sources(task.home)
    source = str(task.params["source"])
    if source not in known:
        raise ValidationError(_("No source is called %(source)s.") % {"source": source})
    upload = uploads.find(str(task.params["upload"]))
    try:
        receipt = import_file(
            home=task.home,
            mapping=load_mapping(known[source]),
            path=uploads.path_of(task.home, upload),
            params=dict(task.params.get("params", {})),
            replace=bool(task.params.get("replace")),
            add=bool(task.params.get("add")),
            progress=task.progress,
        )
    except AlreadyLoaded as error:
        # The crash came after the batch was written: the work is done.
        if not task.again:
            raise
        receipt = next(one for one in receipts(task.home) if one.batch == error.batch)
    return {"batch": receipt.batch, "source": receipt.source, "rows": dict(receipt.rows)}


def build(task: Task) -> dict[str, Any]:
    """Build the next release. Params: publish (make it live)."""
    folder = build_release(
        home=task.home,
        publish=bool(task.params.get("publish", False)),
        records=True,
        progress=task.progress,
    )
    return {"release": folder.name}


def review_index(task: Task) -> dict[str, Any]:
    """Bring the review queue up to today's batches and rules."""
    review.refresh(home=task.home, progress=task.progress)
    return {}


KINDS: dict[str, Kind] = {
    "ledger.import": Kind(gettext_lazy("Loading a file"), load_file),
    "review.index": Kind(gettext_lazy("Bringing the review queue up to date"), review_index),
    "release.build": Kind(gettext_lazy("Building a release"), build),
}
