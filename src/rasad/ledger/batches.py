"""Batches: one immutable, hash-named Parquet file per imported file, its quarantine, what was set aside, and its receipt.

The receipt is written last, by renaming: a batch exists if and only if its receipt does, so a crash at any moment leaves the old
state or the new one. Control totals are checked first; where they do not balance nothing is written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from rasad.ledger import durable, kept, tombstones
from rasad.ledger.clean import Cleaned, shaped, total, verbatim
from rasad.ledger.corrections import Corrections
from rasad.ledger.corrections import none as no_corrections
from rasad.ledger.mapping import Mapping, Place
from rasad.ledger.problems import AlreadyLoaded, ControlTotalError, Problem, WriteError
from rasad.ledger.read import Cells, Facts
from rasad.ledger.schema import TABLES
from rasad.ledger.standing import exact
from rasad.ledger.tree import Grown
from rasad.persian.text import search_key


@dataclass(frozen=True)
class AmountTotals:
    """Control totals of one amount column, in the currency's smallest unit: in = stored + set_aside + quarantined.

    Rows in = amounts + `empty_cells` + `unreadable_cells`; neither of these has an amount to count. `remainder` is what the budget-tree rule added; `roots` the sum of the roots.
    """

    column: str
    stage: str
    currency: str
    in_: int
    stored: int
    set_aside: int
    quarantined: int
    unreadable_cells: int
    remainder: int = 0
    roots: int | None = None
    empty_cells: int = 0


@dataclass(frozen=True)
class Receipt:
    """What one import did. `rows` has in, stored, set_aside, quarantined; `lines` counts what was written.

    `repeats`: batches that have lines in common with this one and count beside it: batch, file, lines.
    `corrections`: the files that put rows of the quarantine right, as `ledger.corrections.Corrections` has them.
    """

    batch: str
    table: str
    source: str
    mapping_hash: str
    mapping_version: int
    created_at: str
    file: dict[str, Any]
    params: dict[str, str]
    rows: dict[str, int]
    lines: int
    remainder_lines: int
    amounts: list[AmountTotals]
    problems: dict[str, int]
    aside: dict[str, int]
    fiscal_years: list[int]
    supersedes: list[str] = field(default_factory=list)
    repeats: list[dict[str, Any]] = field(default_factory=list)
    corrections: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return the receipt as its JSON has it (`in`, not `in_`)."""
        data = asdict(self)
        for totals in data["amounts"]:
            totals["in"] = totals.pop("in_")
        return data

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Receipt:
        """Return the receipt that `as_dict` gave."""
        amounts = [
            AmountTotals(**{("in_" if k == "in" else k): v for k, v in one.items()})
            for one in data["amounts"]
        ]
        return Receipt(**{**data, "amounts": amounts})


def folder(home: Path) -> Path:
    """Return where the home keeps its batches."""
    return home / "ledger" / "batches"


def receipts(home: Path) -> list[Receipt]:
    """Return the receipts of every batch that counts (not superseded), oldest first."""
    return counting(all_receipts(home))


def counting(every: list[Receipt]) -> list[Receipt]:
    """Return those of all receipts whose batches count: no later one supersedes them."""
    gone = {batch for receipt in every for batch in receipt.supersedes}
    return [receipt for receipt in every if receipt.batch not in gone]


def all_receipts(home: Path) -> list[Receipt]:
    """Return every receipt, superseded ones too, oldest first."""
    read = []
    for path in folder(home).glob("*.json"):
        about = path.stat()
        read.append(_receipt(path, (about.st_ino, about.st_size, about.st_mtime_ns)))
    return sorted(read, key=lambda receipt: (receipt.created_at, receipt.batch))


@lru_cache(maxsize=10_000)
def _receipt(path: Path, _stamp: tuple[int, int, int]) -> Receipt:
    """A receipt never changes under its name: an import of many files reads those before it once, not once for each file."""
    return Receipt.from_dict(json.loads(path.read_text("utf-8")))


