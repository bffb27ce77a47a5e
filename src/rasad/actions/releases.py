"""Building and publishing a release of what the ledger holds now."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rasad.actions.cities import settings
from rasad.ledger import suggestions, view
from rasad.ledger.batches import receipts
from rasad.ledger.schema import Table
from rasad.release.build import build
from rasad.release.build import publish as move_pointer
from rasad.release.reader import changes_of, open_release, steps

Progress = Callable[[str, int, int], None]


def build_release(
    *,
    home: Path,
    publish: bool = True,
    records: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Path:
    """Build the next release of the home, make it live unless told not to, and return its folder. Raises ReleaseError.

    `records`: with what people wrote in the workspace, which is connected (see `actions.workspace`).
    """
    say = progress or (lambda what, done, total: None)
    say("classes and suppliers", 0, 4)
    suggestions.suggest_all(home)
    with tempfile.TemporaryDirectory(prefix="rasad-", dir=home) as staging:
        say("public columns", 1, 4)
        tables = view.stage_public(home, Path(staging))
        declared: dict[str, Table] = {}
        if records:
            # Here and not above: a home without a workspace builds its releases without Django.
            from rasad.actions.snapshots import public_tables, snapshot

            say("records", 1, 4)
            tables |= snapshot(home=home, out=Path(staging) / "records")
            declared = public_tables()
        say("files", 2, 4)
        release = build(
            tables=tables,
            declared=declared,
            city=settings(home),
            built_from=_built_from(home),
            out=home / "releases",
            now=now or datetime.now(UTC),
        )
    say("index", 3, 4)
    open_release(release, home / "cache").close()
    changes_of(steps(release, 1)[0], home / "cache")
    if publish:
        move_pointer(home / "releases", int(release.name))
    say("index", 4, 4)
    return release


def _built_from(home: Path) -> dict[str, Any]:
    return {
        "rasad": version("rasad"),
        "batches": [
            {
                "batch": receipt.batch,
                "source": receipt.source,
                "file_sha256": receipt.file["sha256"],
                "mapping_sha256": receipt.mapping_hash,
            }
            for receipt in receipts(home)
        ],
    }
