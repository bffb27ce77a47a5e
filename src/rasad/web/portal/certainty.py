"""Shares of classes, and when they are withheld because too much of the money has no known class."""

from __future__ import annotations

from dataclasses import replace

from rasad.release.reader import IT_CLASSES, Breakdown

WITHHELD_ABOVE = 0.10
"""Share of money of unknown class above which no share of a class among IT spending is told (measure M1)."""


def only_it(classes: Breakdown) -> Breakdown:
    """Return the six classes of IT spending out of all classes, with shares of their own total; without shares where they are withheld."""
    rows = [row for row in classes.rows if row.key in IT_CLASSES]
    whole = sum(row.amount for row in rows)
    told = whole and not withheld(classes)
    return replace(
        classes,
        rows=[replace(row, share=row.amount / whole if told else None) for row in rows],
        groups=len(rows),
        total_amount=whole,
        total_lines=sum(row.lines for row in rows),
    )


def unknown_share(classes: Breakdown) -> float | None:
    """Return the share of all money whose class nobody could tell; None where there is no money."""
    if not classes.total_amount:
        return None
    return sum(row.amount for row in classes.rows if row.key == "unknown") / classes.total_amount


def withheld(classes: Breakdown) -> bool:
    """Return whether shares among IT spending are not told: the unknown could turn them over."""
    share = unknown_share(classes)
    return share is not None and share > WITHHELD_ABOVE


def hardware_share(classes: Breakdown) -> float | None:
    """Return hardware ÷ IT spending; None where there is no IT spending or the share is withheld."""
    it = only_it(classes)
    if not it.total_amount or withheld(classes):
        return None
    return sum(row.amount for row in it.rows if row.key == "hardware") / it.total_amount
