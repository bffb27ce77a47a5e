"""QuickXplain: a smallest set of limits that contradict each other, by halving (Junker 2004)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Refuted = Callable[[Sequence[str]], bool]
"""Whether the limits given, with what no user wrote, are proven to contradict each other. Monotone: more limits are refuted if fewer are."""


def quickxplain(limits: Sequence[str], refuted: Refuted) -> list[str]:
    """Return a smallest set of `limits`, which are refuted together: refuted itself, and without any one of it no longer.

    Those that stand first are kept where there is a choice. With n limits and k in the answer it asks about 2k · log₂(n ÷ k) + 2k times.
    """
    if not limits or refuted([]):
        return []
    return _conflict([], False, list(limits), refuted)


def _conflict(kept: list[str], grown: bool, limits: list[str], refuted: Refuted) -> list[str]:
    """Return what of `limits` is needed beside `kept`. `grown`: whether `kept` has grown since it was last asked about."""
    if grown and refuted(kept):
        return []
    if len(limits) == 1:
        return limits
    middle = len(limits) // 2
    first, second = limits[:middle], limits[middle:]
    of_second = _conflict([*kept, *first], True, second, refuted)
    of_first = _conflict([*kept, *of_second], bool(of_second), first, refuted)
    return [*of_first, *of_second]
