"""From which year a workbook counts its days: 1900, or 1904 as those do that were begun on an early Macintosh."""

from __future__ import annotations

import re
import zipfile

from rasad.ledger.read.archive import stream

_IN_XML = re.compile(rb"<(?:[\w.-]+:)?workbookPr\b[^>]*\bdate1904=[\"'](?:1|true|on)[\"']", re.IGNORECASE)
# BrtWbProp (MS-XLSB 2.4.301): its number, its length, and flags of which the first is f1904.
_IN_XLSB = re.compile(rb"\x99\x01[\x08-\x7f](.)", re.DOTALL)
# Date1904 (MS-XLS 2.4.77) stands before CalcPrecision.
_IN_XLS = re.compile(rb"\x22\x00\x02\x00\x01\x00\x0e\x00\x02\x00")
_SMALL = 20_000_000


def of_zip(archive: zipfile.ZipFile, kind: str, name: str) -> str:
    """Return "1900" or "1904" of an XLSX or XLSB."""
    path = {"xlsx": "xl/workbook.xml", "xlsb": "xl/workbook.bin"}.get(kind)
    if path is None or path not in archive.namelist():
        return "1900"
    part = b"".join(stream(archive, archive.getinfo(path), name, _SMALL))
    if kind == "xlsx":
        return "1904" if _IN_XML.search(part) else "1900"
    said = _IN_XLSB.search(part)
    return "1904" if said and said[1][0] & 1 else "1900"


def of_xls(raw: bytes) -> str:
    """Return "1900" or "1904" of an XLS."""
    return "1904" if _IN_XLS.search(raw) else "1900"
