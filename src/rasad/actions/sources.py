"""Sources: which of them a file fits, a mapping proposed for files that fit none, and a mapping tried on a file with nothing written."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from rasad.actions.batches import Progress, live_of, prepare, take_in
from rasad.actions.cities import sources
from rasad.ledger import durable, overlap, tombstones
from rasad.ledger.batches import Receipt, folder, lines_in, lines_of, refuse_repeat, write_batch
from rasad.ledger.compare import Comparison, compare
from rasad.ledger.fit import Fit
from rasad.ledger.fit import fits as fits_of
from rasad.ledger.mapping import Mapping, load_mapping
from rasad.ledger.problem_rows import quarantined_rows, standing
from rasad.ledger.problems import LedgerError, Problem
from rasad.ledger.propose import Proposal, propose
from rasad.ledger.propose.tables import Table

__all__ = ["Against", "Fit", "Proposal", "Trial", "fits", "propose", "try_against", "try_source"]

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


@dataclass(frozen=True)
class Against:
    """What a file meets in the ledger.

    again: batches of the same period that it says again. reread: batches of the same file, read by another mapping. repeats: batches with
    lines in common that would count beside it (batch, file, lines). comparison: of `again` and `reread` together with the file. live: the
    source's batches that count now.
    """

    again: list[str] = field(default_factory=list)
    reread: list[str] = field(default_factory=list)
    repeats: list[dict[str, Any]] = field(default_factory=list)
    comparison: Comparison | None = None
    live: list[str] = field(default_factory=list)


def try_source(
    *, mapping: Mapping, path: Path, params: dict[str, str] | None = None, rows: int = 10
) -> Trial:
    """Import the file into a folder that is thrown away, by the very steps of an import. Raises LedgerError as an import would."""
    with tempfile.TemporaryDirectory(prefix="rasad-source-") as place:
        home = Path(place)
        receipt = take_in(home=home, mapping=mapping, path=path, params=params)
        return _trial(home, receipt, path.name, rows)


def try_against(
    *,
    home: Path,
    mapping: Mapping,
    path: Path,
    params: dict[str, str],
    where: str = "",
    rows: int = 10,
    progress: Progress | None = None,
) -> tuple[Trial, Against]:
    """Try a mapping on a file as `try_source` does, and compare the file with what the home's ledger holds of the source.

    Raises LedgerError as an import would; AlreadyLoaded where the ledger has the very same.
    """
    say = progress or (lambda what, done, total: None)
    # Before the ledger is read: what comes meanwhile is then known to have come.
    live = live_of(home, mapping.id)
    prepared = prepare(mapping, path, params, say=say, where=where)
    reread = refuse_repeat(home, prepared.facts, mapping, params, replace=True)
    lines = lines_in(prepared.sheets, prepared.grown)
    with tempfile.TemporaryDirectory(prefix="rasad-source-") as place:
        durable.make_folder(folder(Path(place)))
        receipt = write_batch(
            Path(place),
            facts=prepared.facts,
            mapping=mapping,
            params=params,
            sheets=prepared.sheets,
            grown=prepared.grown,
            supersedes=[],
        )
        trial = _trial(Path(place), receipt, prepared.facts.name, rows)
    say("comparing", 3, 4)
    found = overlap.overlaps(home, mapping, prepared.facts.name, lines, but=reread)
    again = [one.batch for one in found if one.again]
    against = Against(
        again=again,
        reread=reread,
        repeats=[
            {"batch": one.batch, "file": one.file, "lines": one.lines}
            for one in found
            if one.lines and not one.again
        ],
        comparison=compare(lines_of(home, [*reread, *again], mapping.table), lines, mapping.key)
        if reread or again
        else None,
        live=live,
    )
    say("done", 4, 4)
    return trial, against


def _trial(home: Path, receipt: Receipt, name: str, rows: int) -> Trial:
    lines = lines_of(home, [receipt.batch], receipt.table).head(rows).to_dicts()
    wrong = [
        Problem(file=name, sheet=row["sheet"], row=row["row"], **problem)
        for row in islice(quarantined_rows(home, receipt), rows)
        for problem in row["problems"]
    ]
    wrong += [Problem(file=name, **problem) for problem in standing(home, receipt)[:rows]]
    return Trial(receipt, [{k: v for k, v in line.items() if k not in OWN} for line in lines], wrong)


def fits(*, home: Path, tables: Sequence[Table], name: str) -> list[Fit]:
    """Return the home's sources that the tables of a file called `name` fit, or nearly do, the likeliest first.

    A mapping that cannot be read is no source that fits; `rasad source test` says what is wrong with it.
    """
    mappings = []
    for path in sources(home).values():
        try:
            mappings.append(load_mapping(path))
        except LedgerError:
            continue
    return fits_of(tables, mappings, _named(home, name))


def left_with(home: Path, receipt: Receipt) -> dict[str, int]:
    """Return how many lines left with the batches that a batch superseded, by how they left (see `ledger.schema.HOWS`)."""
    return tombstones.counts(folder(home), receipt.batch)


def _named(home: Path, name: str) -> frozenset[str]:
    """Return the sources whose files are called so, as the city's settings have it."""
    path = home / "city.toml"
    entries = tomllib.loads(path.read_text("utf-8")).get("load", []) if path.is_file() else []
    return frozenset(
        str(entry["source"]) for entry in entries if fnmatch(name, PurePosixPath(entry["files"]).name)
    )
