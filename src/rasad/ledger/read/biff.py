"""Formulas of an XLS that nobody has computed, which its reader cannot tell from formulas that give an empty text.

What is said of XLSX in `uncomputed` holds here too. A program that writes an XLS and does not compute leaves in every formula an empty text, or a
nought that is to be computed when the workbook is opened, and no mark of a computation: only where all three are so is a formula taken for uncomputed.
Layouts: MS-CFB for the file, MS-XLS for its records.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from rasad.ledger.problems import FileError, Problem
from rasad.ledger.read.uncomputed import MOST, Places
from rasad.ledger.read.unseen import Unseen

_BOF, _EOF, _SHEET, _FORMULA, _COMPUTED = 0x0809, 0x000A, 0x0085, 0x0006, 0x01C1
_ROW, _COLUMNS = 0x0208, 0x007D
_NO_HEIGHT, _HIDDEN = 0x20, 0x01
_VERSION_8 = 0x0600
_LAST = 0xFFFFFFF0
"""From here on a sector's number says that none follows."""
_LEFT_EMPTY = b"\x03"
_ON_LOAD = 2
SHOWN = "=…"
"""What stands for such a formula: an XLS has it as a program of its own kind, not as a text."""


def uncomputed(raw: bytes, name: str) -> dict[str, Places]:
    """Return sheet → row and column, from 1, of each formula that nobody computed; nothing where the records cannot be followed."""
    try:
        book = _stream(raw)
        return _of_book(book, name) if book else {}
    except (struct.error, IndexError, UnicodeDecodeError):
        return {}


def unseen(raw: bytes) -> dict[str, Unseen]:
    """Return sheet → the rows and columns that are hidden; nothing where the records cannot be followed."""
    try:
        book = _stream(raw)
        sheets = [
            (struct.unpack_from("<I", body)[0], _name(body))
            for kind, body in _records(book, 0)
            if kind == _SHEET
        ]
        return {sheet: _unseen(book, at) for at, sheet in sheets}
    except (struct.error, IndexError, UnicodeDecodeError):
        return {}


def _unseen(book: bytes, at: int) -> Unseen:
    found = Unseen()
    for kind, body in _records(book, at):
        if kind == _ROW and struct.unpack_from("<H", body, 12)[0] & _NO_HEIGHT:
            row = struct.unpack_from("<H", body)[0] + 1
            found.rows.append((row, row))
        elif kind == _COLUMNS:
            first, last, _, _, flags = struct.unpack_from("<5H", body)
            if flags & _HIDDEN:
                found.columns.append((first + 1, last + 1))
    return found


def _of_book(book: bytes, name: str) -> dict[str, Places]:
    found: dict[str, Places] = {}
    sheets: list[tuple[int, str]] = []
    for kind, body in _records(book, 0):
        if kind == _BOF and struct.unpack_from("<H", body)[0] != _VERSION_8:
            return {}
        if kind == _COMPUTED:
            return {}
        if kind == _SHEET:
            sheets.append((struct.unpack_from("<I", body)[0], _name(body)))
    left = MOST
    for at, sheet in sheets:
        places = found.setdefault(sheet, {})
        for kind, body in _records(book, at):
            if kind != _FORMULA:
                continue
            row, column, _, value, flags = struct.unpack_from("<HHH8sH", body)
            if not _is_left(value, flags):
                return {}
            left -= 1
            if left < 0:
                raise FileError(Problem("formulas", file=name, expected=str(MOST)))
            places[row + 1, column + 1] = SHOWN
    return found


def _is_left(value: bytes, flags: int) -> bool:
    """Whether a formula's value is what a program leaves that does not compute."""
    if value[6:] == b"\xff\xff":
        return value[:1] == _LEFT_EMPTY
    return value == bytes(8) and bool(flags & _ON_LOAD)


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield kind and body of each record of one part of the book, without the parts within it (charts)."""
    depth = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 1:
            yield kind, book[at + 4 : at + 4 + size]
        if depth <= 0:
            return
        at += 4 + size


def _name(body: bytes) -> str:
    length, wide = body[6], body[7] & 1
    return body[8 : 8 + length * 2].decode("utf-16-le") if wide else body[8 : 8 + length].decode("latin-1")


def _stream(raw: bytes) -> bytes:
    """Return the stream that holds the workbook; empty where there is none."""
    size = 1 << struct.unpack_from("<H", raw, 30)[0]
    (tables,), (folder,), (least,) = (struct.unpack_from("<I", raw, at) for at in (44, 48, 56))

    def sector(number: int) -> bytes:
        return raw[(number + 1) * size : (number + 2) * size]

    listed = list(struct.unpack_from("<109I", raw, 76))
    more = struct.unpack_from("<I", raw, 68)[0]
    while more < _LAST and len(listed) < tables:
        rest = struct.unpack(f"<{size // 4}I", sector(more))
        listed += rest[:-1]
        more = rest[-1]
    following = [
        number
        for one in listed[:tables]
        if one < _LAST
        for number in struct.unpack(f"<{size // 4}I", sector(one).ljust(size, b"\xff"))
    ]

    def chain(number: int) -> bytes:
        parts: list[bytes] = []
        while number < _LAST and len(parts) <= len(following):
            parts.append(sector(number))
            number = following[number]
        return b"".join(parts)

    def short(number: int) -> bytes:
        """Return a stream shorter than `least`: its sectors are small ones, within a stream of their own that the first entry names."""
        small = 1 << struct.unpack_from("<H", raw, 32)[0]
        table = chain(struct.unpack_from("<I", raw, 60)[0])
        after = struct.unpack(f"<{len(table) // 4}I", table)
        held, parts = chain(struct.unpack_from("<I", entries, 116)[0]), list[bytes]()
        while number < _LAST and len(parts) <= len(after):
            parts.append(held[number * small : (number + 1) * small])
            number = after[number]
        return b"".join(parts)

    entries = chain(folder)
    for at in range(0, len(entries) - 127, 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        if entries[at : at + max(0, length - 2)].decode("utf-16-le", errors="replace") in (
            "Workbook",
            "Book",
        ):
            start, whole = struct.unpack_from("<II", entries, at + 116)
            return (chain(start) if whole >= least else short(start))[:whole]
    return b""
