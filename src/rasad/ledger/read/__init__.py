"""Files as offices export them → verbatim cells as text, each row with its number, and what was found on the way.

Nothing is changed or dropped here: every record of the file becomes one row of `Cells.frame`; how many cells it had is kept
beside it, so that a short or long row is seen later and not padded away.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from stat import S_ISBLK, S_ISCHR

from rasad.ledger.durable import why_unreadable
from rasad.ledger.mapping import Wanted
from rasad.ledger.phrases import (
    A_FILE,
    BINARY,
    DBASE,
    DEVICE,
    FOLDER,
    JSON_DATA,
    LOCKED,
    NESTED,
    NO_TABLE,
    OLD_WORKBOOK,
    OTHER_XML,
)
from rasad.ledger.problems import FileError, MappingError, Problem
from rasad.ledger.read import archive, limits, text, unseen, workbook
from rasad.ledger.read.cells import Cells, Facts, Found, Span, too_large
from rasad.ledger.read.header import with_header
from rasad.ledger.read.kinds import TABLES, kind_of

__all__ = ["Cells", "Facts", "Span", "read"]

# What is said of a file that holds no table that is read; another kind is called by its name.
_OTHERS = {
    "xml": OTHER_XML,
    "json": JSON_DATA,
    "dbase": DBASE,
    "excel4": OLD_WORKBOOK,
    "document": NO_TABLE,
    "locked": LOCKED,
    "binary": BINARY,
    "zip": NESTED,
    "gz": NESTED,
}


def read(path: Path, mapping: Wanted, *, where: str = "") -> tuple[Facts, list[Cells]]:
    """Return what was found about the file, and its tables: one of a text, a workbook's sheets, an archive's files.

    `where` stands for the file's path, in which a year may be sought: where Rasad keeps a file, the path says nothing.
    Raises FileError or MappingError.
    """
    raw = _bytes_of(path)
    # The fingerprint is of the file as it arrived; it is taken while the file is read.
    with ThreadPoolExecutor(1) as beside:
        fingerprint = beside.submit(_sha256, raw)
        told = where or path.absolute().as_posix()
        facts, found = _read(raw, Facts(path.name, told, "", len(raw)), mapping)
        return replace(facts, sha256=fingerprint.result()), found


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _read(raw: bytes, facts: Facts, mapping: Wanted) -> tuple[Facts, list[Cells]]:
    if raw[:2] == b"\x1f\x8b":
        raw = archive.unpacked(raw, facts.name)
        facts = replace(facts, compression="gzip")
    if len(raw) < 4 and not raw.strip(b"\xef\xbb\xbf\xff\xfe"):
        raise FileError(Problem("file_empty", file=facts.name))
    kind = kind_of(raw, facts.name)
    if kind == "zip":
        tables, left, hidden = _packed(raw, facts, mapping)
    else:
        tables, left, hidden = _tables(raw, kind, facts.name, mapping)
    # An archive's files can differ: each table says its own.
    said = {(cells.encoding, cells.delimiter) for cells in tables}
    encoding, delimiter = said.pop() if len(said) == 1 else ("", "")
    facts = replace(
        facts, format=kind, encoding=encoding, delimiter=delimiter, left=tuple(left), hidden=tuple(hidden)
    )
    found = [_headed(cells, mapping, facts) for cells in tables if cells.frame.height]
    if not any(cells.frame.height for cells in found):
        raise FileError(Problem("no_rows", file=facts.name))
    told = tuple(one for cells in found if (one := unseen.of_table(cells)))
    return replace(facts, unseen=told), found


def _headed(cells: Cells, mapping: Wanted, facts: Facts) -> Cells:
    """Return the table with its header. MappingError names a workbook's further sheets, one of which may be the table that is meant."""
    try:
        return with_header(cells, mapping, facts.name)
    except MappingError as error:
        others = [sheet for sheet in facts.left if sheet not in facts.hidden]
        if error.problem.code != "header" or not others or cells.format == "text":
            raise
        raise MappingError(
            replace(error.problem, code="header_sheet", column=" | ".join(others)[:200])
        ) from None


def _bytes_of(path: Path) -> bytes:
    try:
        there = path.stat()
        if S_ISCHR(there.st_mode) or S_ISBLK(there.st_mode):
            # Some of them never end.
            raise FileError(Problem("file_kind", file=str(path), found=DEVICE, expected=A_FILE))
        if there.st_size > limits.MAX_BYTES:
            raise too_large(path.name, there.st_size)
        return path.read_bytes()
    except FileNotFoundError:
        raise FileError(Problem("file_missing", file=str(path))) from None
    except IsADirectoryError:
        raise FileError(Problem("file_kind", file=str(path), found=FOLDER, expected=A_FILE)) from None
    except OSError as error:
        raise FileError(Problem("file_unreadable", file=str(path), found=why_unreadable(error))) from error


def _tables(raw: bytes, kind: str, name: str, mapping: Wanted) -> Found:
    """Return the tables of one file that is no archive, and the names of the sheets that are left."""
    if kind not in TABLES:
        raise FileError(
            Problem("file_kind", file=name, found=_OTHERS.get(kind, kind), expected=text.KINDS_READ)
        )
    if kind != "text":
        return workbook.sheets(raw, kind, name, mapping)
    return Found([text.read_text(raw, name, mapping.file)], [], [])


def _packed(raw: bytes, facts: Facts, mapping: Wanted) -> Found:
    """Return the tables of every file in an archive that the mapping means; each is called by its path in there."""
    found: list[Cells] = []
    left: list[str] = []
    hidden: list[str] = []
    with archive.opened(raw, facts.name) as packed:
        for member, body in archive.members(packed, facts.name, mapping.file):
            name = f"{facts.name}/{member}"
            if body is None:
                left.append(member)
                continue
            if not body:
                raise FileError(Problem("file_empty", file=name))
            tables, rest, concealed = _tables(body, kind_of(body, name), name, mapping)
            left += [f"{member}/{sheet}" for sheet in rest]
            hidden += [f"{member}/{sheet}" for sheet in concealed]
            for cells in tables:
                sheet = f"{member}/{cells.sheet}" if cells.sheet else member
                found.append(replace(cells, sheet=sheet, path=f"{facts.path}/{member}"))
    if not found:
        wanted = " | ".join(mapping.file.members)
        code = "zip_empty" if left else "archive_empty"
        raise FileError(Problem(code, file=facts.name, expected=wanted, found=" | ".join(left)[:300]))
    return Found(found, left, hidden)
