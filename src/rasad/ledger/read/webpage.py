"""Web pages that hold tables, which many programs write under the name of an XLS: all tables of a page below one another, as one sheet.

So spreadsheet programs show them, and so a report loses nothing that has a table for its heading, one for each printed page, or one for its header
and one for its rows. A mapping may name single ones as sheets: `table 2`. Nothing that a page names is ever fetched or run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rasad.ledger.mapping import Wanted
from rasad.ledger.phrases import DEEP, FRAMES, WEB_PAGE
from rasad.ledger.problems import FileError, Problem
from rasad.ledger.read import limits
from rasad.ledger.read.cells import Found
from rasad.ledger.read.declared import decoded
from rasad.ledger.read.grid import Grid, Room, wanted
from rasad.ledger.read.page import attributes, tokens
from rasad.ledger.read.text import KINDS_READ
from rasad.ledger.read.values import day_text, number_text
from rasad.persian.digits import to_latin

_BREAKS = frozenset(
    "br p div li ul ol h1 h2 h3 h4 h5 h6 center hr pre blockquote dl dt dd form fieldset".split()
)
_EMPTY = frozenset("br hr img input col meta link area base wbr".split())
_BLANK = re.compile(r"[ \t\r\f\n]+")
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_FORMAT = re.compile(
    r"""mso-number-format\s*:\s*("(?:[^"\\]|\\.){0,200}"|'(?:[^'\\]|\\.){0,200}'|[^;"'}]{1,100})""",
    re.IGNORECASE,
)
_RULE = re.compile(r"\.([\w-]{1,60})\s*\{([^{}]{0,4000})\}")
_OF_DAYS = re.compile(r"(?i)date|y|d(?!ou)")
_QUOTED = re.compile(r'\\"[^"\\]*\\"|\[[^\]]*\]|\\.|"[^"]*"')
_SHOWN_DAY = re.compile(r"[0-9]{1,4}[/.\-][0-9]{1,2}[/.\-][0-9]{1,4}")
_SHOWN_FIGURE = re.compile(r"[^0-9]{0,12}[0-9][0-9.,٬٫،' \u00a0]*[^0-9]{0,12}")

_LONGEST_SAID, _LONGEST_STYLE = 4_000, 500_000
"""Characters of a tag and of a style sheet that are looked at."""

Cell = tuple[str, int, int]
"""Text, and how many columns and rows the cell covers."""


@dataclass
class _Row:
    cells: list[Cell] = field(default_factory=list)
    below: list[_Table] = field(default_factory=list)
    foot: bool = False
    hidden: bool = False


@dataclass
class _Table:
    rows: list[_Row] = field(default_factory=list)
    row: _Row | None = None
    parts: list[str] | None = None
    said: str = ""
    in_foot: bool = False
    foot: bool = False
    columns: int = 0
    hidden: list[tuple[int, int]] = field(default_factory=list)
    """Columns that are not shown."""


def sheets(raw: bytes, name: str, mapping: Wanted) -> Found:
    """Return the page's tables as the mapping means them. FileError where it has none, or ends in the middle; MappingError where a table named is not there."""
    page, encoding = decoded(raw, name, mapping.file)
    blocks = _blocks(page, name, mapping)
    tables = [block for block in blocks if isinstance(block, _Table)]
    if not any(table.rows for table in tables):
        found = FRAMES if re.search("<frameset", page[:100_000], re.IGNORECASE) else WEB_PAGE
        raise FileError(Problem("file_kind", file=name, found=found, expected=KINDS_READ))
    room = Room(name)
    if isinstance(mapping.file.sheets, str):
        whole = Grid(room)
        for block in blocks:
            _lay(block, whole)
        return Found([replace(whole.cells("html"), encoding=encoding)], [], [])
    grids = []
    for number, table in enumerate(tables, 1):
        grids.append(Grid(room, f"table {number}"))
        _lay(table, grids[-1])
    chosen = wanted(grids, name, mapping)
    left = [grid.sheet for grid in grids if grid not in chosen]
    return Found([replace(grid.cells("html"), encoding=encoding) for grid in chosen], left, [])


def grid_of(page: str, name: str, mapping: Wanted, grid: Grid) -> Grid:
    """Return `grid` with all tables of a page below one another, and the lines of text beside them."""
    for block in _blocks(page, name, mapping):
        _lay(block, grid)
    return grid


