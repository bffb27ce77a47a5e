"""What a file's content is, whatever its name says."""

from __future__ import annotations

import codecs
import re

from rasad.ledger.read import workbook
from rasad.ledger.read.text import has_controls

TABLES = ("text", "xlsx", "xlsb", "xls", "ods", "html", "mhtml", "xml2003")
"""Kinds that hold tables; `zip` holds files of these kinds."""
_MAGIC = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\xd0\xcf\x11\xe0": "ole",
    b"\x1f\x8b": "gz",
    b"%PDF": "PDF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"SQLite format 3": "SQLite",
    b"PAR1": "Parquet",
    b"{\\rtf": "RTF",
    b"ID;P": "SYLK",
    # The workbooks of Excel 2, 3 and 4 are streams of records, the first of which says so.
    b"\x09\x00\x04\x00": "excel4",
    b"\x09\x02\x06\x00": "excel4",
    b"\x09\x04\x06\x00": "excel4",
}
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|style|table|div|font|tr)\b", re.IGNORECASE)
_BEFORE = re.compile(
    r"\s*(?:<\?[^>]*>|<!--.*?-->|<!doctype(?!\s+html)[^>\[]*(?:\[[^\]]*\]\s*)?>)", re.DOTALL | re.IGNORECASE
)
_JSON = re.compile(r"""\[\s*(?:\{\s*"|\[\s*")|\{\s*"[^"]{0,200}"\s*:""")
_BOOK = re.compile(r"<(?:[\w.-]+:)?Workbook[\s>]")
_BOOKS = "urn:schemas-microsoft-com:office:spreadsheet"
# The head of a mail: each line a field, or more of the one above it; one of them says that it is a mail.
_MAIL = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]{0,60}:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n)+\r?\n")
_SAYS_MAIL = re.compile(
    r"^(?:mime-version: *1\.0|content-type: *(?:multipart/related|text/html))", re.IGNORECASE | re.MULTILINE
)
_OTHER_DOCUMENTS = tuple(
    stream.encode("utf-16-le") for stream in ("WordDocument", "PowerPoint Document", "VisioDocument")
)


def _is_dbase(raw: bytes) -> bool:
    """Whether it is a table of dBASE or FoxPro: a version, a day, and a head of fields that ends where it says."""
    if len(raw) < 65 or raw[0] not in (0x03, 0x30, 0x31, 0x43, 0x83, 0x8B, 0xF5):
        return False
    month, day, length = raw[2], raw[3], int.from_bytes(raw[8:10], "little")
    ends = raw[length - 1 : length] == b"\r" or b"\r" in raw[64:length:32]
    return 1 <= month <= 12 and 1 <= day <= 31 and length > 64 and ends


def kind_of(raw: bytes, name: str) -> str:
    """Return text, xlsx, xlsb, xls, ods, html, mhtml, xml2003 or zip; otherwise what it is instead, as far as that can be told."""
    kind = next((kind for magic, kind in _MAGIC.items() if raw.startswith(magic)), "text")
    if kind == "zip":
        return workbook.kind_of_zip(raw, name)
    if kind == "ole":
        return _of_ole(raw)
    if kind == "text" and _is_dbase(raw):
        return "dbase"
    return _of_text(raw) if kind == "text" else kind


def _of_ole(raw: bytes) -> str:
    """Return what a file system in a file holds: its streams are called by name."""
    if "EncryptedPackage".encode("utf-16-le") in raw:
        return "locked"
    return "document" if any(stream in raw for stream in _OTHER_DOCUMENTS) else "xls"


def _of_text(raw: bytes) -> str:
    """Return text, or that it is a page or a workbook in XML: programs of offices write these under the name of a workbook."""
    sample = raw[:4096]
    if b"\x00" not in sample and has_controls(sample):
        return "binary"
    start = _beginning(sample)
    is_xml = start.startswith("<?xml")
    while before := _BEFORE.match(start):
        start = start[before.end() :]
    start = start.lstrip()
    if _BOOK.match(start) and _BOOKS in start:
        return "xml2003"
    if _JSON.match(start):
        return "json"
    head = _MAIL.match(start)
    if head and _SAYS_MAIL.search(head[0]):
        return "mhtml"
    if _PAGE.match(start):
        return "html"
    if start.startswith("<") and not is_xml and re.search("<t(?:able|r|d)[ >]", start, re.IGNORECASE):
        return "html"
    return "xml" if is_xml else "text"


def _beginning(sample: bytes) -> str:
    mark = next((mark for mark in _MARKS if sample.startswith(mark)), b"")
    wide = {
        codecs.BOM_UTF32_LE: "utf-32-le",
        codecs.BOM_UTF16_LE: "utf-16-le",
        codecs.BOM_UTF16_BE: "utf-16-be",
    }
    text = sample.removeprefix(mark).decode(wide.get(mark, "latin-1"), errors="ignore")
    # UTF-16 that does not say so has a zero beside each letter of ASCII.
    return text.replace("\0", "").lstrip()
