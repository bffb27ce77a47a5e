"""The words that a description must have, and which descriptions have them: a bit of each, so that a line is asked by its description's number.

A function of the row is no join: lines come as they lie, and the engine plans a query in a third of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from rasad.persian.text import tokens

HAS_WORDS = "get_bit(?::bit, title_id) = 1"
"""SQL of the condition that a line's description is among those whose bits are the parameter."""

Found = TypeVar("Found")
Rows = Callable[[str, list[Any]], list[tuple[Any, ...]]]


class Words:
    """The words of a query as keys have them, `each`, and once an index was asked: whose descriptions have them, for as long as the query lives."""

    def __init__(self, q: str | None) -> None:
        self.q = q
        self.each = tokens(q or "")
        self._found: dict[Callable[[Words], Any], Any] = {}

    def once(self, find: Callable[[Words], Found]) -> Found:
        """Return what `find` finds of these words in an index; it is asked once."""
        if find not in self._found:
            self._found[find] = find(self)
        found: Found = self._found[find]
        return found


def find(words: list[str], rows: Rows, light: Rows, size: int) -> bytes:
    """Return the bits of those of an index's `size` descriptions that have every word, b"" where none has.

    `rows` asks the index's DuckDB, `light` its SQLite file, which has frequent beginnings written beforehand (see `frequent`).
    """
    found = None
    for word in words:
        bits = _frequent(word, light) or _begin(word, rows, size)
        if bits is None:
            return b""
        number = int.from_bytes(bits)
        found = number if found is None else found & number
    return found.to_bytes(last_bit(size) // 8 + 1) if found else b""


def bits_of(numbers: Iterable[int], size: int) -> bytes:
    """Return the bits of some of `size` descriptions, in the order in which the engine counts them: the first is the highest of its byte."""
    bits = bytearray(last_bit(size) // 8 + 1)
    for number in numbers:
        bits[number >> 3] |= 128 >> (number & 7)
    return bytes(bits)


def numbers_of(bits: bytes, most: int) -> list[int]:
    """Return the first numbers, at most so many, of the descriptions whose bits they are."""
    found: list[int] = []
    for place, byte in enumerate(bits):
        if byte:
            found += [8 * place + bit for bit in range(8) if byte & 128 >> bit]
            if len(found) >= most:
                break
    return found[:most]


def last_bit(size: int) -> int:
    """Return the last bit: descriptions are numbered from 1, and bits are whole bytes, so that they are the same as bytes and as bits."""
    return size // 8 * 8 + 7


def _frequent(word: str, light: Rows) -> bytes | None:
    rows = light("select bits from frequent join frequent_titles using (id) where prefix = ?", [word])
    return bytes(rows[0][0]) if rows else None


def _begin(word: str, rows: Rows, size: int) -> bytes | None:
    # Words lie in their order in the index, so only those that begin so are read. No word of a key has Unicode's last character.
    query = (
        f"select bitstring_agg(title_id, 0, {last_bit(size)})::blob from posting where word >= ? and word < ?"
    )
    bits = rows(query, [word, word + "\U0010ffff"])[0][0]
    return None if bits is None else bytes(bits)