def _blocks(page: str, name: str, mapping: Wanted) -> list[_Table | str]:
    reader = _Reader(name, mapping.numbers.decimal)
    for tag, said in tokens(page, name):
        reader.take(tag, said)
    return reader.ended()


def _lay(block: _Table | str, grid: Grid) -> None:
    """Put a table, or a line of text beside tables, below what the sheet has."""
    if isinstance(block, str):
        grid.row()
        grid.put(block)
        return
    grid.apart()
    grid.unseen.columns.extend(block.hidden)
    for row in sorted(block.rows, key=lambda row: row.foot) if block.foot else block.rows:
        # A row that only holds tables is there to place them.
        if not row.below or any(text for text, _, _ in row.cells):
            grid.row()
            if row.hidden:
                grid.hide()
            for text, right, down in row.cells:
                grid.put(text, right=right, down=down)
        for table in row.below:
            _lay(table, grid)
    grid.apart()


class _Reader:
    """Takes a page's parts one by one."""

    def __init__(self, name: str, decimal: str) -> None:
        self._name, self._decimal = name, decimal
        self._blocks: list[_Table | str] = []
        self._open: list[_Table] = []
        self._line: list[str] = []
        self._formats: dict[str, str] = {}
        self._unseen = ""
        self._unseen_depth = self._unseen_tables = 0
        self._does: dict[str, Callable[[str], None]] = {
            "table": self._table, "/table": self._table_ends,
            "tr": self._row, "/tr": lambda _: self._row_ends(),
            "td": self._cell, "th": self._cell, "/td": lambda _: self._cell_ends(), "/th": lambda _: self._cell_ends(),
            "caption": self._caption, "/caption": lambda _: self._row_ends(),
            "thead": self._part, "tbody": self._part, "tfoot": self._foot,
            "/thead": self._part, "/tbody": self._part, "/tfoot": self._part,
            "style": self._style, "col": self._column,
        }  # fmt: skip

    def take(self, tag: str, said: str) -> None:
        if self._unseen:
            self._pass_over(tag, said)
        elif tag == "":
            self._say(said)
        elif tag in self._does:
            self._does[tag](said)
        elif said and tag not in _EMPTY and self._open and _is_hidden(said[:_LONGEST_SAID]):
            # What is not shown within a cell is no part of it: keys to sort by, texts for screen readers.
            self._unseen, self._unseen_depth, self._unseen_tables = tag, 1, 0
        elif tag.removeprefix("/") in _BREAKS:
            self._break()

    def ended(self) -> list[_Table | str]:
        """Return tables and the lines of text beside them, in their order."""
        while self._open:
            self._table_ends("")
        self._line_ends()
        return self._blocks

    def _pass_over(self, tag: str, said: str) -> None:
        if tag == "table":
            self._unseen_tables += 1
        elif tag == "/table" and self._unseen_tables:
            self._unseen_tables -= 1
        elif tag == self._unseen:
            self._unseen_depth += 1
        elif tag == f"/{self._unseen}":
            self._unseen_depth -= 1
        elif tag.removeprefix("/") in ("td", "th", "tr", "table") and not self._unseen_tables:
            # An element that is never closed ends with its cell.
            self._unseen = ""
            self.take(tag, said)
        if not self._unseen_depth:
            self._unseen = ""

    # --- texts

    def _say(self, text: str) -> None:
        parts = self._open[-1].parts if self._open else None
        (self._line if parts is None else parts).append(_BLANK.sub(" ", text))

    def _break(self) -> None:
        parts = self._open[-1].parts if self._open else None
        if parts is None:
            self._line_ends()
        else:
            parts.append("\n")

    def _line_ends(self) -> None:
        text = _tidy(self._line)
        self._line.clear()
        if text:
            self._blocks.append(text)

    # --- tables

    def _table(self, said: str) -> None:
        if len(self._open) == limits.MAX_DEPTH:
            raise FileError(Problem("file_damaged", file=self._name, found=DEEP))
        if not self._open:
            self._line_ends()
        elif self._open[-1].parts is None:
            # A table where a cell should be: the one around it is only there to place it.
            self._cell("")
        self._open.append(_Table())

    def _table_ends(self, _: str) -> None:
        if not self._open:
            return
        self._row_ends()
        table = self._open.pop()
        if not self._open:
            self._blocks.append(table)
            return
        around = self._open[-1]
        if around.row is None or around.parts is None:
            around.row = around.row or _Row()
            around.parts, around.said = [], ""
        if sum(bool(row.cells) for row in table.rows) > 1:
            around.row.below.append(table)
        else:
            texts = [text for row in table.rows for text, _, _ in row.cells if text]
            around.parts.append(" " + " ".join(texts) + " ")
            around.row.below += [inner for row in table.rows for inner in row.below]

    def _part(self, _: str) -> None:
        if self._open:
            self._row_ends()
            self._open[-1].in_foot = False

    def _foot(self, _: str) -> None:
        self._part("")
        if self._open:
            self._open[-1].in_foot = True

    def _column(self, said: str) -> None:
        """Count the columns that a table names before its rows."""
        if self._open:
            table, found = self._open[-1], attributes(said[:_LONGEST_SAID])
            span = found.get("span", "1")
            first, many = (
                table.columns + 1,
                int(span) if span.isascii() and span.isdigit() and len(span) < 5 else 1,
            )
            table.columns += many
            if _is_hidden(said[:_LONGEST_SAID]):
                table.hidden.append((first, table.columns))

    def _row(self, said: str) -> None:
        if not self._open:
            self._table("")
        self._row_ends()
        table = self._open[-1]
        table.row = _Row(foot=table.in_foot, hidden=bool(said) and _is_hidden(said[:_LONGEST_SAID]))
        table.foot |= table.row.foot

    def _row_ends(self) -> None:
        if not self._open:
            return
        self._cell_ends()
        table = self._open[-1]
        if table.row is not None:
            table.rows.append(table.row)
            table.row = None

    def _caption(self, _: str) -> None:
        self._row("")
        self._cell("")

    def _cell(self, said: str) -> None:
        if not self._open or self._open[-1].row is None:
            self._row("")
        self._cell_ends()
        self._open[-1].parts, self._open[-1].said = [], said[:_LONGEST_SAID]

    def _cell_ends(self) -> None:
        if not self._open:
            return
        table = self._open[-1]
        if table.parts is None or table.row is None:
            return
        text = _tidy(table.parts)
        table.parts = None
        said = table.said
        if not said:
            table.row.cells.append((text, 1, 1))
            return
        right, down, number, formula, format_, classes = _told(said)
        if number is not None:
            format_ = format_ or next((self._formats[one] for one in classes if one in self._formats), "")
            text = self._typed(text, number, format_)
        elif formula and not text:
            # A formula that nobody computed is no nothing.
            text = "=" + formula.removeprefix("=")
        table.row.cells.append((text, right, down))

    def _typed(self, shown: str, number: str, format_: str) -> str:
        """Return the number behind what is shown; a day where it is shown as one."""
        if format_ == "\\@":
            return shown
        plain = to_latin(shown)
        if (format_ and _OF_DAYS.search(_QUOTED.sub("", format_))) or _SHOWN_DAY.search(plain):
            return day_text(number) or shown
        return number_text(number, self._decimal) if _SHOWN_FIGURE.fullmatch(plain) else shown

    def _style(self, content: str) -> None:
        for name, rule in _RULE.findall(content[:_LONGEST_STYLE]):
            found = _FORMAT.search(rule)
            if found:
                self._formats[name] = _unquoted(found[1])


