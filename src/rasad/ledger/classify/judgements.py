"""What people say of a line's class: append-only, the latest wins, the earlier stay on record."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from rasad.ledger.schema import CLASSES, MODES

JUDGEMENT = {
    "line_id": pl.String,
    "class": pl.String,
    "mode": pl.String,
    "by": pl.String,
    "at": pl.String,
    "why": pl.String,
}


class JudgementError(ValueError):
    """A judgement that cannot stand, or a record of judgements that cannot be read."""


def _folder(home: Path) -> Path:
    return home / "ledger" / "judgements"


def judge(
    *, home: Path, line_id: str, cls: str, mode: str, by: str, why: str, at: datetime | None = None
) -> dict[str, str | None]:
    """Record that `by` holds the line for class `cls` and `mode`, and why; returns the record.

    `at` needs a time zone and is kept in UTC; now by default. JudgementError where a value is not of the taxonomy,
    or name or reason is missing. The record is on disk when this returns.
    """
    made = record(line_id=line_id, cls=cls, mode=mode, by=by, why=why, at=at)
    append(home, [made])
    return made


def withdrawn(*, line_id: str, by: str, why: str, at: datetime | None = None) -> dict[str, str | None]:
    """Return the record that no judgement of the line holds any more: what rules suggest is in force again."""
    if not (line_id.strip() and by.strip() and why.strip()):
        raise JudgementError("a judgement names its line, who judged and why")
    return {
        "line_id": line_id,
        "class": None,
        "mode": None,
        "by": by.strip(),
        "at": _stamp(at).isoformat(timespec="microseconds"),
        "why": why.strip(),
    }


def record(
    *, line_id: str, cls: str, mode: str, by: str, why: str, at: datetime | None = None
) -> dict[str, str | None]:
    """Return a judgement as it is kept, checked as `judge` says."""
    if cls not in CLASSES or mode not in MODES:
        raise JudgementError(
            f"class {cls!r} and mode {mode!r}: expected of {', '.join(CLASSES)}; {', '.join(MODES)}"
        )
    return {**withdrawn(line_id=line_id, by=by, why=why, at=at), "class": cls, "mode": mode}


def _stamp(at: datetime | None) -> datetime:
    at = at or datetime.now(UTC)
    if at.tzinfo is None:
        raise JudgementError("the time of a judgement needs a time zone")
    return at.astimezone(UTC)


def append(home: Path, records: Sequence[Mapping[str, str | None]]) -> None:
    """Append judgements to the month's file; they are on disk, all of them in one write, when this returns."""
    if not records:
        return
    folder = _folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    months: dict[str, list[Mapping[str, str | None]]] = {}
    for one in records:
        months.setdefault(str(one["at"])[:7], []).append(one)
    for month, of_month in sorted(months.items()):
        text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in of_month)
        with (folder / f"{month}.jsonl").open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            _drop_torn_end(file.fileno())
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())


def _drop_torn_end(descriptor: int) -> None:
    """Cut off a last line that a crash left without its end: it was never acknowledged."""
    size = os.fstat(descriptor).st_size
    content = os.pread(descriptor, size, 0)
    if content and not content.endswith(b"\n"):
        os.ftruncate(descriptor, content.rfind(b"\n") + 1)


def judgements(home: Path) -> pl.DataFrame:
    """Return every judgement ever made, in the order of their times: columns of JUDGEMENT; class and mode are null where it was withdrawn.

    JudgementError where a finished line cannot be read; a torn last line was never acknowledged and is left out.
    """
    records: list[dict[str, str | None]] = []
    for path in sorted(_folder(home).glob("*.jsonl")):
        lines = path.read_bytes().split(b"\n")[:-1]
        for number, line in enumerate(lines, start=1):
            try:
                said = json.loads(line)
                records.append({name: said[name] for name in JUDGEMENT})
            except (ValueError, KeyError, TypeError) as error:
                raise JudgementError(f"{path.name}, line {number}: not a judgement") from error
    return pl.DataFrame(records, schema=JUDGEMENT).sort("at", maintain_order=True)


def latest(home: Path) -> pl.DataFrame:
    """Return the judgement that holds for each judged line: columns of JUDGEMENT."""
    return holding(judgements(home))


def holding(judged: pl.DataFrame) -> pl.DataFrame:
    """Return of judgements in the order of their times the one that holds for each line; none where the last was withdrawn."""
    return judged.unique("line_id", keep="last", maintain_order=True).filter(pl.col("class").is_not_null())


def state(home: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what tells whether judgements were made since: every file of them with its size and time."""
    found = ((path.name, path.stat()) for path in sorted(_folder(home).glob("*.jsonl")))
    return tuple((name, about.st_size, about.st_mtime_ns) for name, about in found)


def last_said(home: Path) -> dict[str, str]:
    """Return for each line that was ever judged when it was last: ISO 8601 in UTC, to the microsecond."""
    return dict(judgements(home).unique("line_id", keep="last").select("line_id", "at").iter_rows())
