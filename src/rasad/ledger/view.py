"""What the ledger says today: lines with their class and supplier, and the masked tables a release is made of."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import polars as pl

from rasad.ledger import durable, masks
from rasad.ledger.classify.judgements import holding, judgements
from rasad.ledger.clean import POLARS_TYPES
from rasad.ledger.continuity import continued, settled
from rasad.ledger.problem_rows import problems
from rasad.ledger.schema import (
    BATCH,
    CLASS_COLUMNS,
    CONTRACT,
    LINE,
    PERSON_KEY,
    PROBLEM,
    SUPPLIER,
    SUPPLIER_COLUMNS,
    TABLES,
    TOMBSTONE,
    Column,
)
from rasad.ledger.suggestions import batch_path, class_path, current, link_path, persons, scope, suggest_all
from rasad.persian.text import search_key

CODED = (("unit_code", "unit"), ("programme_code", "programme"), ("economic_code", "economic"))
LISTED = "persons.txt"
"""In a home: natural persons whom the data officer wants masked, besides those that are recognised. Never published."""
CHUNK = 100_000
"""Lines that are masked at once: enough to be fast, few enough to stay small in memory."""
_CLASS_NAMES = {
    "method": "class_method",
    "rule": "class_rule",
    "version": "class_version",
    "confidence": "class_confidence",
}


def schema_of(columns: tuple[Column, ...]) -> dict[str, pl.DataType | type[pl.DataType]]:
    """Return the Polars schema of declared columns."""
    return {column.name: POLARS_TYPES[column.type] for column in columns}


def added_columns(table: str) -> tuple[Column, ...]:
    """Return what the view adds to a loaded table."""
    return (*CLASS_COLUMNS, *SUPPLIER_COLUMNS) if table == "line" else SUPPLIER_COLUMNS


def view(home: Path, table: str = "line") -> pl.LazyFrame:
    """Return the rows of `table` (line or contract) of all current batches, private: names are not masked.

    Columns: those of the schema, then for lines CLASS_COLUMNS (the latest human judgement, else the suggestion of
    today's rules, else unknown by method none), then SUPPLIER_COLUMNS. Names of codes that a source leaves out are
    filled from the city's other lines. What today's rules have not judged yet is judged and written first.
    """
    suggest_all(home)
    columns = (*TABLES[table].columns, *added_columns(table))
    judged = judged_classes(home)
    frames = [with_suggestions(home, receipt, judged) for receipt in current(home, table)]
    if not frames:
        return pl.LazyFrame(schema=schema_of(columns))
    every = pl.concat([frame.select(column.name for column in columns) for frame in frames])
    return with_code_names(every, code_names(home)) if table == "line" else every


def judged_classes(home: Path) -> pl.DataFrame:
    """Return the class judgement that holds for each line, as `latest` does. What was judged of a line that a newer export continues holds for the line
    that stands for it now."""
    judged = judgements(home)
    if judged.is_empty():
        return judged
    return holding(
        judged.join(continued(home), on="line_id", how="left", maintain_order="left")
        .with_columns(pl.coalesce("now", "line_id").alias("line_id"))
        .drop("now")
    )


def with_suggestions(
    home: Path,
    receipt: dict[str, Any],
    judged: pl.DataFrame,
    wanted: set[str] | None = None,
    *,
    only: pl.Series | None = None,
) -> pl.LazyFrame:
    """Return one batch with class (of lines) and supplier as they hold today, and the supplier's `name_key`: not masked.

    `judged` is what `judged_classes` gives. What today's rules have not judged yet must have been written (`suggest_all`). Where only
    `wanted` columns are asked for, class or supplier is missing if none of it is among them: what is not read need not be joined. `only`: numbers (`line_no`) of the lines that are asked for.
    """
    batch, table = str(receipt["batch"]), str(receipt["table"])
    lines = pl.scan_parquet(batch_path(home, batch))
    # A column that an earlier Rasad did not have is null.
    there = lines.collect_schema()
    new = [column for column in TABLES[table].columns if column.name not in there]
    lines = lines.with_columns(pl.lit(None, POLARS_TYPES[column.type]).alias(column.name) for column in new)
    if only is not None:
        lines = lines.filter(pl.col("line_no").is_in(only.unique().implode()))
    named = [column.name for column in SUPPLIER_COLUMNS]
    if wanted is None or wanted & {"name_key", *named}:
        links = link_path(home, batch, persons(home, str(receipt["source"])))
        found = pl.scan_parquet(links).select("line_no", "name_key", *named)
        lines = lines.join(found, on="line_no", how="left", maintain_order="left")
    classed = wanted is None or bool(wanted & {column.name for column in CLASS_COLUMNS})
    return _with_classes(home, batch, lines, judged) if table == "line" and classed else lines


def _with_classes(home: Path, batch: str, lines: pl.LazyFrame, judged: pl.DataFrame) -> pl.LazyFrame:
    suggested = pl.scan_parquet(class_path(home, batch, scope(home))).rename(_CLASS_NAMES)
    lines = lines.join(suggested, on="line_no", how="left", maintain_order="left")
    if not judged.is_empty():
        human = judged.lazy().select(
            "line_id",
            pl.col("class").alias("human_class"),
            pl.col("mode").alias("human_mode"),
            pl.col("at").alias("human_at"),
        )
        is_human = pl.col("human_class").is_not_null()
        lines = (
            lines.join(human, on="line_id", how="left", maintain_order="left")
            .with_columns(
                pl.coalesce("human_class", "class").alias("class"),
                pl.coalesce("human_mode", "mode").alias("mode"),
                pl.when(is_human)
                .then(pl.lit("person"))
                .otherwise(pl.col("class_method"))
                .alias("class_method"),
                pl.when(is_human)
                .then(pl.lit(None, pl.String))
                .otherwise(pl.col("class_rule"))
                .alias("class_rule"),
                pl.when(is_human)
                .then(pl.col("human_at"))
                .otherwise(pl.col("class_version"))
                .alias("class_version"),
                pl.when(is_human)
                .then(pl.lit(1.0))
                .otherwise(pl.col("class_confidence"))
                .alias("class_confidence"),
            )
            .drop("human_class", "human_mode", "human_at")
        )
    return lines.with_columns(
        pl.col("class").fill_null("unknown"),
        pl.col("mode").fill_null("unknown"),
        pl.col("class_method").fill_null("none"),
    )


def code_names(home: Path) -> dict[str, pl.DataFrame]:
    """Return per code column the name each code bears in the latest year that names it, where that year knows one name only."""
    paths = [batch_path(home, str(receipt["batch"])) for receipt in current(home, "line")]
    names: dict[str, pl.DataFrame] = {}
    for code, name in CODED:
        pairs = [
            pl.scan_parquet(path)
            .select("flow", code, name, "fiscal_year")
            .filter(pl.col(code).is_not_null() & pl.col(name).is_not_null())
            .unique()
            for path in paths
        ]
        by = ["flow", code]
        names[code] = (
            pl.concat(pairs)
            .unique()
            .filter(pl.col("fiscal_year") == pl.col("fiscal_year").max().over(by))
            .group_by(by)
            .agg(pl.col(name).n_unique().alias("names"), pl.col(name).first())
            .filter(pl.col("names") == 1)
            .select(*by, pl.col(name).alias(f"{name}_known"))
            .collect()
        )
    return names


def with_code_names(lines: pl.LazyFrame, names: dict[str, pl.DataFrame]) -> pl.LazyFrame:
    """Fill the names of codes that a source leaves out from `names` (of `code_names`)."""
    for code, name in CODED:
        lines = (
            lines.join(names[code].lazy(), on=["flow", code], how="left", maintain_order="left")
            .with_columns(pl.coalesce(name, f"{name}_known").alias(name))
            .drop(f"{name}_known")
        )
    return lines


# --- the way out ---------------------------------------------------------------------------------------------


def stage_public(home: Path, out_dir: Path) -> dict[str, Path]:
    """Write the tables of a release to `out_dir` as Parquet and return their paths: line, contract, supplier, batch, problem, tombstone.

    Only columns declared public; natural persons masked in every column (see `ledger.masks`); what was found in a
    quarantined cell stays behind. Works chunk by chunk, so memory follows CHUNK and the largest batch, its public columns.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    suggest_all(home)
    known = _persons(home)
    masker = masks.Masker(known)
    names = frozenset(_person_keys(home))
    paths: dict[str, Path] = {}
    for table in (LINE, CONTRACT):
        columns = (*table.public_columns, *added_columns(table.name))
        paths[table.name] = _stage(home, out_dir, table.name, columns, masker, names)
    paths["supplier"] = out_dir / "supplier.parquet"
    _suppliers(paths["line"], paths["contract"]).write_parquet(paths["supplier"])
    paths["batch"] = out_dir / "batch.parquet"
    _batches(home).write_parquet(paths["batch"])
    paths["problem"] = out_dir / "problem.parquet"
    _problems(home).write_parquet(paths["problem"])
    paths["tombstone"] = out_dir / "tombstone.parquet"
    settled(home).select(schema_of(TOMBSTONE.public_columns).keys()).write_parquet(paths["tombstone"])
    return paths


def _links(home: Path) -> list[pl.LazyFrame]:
    return [
        pl.scan_parquet(link_path(home, str(receipt["batch"]), persons(home, str(receipt["source"]))))
        for receipt in current(home)
    ]


def _persons(home: Path) -> masks.Persons:
    """Return the natural persons whom any current batch knows, and those whom the data officer lists."""
    found_names, found_ids = _listed(home)
    for links in _links(home):
        people = (
            links.filter(pl.col("supplier_is_person"))
            .select("supplier_name", "supplier_id")
            .unique()
            .collect()
        )
        found_names.update(people["supplier_name"].drop_nulls())
        found_ids.update(people["supplier_id"].drop_nulls())
    return masks.Persons(tuple(sorted(found_names)), tuple(sorted(found_ids)))


def _listed(home: Path) -> tuple[set[str], set[str]]:
    """Return the names and the ids in the home's `persons.txt`: one a line, what has a digit is an id, `#` begins a remark."""
    path = home / LISTED
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    said = {line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")}
    ids = {one for one in said if any(char.isdigit() for char in one)}
    return said - ids, ids


def _person_keys(home: Path) -> set[str]:
    """Return the name keys that a natural person bears and no valid id does, and those that the data officer lists."""
    listed = {
        order for name in _listed(home)[0] for order in masks.orders(search_key(name).split()) if " " in order
    }
    people: set[str] = set()
    organisations: set[str] = set()
    for links in _links(home):
        keys = (
            links.filter(pl.col("name_key").is_not_null())
            .select("name_key", "supplier_id_kind")
            .unique()
            .collect()
        )
        people.update(keys.filter(pl.col("supplier_id_kind") == "person")["name_key"])
        organisations.update(
            keys.filter(pl.col("supplier_id_kind").is_in(["ir_legal", "es_nif", "eu_vat"]))["name_key"]
        )
    return (people - organisations) | listed


def _stage(
    home: Path,
    out_dir: Path,
    table: str,
    columns: tuple[Column, ...],
    masker: masks.Masker,
    names: frozenset[str],
) -> Path:
    path, parts = out_dir / f"{table}.parquet", out_dir / f".{table}.parts"
    parts.mkdir(parents=True, exist_ok=True)
    known = code_names(home) if table == "line" and current(home, table) else {}
    written: list[Path] = []
    judged = judged_classes(home)
    for number, chunk in enumerate(_chunks(current(home, table))):
        lines = pl.concat([with_suggestions(home, receipt, judged) for receipt in chunk])
        if known:
            lines = with_code_names(lines, known)
        # What is not public is not read. Nothing of a chunk stays in memory behind this line: the whole is packed later.
        shown = lines.select(*(column.name for column in columns), "name_key")
        written.append(_mask(shown, columns, masker, names, parts / f"{number:06}.parquet"))
    with durable.of_system(parts):
        if written:
            pl.scan_parquet(written).sink_parquet(path)
        else:
            pl.DataFrame(schema=schema_of(columns)).write_parquet(path)
    shutil.rmtree(parts)
    return path


def _mask(
    lines: pl.LazyFrame, columns: tuple[Column, ...], masker: masks.Masker, names: frozenset[str], path: Path
) -> Path:
    frame = masker.mask(_same_person(lines.collect(), names))
    with durable.of_system(path.parent):
        # Written once more later, as one file: what is quickly packed and unpacked will do here.
        frame.select(pl.col(column.name).cast(POLARS_TYPES[column.type]) for column in columns).write_parquet(
            path, compression="lz4"
        )
    return path


def _chunks(every: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return the receipts in their order, in groups of about CHUNK lines and of one currency."""
    chunks: list[list[dict[str, Any]]] = []
    room, last = 0, None
    for receipt in every:
        currencies = {amount["currency"] for amount in receipt["amounts"]}
        if room < receipt["lines"] or currencies != last:
            chunks.append([])
            room, last = CHUNK, currencies
        chunks[-1].append(receipt)
        room -= receipt["lines"]
    return chunks


def _same_person(frame: pl.DataFrame, names: frozenset[str]) -> pl.DataFrame:
    """Let a payee known by name only, and by the name of a natural person, be that natural person."""
    same = pl.col("supplier_is_person") | (
        pl.col("supplier_id_kind").is_in(["name", "local"])
        & pl.col("name_key").is_in(list(names)).fill_null(False)
    )
    return frame.with_columns(same.alias("supplier_is_person")).with_columns(
        pl.when("supplier_is_person")
        .then(pl.lit(PERSON_KEY))
        .otherwise(pl.col("supplier"))
        .alias("supplier"),
        pl.when("supplier_is_person")
        .then(pl.lit("person"))
        .otherwise(pl.col("supplier_id_kind"))
        .alias("supplier_id_kind"),
    )


def _suppliers(lines: Path, contracts: Path) -> pl.DataFrame:
    wanted = ["supplier", "supplier_name", "supplier_id", "supplier_id_kind", "supplier_is_person"]
    rows = pl.concat(
        [
            pl.scan_parquet(lines).select(*wanted, pl.lit(1).alias("lines")),
            pl.scan_parquet(contracts).select(*wanted, pl.lit(0).alias("lines")),
        ]
    ).filter(pl.col("supplier").is_not_null())
    spelled = (
        rows.group_by("supplier", "supplier_name")
        .agg(pl.len().alias("times"))
        .sort(["supplier", "times", "supplier_name"], descending=[False, True, False], nulls_last=True)
        .unique("supplier", keep="first", maintain_order=True)
        .select("supplier", pl.col("supplier_name").alias("name"))
    )
    return (
        rows.group_by("supplier")
        .agg(
            pl.col("supplier_id").first(),
            pl.col("supplier_id_kind").first(),
            pl.col("supplier_is_person").first(),
            pl.col("lines").sum().cast(pl.Int64),
        )
        .join(spelled, on="supplier", how="left")
        .select(column.name for column in SUPPLIER.columns)
        .sort("supplier")
        .collect()
    )


def _batches(home: Path) -> pl.DataFrame:
    rows = [
        _batch_row(receipt, amount)
        for receipt in current(home)
        for amount in (receipt.get("amounts") or [{}])
    ]
    return pl.DataFrame(rows, schema=schema_of(BATCH.public_columns), orient="row")


def _batch_row(receipt: dict[str, Any], amount: dict[str, Any]) -> dict[str, Any]:
    file, rows = receipt["file"], receipt["rows"]
    return {
        "batch": receipt["batch"],
        "table": receipt["table"],
        "source": receipt["source"],
        "mapping_version": str(receipt["mapping_version"]),
        "mapping_hash": receipt["mapping_hash"],
        "created_at": receipt["created_at"],
        "file_name": file["name"],
        "file_hash": file["sha256"],
        "file_bytes": file.get("bytes"),
        "encoding": file.get("encoding"),
        "sheet": file.get("sheet"),
        "supersedes": " ".join(receipt.get("supersedes", ())) or None,
        "corrections": " ".join(one["sha256"] for one in receipt.get("corrections", ())) or None,
        "rows_corrected": sum(len(one["rows"]) - len(one["still"]) for one in receipt.get("corrections", ())),
        "lines": receipt["lines"],
        "remainder_lines": receipt.get("remainder_lines", 0),
        **{f"rows_{name}": rows[name] for name in ("in", "stored", "set_aside", "quarantined")},
        "column": amount.get("column"),
        "stage": amount.get("stage"),
        "currency": amount.get("currency"),
        **{
            f"amount_{name}": amount.get(name)
            for name in ("in", "stored", "set_aside", "quarantined", "remainder")
        },
        "unreadable_cells": amount.get("unreadable_cells"),
    }


def _problems(home: Path) -> pl.DataFrame:
    schema = schema_of(PROBLEM.public_columns)
    frames = [pl.DataFrame(schema=schema)]
    for receipt in current(home):
        stated = {
            "batch": receipt["batch"],
            "source": receipt["source"],
            "file_name": receipt["file"]["name"],
        }
        found = problems(home, str(receipt["batch"])).with_columns(
            pl.lit(value).alias(name) for name, value in stated.items()
        )
        frames.append(found.select(pl.col(name).cast(dtype) for name, dtype in schema.items()))
    return pl.concat(frames)
