"""CSV: UTF-8 with a byte-order mark, without which spreadsheets take Persian for another code page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rasad.release.exports.table import Column, harmless

_BLOCK = 1 << 16


def csv_stream(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield the file in blocks: a header of keys (plain names, for programs), then one line per row."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([column.key for column in columns])
    keys = [column.key for column in columns]
    for row in rows:
        writer.writerow([_cell(row.get(key)) for key in keys])
        if buffer.tell() > _BLOCK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(value) if isinstance(value, str) else value
