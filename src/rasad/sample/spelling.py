"""How an office types: one canonical text → the ي and ی, ZWNJ or space or nothing, digits, separators and dates of its hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from rasad.persian.digits import to_persian
from rasad.sample.wording import MONTH_NAMES

ZWNJ = "\u200c"
_ARABIC = str.maketrans({"ی": "ي", "ک": "ك"})
_ARABIC_YE = str.maketrans({"ی": "ي"})


@dataclass
class Hand:
    """The habits of one office in one year. Shares are between 0 and 1; what is left over is the plain form.

    `dates`: forms with their weights, of "slashes", "loose", "hyphens", "compact", "words", "two_digits".
    """

    random: Random
    arabic: float = 0.0
    spaces: float = 0.0
    joined: float = 0.0
    persian_digits: float = 0.0
    thousands: tuple[str, ...] = ("",)
    dates: dict[str, float] = field(default_factory=lambda: {"slashes": 1.0})
    code_page: bool = False
    """The code page is windows-1256: it has neither ی nor Persian digits."""

    def text(self, text: str) -> str:
        """Return `text` as this hand types it."""
        if not text:
            return text
        if ZWNJ in text:
            chance = self.random.random()
            if chance < self.spaces:
                text = text.replace(ZWNJ, " ")
            elif chance < self.spaces + self.joined:
                text = text.replace(ZWNJ, "")
        if self.code_page:
            return text.translate(_ARABIC if self.random.random() < 0.5 else _ARABIC_YE)
        if self.random.random() < self.arabic:
            text = text.translate(_ARABIC)
        return self.digits(text)

    def digits(self, text: str) -> str:
        """Return `text` in Persian digits or as it is."""
        return to_persian(text) if self.random.random() < self.persian_digits else text

    def amount(self, amount: int, *, parentheses: bool = False) -> str:
        """Return an amount with this hand's separators and digits; in parentheses where it is negative and so wished."""
        separator = self.random.choice(self.thousands)
        text = f"{abs(amount):,}".replace(",", separator)
        if amount < 0:
            text = f"({text})" if parentheses else f"-{text}"
        return text if self.code_page else self.digits(text)

    def date(self, year: int, month: int, day: int) -> str:
        """Return a Jalali date in one of this hand's forms."""
        form = self.random.choices(list(self.dates), weights=list(self.dates.values()))[0]
        if form == "compact":
            return f"{year}{month:02d}{day:02d}"
        if form == "words":
            text = f"{day} {MONTH_NAMES[month - 1]} {year}"
        else:
            text = {
                "slashes": f"{year}/{month:02d}/{day:02d}",
                "loose": f"{year}/{month}/{day}",
                "hyphens": f"{year}-{month:02d}-{day:02d}",
                "two_digits": f"{year % 100:02d}/{month:02d}/{day:02d}",
            }[form]
        return text if self.code_page else self.digits(text)
