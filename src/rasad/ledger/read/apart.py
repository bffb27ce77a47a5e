"""XLS files are read in a process of their own.

The format is a file system inside a file; where it is damaged the reader may stop with a panic or ask for any amount of memory.
There it can do no harm: what it had to say is dropped, and the office reads that the file is damaged.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import replace
from typing import Any

from rasad.ledger.mapping import FileRule, Form, NumberRule, Wanted
from rasad.ledger.phrases import INSIDE, TOO_LONG
from rasad.ledger.problems import FileError, MappingError, Problem
from rasad.ledger.read.cells import Found, Span, cells_of
from rasad.ledger.read.unseen import Unseen

SECONDS = 120
MEMORY = 4_000_000_000


def sheets(raw: bytes, name: str, mapping: Wanted) -> Found:
    """Return what `workbook.sheets` returns for an XLS file. FileError where its process does not end well."""
    said = {"name": name, "file": mapping.file.model_dump(), "numbers": mapping.numbers.model_dump()}
    head = json.dumps(said).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "rasad.ledger.read.apart"],
            input=len(head).to_bytes(8, "big") + head + raw,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.SubprocessError as error:
        why = TOO_LONG if isinstance(error, subprocess.TimeoutExpired) else INSIDE
        raise FileError(Problem("file_damaged", file=name, found=why)) from None
    found: dict[str, Any] = json.loads(done.stdout)
    if "problem" in found:
        raise (MappingError if found["of_mapping"] else FileError)(Problem(**found["problem"]))
    cells = [
        replace(
            cells_of(one["rows"], one["width"], one["sheet"], [Span(*span) for span in one["spans"]], "xls"),
            epoch=one["epoch"],
            unseen=Unseen(*([(first, last) for first, last in some] for some in one["unseen"])),
        )
        for one in found["sheets"]
    ]
    return Found(cells, found["left"], found["hidden"])


def main() -> None:
    """Read what the other process sends, and print the sheets as JSON."""
    from rasad.ledger.problems import LedgerError
    from rasad.ledger.read.workbook import in_this_process

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    sent = sys.stdin.buffer.read()
    size = 8 + int.from_bytes(sent[:8], "big")
    said = json.loads(sent[8:size])
    found: dict[str, Any]
    try:
        form = Form(file=FileRule(**said["file"]), numbers=NumberRule(**said["numbers"]))
        cells, left, hidden = in_this_process(sent[size:], "xls", said["name"], form)
        found = {
            "sheets": [
                {
                    "sheet": one.sheet,
                    "width": one.width,
                    "epoch": one.epoch,
                    "unseen": (one.unseen.rows, one.unseen.columns),
                    "rows": one.frame.drop("row", "cells").rows(),
                    "spans": [(span.top, span.left, span.bottom, span.right) for span in one.spans],
                }
                for one in cells
            ],
            "left": left,
            "hidden": hidden,
        }
    except LedgerError as error:
        found = {"problem": error.problem.as_dict(), "of_mapping": isinstance(error, MappingError)}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