def batch_id(
    facts: Facts,
    mapping: Mapping,
    params: dict[str, str],
    supersedes: list[str],
    corrections: list[dict[str, Any]] | None = None,
) -> str:
    """Return the batch's name: 16 hexadecimal digits of the SHA-256 over file, mapping, parameters, what it supersedes, and what put it right.

    Without what it supersedes, going back to an earlier mapping would name a batch that was superseded before.
    """
    said = [facts.sha256, mapping.id, mapping.hash, params, sorted(supersedes)]
    if corrections:
        said.append([file["sha256"] for file in corrections])
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def refuse_repeat(
    home: Path, facts: Facts, mapping: Mapping, params: dict[str, str], *, replace: bool
) -> list[str]:
    """Return the batches that the new one supersedes. AlreadyLoaded where the same file was loaded before."""
    same = [r for r in receipts(home) if r.file["sha256"] == facts.sha256 and r.source == mapping.id]
    said = (mapping.hash, params)
    identical = next((r for r in same if (r.mapping_hash, r.params) == said), None)
    if identical is not None:
        raise AlreadyLoaded(
            Problem("already_loaded", file=facts.name, found=identical.batch), identical.batch
        )
    if same and not replace:
        raise AlreadyLoaded(Problem("loaded_otherwise", file=facts.name, found=same[0].batch), same[0].batch)
    return [receipt.batch for receipt in same]


