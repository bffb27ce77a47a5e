"""What people say of a line's class: append-only, the latest wins, the earlier stay on record."""

from __future__ import annotations

import fcntl
import json
import os
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
) -> dict[str, str]:
    """Record that `by` holds the line for class `cls` and `mode`, and why; returns the record.

    `at` needs a time zone and is kept in UTC; now by default. JudgementError where a value is not of the taxonomy,
    or name or reason is missing. The record is on disk when this returns.
    """
    if cls not in CLASSES or mode not in MODES:
        raise JudgementError(
            f"class {cls!r} and mode {mode!r}: expected of {', '.join(CLASSES)}; {', '.join(MODES)}"
        )
    if not (line_id.strip() and by.strip() and why.strip()):
        raise JudgementError("a judgement names its line, who judged and why")
    at = at or datetime.now(UTC)
    if at.tzinfo is None:
        raise JudgementError("the time of a judgement needs a time zone")
    stamp = at.astimezone(UTC)
    record = {
        "line_id": line_id,
        "class": cls,
        "mode": mode,
        "by": by.strip(),
        "at": stamp.isoformat(timespec="microseconds"),
        "why": why.strip(),
    }
    folder = _folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{stamp:%Y-%m}.jsonl").open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _drop_torn_end(file.fileno())
        file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return record


def _drop_torn_end(descriptor: int) -> None:
    """Cut off a last line that a crash left without its end: it was never acknowledged."""
    size = os.fstat(descriptor).st_size
    content = os.pread(descriptor, size, 0)
    if content and not content.endswith(b"\n"):
        os.ftruncate(descriptor, content.rfind(b"\n") + 1)


def judgements(home: Path) -> pl.DataFrame:
    """Return every judgement ever made, in the order of their times: columns of JUDGEMENT.

    JudgementError where a finished line cannot be read; a torn last line was never acknowledged and is left out.
    """
    records: list[dict[str, str]] = []
    for path in sorted(_folder(home).glob("*.jsonl")):
        lines = path.read_bytes().split(b"\n")[:-1]
        for number, line in enumerate(lines, start=1):
            try:
                record = json.loads(line)
                records.append({name: record[name] for name in JUDGEMENT})
            except (ValueError, KeyError, TypeError) as error:
                raise JudgementError(f"{path.name}, line {number}: not a judgement") from error
    return pl.DataFrame(records, schema=JUDGEMENT).sort("at", maintain_order=True)


def latest(home: Path) -> pl.DataFrame:
    """Return the judgement that holds for each judged line: columns of JUDGEMENT."""
    return judgements(home).unique("line_id", keep="last", maintain_order=True)
