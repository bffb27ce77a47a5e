"""Iranian identifiers with check digits: national id (کد ملی), legal-entity id (شناسه ملی), Sheba (IBAN).

The `is_…` functions judge the text as it is (in any digits, but with no spaces or hyphens); `national_id`, `legal_id` and `sheba` take
it as people type it, parted by spaces, hyphens, dots or slashes, and return the one written form, or None.
"""

from __future__ import annotations

import re

from rasad.persian.digits import to_latin
from rasad.persian.text import normalise

_SHORTENED = re.compile(r"[+-]?[0-9](?:[.,٫][0-9]+)?[eE]\+[0-9]{1,3}")
_LEGAL_WEIGHTS = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)


def compact(text: str) -> str:
    """Return the letters and digits of `text` alone: plain digits, one ی and ک, capitals, no spaces, signs or invisible marks."""
    plain = to_latin(text)
    if plain.isascii() and plain.isalnum():
        # As most are written: there is nothing to take away.
        return plain.upper()
    return "".join(char for char in normalise(text).upper() if char.isalnum())


def is_shortened(text: str) -> bool:
    """Return whether `text` is a long number as spreadsheets show and export it, 1.40312E+12: its last digits are lost, and others begin alike."""
    return _SHORTENED.fullmatch(to_latin(text).strip()) is not None


def is_national_id(text: str) -> bool:
    """Return whether `text` is a natural person's national id: ten digits, the last a check digit mod 11.

    Eight- and nine-digit forms, as systems that drop leading zeros write them, are accepted. Ten equal digits are not.
    """
    digits = to_latin(text)
    if not _plain(digits) or not 8 <= len(digits) <= 10:
        return False
    digits = digits.zfill(10)
    if len(set(digits)) == 1:
        return False
    remainder = sum(int(digit) * (10 - i) for i, digit in enumerate(digits[:9])) % 11
    return int(digits[9]) == (remainder if remainder < 2 else 11 - remainder)


def is_legal_id(text: str) -> bool:
    """Return whether `text` is a legal entity's national id: eleven digits, the last a check digit.

    The tenth digit plus two is added to each of the first ten, these are weighted by 29, 27, 23, 19, 17 twice; the sum mod 11
    (10 counting as 0) is the check digit.
    """
    digits = to_latin(text)
    if len(digits) != 11 or not _plain(digits) or int(digits[3:9]) == 0:
        return False
    add = int(digits[9]) + 2
    total = sum(
        (int(digit) + add) * weight for digit, weight in zip(digits[:10], _LEGAL_WEIGHTS, strict=True)
    )
    remainder = total % 11
    return int(digits[10]) == (0 if remainder == 10 else remainder)


def is_sheba(text: str) -> bool:
    """Return whether `text` is an Iranian IBAN: IR (or nothing), two check digits 02 to 98 (ISO 7064 mod 97-10), 22 digits."""
    iban = to_latin(text).upper()
    if len(iban) == 24 and _plain(iban):
        iban = "IR" + iban
    if len(iban) != 26 or not iban.startswith("IR") or not _plain(iban[2:]):
        return False
    # 18 and 27 stand for I and R. 00, 01 and 99 would pass the sum, but are never given out.
    return "02" <= iban[2:4] <= "98" and int(iban[4:] + "1827" + iban[2:4]) % 97 == 1


def national_id(text: str) -> str | None:
    """Return the ten digits of a valid national id, else None."""
    digits = compact(text)
    return digits.zfill(10) if is_national_id(digits) else None


def legal_id(text: str) -> str | None:
    """Return the eleven digits of a valid legal-entity id, else None."""
    digits = compact(text)
    return digits if is_legal_id(digits) else None


def sheba(text: str) -> str | None:
    """Return IR and 24 digits of a valid Sheba, else None."""
    iban = compact(text)
    if not is_sheba(iban):
        return None
    return iban if iban.startswith("IR") else "IR" + iban


def _plain(text: str) -> bool:
    return text.isascii() and text.isdigit()
