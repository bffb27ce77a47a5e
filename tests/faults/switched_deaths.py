"""A process in which a release is published, and a mapping saved, and killed before every step on a file: `python switched_deaths.py`.

The home is RASAD_HOME's. After each kill the site starts again (`switching.recover`), and file and trail must say the same. Prints after
how many kills the old state stood and the new one, as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from watching import NoWatching, apart, watch

from rasad.actions import workspace

HOME = Path(os.environ["RASAD_HOME"]).resolve()
MAPPING = """id = "karaj.payments"
fiscal_year = { from = "date" }
[columns]
date = { names = ["تاریخ"] }
[[amounts]]
stage = "paid"
names = ["مبلغ"]
"""


def two_releases() -> None:
    """Build two releases of nothing."""
    from rasad.actions.releases import build_release

    for _number in range(2):
        build_release(home=HOME, publish=False)


def publish(why: str) -> None:
    """Make the release live that is not."""
    from rasad.actions import publishing
    from rasad.records.models import Account
    from rasad.release.manifest import live_number, release_hash

    number = 2 if live_number(HOME / "releases") == 1 else 1
    digest = release_hash(HOME / "releases" / f"{number:04d}")
    publishing.publish(home=HOME, number=number, expected=digest, by=Account.objects.get(), why=why)


def save(why: str) -> None:
    """Save the mapping's next version."""
    from rasad.actions import mappings
    from rasad.actions.examining import data_of
    from rasad.ledger.mapping import load_mapping

    now = load_mapping(HOME / "sources" / "payments.toml")
    mappings.save(home=HOME, data={**data_of(now), "version": now.version + 1}, by=None, why=why)


def judge(noun: str, why: str, to: Path) -> None:
    """Start again after a kill, and write whether the change stands: on the trail and in the file, or in neither."""
    from rasad.actions import switching
    from rasad.ledger.mapping import load_mapping
    from rasad.records.models import AuditEvent
    from rasad.release.manifest import live_number

    switching.recover(HOME)
    events = AuditEvent.objects.filter(noun=noun).order_by("pk")
    newest = events.last()
    if noun == "release":
        said = int(newest.record_key) if newest else None
        found = live_number(HOME / "releases")
    else:
        said = newest.after["version"] if newest and newest.after else 1
        found = load_mapping(HOME / "sources" / "payments.toml").version
    assert said == found, f"the trail says {said}, the file {found}"
    left = [path.name for name in switching.FOLDERS for path in (HOME / name).glob(".*.next")]
    assert not left, left
    to.write_text(json.dumps(events.filter(why=why).exists()))


def kill_everywhere(noun: str, act: Callable[[str], None]) -> dict[str, int]:
    """Kill the act before each of its steps on a file of the home, and around what the database writes; return what stood after them."""
    told = {"old": 0, "new": 0}
    verdict = HOME.parent / "verdict.json"
    whole = watch(partial(act, "whole"), HOME)
    if whole.ended or apart(partial(judge, noun, "whole", verdict)) or not json.loads(verdict.read_text()):
        raise SystemExit(f"{noun}: it was not done though nobody disturbed it")
    files = [n for n, step in enumerate(whole.steps) if not step.path.name.startswith("workspace.sqlite3")]
    for number in sorted({near for n in files for near in (n - 1, n, n + 1) if near >= 0}):
        why = f"kill {number}"
        watched = watch(partial(act, why), HOME, kill_before=number)
        if apart(partial(judge, noun, why, verdict)):
            raise SystemExit(f"{noun}: {why}, after {watched.steps[-1:]}")
        if watched.ended == -signal.SIGKILL:
            told["new" if json.loads(verdict.read_text()) else "old"] += 1
    return told


def main() -> None:
    (HOME / "sources" / "payments.toml").write_text(MAPPING, "utf-8")
    workspace.connect(HOME)
    from django.db import connections

    connections.close_all()
    if apart(two_releases):
        raise SystemExit("no releases")
    acts = {"release": publish, "source": save}
    print(json.dumps({noun: kill_everywhere(noun, act) for noun, act in acts.items()}))


if __name__ == "__main__":
    try:
        main()
    except NoWatching:
        sys.exit(77)