@contextmanager
def locked(home: Path, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the ledger for one import at a time. `waiting` is called where another holds it; Busy where it holds it for long."""
    with ExitStack() as held:
        try:
            durable.make_folder(folder(home))
            held.enter_context(durable.alone(home / "ledger" / "lock", home=home, waiting=waiting))
            _sweep(folder(home))
        except OSError as error:
            raise WriteError(Problem("no_place", file=str(home), found=durable.reason(error))) from error
        yield


def _sweep(place: Path) -> None:
    """Remove what an import that was cut off left behind: files of no receipt. Only the holder of the lock may."""
    kept = {path.stem for path in place.glob("*.json") if not path.name.startswith(".")}
    for path in place.iterdir():
        if path.name.startswith(".") or path.name.partition(".")[0] not in kept:
            path.unlink()


def write_batch(
    home: Path,
    *,
    facts: Facts,
    mapping: Mapping,
    params: dict[str, str],
    sheets: list[tuple[Cells, Cleaned]],
    grown: Grown | None,
    supersedes: list[str],
    repeats: list[dict[str, Any]] | None = None,
    corrections: Corrections | None = None,
    base: list[Cells] | None = None,
    now: datetime | None = None,
) -> Receipt:
    """Check the control totals and write the batch, with a tombstone for each line that leaves with what it supersedes.

    `base`: the cells as they arrived, where `sheets` has some put right by `corrections`. They are kept where rows are in quarantine.

    ControlTotalError, and nothing written, where the totals differ.
    """
    table = TABLES[mapping.table]
    corrections = corrections or no_corrections()
    batch = batch_id(facts, mapping, params, supersedes, corrections.files)
    cleaned = [one for _, one in sheets]
    lines = lines_in(sheets, grown).with_columns(
        batch=pl.lit(batch), line_no=pl.int_range(pl.len(), dtype=pl.Int64)
    )
    aside = pl.concat([one.aside for one in cleaned] + ([_parents(sheets, grown, mapping)] if grown else []))
    quarantine = pl.concat([one.quarantine for one in cleaned])
    wrong = pl.concat(
        [one.problems for one in cleaned] + ([_of_trees(grown, sheets, mapping)] if grown else [])
    )
    receipt = Receipt(
        batch=batch,
        table=table.name,
        source=mapping.id,
        mapping_hash=mapping.hash,
        mapping_version=mapping.version,
        created_at=(now or datetime.now(UTC)).isoformat(timespec="microseconds"),
        file={
            "name": facts.name,
            "sha256": facts.sha256,
            "bytes": facts.bytes,
            "compression": facts.compression,
            "format": facts.format,
            "encoding": facts.encoding,
            "delimiter": facts.delimiter,
            "left": list(facts.left),
            "hidden": list(facts.hidden),
            **({"unseen": list(facts.unseen)} if facts.unseen else {}),
            "sheets": [
                {
                    "name": cells.sheet,
                    "header_row": cells.header_row,
                    "columns": cells.names,
                    "width": cells.width,
                }
                for cells, _ in sheets
            ],
        },
        params=params,
        rows=_rows(cleaned, lines, aside),
        lines=lines.height,
        remainder_lines=int((lines["origin"] == "remainder").sum()) if "origin" in lines.columns else 0,
        amounts=_amounts(cleaned, lines, aside, quarantine, grown, mapping, sheets),
        problems=_counts(wrong["code"]),
        aside=_counts(aside["reason"]),
        fiscal_years=sorted(lines["fiscal_year"].unique().to_list()),
        supersedes=supersedes,
        repeats=repeats or [],
        corrections=corrections.files,
    )
    _check(receipt, facts)
    # Cleaned lines have their shape already; what a tree adds to them has not.
    shaped_lines = shaped(lines, table) if grown else lines
    more = {"aside": aside, "quarantine": quarantine, "problems": wrong}
    if quarantine.height or corrections.files:
        more |= kept.frames(base or [cells for cells, _ in sheets], facts, mapping, params)
        more["corrected"] = corrections.rows
    try:
        if supersedes:
            more["tombstones"] = _left(home, receipt, shaped_lines, mapping)
        _write_files(home, receipt, shaped_lines, more)
    except OSError as error:
        # What was written has no receipt; it need not wait for the next import to make room.
        with suppress(OSError):
            _sweep(folder(home))
        raise WriteError(Problem("not_written", file=facts.name, found=durable.reason(error))) from error
    return receipt


def lines_in(sheets: list[tuple[Cells, Cleaned]], grown: Grown | None) -> pl.DataFrame:
    """Return all lines that a file gives."""
    return grown.lines if grown else pl.concat([one.lines for _, one in sheets])


def lines_of(home: Path, batches: list[str], table: str) -> pl.DataFrame:
    """Return the lines of batches of one table; a column that an earlier Rasad did not have is null."""
    frames = [pl.read_parquet(folder(home) / f"{one}.parquet") for one in batches]
    return pl.concat([shaped(one, TABLES[table]) for one in frames])


def _left(home: Path, receipt: Receipt, lines: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Return the tombstones of what leaves with the batches that the receipt supersedes."""
    old = [one for one in receipts(home) if one.batch in receipt.supersedes]
    found = [pl.DataFrame(schema=tombstones.SCHEMA)]
    for table in {one.table for one in old}:
        found.append(
            tombstones.left(
                lines_of(home, [one.batch for one in old if one.table == table], table),
                lines if table == receipt.table else lines.clear(),
                table=table,
                identity=mapping.key,
                batch=receipt.batch,
                at=receipt.created_at,
            )
        )
    return pl.concat(found)


def _parents(sheets: list[tuple[Cells, Cleaned]], grown: Grown, mapping: Mapping) -> pl.DataFrame:
    """Return the parents of budget trees as rows set aside: verbatim, each with its amount per column."""
    found = [sheets[0][1].aside.clear()]
    for cells, one in sheets:
        mine = grown.parents.filter(pl.col("sheet") == cells.sheet).with_columns(
            pl.col("row").cast(pl.UInt32)
        )
        rows = cells.frame.join(mine, on="row", how="semi", maintain_order="left").select(
            pl.lit("parent").alias("reason"), pl.lit(cells.sheet).alias("sheet"), "row", verbatim(cells)
        )
        for i, (flow, stage) in enumerate(_stated(mapping), 1):
            amounts = _of(mine, flow, stage).select("row", pl.col("amount").alias(f"a{i}"))
            rows = rows.join(amounts, on="row", how="left", maintain_order="left")
        found.append(rows.select(one.aside.columns))
    return pl.concat(found)


def _of_trees(grown: Grown, sheets: list[tuple[Cells, Cleaned]], mapping: Mapping) -> pl.DataFrame:
    """Return what is wrong with budget trees as the file would say it: under its own header, in its own currency."""
    rule, digits = mapping.columns["tree_code"], mapping.numbers.minor_digits
    headings = {cells.sheet: _heading(rule, [(cells, cleaned)]) for cells, cleaned in sheets}
    found = grown.problems
    return found.with_columns(
        pl.Series("column", [headings.get(sheet, "") for sheet in found["sheet"]], dtype=pl.String),
        *(
            pl.Series(name, [exact(int(one), digits) for one in found[name]], dtype=pl.String)
            for name in ("found", "expected")
        ),
    )


def _rows(cleaned: list[Cleaned], lines: pl.DataFrame, aside: pl.DataFrame) -> dict[str, int]:
    own = lines.filter(pl.col("origin") == "row") if "origin" in lines.columns else lines
    # A row may hold others at one stage and stand by itself at another: it counts once, as set aside.
    place = ["sheet", "row"] if len(cleaned) > 1 else ["row"]
    kept = aside.select("sheet", pl.col("row").cast(pl.Int64)).select(place)
    stored = own.select("sheet", pl.col("row").cast(pl.Int64)).select(place).unique()
    stored = stored.join(kept, on=place, how="anti")
    return {
        "in": sum(one.rows_in for one in cleaned),
        "stored": stored.height,
        "set_aside": aside.height,
        "quarantined": sum(one.quarantine.height for one in cleaned),
    }


def _stated(mapping: Mapping) -> list[tuple[str, str]]:
    """Return flow and stage of each amount column."""
    flow = mapping.constants.get("flow", "expense")
    return [(rule.flow or flow, rule.stage or mapping.table) for rule in mapping.amounts]


def _amounts(
    cleaned: list[Cleaned],
    lines: pl.DataFrame,
    aside: pl.DataFrame,
    quarantine: pl.DataFrame,
    grown: Grown | None,
    mapping: Mapping,
    sheets: list[tuple[Cells, Cleaned]],
) -> list[AmountTotals]:
    found = []
    own = lines.filter(pl.col("origin") == "row") if "origin" in lines.columns else lines
    for i, (rule, (flow, stage)) in enumerate(zip(mapping.amounts, _stated(mapping), strict=True), 1):
        name, tree = f"a{i}", f"{flow}/{stage}"
        found.append(
            AmountTotals(
                column=_heading(rule, sheets),
                stage=stage,
                currency=mapping.numbers.currency,
                in_=sum(one.amounts_in[i - 1] for one in cleaned),
                stored=total(_of(own, flow, stage)["amount"]),
                set_aside=total(aside[name]),
                quarantined=total(quarantine[name]),
                unreadable_cells=sum(one.unreadable[i - 1] for one in cleaned),
                remainder=grown.remainders.get(tree, 0) if grown else 0,
                roots=grown.roots.get(tree, 0) if grown else None,
                empty_cells=sum(one.empty[i - 1] for one in cleaned),
            )
        )
    return found


def _of(lines: pl.DataFrame, flow: str, stage: str) -> pl.DataFrame:
    if "stage" not in lines.columns:
        return lines
    return lines.filter((pl.col("flow") == flow) & (pl.col("stage") == stage))


def _heading(rule: Place, sheets: list[tuple[Cells, Cleaned]]) -> str:
    """Return the header under which the amounts stood in the first sheet that has it, or their position."""
    if rule.position is not None:
        return str(rule.position)
    keys = [search_key(alias) for alias in rule.names]
    headers = [header for cells, _ in sheets for header in cells.header]
    return next((header for header in headers if search_key(header) in keys), rule.names[0])


def _counts(series: pl.Series) -> dict[str, int]:
    return {code: int(count) for code, count in series.value_counts().sort(series.name).iter_rows()}


def _check(receipt: Receipt, facts: Facts) -> None:
    rows = receipt.rows
    kept = rows["stored"] + rows["set_aside"] + rows["quarantined"]
    if rows["in"] != kept:
        problem = Problem(
            "control_totals", file=facts.name, column="rows", expected=str(rows["in"]), found=str(kept)
        )
        raise ControlTotalError(problem)
    for totals in receipt.amounts:
        kept = totals.stored + totals.set_aside + totals.quarantined
        if totals.in_ != kept:
            raise ControlTotalError(
                Problem(
                    "control_totals",
                    file=facts.name,
                    column=totals.column,
                    expected=str(totals.in_),
                    found=str(kept),
                )
            )
        if totals.roots is not None and totals.roots != totals.stored + totals.remainder:
            found = str(totals.stored + totals.remainder)
            raise ControlTotalError(
                Problem(
                    "control_totals",
                    file=facts.name,
                    column=totals.column,
                    expected=str(totals.roots),
                    found=found,
                )
            )


def _write_files(home: Path, receipt: Receipt, lines: pl.DataFrame, more: dict[str, pl.DataFrame]) -> None:
    """Write what there is, then the receipt; the folder is flushed before and after it."""
    place = folder(home)
    durable.write(place / f"{receipt.batch}.parquet", lines)
    for suffix, frame in more.items():
        if frame.height:
            durable.write(place / f"{receipt.batch}.{suffix}.parquet", frame)
    durable.flush(place)
    text = json.dumps(receipt.as_dict(), ensure_ascii=False, indent=1, sort_keys=True)
    durable.write(place / f"{receipt.batch}.json", text)
    durable.flush(place)
