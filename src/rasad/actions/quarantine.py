"""Rejected rows: out as a file that a person can put right, and in again."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from rasad.actions.batches import suggest
from rasad.actions.cities import sources
from rasad.ledger import corrections, kept
from rasad.ledger.batches import Receipt, all_receipts, folder, locked, receipts, write_batch
from rasad.ledger.mapping import Mapping, load_mapping
from rasad.ledger.markers import MARKS, Marks, harmless, read_marked
from rasad.ledger.problem_rows import quarantined_rows, rows_quarantined
from rasad.ledger.problems import FileError, MappingError, Problem
from rasad.ledger.read import Facts

Reasons = Callable[[Receipt, dict[str, Any]], str]
"""What is wrong with a quarantined row, in words."""
LONGEST = 32_767
"""Characters that a cell of a workbook holds."""
SHEET_ROWS = 1_048_575


def load_corrections(
    *,
    home: Path,
    path: Path,
    batch: str | None = None,
    source: str | None = None,
    by: str = "",
    now: datetime | None = None,
) -> Receipt:
    """Take in a file of rejected rows that were put right; return the receipt of the batch that supersedes theirs.

    The new batch is the old one's file with these rows as they are now: every other line and every line's id stay. Rows that are wrong yet stay
    in its quarantine. `batch` and `source` say which one the rows are expected to be of. Raises LedgerError; then nothing was written, but
    where the problem is `not_judged`.
    """
    marks = read_marked(path)
    with locked(home):
        live = _live(home, marks, batch, source)
        mapping = _mapping(home, live, marks.facts.name)
        moment = now or datetime.now(UTC)
        decided = corrections.decide(
            marks,
            sheets=live.file["sheets"],
            quarantined=rows_quarantined(home, live.batch),
            known=corrections.of(folder(home), live.batch, live.corrections),
            batch=live.batch,
            by=by,
            at=moment.isoformat(timespec="microseconds"),
        )
        facts = _facts(live)
        base = kept.cells_of(folder(home), live.batch, marks.facts.name)
        done = corrections.apply(base, decided, facts, mapping, live.params)
        receipt = write_batch(
            home,
            facts=facts,
            mapping=mapping,
            params=live.params,
            sheets=done.sheets,
            grown=done.grown,
            base=done.base,
            corrections=done.corrections,
            supersedes=[live.batch],
            repeats=live.repeats,
            now=moment,
        )
    suggest(home, receipt, path)
    return receipt


def superseded(home: Path, receipt: Receipt) -> Receipt:
    """Return the receipt of the batch that a corrected one supersedes."""
    return next(one for one in all_receipts(home) if one.batch in receipt.supersedes)


def _live(home: Path, marks: Marks, batch: str | None, source: str | None) -> Receipt:
    """Return the receipt of the batch that counts today and holds the file that the rows are of."""
    name = marks.facts.name
    every = {receipt.batch: receipt for receipt in all_receipts(home)}
    named = sorted({row.batch for rows in marks.rows for row in rows})
    for one in named:
        if one not in every:
            raise FileError(Problem("correction_unknown", file=name, found=one))
    origins = {(every[one].file["sha256"], every[one].source) for one in named}
    if len(origins) > 1:
        raise FileError(Problem("correction_mixed", file=name, found=", ".join(named)))
    [(sha256, own)] = origins
    if source is not None and source != own:
        raise FileError(Problem("correction_other", file=name, found=f"{named[0]} ({own})", expected=source))
    if batch is not None and (every[batch].file["sha256"], every[batch].source) != (sha256, own):
        raise FileError(Problem("correction_other", file=name, found=named[0], expected=batch))
    live = [one for one in receipts(home) if one.file["sha256"] == sha256 and one.source == own]
    if not live:
        found = every[named[0]].file["name"]
        raise FileError(Problem("correction_superseded", file=name, found=found))
    return live[-1]


def _mapping(home: Path, receipt: Receipt, name: str) -> Mapping:
    path = sources(home).get(receipt.source)
    mapping = load_mapping(path) if path else None
    if mapping is None or mapping.hash != receipt.mapping_hash:
        raise MappingError(
            Problem("mapping_changed", file=name, found=receipt.batch, expected=receipt.file["name"])
        )
    return mapping


def _facts(receipt: Receipt) -> Facts:
    """Return what was found about a batch's file, without its path."""
    names = ("name", "sha256", "bytes", "compression", "format", "encoding", "delimiter")
    said = {name: receipt.file[name] for name in names}
    return Facts(
        path="",
        left=tuple(receipt.file["left"]),
        hidden=tuple(receipt.file.get("hidden", ())),
        unseen=tuple(receipt.file.get("unseen", ())),
        **said,
    )


