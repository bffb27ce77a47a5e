"""Dividing a whole amount in proportion so that the parts add up to it exactly."""

from __future__ import annotations

from collections.abc import Sequence


def apportion(whole: int, weights: Sequence[int]) -> list[int]:
    """Return whole numbers, one beside each weight, in proportion to the weights; their sum is `whole`.

    By largest remainders (Hamilton): every part is its exact quota rounded down or up. Of equal remainders the earlier weight comes first. A
    negative weight (more was paid back than paid) has a negative part. ValueError where the weights add up to nothing or to less.
    """
    total = sum(weights)
    if total <= 0:
        raise ValueError("weights must add up to more than nought")
    quotas = [divmod(whole * weight, total) for weight in weights]
    parts = [floor for floor, _rest in quotas]
    # Rests are counted in parts of `total`; what is missing is fewer than the rests that are not nought.
    missing = whole - sum(parts)
    for place in sorted(range(len(quotas)), key=lambda at: -quotas[at][1])[:missing]:
        parts[place] += 1
    return parts
