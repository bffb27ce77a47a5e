"""Publishing: looking at a built release beside the live one, and making it live."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rasad.actions.switching import beside, switching
from rasad.records.changes import changing
from rasad.records.models import Account
from rasad.release.manifest import (
    POINTER,
    live_number,
    numbers,
    pointer_text,
    read_manifest,
    release_hash,
)
from rasad.release.reader import changes_of
from rasad.release.reader.changes import Changes, Step
from rasad.release.reader.names import Names, names_between


@dataclass(frozen=True)
class Built:
    """One release of the home: its number, hash, when it was built, whether it is live, rows by table."""

    number: int
    hash: str
    created_at: str
    live: bool
    rows: dict[str, int]


@dataclass(frozen=True)
class Preview:
    """What publishing a release would change: against the live one, or everything where none is live."""

    built: Built
    live: Built | None
    changes: Changes | None
    names: list[Names]


def releases(home: Path) -> list[Built]:
    """Return every release of the home, newest first."""
    folder = home / "releases"
    live = live_number(folder)
    return [_built(folder / f"{number:04d}", live) for number in reversed(numbers(folder))]


def _built(folder: Path, live: int | None) -> Built:
    manifest = read_manifest(folder)
    number = int(manifest["number"])
    rows = {name: int(one["rows"]) for name, one in manifest["tables"].items()}
    return Built(number, release_hash(folder), str(manifest["created_at"]), number == live, rows)


def preview(*, home: Path, number: int) -> Preview | None:
    """Return what publishing release `number` would change; None where there is no such release."""
    folder = home / "releases"
    if number not in numbers(folder):
        return None
    live = live_number(folder)
    built = _built(folder / f"{number:04d}", live)
    if live is None or live == number:
        return Preview(
            built,
            built if live == number else None,
            None,
            names_between(None, folder / f"{number:04d}") if live is None else [],
        )
    now, then = folder / f"{live:04d}", folder / f"{number:04d}"
    step = Step(number, built.hash, built.created_at, then, "compared", built.rows)
    return Preview(
        built, _built(now, live), changes_of(step, home / "cache", against=now), names_between(now, then)
    )


def publish(*, home: Path, number: int, expected: str, by: Account, why: str) -> None:
    """Make a release live; on the trail with its hash. `expected` is the hash that whoever decides looked at.

    ValidationError where there is no such release, it is another than was looked at, or no reason is given.
    """
    folder = home / "releases"
    if number not in numbers(folder):
        raise ValidationError(_("There is no release %(number)s.") % {"number": number})
    digest = release_hash(folder / f"{number:04d}")
    if digest != expected:
        raise ValidationError(_("This release is not the one that was shown. Look at it again."))
    if not why.strip():
        raise ValidationError(_("Say why it is published: readers and auditors will ask."))
    with switching(folder), changing(by=by, action="release.publish", why=why) as change:
        before: Any = live_number(folder)
        change.tell(noun="release", key=f"{number:04d}", after={"hash": digest, "live_before": before})
        beside(folder / POINTER, pointer_text(number), change)