# --- out ---------------------------------------------------------------------------------------------------------


def write_quarantine(*, home: Path, receipt: Receipt, path: Path, reasons: Reasons, rtl: bool = False) -> int:
    """Write the rows in quarantine of a batch to `path`, as XLSX where its name says so, else as CSV; return how many.

    FileError where the rows do not fit the kind of file: then the message names the other kind.
    """
    rows = list(quarantined_rows(home, receipt))
    if path.suffix.lower() == ".xlsx":
        _write_xlsx(path, receipt, rows, reasons, rtl)
    else:
        with _beside(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
            write_csv(file, receipt, rows, reasons)
    return len(rows)


def write_csv(file: IO[str], receipt: Receipt, rows: list[dict[str, Any]], reasons: Reasons) -> None:
    """Write rows in quarantine as CSV. FileError where they are of sheets with different columns."""
    headers = {tuple(_columns(receipt, row["sheet"])) for row in rows}
    if len(headers) > 1:
        raise FileError(Problem("export_columns", file=receipt.file["name"], expected="XLSX"))
    writer = csv.writer(file)
    writer.writerow([*MARKS, *(harmless(text) for text in next(iter(headers), ()))])
    for row in rows:
        writer.writerow(_record(receipt, row, reasons))


def _write_xlsx(
    path: Path, receipt: Receipt, rows: list[dict[str, Any]], reasons: Reasons, rtl: bool
) -> None:
    """One sheet for each of the file's; every cell is text, so that nothing that is typed or looked at changes by itself."""
    by_sheet: dict[str, list[dict[str, Any]]] = {one["name"]: [] for one in receipt.file["sheets"]}
    for row in rows:
        if any(len(cell) > LONGEST for cell in row["cells"]):
            raise FileError(Problem("export_long", file=receipt.file["name"], row=row["row"], expected="CSV"))
        by_sheet[row["sheet"]].append(row)
    by_sheet = {sheet: some for sheet, some in by_sheet.items() if some} or {"": []}
    if any(len(some) > SHEET_ROWS for some in by_sheet.values()):
        raise FileError(Problem("export_many", file=receipt.file["name"], expected="CSV"))
    with _beside(path) as part:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with xlsxwriter.Workbook(str(part), options) as book:
            text = book.add_format({"num_format": "@"})
            mark = book.add_format({"num_format": "@", "font_color": "#666666"})
            head = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
            for number, (sheet, some) in enumerate(by_sheet.items(), 1):
                page = book.add_worksheet(str(number))
                if rtl:
                    page.right_to_left()
                page.freeze_panes(1, 0)
                page.set_column(0, len(MARKS) - 2, 10, mark)
                page.set_column(len(MARKS) - 1, len(MARKS) - 1, 60, mark)
                page.set_column(len(MARKS), len(MARKS) + len(_columns(receipt, sheet)), 18, text)
                for column, title in enumerate([*MARKS, *map(harmless, _columns(receipt, sheet))]):
                    page.write_string(0, column, title, head)
                for line, row in enumerate(some, 1):
                    for column, cell in enumerate(_record(receipt, row, reasons)):
                        page.write_string(line, column, cell, mark if column < len(MARKS) else text)


def _record(receipt: Receipt, row: dict[str, Any], reasons: Reasons) -> list[str]:
    marks = [receipt.batch, receipt.file["name"], row["sheet"], str(row["row"]), reasons(receipt, row)]
    return [harmless(text) for text in (*marks, *row["cells"])]


def _columns(receipt: Receipt, sheet: str) -> list[str]:
    return next((list(one["columns"]) for one in receipt.file["sheets"] if one["name"] == sheet), [])


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Yield a new file beside `path`; it takes the name when all is written, so that what was there is not lost to half a file."""
    with tempfile.TemporaryDirectory(prefix=".rasad-", dir=path.parent) as place:
        part = Path(place) / path.name
        yield part
        part.replace(path)
