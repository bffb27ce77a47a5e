"""Drawing factors from reference classes: stratified, correlated as far as the classes share what moves them, and the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.uncertainty.classes import Empirical, Fixed, Lognormal, Spread, Triangular, Uncertainty
from rasad.roadmap.verify import Work

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Factors:
    """What becomes of cost and duration: a row for each draw, a column for each piece of work; 1 is as planned."""

    cost: Floats
    duration: Floats


def draw(uncertainty: Uncertainty, works: Sequence[Work], draws: int, random: np.random.Generator) -> Factors:
    """Return factors for every draw.

    Each column has each of `draws` equally probable values of its distribution once, in an order that is random and leans on what is common to all (a Gaussian
    copula with one factor; Latin hypercube sampling, McKay and others 1979).
    """
    shared = uncertainty.shared / WHOLE_SHARE
    columns = []
    for kind in ("cost", "duration"):
        common = random.standard_normal(draws)
        found = np.ones((draws, len(works)))
        for at, work in enumerate(works):
            leaning = np.sqrt(shared) * common + np.sqrt(1 - shared) * random.standard_normal(draws)
            spread = spread_of(uncertainty, work, kind)
            if not isinstance(spread, Fixed) or spread.factor != WHOLE_SHARE:
                ranks = np.argsort(np.argsort(leaning))
                found[:, at] = quantiles(spread, (np.arange(draws) + 0.5) / draws)[ranks]
        columns.append(found)
    return Factors(*columns)


def spread_of(uncertainty: Uncertainty, work: Work, kind: str) -> Spread:
    """Return the distribution of an initiative's cost or duration; as planned where it has no class."""
    found = uncertainty.class_of(work.initiative)
    if found is None:
        return Fixed()
    return found.cost if kind == "cost" else found.duration


def quantiles(spread: Spread, shares: Floats) -> Floats:
    """Return the factors (1 is as planned) that are not passed in these shares of cases."""
    return _quantiles(spread, shares) / WHOLE_SHARE


def _quantiles(spread: Spread, shares: Floats) -> Floats:
    if isinstance(spread, Empirical):
        known = np.sort(np.array(spread.factors, dtype=float))
        return np.asarray(np.interp(shares, (np.arange(len(known)) + 0.5) / len(known), known))
    if isinstance(spread, Triangular):
        low, mode, high = float(spread.low), float(spread.mode), float(spread.high)
        if low == high:
            return np.full_like(shares, low)
        rising = shares < (mode - low) / (high - low)
        up = low + np.sqrt(shares * (high - low) * (mode - low))
        down = high - np.sqrt((1 - shares) * (high - low) * (high - mode))
        return np.where(rising, up, down)
    if isinstance(spread, Lognormal):
        sigma = np.log(spread.ninetieth / spread.median) / NormalDist().inv_cdf(0.9)
        return np.asarray(spread.median * np.exp(sigma * _normal(tuple(shares))))
    return np.full_like(shares, float(spread.factor))


@lru_cache(maxsize=4)
def _normal(shares: tuple[float, ...]) -> Floats:
    normal = NormalDist()
    return np.array([normal.inv_cdf(share) for share in shares])
