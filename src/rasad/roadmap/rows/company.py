"""Cuts for least shares: what takes from a share cannot be chosen without enough that gives to it.

A least share is Σ q_i ≥ 0 with what gives (q > 0) and what takes (q < 0). The relaxation pays for a taker with slices of givers; a plan needs whole ones.
With the givers in descending order, a need of d takes at least k(d) of them; so for each taker j: Σ givers chosen ≥ k(d₀) + (k(d_j) − k(d₀)) · chosen_j, where d₀ is
the need of what must be chosen anyway, and d_j that with j. These are cover inequalities (Balas 1975) with the taker lifted in.
"""

from __future__ import annotations

from itertools import accumulate

from rasad.roadmap.rows.building import Sheet, Terms, linear, times

MOST = 20_000
"""Entries that the cuts of one row may have; beyond that only what must be chosen counts."""


def add_company(sheet: Sheet, group: str, terms: Terms) -> None:
    """Add the cuts for the row Σ terms ≥ 0 over step variables."""
    if sheet.named_windows:
        return
    best = _best(sheet, terms)
    must = {at for at, one in enumerate(sheet.problem.initiatives) if one.mandatory or one.frozen is not None}
    need = -sum(value for at, value in best.items() if at in must)
    givers = sorted(((value, at) for at, value in best.items() if value > 0 and at not in must), reverse=True)
    takers = [at for at, value in best.items() if value < 0 and at not in must]
    reached = list(accumulate(value for value, _ in givers))

    def count(needed: int) -> int | None:
        """Return how many givers reach what is needed; None where all together do not."""
        if needed <= 0:
            return 0
        return next((number for number, total in enumerate(reached, 1) if total >= needed), None)

    chosen = [term for _, at in givers for term in sheet.chosen(at)]
    least = count(need)
    if least is None:
        # What must be chosen breaks the row by itself; the row says so.
        return
    if least:
        sheet.row(group, chosen, lower=least)
    if len(takers) * len(chosen) > MOST:
        return
    for at in takers:
        with_it = count(need - best[at])
        if with_it is None:
            sheet.row(group, sheet.chosen(at), upper=0)
        elif with_it > least:
            sheet.row(group, [*chosen, *times(least - with_it, sheet.chosen(at))], lower=least)


def _best(sheet: Sheet, terms: Terms) -> dict[int, int]:
    """Return for each initiative the most that it can give to Σ terms when it is chosen (negative: it takes)."""
    total = linear(terms)
    coefficients = dict(zip(total.columns, total.coefficients, strict=True))
    found: dict[int, int] = {}
    for block in sheet.blocks.values():
        columns = range(block.chosen, block.column - 1, -1)
        best = max(accumulate(coefficients.get(column, 0) for column in columns))
        found[block.initiative] = max(best, found.get(block.initiative, best))
    return found
