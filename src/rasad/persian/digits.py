"""Digits: Persian (۰–۹), Arabic (٠–٩) and Latin."""

from __future__ import annotations

PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
ARABIC = "٠١٢٣٤٥٦٧٨٩"
LATIN = "0123456789"

DIGIT_MAP: dict[str, str] = {
    **dict(zip(PERSIAN, LATIN, strict=True)),
    **dict(zip(ARABIC, LATIN, strict=True)),
}
"""Every Persian and Arabic digit → its Latin digit; usable column by column."""

THOUSANDS = "٬"
DECIMAL = "٫"
# The mark keeps the sign on the left of the digits in a right-to-left line.
MINUS = "\u200e\u2212"

_TO_LATIN = str.maketrans(DIGIT_MAP)
_TO_PERSIAN = str.maketrans(
    {**dict(zip(LATIN, PERSIAN, strict=True)), **dict(zip(ARABIC, PERSIAN, strict=True))}
)


def to_latin(text: str) -> str:
    """Return `text` with every Persian and Arabic digit as a Latin one."""
    return text.translate(_TO_LATIN)


def to_persian(text: str) -> str:
    """Return `text` with every Latin and Arabic digit as a Persian one."""
    return text.translate(_TO_PERSIAN)


def group(number: int, lang: str) -> str:
    """Return `number` in groups of three: «۱۲٬۳۴۵» for `fa`, "12,345" otherwise. The minus sign leads."""
    text = f"{number:,}"
    if lang != "fa":
        return text
    return to_persian(text.replace(",", THOUSANDS)).replace("-", MINUS)
