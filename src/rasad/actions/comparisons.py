"""Comparing a file with a batch or another file, without loading it."""

from __future__ import annotations

from pathlib import Path

from rasad.actions.batches import prepare
from rasad.ledger import compare
from rasad.ledger.batches import Receipt, lines_in, lines_of
from rasad.ledger.compare import Comparison
from rasad.ledger.mapping import Mapping


def compare_batch(
    *, home: Path, mapping: Mapping, receipt: Receipt, new: Path, params: dict[str, str] | None = None
) -> Comparison:
    """Compare a loaded batch with the file `new`, read with the batch's own parameters unless told otherwise. Raises LedgerError."""
    read = prepare(mapping, new, {**receipt.params, **(params or {})})
    old = lines_of(home, [receipt.batch], receipt.table)
    return compare.compare(old, lines_in(read.sheets, read.grown), mapping.key)


def compare_files(
    *, mapping: Mapping, old: Path, new: Path, params: dict[str, str] | None = None
) -> Comparison:
    """Compare two files of one source. Raises LedgerError."""
    before, after = (prepare(mapping, path, params or {}) for path in (old, new))
    return compare.compare(
        lines_in(before.sheets, before.grown), lines_in(after.sheets, after.grown), mapping.key
    )
