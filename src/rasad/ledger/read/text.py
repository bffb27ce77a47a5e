"""Text files: their encoding and delimiter, and their records, verbatim."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import polars as pl

from rasad.ledger.mapping import FileRule
from rasad.ledger.phrases import BINARY, QUOTE_OPEN, QUOTE_TEXT
from rasad.ledger.problems import FileError, MappingError, Problem
from rasad.ledger.read import limits
from rasad.ledger.read.cells import Cells, column_names, framed, long_cell, narrow

ENCODINGS = ("windows-1256", "cp1252", "latin-1")
"""Code pages that a text which is no UTF-8 may be in; others are said by the mapping."""
DELIMITERS = (",", ";", "\t", "|")
KINDS_READ = "CSV, TSV, XLSX, XLSB, XLS, ODS, HTML, MHTML, XML 2003, ZIP, GZ"
_PIECE = 16_000_000
_CONTROLS = bytes([*range(1, 9), *range(0x0E, 0x1A), *range(0x1C, 0x20)])
_BARE_RETURN = re.compile(rb"\r(?!\n)")
# Looked for in this order: the mark of UTF-32 begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip


def read_text(raw: bytes, name: str, rule: FileRule) -> Cells:
    """Return the records of a text file, with the encoding and the delimiter that were found or stated. FileError or MappingError."""
    if rule.encoding is None or codec(rule.encoding, name) == "utf-8":
        # Most files are plain; Polars reads nothing that is not UTF-8, so where it has read all of it nothing else need be looked at.
        marked = raw.startswith(codecs.BOM_UTF8)
        body = raw.removeprefix(codecs.BOM_UTF8)
        delimiter = rule.delimiter or find_delimiter(body[:200_000].decode(errors="ignore"))
        frame = _plain(body, delimiter, name)
        if frame is not None:
            encoding = "utf-8-sig" if marked else "utf-8"
            return replace(_even(frame), encoding=encoding, delimiter=delimiter)
    body, encoding = in_utf8(raw, name, rule)
    delimiter = rule.delimiter or find_delimiter(body[:200_000].decode(errors="ignore"))
    cells = text_cells(body, delimiter, name, plain=not encoding.startswith("utf-8"))
    return replace(cells, encoding=encoding, delimiter=delimiter, nuls=b"\x00" in body)


def in_utf8(raw: bytes, name: str, rule: FileRule) -> tuple[bytes, str]:
    """Return the text in UTF-8 without a byte order mark, and the encoding that was found or stated."""
    marked = next((encoding for mark, encoding in _MARKS.items() if raw.startswith(mark)), None)
    if rule.encoding is None and marked:
        return _decoded(raw, marked, name).encode(), marked
    if rule.encoding is None or codec(rule.encoding, name) == "utf-8":
        if b"\x00" in raw[:4096]:
            wide = _utf16_without_mark(raw) if rule.encoding is None else None
            if wide is not None:
                return _decoded(raw, wide, name).encode(), wide
            if not _has_few_nuls(raw[:4096]):
                raise FileError(Problem("file_kind", file=name, found=BINARY, expected=KINDS_READ))
        if is_utf8(raw):
            body = raw.removeprefix(codecs.BOM_UTF8)
            return body, "utf-8" if body == raw else "utf-8-sig"
        if rule.encoding is not None or _was_utf8(raw):
            _decoded(raw, "utf-8", name)
        # One-byte code pages fit almost anything; the one whose letters make words wins.
        best = max(ENCODINGS, key=lambda encoding: likeness(raw, encoding))
        return _decoded(raw, best, name).encode(), best
    codec(rule.encoding, name)
    text = _decoded(raw, rule.encoding, name).removeprefix("\ufeff")
    return text.encode(), rule.encoding


def is_utf8(raw: bytes) -> bool:
    """Whether the bytes are UTF-8: asked of Polars, which knows many times faster than Python, a piece at a time."""
    start = 0
    while start < len(raw):
        end = start + _PIECE
        # A character's further bytes stay with its first.
        while end < len(raw) and raw[end] & 0xC0 == 0x80 and end < start + _PIECE + 4:
            end += 1
        try:
            pl.Series([raw[start:end]], dtype=pl.Binary).cast(pl.String)
        except pl.exceptions.PolarsError:
            return False
        start = end
    return True


def _was_utf8(raw: bytes) -> bool:
    """Whether the text is UTF-8 but for a few bytes: letters beyond ASCII make valid runs by chance in no code page."""
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        sample = raw[max(0, error.start - 100_000) : error.start + 100_000].decode(errors="replace")
    else:
        return True
    wrong = sample.count("\ufffd")
    return sum(char > "\x7f" for char in sample) - wrong > 10 * wrong


def _has_few_nuls(sample: bytes) -> bool:
    """Whether the NULs are so few that the rest is a text: a fault of the program that wrote it, or of the disk."""
    count = sample.count(0)
    return count <= max(3, len(sample) // 100) and count * 20 <= len(sample) and not has_controls(sample)


def has_controls(sample: bytes) -> bool:
    """Whether more of it are control characters than of any text."""
    return len(sample.translate(None, _CONTROLS)) < 0.95 * len(sample)


def _utf16_without_mark(raw: bytes) -> str | None:
    """Return the kind of UTF-16 where every other byte of the beginning is mostly zero or one block of Unicode, as of text."""
    sample = raw[:4096]
    high = {"utf-16-le": sample[1::2], "utf-16-be": sample[::2]}
    for encoding, part in high.items():
        # Delimiters and line ends are ASCII (zero), Persian letters 6, look-alikes and marks 32.
        if part and b"\x00" in part and sum(byte in (0, 6, 32) for byte in part) > 0.95 * len(part):
            other = sample[::2] if encoding == "utf-16-le" else sample[1::2]
            if other.count(0) < 0.05 * len(other):
                return encoding
    return None


def codec(encoding: str, name: str) -> str:
    """Return Python's name of the encoding, `utf-8` for both kinds of UTF-8. MappingError where there is none."""
    try:
        found = codecs.lookup(encoding)
        # Python also has codecs that are none of text: base64, zip, rot13.
        "".encode(found.name)
        return found.name.removesuffix("-sig")
    except LookupError:
        problem = Problem(
            "mapping", file=name, column="file.encoding", found=encoding, expected="an encoding"
        )
        raise MappingError(problem) from None


