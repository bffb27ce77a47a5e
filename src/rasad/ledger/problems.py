"""What can be wrong with a file or a row: typed values with message templates, and the errors that carry them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from rasad.ledger.phrases import PHRASES, _n
from rasad.ledger.wordings import in_words

Translate = Callable[[str], str]

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
    "nul": _n("“%(found)s” holds a NUL, a character that stands for nothing; expected %(expected)s"),
    "check_digit": _n("“%(found)s” is not %(expected)s: its check digit is wrong; the row stands"),
    "shortened": _n(
        "of “%(found)s” a spreadsheet program has kept the first digits alone; export the column as text; the row stands"
    ),
    "key_shortened": _n(
        "of “%(found)s”, by which the source's rows are told apart, a spreadsheet program has kept the first digits alone; export the column as text"
    ),
    "far_ahead": _n(
        "“%(found)s” lies years ahead: is it a date of the lunar calendar, or mistyped? the row stands"
    ),
    "whole": _n("“%(found)s” is no whole number; expected %(expected)s"),
    "decimal": _n("“%(found)s” is no number; expected %(expected)s"),
    "yes_no": _n("“%(found)s” is neither yes nor no; expected %(expected)s"),
    "total_differs": _n(
        "the file's own total says %(found)s; the rows above it come to %(expected)s; the rows stand"
    ),
    "tree_exceeded": _n(
        "the parts come to %(found)s, more than their parent's %(expected)s; the parent's total stands"
    ),
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
    "nul": _n("a cell holds a NUL, a character that stands for nothing"),
    "whole": _n("no whole number"),
    "decimal": _n("no number"),
    "yes_no": _n("neither yes nor no"),
    "check_digit": _n("an identifier's check digit is wrong; the row stands"),
    "shortened": _n(
        "a number of which a spreadsheet program has kept the first digits alone; the row stands"
    ),
    "key_shortened": _n(
        "a number by which rows are told apart, of which a spreadsheet program has kept the first digits alone"
    ),
    "far_ahead": _n("a date years ahead, of the lunar calendar perhaps; the row stands"),
    "total_differs": _n("a total of the file is not the sum of its rows; the rows stand"),
    "tree_exceeded": _n("the parts come to more than their parent; the total of the parent stands"),
}

# Said of totals and trees that do not add up, of mistyped or shortened identifiers, and of dates years ahead: no row is kept out for them.
STANDING = frozenset({"total_differs", "tree_exceeded", "check_digit", "shortened", "far_ahead"})

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

# Files and mappings: nothing is written.
FILE_PROBLEMS: dict[str, str] = {
    "file_missing": _n("%(file)s: there is no such file"),
    "file_empty": _n("%(file)s: the file is empty"),
    "blank": _n("%(file)s: the file has nothing but blank rows"),
    "file_kind": _n("%(file)s: this is no table but %(found)s; Rasad reads %(expected)s"),
    "file_damaged": _n("%(file)s: the file is damaged (%(found)s); copy or export it once more"),
    "file_unreadable": _n("%(file)s: the file cannot be read (%(found)s)"),
    "xml_broken": _n(
        "%(file)s, line %(row)s: the file is damaged: its XML is broken here; copy or export it once more"
    ),
    "zip_path": _n(
        "%(file)s: the archive names the path “%(found)s”, outside its own folder; nothing was unpacked"
    ),
    "zip_twice": _n("%(file)s: the archive has two files called %(found)s"),
    "archive_empty": _n("%(file)s: the archive is empty"),
    "zip_empty": _n(
        "%(file)s: no file in the archive is called %(expected)s, as the mapping has it; found %(found)s"
    ),
    "encoding": _n(
        "%(file)s, row %(row)s: the text is not in %(expected)s (wrong byte at place %(found)s); export it once more, or state its encoding in the mapping (file.encoding)"
    ),
    "quote": _n("%(file)s, row %(row)s: %(found)s"),
    "no_rows": _n("%(file)s: no row of data below the header"),
    "header": _n(
        "%(file)s: no row has all the columns that the mapping names; row %(row)s comes nearest and lacks %(expected)s; found %(found)s"
    ),
    "header_member": _n(
        "%(file)s: no row has all the columns that the mapping names; row %(row)s comes nearest and lacks %(expected)s; found %(found)s. "
        "Where this file of the archive is not meant, let the mapping say which are (file.members)"
    ),
    "header_sheet": _n(
        "%(file)s: no row has all the columns that the mapping names; row %(row)s comes nearest and lacks %(expected)s; found %(found)s. "
        "The workbook has further sheets (%(column)s); let the mapping say which are meant (file.sheets)"
    ),
    "header_deep": _n(
        "%(file)s: the columns that the mapping names stand in row %(row)s, but row %(found)s above it is no title; "
        "if nothing above is to be counted, let the mapping say so (file.header_rows = %(expected)s)"
    ),
    "header_one_cell": _n(
        "%(file)s, row %(row)s: the names of all columns stand in one cell, “%(found)s”; let the mapping say what parts the columns (file.delimiter)"
    ),
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
    "source_missing": _n("%(file)s: no mapping is called %(expected)s; found %(found)s"),
    "no_manifest": _n("%(file)s is no release: it has no readable %(expected)s"),
    "no_release": _n("%(file)s: there is no release %(found)s"),
    "roadmap_broken": _n("the adopted roadmap %(found)s does not keep a limit of its own: %(expected)s"),
    "not_public": _n("%(file)s: columns that are not declared public: %(found)s"),
    "columns_missing": _n("%(file)s: columns that are missing: %(found)s"),
    "year_in_path": _n(
        "%(file)s: no year of four digits in the path “%(found)s” by the pattern %(expected)s; say which fiscal year it is (a command takes --param fiscal_year=…)"
    ),
    "too_large": _n("%(file)s: the file has %(found)s bytes; at most %(expected)s are read"),
    "too_packed": _n(
        "%(file)s: unpacked, it is more than %(expected)s times its size, as archives are that were made to do harm; nothing was read"
    ),
    "too_wide": _n("%(file)s: the table has %(found)s columns; at most %(expected)s are read"),
    "too_many_cells": _n(
        "%(file)s: the sheet reaches over %(found)s cells, empty ones counted; at most %(expected)s are read. Take out cells that stand far from the table"
    ),
    "too_many_rows": _n(
        "%(file)s: a sheet of the workbook reaches to row %(found)s; at most %(expected)s are read"
    ),
    "too_many_files": _n("%(file)s: the archive holds %(found)s files; at most %(expected)s are read"),
    "formulas": _n(
        "%(file)s: more than %(expected)s formulas have no value; open the workbook in a spreadsheet program, let it compute, and save it again"
    ),
    "long_cell": _n(
        "%(file)s, row %(row)s: a cell has more than %(expected)s characters; is a quotation mark missing?"
    ),
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
DIGITS = _n("0123456789")
_GROUPS = _n(",")
# A terminal obeys control characters: of a file's own text they are shown, as Unicode pictures them, and not sent.
_SHOWN: dict[int, int | str] = {
    **{code: 0x2400 + code for code in range(32)},
    127: 0x2421,
    **dict.fromkeys(range(128, 160), "�"),
}
# An example of what was expected is told as one: a figure is no sum that the cell ought to have had.
_FIGURE = _n("a figure such as %(example)s")
_EXAMPLES: dict[str, str] = {
    **dict.fromkeys(("amount", "amount_missing", "amount_decimals", "whole", "decimal"), _FIGURE),
    "amount_large": _n("at most %(example)s digits"),
    "date": _n("a date such as %(example)s"),
    "fiscal_year": _n("a year such as %(example)s"),
    "required": _n("a value such as %(example)s"),
}
# Which of `found` and `expected` the program wrote itself, counts, sums and examples, and so writes in the reader's digits.
_COUNTS = frozenset(
    "row_short row_long total_differs tree_exceeded too_large too_packed too_wide too_many_cells too_many_rows too_many_files long_cell formulas "
    "control_totals".split()
)
_OWN: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_COUNTS, ("found", "expected")),
    **dict.fromkeys(
        "amount amount_missing amount_decimals amount_large date fiscal_year required whole decimal overlaps".split(),
        ("expected",),
    ),
    "encoding": ("found",),
    "header_deep": ("found",),
    "correction_wide": ("found", "expected"),
    "correction_twice": ("found",),
    "correction_foreign": ("found",),
    "correction_taken": ("expected",),
}


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
        """Return the message in the language of `translate`, with the place in front of what is wrong with a row."""
        text = self.said(translate)
        return text if self.code in FILE_PROBLEMS else f"{self.place(translate)}: {text}"

    def said(self, translate: Translate = str) -> str:
        """Return what is wrong; of a row, without its place."""
        return translate(TEMPLATES[self.code]) % self.shown(translate)

    def place(self, translate: Translate = str) -> str:
        """Return where it is: file, sheet, row, column, what there is of them."""
        said = self.shown(translate)
        place = [said["file"]]
        if self.sheet:
            place.append(translate(_n("sheet “%(sheet)s”")) % said)
        if self.row:
            place.append(translate(_n("row %(number)s")) % {"number": said["row"]})
        if self.column:
            place.append(translate(_n("column “%(column)s”")) % said)
        return translate(_n(", ")).join(place)

    def shown(self, translate: Translate = str) -> dict[str, str]:
        """Return the fields as they are shown: a file's texts as they are, the program's own words and figures in the language."""
        fields = ("file", "sheet", "column", "found", "expected")
        values = {name: str(getattr(self, name)).translate(_SHOWN) for name in fields}
        values = {name: translate(text) if text in PHRASES else text for name, text in values.items()}
        if self.code in ("mapping", "mapping_whole"):
            values["expected"] = in_words(values["expected"], translate)
        digits = str.maketrans("0123456789", translate(DIGITS))
        least = 4 if self.code in _COUNTS else 5
        for name in _OWN.get(self.code, ()):
            values[name] = _grouped(values[name], translate(_GROUPS), least).translate(digits)
        if self.code in _EXAMPLES and self.expected and self.expected not in PHRASES:
            values["expected"] = translate(_EXAMPLES[self.code]) % {"example": values["expected"]}
        return {**values, "row": str(self.row).translate(digits)}

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def _grouped(text: str, mark: str, least: int) -> str:
    """Return the text with its whole numbers in groups of three: those that are written so, and those of `least` digits, which no year has."""
    if re.fullmatch(rf"-?[0-9]{{{least},}}(\.[0-9]+)?", text):
        whole, dot, rest = text.partition(".")
        return f"{int(whole):,}{dot}{rest}".replace(",", mark)
    return re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", mark, text) if "." not in text else text


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
