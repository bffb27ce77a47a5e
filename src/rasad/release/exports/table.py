"""What an export is made of: columns, and cells that no spreadsheet runs."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Some spreadsheets take the full-width signs for the plain ones.
_RUN = re.compile(r"^[=+@\t\r＝＋－＠-]")
_NUMBER = re.compile(r"[+-]?[0-9.,٬٫]+")


@dataclass(frozen=True)
class Column:
    """A column of an export: the `key` of each row's value, and its `title` in the reader's language."""

    key: str
    title: str


def harmless(text: str) -> str:
    """Return `text` with an apostrophe before what a spreadsheet would run as a formula; a plain number stays as it is."""
    return f"'{text}" if _RUN.match(text) and not _NUMBER.fullmatch(text) else text
