"""The version of a record, or its key, as a form sends it back."""

from __future__ import annotations


def number_in(text: str) -> int:
    """Return the whole number that a form sent; 0, which no record has, where it is none or too long to be one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0
