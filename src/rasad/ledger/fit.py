"""Which mappings an unknown file fits: by the headers that each needs, before a row of it is read by any."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rasad.ledger.mapping import Mapping, Place
from rasad.ledger.propose.tables import Table
from rasad.persian.text import search_key

NEARLY = 0.6
"""The share of the needed headers from which a mapping that does not fit is worth naming, with what is missing."""


@dataclass(frozen=True)
class Fit:
    """How a mapping fits: the headers that the file lacks, how many of the needed it has, and how many of its columns the mapping takes.

    `named`: the city's settings say that files called so are of this source.
    """

    source: str
    missing: tuple[str, ...]
    needed: int
    taken: int
    named: bool

    @property
    def whole(self) -> bool:
        """Whether the file has every column that the mapping needs."""
        return not self.missing


def fits(
    tables: Sequence[Table], mappings: Iterable[Mapping], named: frozenset[str] = frozenset()
) -> list[Fit]:
    """Return the mappings that fit the file, or nearly do, the likeliest first. `named`: sources that the file's name speaks for."""
    found = [fit for mapping in mappings if (fit := _fit(tables, mapping, mapping.id in named)) is not None]
    return sorted(found, key=lambda one: (len(one.missing), not one.named, -one.taken, one.source))


def _fit(tables: Sequence[Table], mapping: Mapping, named: bool) -> Fit | None:
    best: Fit | None = None
    for table in tables:
        fit = _of_table(table, mapping, named)
        if fit is not None and (
            best is None or (len(fit.missing), -fit.taken) < (len(best.missing), -best.taken)
        ):
            best = fit
    return best


def _of_table(table: Table, mapping: Mapping, named: bool) -> Fit | None:
    places: list[Place] = [*mapping.columns.values(), *mapping.amounts]
    if not mapping.file.header:
        # No header on either side: only how wide the table is speaks for it.
        wide = max((place.position or 0 for place in places if not place.optional), default=0)
        if table.header or len(table.columns) != wide:
            return None
        return Fit(mapping.id, (), wide, wide, named)
    there = {search_key(text) for text in table.header if search_key(text)}
    missing = tuple(names[0] for names in mapping.needed if not there & set(map(search_key, names)))
    needed = len(mapping.needed)
    if not needed or len(missing) > needed * (1 - NEARLY):
        return None
    taken = there & {search_key(name) for place in places for name in place.names}
    return Fit(mapping.id, missing, needed, len(taken), named)
