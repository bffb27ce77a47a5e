"""Which of the computed plans fits weights of the goals best: whole numbers alone, so that a browser comes to the same (`frontend/src/weighing.ts`)."""

from __future__ import annotations

from collections.abc import Sequence

from rasad.persian.digits import to_latin

LARGEST = 10
"""The largest weight that can be set."""
FIRST = 5
"""What each goal weighs before anything is set."""


def weight_of(text: str | None) -> int:
    """Return the weight that a field says: a whole number in any digits, cut to 0 to `LARGEST`; what cannot be read is `FIRST`."""
    plain = to_latin(text or "").strip()
    if not plain.isascii() or not plain.isdigit() or len(plain) > 9:
        return FIRST
    return min(int(plain), LARGEST)


def fit(weights: Sequence[int], met: Sequence[int]) -> int:
    """Return how well a plan fits: ⌊Σ weight × met ÷ Σ weight⌋, in hundredths of a per cent. All weights nought: as if all were one."""
    meant = weights if any(weights) else [1] * len(met)
    return sum(weight * one for weight, one in zip(meant, met, strict=True)) // sum(meant)


def best(weights: Sequence[int], plans: Sequence[Sequence[int]]) -> int:
    """Return the place of the plan that fits best, the first of equals."""
    fits = [fit(weights, met) for met in plans]
    return fits.index(max(fits))
