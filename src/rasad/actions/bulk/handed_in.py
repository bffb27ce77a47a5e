"""Files of the register that were handed in on a page: what each would change, kept beside the upload until somebody takes it in.

The plan of the upload holds it as JSON, so that a page shows at once what the background found out: `noun` and `profile` (what it is read
as), `checked` (what it would do) and `applied` (what it did); each with its sheets, their changes, and the problems by row and column.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rasad.actions import uploads
from rasad.actions.bulk.load import Imported, Progress, RefusedRow, SheetDone, import_file
from rasad.actions.bulk.problems import RecordProblem
from rasad.actions.bulk.wording import city_ways
from rasad.records.models import Account, Upload

LARGEST = 32 * 1024**2
"""Bytes that a file of the register may have."""
PROBLEMS = 300
"""Problems that a page names; the file of refused rows has them all."""
Told = dict[str, Any]


def look(
    *, home: Path, upload: Upload, noun: str = "", profile: str = "", progress: Progress | None = None
) -> Told:
    """Find out what a file would change, keep it with the upload and return it. Nothing is written. FileError where it cannot be read."""
    done = _read(home, upload, noun, profile, check_only=True, progress=progress)
    told = _told(done)
    _keep_refused(home, upload, done)
    upload.plan = {"noun": noun, "profile": profile, "checked": told}
    upload.save(update_fields=["plan"])
    return told


def take_in(
    *,
    home: Path,
    upload: Upload,
    by: Account | None,
    why: str = "",
    valid_only: bool = False,
    progress: Progress | None = None,
) -> Told:
    """Take in a file that was looked at, and keep with the upload what it did. All rows stand or none, unless `valid_only`.

    Where nothing was written, what stands in the way is kept as a new look at the file, which may be taken in again.
    """
    plan = upload.plan
    done = _read(
        home,
        upload,
        plan.get("noun", ""),
        plan.get("profile", ""),
        by=by,
        why=why,
        valid_only=valid_only,
        progress=progress,
    )
    told = _told(done)
    _keep_refused(home, upload, done)
    upload.plan = {**plan, ("applied" if told["written"] else "checked"): told}
    upload.save(update_fields=["plan"])
    return told


def refused(home: Path, upload: Upload) -> Imported:
    """Return the rows that a file was refused when it was last looked at, all of them; where they were not kept it is looked at again."""
    path = _refused_path(home, upload)
    if not path.is_file():
        plan = upload.plan
        return _read(home, upload, plan.get("noun", ""), plan.get("profile", ""), check_only=True)
    sheets = [
        SheetDone(
            **{name: sheet[name] for name in ("noun", "file", "sheet")},
            header=tuple(sheet["header"]),
            unknown=(),
            refused=[
                RefusedRow(row, tuple(cells), tuple(RecordProblem(**one) for one in problems))
                for row, cells, problems in sheet["refused"]
            ],
        )
        for sheet in json.loads(path.read_text("utf-8"))
    ]
    return Imported(sheets, written=False, change=None)


def _keep_refused(home: Path, upload: Upload, done: Imported) -> None:
    """Keep the refused rows beside the file, so that whoever asks for them need not wait for it to be read again."""
    sheets = [
        {
            "noun": sheet.noun,
            "file": sheet.file,
            "sheet": sheet.sheet,
            "header": sheet.header,
            "refused": [
                [one.row, one.cells, [asdict(found) for found in one.problems]] for one in sheet.refused
            ],
        }
        for sheet in done.sheets
        if sheet.refused
    ]
    path = _refused_path(home, upload)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(sheets, ensure_ascii=False), "utf-8")
    part.replace(path)


def _refused_path(home: Path, upload: Upload) -> Path:
    return uploads.path_of(home, upload).with_name(f"{upload.pk}.refused.json")


def nouns_of(told: Told) -> list[str]:
    """Return the nouns of which a file has sheets."""
    return list(dict.fromkeys(sheet["noun"] for sheet in told["sheets"]))


def counted(told: Told) -> dict[str, int]:
    """Return how many rows came to each outcome, over all sheets."""
    counts: Counter[str] = Counter()
    for sheet in told["sheets"]:
        for name in ("added", "changed", "unchanged", "removed", "refused"):
            counts[name] += sheet[name]
    return dict(counts)


def problems_of(told: Told) -> list[RecordProblem]:
    """Return the problems that are kept, each as it says itself in any language."""
    return [RecordProblem(**one) for one in told["problems"]]


def _read(home: Path, upload: Upload, noun: str, profile: str, **more: Any) -> Imported:
    more.setdefault("by", None)
    return import_file(
        path=uploads.path_of(home, upload),
        noun=noun or None,
        profile=profile or None,
        ways=city_ways(home),
        **more,
    )


def _told(done: Imported) -> Told:
    problems = done.problems
    return {
        "written": done.written,
        "change": str(done.change) if done.change else "",
        "sheets": [_sheet(sheet) for sheet in done.sheets],
        "problems": [asdict(one) for one in problems[:PROBLEMS]],
        "problem_count": len(problems),
    }


def _sheet(sheet: SheetDone) -> Told:
    changes = [
        {
            "row": one.row,
            "key": one.key,
            "outcome": one.outcome,
            "fields": [list(part) for part in one.fields],
        }
        for one in sheet.changes
    ]
    return {**sheet.as_dict(), "changes": changes}
