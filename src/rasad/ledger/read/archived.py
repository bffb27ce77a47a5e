"""Web archives (MHTML), as browsers and spreadsheet programs save a page or a workbook «as a single file», often under the name of an XLS.

The file is a mail of many parts: pages, pictures, styles. The pages that have tables are read as web pages are; where there are several, as of a
workbook of several sheets, each is a sheet. Nothing that a part names is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import (
    CloseBoundaryNotFoundDefect,
    MessageError,
    NoBoundaryInMultipartDefect,
    StartBoundaryNotFoundDefect,
)
from email.message import Message
from posixpath import basename
from urllib.parse import unquote

from rasad.ledger.mapping import Wanted
from rasad.ledger.phrases import CUT_OFF, DEEP, INSIDE, WEB_PAGE
from rasad.ledger.problems import FileError, Problem
from rasad.ledger.read import limits, webpage
from rasad.ledger.read.cells import Found
from rasad.ledger.read.declared import decoded
from rasad.ledger.read.grid import Grid, Room, too_much_markup, wanted
from rasad.ledger.read.page import attributes
from rasad.ledger.read.text import KINDS_READ

_SHEET = re.compile(
    r"<x:ExcelWorksheet>\s*<x:Name>([^<]{1,200})</x:Name>(.{0,2000}?)<x:WorksheetSource\s([^>]{1,500})/?>",
    re.DOTALL | re.IGNORECASE,
)
_VISIBLE = re.compile(r"<x:Visible>\s*Sheet(?:Very)?Hidden\s*</x:Visible>", re.IGNORECASE)
_PART = re.compile(rb"\n--[^>\s]")
_MOST_LINES, _MOST_PARTS = 5_000_000, 20_000
_CUT = (CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect)


def sheets(raw: bytes, name: str, mapping: Wanted) -> Found:
    """Return the tables of the pages in a web archive. FileError where it is damaged, too large, or has none; MappingError where a sheet named is not there."""
    if len(raw) > limits.MAX_MARKUP:
        raise too_much_markup(name, len(raw))
    pages = list(_pages(raw, name))
    with_tables = [(place, body) for place, body in pages if re.search(rb"<t[dr][\s>]", body, re.IGNORECASE)]
    if not with_tables:
        raise FileError(Problem("file_kind", file=name, found=WEB_PAGE, expected=KINDS_READ))
    if len(with_tables) == 1:
        return webpage.sheets(with_tables[0][1], name, mapping)
    called = _called(pages, name, mapping)
    room, grids, encodings = Room(name), list[Grid](), dict[str, str]()
    for number, (place, body) in enumerate(with_tables, 1):
        sheet, seen = called.get(place, (f"page {number}", True))
        page, encodings[sheet] = decoded(body, name, mapping.file)
        grids.append(webpage.grid_of(page, name, mapping, Grid(room, sheet, seen=seen)))
    chosen = wanted(grids, name, mapping)
    rest = [grid for grid in grids if grid not in chosen]
    return Found(
        [replace(grid.cells("html"), encoding=encodings[grid.sheet]) for grid in chosen],
        [grid.sheet for grid in rest],
        [grid.sheet for grid in rest if not grid.seen],
    )


def _pages(raw: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield the last part of its address, and the content, of each page."""
    # The parser keeps every line and every part: few, or it is no archive that a program saved.
    if raw.count(b"\n") > _MOST_LINES or len(_PART.findall(raw)) > _MOST_PARTS:
        raise FileError(Problem("file_damaged", file=name, found=INSIDE))
    try:
        mail = message_from_bytes(raw, policy=policy.compat32)
    except RecursionError:
        raise FileError(Problem("file_damaged", file=name, found=DEEP)) from None
    except (MessageError, ValueError, LookupError) as error:
        raise FileError(Problem("file_damaged", file=name, found=INSIDE)) from error
    for part, depth in _walked(mail):
        if depth > limits.MAX_DEPTH:
            raise FileError(Problem("file_damaged", file=name, found=DEEP))
        if any(isinstance(one, _CUT) for one in part.defects):
            raise FileError(Problem("file_damaged", file=name, found=CUT_OFF))
        if any(isinstance(one, NoBoundaryInMultipartDefect) for one in part.defects):
            raise FileError(Problem("file_damaged", file=name, found=INSIDE))
        if part.is_multipart() or part.get_content_type() not in ("text/html", "application/xhtml+xml"):
            continue
        body = part.get_payload(decode=True)
        if isinstance(body, bytes):
            yield _place(str(part.get("Content-Location", ""))), body


def _walked(mail: Message) -> Iterator[tuple[Message, int]]:
    """Yield each part, and how deep it stands, without calling itself."""
    waiting = [(mail, 0)]
    while waiting:
        part, depth = waiting.pop()
        yield part, depth
        if part.is_multipart():
            inner = part.get_payload()
            waiting += [(one, depth + 1) for one in reversed(inner) if isinstance(one, Message)]  # type: ignore[arg-type]


def _place(address: str) -> str:
    return unquote(basename(address.replace("\\", "/"))).casefold()


def _called(pages: list[tuple[str, bytes]], name: str, mapping: Wanted) -> dict[str, tuple[str, bool]]:
    """Return the last part of a page's address → the name of its sheet and whether it is seen, as the first page of a workbook says them."""
    found: dict[str, tuple[str, bool]] = {}
    for _, body in pages:
        if b"ExcelWorksheet" not in body:
            continue
        text, _ = decoded(body, name, mapping.file)
        for sheet, between, source in _SHEET.findall(text[:1_000_000]):
            said, is_hidden = attributes(source), bool(_VISIBLE.search(between))
            found.setdefault(_place(said.get("href", "")), (" ".join(sheet.split()), not is_hidden))
    return found
