"""Sources: a mapping proposed for unknown files, and a mapping tried on a file with nothing written."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from rasad.actions.batches import take_in
from rasad.ledger.batches import Receipt, lines_of, quarantined_rows
from rasad.ledger.mapping import Mapping
from rasad.ledger.problems import Problem
from rasad.ledger.propose import Proposal, propose

__all__ = ["Proposal", "Trial", "propose", "try_source"]

OWN = frozenset(
    "line_id line_no batch source file_name file_hash sheet origin book currency title_key".split()
)
"""Columns that the ledger writes itself, and that say nothing about the mapping."""


@dataclass(frozen=True)
class Trial:
    """What an import would do: its receipt, the first lines by column (values as the table has them), and the first problems."""

    receipt: Receipt
    lines: list[dict[str, Any]]
    problems: list[Problem]


def try_source(
    *, mapping: Mapping, path: Path, params: dict[str, str] | None = None, rows: int = 10
) -> Trial:
    """Import the file into a folder that is thrown away, by the very steps of an import. Raises LedgerError as an import would."""
    with tempfile.TemporaryDirectory(prefix="rasad-source-") as folder:
        home = Path(folder)
        receipt = take_in(home=home, mapping=mapping, path=path, params=params)
        lines = lines_of(home, [receipt.batch], receipt.table).head(rows).to_dicts()
        wrong = [
            Problem(file=path.name, sheet=row["sheet"], row=row["row"], **problem)
            for row in islice(quarantined_rows(home, receipt), rows)
            for problem in row["problems"]
        ]
        return Trial(receipt, [{k: v for k, v in line.items() if k not in OWN} for line in lines], wrong)
