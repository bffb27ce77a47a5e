"""JSON: an object that says what it holds, and the rows as an array."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from rasad.release.exports.table import Column

_BLOCK = 500


def json_stream(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], about: Mapping[str, Any]
) -> Iterator[bytes]:
    """Yield the file in blocks: `about` (what is shown, in which unit), `columns` (key → title), `rows`."""
    head = {**about, "columns": {column.key: column.title for column in columns}}
    yield json.dumps(head, ensure_ascii=False, default=_plain)[:-1].encode() + b', "rows": ['
    keys = [column.key for column in columns]
    block: list[str] = []
    first = True
    for row in rows:
        block.append(json.dumps({key: row.get(key) for key in keys}, ensure_ascii=False, default=_plain))
        if len(block) == _BLOCK:
            yield (("\n" if first else ",\n") + ",\n".join(block)).encode()
            block, first = [], False
    if block:
        yield (("\n" if first else ",\n") + ",\n".join(block)).encode()
    yield b"\n]}\n"


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")
