"""Dividing a whole in proportion, so that the parts add up."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rasad.persian.apportion import apportion

WHOLES = st.integers(min_value=0, max_value=10**15)
WEIGHTS = st.lists(st.integers(min_value=-(10**14), max_value=10**17), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("whole", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (7, [0, 3, 0, 4], [0, 3, 0, 4]),
        (10, [5, 3, 2], [5, 3, 2]),
        (1_000_000, [1], [1_000_000]),
        (0, [2, 3], [0, 0]),
        # A third of the money came back: its part is below nought, and the others hold more than the whole.
        (90, [4, -1], [120, -30]),
        (10, [7, 7, -4], [7, 7, -4]),
        # Quotas 1.5, 1.5: of equal remainders the earlier comes first.
        (3, [1, 1], [2, 1]),
    ],
)
def test_known_divisions(whole: int, weights: list[int], parts: list[int]) -> None:
    assert apportion(whole, weights) == parts


@given(WHOLES, WEIGHTS)
def test_parts_add_up_and_are_their_quota_rounded_down_or_up(whole: int, weights: list[int]) -> None:
    assume(sum(weights) > 0)
    parts = apportion(whole, weights)
    assert sum(parts) == whole
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(whole * weight, sum(weights))) < 1


@given(WHOLES, st.lists(st.integers(min_value=0, max_value=10**17), min_size=2, max_size=20))
def test_more_money_never_has_a_smaller_part(whole: int, weights: list[int]) -> None:
    assume(sum(weights) > 0)
    parts = apportion(whole, weights)
    by_weight = sorted(zip(weights, parts, strict=True))
    assert all(part <= more for (weight, part), (other, more) in pairwise(by_weight) if weight < other)
    assert all(part == 0 for weight, part in zip(weights, parts, strict=True) if weight == 0)


@given(WHOLES, WEIGHTS, st.integers(min_value=1, max_value=1000))
def test_only_the_proportions_matter(whole: int, weights: list[int], factor: int) -> None:
    assume(sum(weights) > 0)
    assert apportion(whole, weights) == apportion(whole, [weight * factor for weight in weights])


@pytest.mark.parametrize("weights", [[], [0], [5, -5], [1, -2]])
def test_nothing_is_divided_by_nothing(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="nought"):
        apportion(100, weights)
