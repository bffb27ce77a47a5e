"""What can be wrong with a file or a row: typed values with message templates, and the errors that carry them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

Translate = Callable[[str], str]


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


# Rows: each goes to quarantine with one or more of these. %(found)s and %(expected)s come from the row.
ROW_PROBLEMS: dict[str, str] = {
    "amount": _n("“%(found)s” is no amount; expected %(expected)s"),
    "amount_missing": _n("the amount is missing; expected %(expected)s"),
    "amount_large": _n("the amount “%(found)s” is too large; expected %(expected)s"),
    "amount_decimals": _n(
        "the amount “%(found)s” has more decimals than the currency; expected %(expected)s"
    ),
    "date": _n("“%(found)s” is no date of the calendar; expected %(expected)s"),
    "fiscal_year": _n("no fiscal year can be read from “%(found)s”; expected %(expected)s"),
    "row_short": _n("the row has %(found)s cells; expected %(expected)s"),
    "row_long": _n("the row has %(found)s cells; expected %(expected)s"),
    "required": _n("the cell is empty; expected %(expected)s"),
    "whole": _n("“%(found)s” is no whole number; expected %(expected)s"),
    "decimal": _n("“%(found)s” is no number; expected %(expected)s"),
    "yes_no": _n("“%(found)s” is neither yes nor no; expected %(expected)s"),
    "total_differs": _n("the file's own total says %(found)s; the rows above it come to %(expected)s"),
    "tree_exceeded": _n("the parts come to %(found)s, more than their parent's %(expected)s"),
}

# The same in few words, for counts.
ROW_TITLES: dict[str, str] = {
    "amount": _n("the amount is no number"),
    "amount_missing": _n("the amount is missing"),
    "amount_large": _n("the amount is too large"),
    "amount_decimals": _n("the amount has more decimals than the currency"),
    "date": _n("no date of the calendar"),
    "fiscal_year": _n("no fiscal year"),
    "row_short": _n("the row has too few cells"),
    "row_long": _n("the row has too many cells"),
    "required": _n("a needed cell is empty"),
    "whole": _n("no whole number"),
    "decimal": _n("no number"),
    "yes_no": _n("neither yes nor no"),
    "total_differs": _n("a total of the file is not the sum of its rows; the rows stand"),
    "tree_exceeded": _n("the parts come to more than their parent; the total of the parent stands"),
}

# Said of totals and trees that do not add up: no row is kept out for them.
STANDING = frozenset({"total_differs", "tree_exceeded"})

# Rows that are kept and not counted, each for one of these reasons.
ASIDE_REASONS: dict[str, str] = {
    "blank": _n("blank row"),
    "merged": _n("merged with the row above, which has the amount"),
    "footer": _n("note below the table"),
    "carried": _n("sum carried over from page to page"),
    "title": _n("title above the header"),
    "header": _n("the header again"),
    "total": _n("total of other rows"),
    "parent": _n(
        "parent of other rows: its parts are counted, and what they leave over is an explicit remainder"
    ),
    "empty": _n("no amount in any stage"),
    "filler": _n("filled-down row without a figure"),
    "other": _n("set aside by the mapping"),
}

# What a file turns out to be.
BINARY = _n("binary data")
FOLDER = _n("a folder")
A_FILE = _n("a file")
WEB_PAGE = _n("a web page saved under another name; open it in a spreadsheet program and save it as XLSX")
OLD_XML = _n("a workbook of the year 2003 in XML; open it in a spreadsheet program and save it as XLSX")
LOCKED = _n("a file under a password")
NO_TABLE = _n("an office document that is no table")
NESTED = _n("an archive inside an archive")
DISK_FULL = _n("the disk is full")
DISK_FAILS = _n("the disk takes no more, or fails")
NOT_ALLOWED = _n("you may not write there")
_SAID = frozenset(
    {BINARY, FOLDER, A_FILE, WEB_PAGE, OLD_XML, LOCKED, NO_TABLE, NESTED, DISK_FULL, DISK_FAILS, NOT_ALLOWED}
)

# Files and mappings: nothing is written.
FILE_PROBLEMS: dict[str, str] = {
    "file_missing": _n("%(file)s: there is no such file"),
    "file_empty": _n("%(file)s: the file is empty"),
    "file_kind": _n("%(file)s: this is %(found)s; expected %(expected)s"),
    "file_damaged": _n("%(file)s: the file cannot be read to its end (%(found)s)"),
    "zip_path": _n(
        "%(file)s: the archive names the path “%(found)s”, outside its own folder; nothing was unpacked"
    ),
    "zip_twice": _n("%(file)s: the archive has two files called %(found)s"),
    "zip_empty": _n("%(file)s: no file in the archive is a table; expected %(expected)s"),
    "encoding": _n("%(file)s: the text is not in %(expected)s (first wrong byte at %(found)s)"),
    "quote": _n(
        "%(file)s, row %(row)s: a quotation mark is opened and not closed, or text follows it (%(found)s)"
    ),
    "no_rows": _n("%(file)s: no row of data below the header"),
    "header": _n("%(file)s: no header found: %(expected)s is missing; found %(found)s"),
    "column_missing": _n("%(file)s: no column called %(expected)s; found %(found)s"),
    "column_twice": _n("%(file)s: more than one column is called %(found)s"),
    "no_amounts": _n("%(file)s: no column of amounts was found; columns: %(found)s"),
    "sheet_unknown": _n(
        "%(file)s: the sheet “%(sheet)s” is none of the register's; expected one that has the columns of: %(expected)s; found %(found)s"
    ),
    "sheet_either": _n(
        "%(file)s: the sheet “%(sheet)s” may be any of %(found)s; call the sheet or the file so, or say which it is"
    ),
    "sheet": _n("%(file)s: no sheet called %(expected)s; found %(found)s"),
    "mapping": _n("%(file)s, %(column)s: %(found)s; expected %(expected)s"),
    "mapping_whole": _n("%(file)s: %(expected)s"),
    "no_manifest": _n("%(file)s is no release: it has no readable %(expected)s"),
    "no_release": _n("%(file)s: there is no release %(found)s"),
    "roadmap_broken": _n("the adopted roadmap %(found)s does not keep a limit of its own: %(expected)s"),
    "not_public": _n("%(file)s: columns that are not declared public: %(found)s"),
    "columns_missing": _n("%(file)s: columns that are missing: %(found)s"),
    "year_in_path": _n(
        "%(file)s: no year of four digits in the path “%(found)s” by the pattern %(expected)s; name the year with --param fiscal_year=…"
    ),
    "too_large": _n("%(file)s: %(found)s; at most %(expected)s are read"),
    "not_written": _n("%(file)s: the batch cannot be written (%(found)s); nothing was changed"),
    "no_place": _n("%(file)s: the ledger cannot be written to (%(found)s); nothing was changed"),
    "not_judged": _n(
        "%(file)s: the batch is written, its classes and suppliers are not yet (%(found)s); rasad classify run writes them"
    ),
    "parameter": _n("the source needs the parameter %(expected)s"),
    "already_loaded": _n("%(file)s was loaded before, as batch %(found)s; nothing to do"),
    "loaded_otherwise": _n(
        "%(file)s was loaded before with another mapping, as batch %(found)s; use --replace to replace it"
    ),
    "marked": _n(
        "%(file)s holds rejected rows that were put right; rasad quarantine load takes it in, or rasad import with its own source"
    ),
    "correction_unknown": _n("%(file)s: no batch is called %(found)s; expected one of this city's ledger"),
    "correction_mixed": _n(
        "%(file)s: the rows are of several batches (%(found)s); load each batch's rows in a file of their own"
    ),
    "correction_other": _n("%(file)s: its rows are of batch %(found)s; expected %(expected)s"),
    "correction_superseded": _n(
        "%(file)s: its rows are of %(found)s, which a newer export has superseded; put them right in the newer one"
    ),
    "correction_row": _n(
        "%(file)s, row %(row)s: “%(found)s” is no row number; expected the number in %(expected)s as it was exported"
    ),
    "correction_twice": _n(
        "%(file)s, row %(row)s: row %(found)s of the quarantine stands here a second time"
    ),
    "correction_foreign": _n(
        "%(file)s, row %(row)s: row %(found)s is not in the batch's quarantine; nothing was written"
    ),
    "correction_taken": _n(
        "%(file)s, row %(row)s: row %(expected)s was put right before, by %(found)s; correct it in that file, and load that file whole again"
    ),
    "correction_columns": _n(
        "%(file)s: the column “%(found)s” is none of the source's, or stands there twice"
    ),
    "correction_wide": _n("%(file)s, row %(row)s: the row has %(found)s cells; the source has %(expected)s"),
    "nothing_put_right": _n("%(file)s: every row is as it was rejected; nothing to do"),
    "mapping_changed": _n(
        "%(file)s: the mapping has changed since batch %(found)s was loaded; load %(expected)s again with --replace, then this file"
    ),
    "export_columns": _n(
        "%(file)s: the rejected rows are of sheets with different columns; write them as %(expected)s, a sheet for each"
    ),
    "export_long": _n(
        "%(file)s: a cell of row %(row)s is longer than a workbook's cell can be; write the rows as %(expected)s"
    ),
    "export_many": _n(
        "%(file)s: there are more rejected rows than a sheet can hold; write them as %(expected)s"
    ),
    "cells_missing": _n(
        "%(file)s: batch %(found)s was loaded by an earlier Rasad, which kept no cells to put right; load a corrected export with --replace"
    ),
    "overlaps": _n(
        "%(file)s says again what batch %(found)s says (%(expected)s lines are the same); nothing was written. "
        "Use --replace to let it supersede, or --add where its rows are further ones"
    ),
    "control_totals": _n(
        "%(file)s: control totals differ (%(column)s): in %(expected)s, kept %(found)s; nothing was written"
    ),
    "changed_meanwhile": _n(
        "%(file)s: somebody has loaded a file of %(found)s meanwhile; nothing was written. Look at what differs again"
    ),
    "busy": _n("another import is writing to %(file)s; try again when it has ended"),
}

TEMPLATES = {**ROW_PROBLEMS, **FILE_PROBLEMS}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: what (`code`), where (file, sheet, row from 1, column), what was found and expected."""

    code: str
    file: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""
    found: str = ""
    expected: str = ""

    def message(self, translate: Translate = str) -> str:
        """Return the message in the language of `translate`, with place and column in front for rows."""
        text = self.said(translate)
        return text if self.code in FILE_PROBLEMS else f"{self.place(translate)}: {text}"

    def said(self, translate: Translate = str) -> str:
        """Return what is wrong, without its place."""
        values = asdict(self)
        for field in ("found", "expected"):
            if values[field] in _SAID:
                values[field] = translate(values[field])
        return translate(TEMPLATES[self.code]) % values

    def place(self, translate: Translate = str) -> str:
        """Return where it is: file, row, column."""
        return translate(_n("%(file)s, row %(row)s, column “%(column)s”")) % asdict(self)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class LedgerError(Exception):
    """The base of the ledger's errors: a whole file or mapping is refused, and nothing was written."""

    exit_code = 1

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message())
        self.problem = problem

    def message(self, translate: Translate = str) -> str:
        """Return the message in the language of `translate`."""
        return self.problem.message(translate)


class FileError(LedgerError):
    """The file cannot be read as what the mapping says it is."""


class MappingError(LedgerError):
    """The mapping is wrong, or does not fit the file."""


class WriteError(LedgerError):
    """The disk does not take the batch; the ledger is as it was."""


class ControlTotalError(LedgerError):
    """Rows or amounts in do not equal rows or amounts kept. A fault of the program: nothing was written."""


class AlreadyLoaded(LedgerError):
    """The file was loaded before."""

    exit_code = 3

    def __init__(self, problem: Problem, batch: str) -> None:
        super().__init__(problem)
        self.batch = batch


class NothingPutRight(LedgerError):
    """Every row of a corrected file is as it was rejected."""

    exit_code = 3


class Busy(LedgerError):
    """Another import holds the ledger."""
