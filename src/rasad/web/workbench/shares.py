"""Shares as people write them: percent, in any digits, to basis points."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from rasad.ledger.allocate import WHOLE_BP
from rasad.persian.digits import to_latin


class ShareError(ValueError):
    """A text that is no share; the message is in the reader's language."""


def basis_points(text: str) -> int:
    """Return a share in basis points from percent ("60", «۳۳٫۳۳», "12.5 %"); the whole where nothing is written. ShareError where it is none."""
    plain = to_latin(text).replace("٫", ".").replace(",", ".").replace("٪", "").replace("%", "").strip()
    if not plain:
        return WHOLE_BP
    try:
        share = Decimal(plain) * 100
    except InvalidOperation:
        share = Decimal("NaN")
    if not share.is_finite() or share != share.to_integral_value() or not 1 <= share <= WHOLE_BP:
        raise ShareError(
            _("“%(found)s” is no share; expected percent, above 0 and up to 100, with two decimals at most.")
            % {"found": text[:20]}
        )
    return int(share)