def _tidy(parts: list[str]) -> str:
    """Return a cell's text: each of its lines without the blanks around it, no empty lines at its ends."""
    text = "".join(parts)
    if "\n" not in text:
        return text.strip()
    lines = [" ".join(line.split(" ")).strip() for line in text.split("\n")]
    return "\n".join(line for line in lines if line)


@lru_cache(2_000)
def _is_hidden(said: str) -> bool:
    found = attributes(said)
    return "hidden" in found or bool(_HIDDEN.search(found.get("style", "")))


@lru_cache(2_000)
def _told(said: str) -> tuple[int, int, str | None, str, str, tuple[str, ...]]:
    """Return what a cell's tag says: columns, rows, the number behind its text, its formula, its format, its classes."""
    found = attributes(said)
    number = found.get("x:num") or found.get("sdval") or None
    inline = _FORMAT.search(found.get("style", ""))
    format_ = _unquoted(inline[1]) if inline else found.get("sdnum", "").rpartition(";")[2]
    right, down = (
        max(1, int(said))
        if (said := found.get(key, "1").strip()).isascii() and said.isdigit() and len(said) < 6
        else 1
        for key in ("colspan", "rowspan")
    )
    return right, down, number, found.get("x:fmla", ""), format_, tuple(found.get("class", "").split())


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1] if text[:1] in ("'", '"') and text[:1] == text[-1:] else text
