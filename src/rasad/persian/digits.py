"""Digits: Persian (۰–۹), Arabic (٠–٩) and Latin, of full width too."""

from __future__ import annotations

PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
ARABIC = "٠١٢٣٤٥٦٧٨٩"
LATIN = "0123456789"
FULL_WIDTH = "".join(chr(0xFF10 + digit) for digit in range(10))
"""Latin digits as wide as an ideograph: what some keyboards and scanners give."""

DIGIT_MAP: dict[str, str] = {
    **dict(zip(PERSIAN, LATIN, strict=True)),
    **dict(zip(ARABIC, LATIN, strict=True)),
    **dict(zip(FULL_WIDTH, LATIN, strict=True)),
}
"""Every Persian, Arabic and full-width digit → its Latin digit; usable column by column."""
MARK_MAP: dict[str, str] = {chr(0xFEE0 + ord(mark)): mark for mark in ",.'+-()/"}
"""Every mark of a figure in full width → the plain one."""

THOUSANDS = "٬"
DECIMAL = "٫"
# The mark keeps the sign on the left of the digits in a right-to-left line.
MINUS = "\u200e\u2212"

_TO_LATIN = str.maketrans(DIGIT_MAP)
_TO_PLAIN = str.maketrans({**DIGIT_MAP, **MARK_MAP})
_TO_PERSIAN = str.maketrans(
    {**dict(zip(LATIN, PERSIAN, strict=True)), **dict(zip(ARABIC, PERSIAN, strict=True))}
)


def to_latin(text: str) -> str:
    """Return `text` with every Persian, Arabic and full-width digit as a Latin one."""
    return text.translate(_TO_LATIN)


def plain_figure(text: str) -> str:
    """Return a figure with its digits as Latin ones and its marks as plain ones."""
    return text.translate(_TO_PLAIN)


def to_persian(text: str) -> str:
    """Return `text` with every Latin and Arabic digit as a Persian one."""
    return text.translate(_TO_PERSIAN)


def group(number: int, lang: str) -> str:
    """Return `number` in groups of three: «۱۲٬۳۴۵» for `fa`, "12,345" otherwise. The minus sign leads."""
    text = f"{number:,}"
    if lang != "fa":
        return text
    return to_persian(text.replace(",", THOUSANDS)).replace("-", MINUS)