def _decoded(raw: bytes, encoding: str, name: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        row = raw.count(b"\n", 0, at) + 1
        raise FileError(
            Problem("encoding", file=name, row=row, found=str(at), expected=encoding.upper())
        ) from error


def likeness(raw: bytes, encoding: str) -> float:
    """Return how much of the non-ASCII text reads as letters of one script in this encoding."""
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return -1.0
    sample = raw[:200_000].decode(encoding, errors="ignore")
    high = [char for char in sample if ord(char) > 127]
    if not high:
        return 0.0
    arabic = sum("\u0600" <= char <= "\u06ff" or char == "\u200c" for char in high)
    latin = sum(char.isalpha() and ord(char) < 0x250 for char in high)
    # Arabic letters stand in runs; Latin letters with marks stand alone between ASCII letters.
    runs = sum("\u0600" <= a <= "\u06ff" and "\u0600" <= b <= "\u06ff" for a, b in pairwise(sample))
    latin_runs = sum(min(a, b) > "\u007f" and a.isalpha() and b.isalpha() for a, b in pairwise(sample))
    if arabic:
        latin_runs += len(high) // 2
    return max(runs if arabic else 0, latin - latin_runs) / len(high)


def find_delimiter(sample: str) -> str:
    """Return the delimiter that cuts the first records into the most, and most even, cells."""
    lines = [line for line in sample[:200_000].splitlines()[:60] if line.strip()]

    csv.field_size_limit(limits.MAX_CELL)

    def score(delimiter: str) -> tuple[int, int]:
        try:
            counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            return (0, 0)
        if not counts:
            return (0, 0)
        common = max(set(counts), key=lambda count: (counts.count(count), count))
        return (counts.count(common) * (common > 1), common)

    return max(DELIMITERS, key=score)


def text_cells(body: bytes, delimiter: str, name: str, *, plain: bool = True) -> Cells:
    """Parse a text in UTF-8: record by record as RFC 4180 has it, each with how many cells it had.

    `plain` is false where it is known that the text is not as `_plain` reads it.

    Polars parses it where it can be shown beforehand that both see the same table; Python's reader, many times slower, otherwise.
    """
    frame = _plain(body, delimiter, name) if plain else None
    if frame is not None:
        return _even(frame)
    counts = _count_cells(body, delimiter)
    frame = _regular(body, delimiter, counts, name) if counts is not None else None
    if counts is None or frame is None:
        text = body.decode()
        counts = pl.Series("cells", [len(one) for one in _records(text, delimiter, name)], dtype=pl.UInt32)
        frame = framed(_records(text, delimiter, name), narrow(_widest(counts), name))
    rows = pl.int_range(1, len(counts) + 1, dtype=pl.UInt32, eager=True).alias("row")
    return Cells(pl.DataFrame([rows, counts]).hstack(frame), frame.width)


def _even(frame: pl.DataFrame) -> Cells:
    """Return records that are all as wide as the table."""
    rows = pl.int_range(1, frame.height + 1, dtype=pl.UInt32, eager=True).alias("row")
    counts = pl.repeat(frame.width, frame.height, dtype=pl.UInt32, eager=True).alias("cells")
    return Cells(pl.DataFrame([rows, counts]).hstack(frame), frame.width)


def _plain(body: bytes, delimiter: str, name: str) -> pl.DataFrame | None:
    """Return the records of a text without quotation marks that are all of one width; None where it is no such text."""
    if b'"' in body or b"\x00" in body or _has_bare_return(body):
        return None
    # Not `partition`, which would copy all the rest.
    end = body.find(b"\n")
    width = body.count(delimiter.encode(), 0, end if end >= 0 else len(body)) + 1
    frame = _by_polars(body, delimiter, width)
    if frame is None:
        return None
    # Polars makes a row of each line, refuses one that is longer than the first, and fills up one that is shorter: every byte is
    # accounted for if and only if none is shorter.
    feeds = body.count(b"\n")
    if frame.height != feeds + (not body.endswith(b"\n")):
        return None
    lengths = frame.select(pl.all().str.len_bytes())
    cells = sum(lengths.select(pl.all().cast(pl.Int64).sum()).row(0))
    left = len(body) - cells - (width - 1) * frame.height - feeds
    # Each line feed has one carriage return before it at most: where as many are left as there are feeds, none stands for anything else.
    if left != feeds and left != (body.count(b"\r") if b"\r" in body else 0):
        return None
    _refuse_long(lengths, name)
    return frame


def _count_cells(body: bytes, delimiter: str) -> pl.Series | None:
    """Return how many cells each record has; None where quotes or line ends are not as RFC 4180 has them.

    Only what stands outside quotes is looked at: there, delimiters part cells and line feeds part records.
    """
    if b"\x00" in body:
        return None
    pieces = body.split(b'"')
    if len(pieces) % 2 == 0 or not _well_quoted(pieces[::2], delimiter.encode()):
        return None
    # The mark keeps a record of one quoted, empty cell apart from an empty line.
    outside = b"\x00".join(pieces[::2])
    if _has_bare_return(outside):
        return None
    outside = outside.removesuffix(b"\n")
    width = outside.partition(b"\n")[0].count(delimiter.encode()) + 1
    height = outside.count(b"\n") + 1
    if outside.count(delimiter.encode()) == (width - 1) * height and width > 1:
        # As many as a regular table has. Were one record shorter another would be longer, and Polars would refuse it.
        return pl.repeat(width, height, dtype=pl.UInt32, eager=True).alias("cells")
    outside = outside.replace(b"\r\n", b"\n").removesuffix(b"\r")
    lines = pl.Series("line", [outside.decode()]).str.split("\n")
    cells = pl.col("line").str.count_matches(delimiter, literal=True) + 1
    return (
        lines.explode()
        .to_frame()
        .select(pl.when(pl.col("line") == "").then(0).otherwise(cells).cast(pl.UInt32).alias("cells"))
        .to_series()
    )


def _has_bare_return(text: bytes) -> bool:
    # Where there is none at all, that is seen twenty times as fast.
    return b"\r" in text and _BARE_RETURN.search(text) is not None


def _well_quoted(outside: list[bytes], delimiter: bytes) -> bool:
    """Whether every quoted stretch begins and ends at the edge of a cell; an empty piece is a doubled quote within one."""
    edges = (delimiter, b"\n", b"\r")
    first, last = outside[0], outside[-1]
    if len(outside) == 1:
        return True
    if first and not first.endswith((delimiter, b"\n")):
        return False
    if last and not last.startswith(edges):
        return False
    inner = set(outside[1:-1])
    inner.discard(b"")
    return all(piece.startswith(edges) and piece.endswith((delimiter, b"\n")) for piece in inner)


def _widest(counts: pl.Series) -> int:
    return int(counts.max() or 0)  # type: ignore[arg-type]


def _regular(body: bytes, delimiter: str, counts: pl.Series, name: str) -> pl.DataFrame | None:
    """Return all records by Polars; None where it does not see the same table, so that the exact way is taken."""
    width = _widest(counts)
    # The first record tells Polars how wide the table is: one is put above, so that a short title row may stand first.
    ruler = delimiter.encode() * (width - 1) + b"\n"
    frame = _by_polars(ruler + body, delimiter, width)
    if frame is None or frame.height != len(counts) + 1:
        return None
    frame = frame.slice(1)
    _refuse_long(frame.select(pl.all().str.len_bytes()), name)
    return frame


def _by_polars(body: bytes, delimiter: str, width: int) -> pl.DataFrame | None:
    if not 2 <= width <= limits.MAX_COLUMNS or len(delimiter.encode()) != 1:
        return None
    try:
        frame = pl.read_csv(
            body,
            has_header=False,
            separator=delimiter,
            infer_schema=False,
            empty_string_is_null=False,
            new_columns=column_names(width),
        )
    except pl.exceptions.PolarsError:
        return None
    return frame if frame.width == width else None


def _refuse_long(lengths: pl.DataFrame, name: str) -> None:
    if max(lengths.select(pl.all().max().fill_null(0)).row(0)) > limits.MAX_CELL:
        at = lengths.select(pl.max_horizontal(pl.all()).arg_max()).item()
        raise long_cell(name, at + 1)


def _records(text: str, delimiter: str, name: str) -> Iterator[list[str]]:
    csv.field_size_limit(limits.MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for record in reader:
            number += 1
            yield record
    except csv.Error as error:
        if "field larger" in str(error):
            raise long_cell(name, number + 1) from error
        found = QUOTE_OPEN if "end of data" in str(error) else QUOTE_TEXT
        raise FileError(Problem("quote", file=name, row=number + 1, found=found)) from error
