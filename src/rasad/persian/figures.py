"""The figures people type: whole numbers, decimals and amounts, in any digits, grouped or not. Exact: no float is made."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from rasad.persian.digits import plain_figure

Reason = Literal["empty", "form", "decimals", "large"]

MAX_DIGITS = 18
"""Digits before the decimal mark: a database's integer of 64 bits holds every number of 18."""

_INVISIBLE = re.compile("[\u200b-\u200f\u061c\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_MINUS = re.compile("[\u2212\u2010-\u2013\ufe63\uff0d]")
_SPACE = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000 ]+")
_CURRENCY = re.compile("(?:ریال|﷼|rials?|irr|€|eur|euros?|£|gbp|\\$|usd)", re.IGNORECASE)
_GROUPED = r"\d{1,3}(?:(?P<mark>[,٬' ])\d{3})(?:(?P=mark)\d{3})*"
_NUMBER = re.compile(
    rf"(?:(?P<whole>{_GROUPED}|\d+)(?:\.(?P<part>\d*))?|\.(?P<only>\d+))(?:e(?P<power>[+-]?\d{{1,2}}))?"
)


class FigureError(ValueError):
    """A text is no figure.

    `reason` is `empty`; `form` (no known way to write one); `decimals` (more of them than there may be); or `large`.
    """

    def __init__(self, text: str, reason: Reason) -> None:
        super().__init__(f"{text!r} is no figure: {reason}")
        self.text = text
        self.reason: Reason = reason


def parse_decimal(text: str, *, places: int = 6) -> Decimal:
    """Return the number that `text` writes, with at most `places` decimals. Raises FigureError.

    Forms, in any digits: 1234.5, «۱٬۲۳۴٫۵», 1,234,567, -5, 5-, (5), 1.5e3 as programs write. Groups are of three digits, so that 12,5 is
    refused rather than read as 125.
    """
    plain = (
        _SPACE.sub(" ", _MINUS.sub("-", _INVISIBLE.sub("", plain_figure(text))))
        .strip()
        .replace("٫", ".")
        .lower()
    )
    if not plain:
        raise FigureError(text, "empty")
    negative = plain.startswith(("-", "(")) or plain.endswith("-")
    bare = plain[1:-1] if plain.startswith("(") and plain.endswith(")") else plain
    bare = bare.removesuffix("-") if not bare.startswith("-") else bare
    bare = bare.removeprefix("-").removeprefix("+").strip()
    found = _NUMBER.fullmatch(bare)
    if not found:
        raise FigureError(text, "form")
    whole = re.sub(r"\D", "", found["whole"] or "0").lstrip("0")
    value = Decimal(f"{whole or 0}.{found['part'] or found['only'] or 0}E{found['power'] or 0}")
    if value.adjusted() >= MAX_DIGITS:
        raise FigureError(text, "large")
    if value != round(value, places):
        raise FigureError(text, "decimals")
    value = value.quantize(Decimal(1).scaleb(-places)).normalize()
    value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value
    return -value if negative and value else value


def parse_whole(text: str) -> int:
    """Return the whole number that `text` writes. Raises FigureError."""
    return int(parse_decimal(text, places=0))


def parse_amount(text: str, *, minor_digits: int) -> int:
    """Return an amount in the currency's smallest unit; the currency's name or sign may stand beside it. Raises FigureError.

    Toman is ten rials and for display only: an amount in it is refused, not guessed.
    """
    amount = parse_decimal(_CURRENCY.sub("", text), places=minor_digits).scaleb(minor_digits)
    if amount.adjusted() >= MAX_DIGITS:
        raise FigureError(text, "large")
    return int(amount)
