"""Suggestions on disk: one file per batch and version, beside the batch and never in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import polars as pl

from rasad.ledger import batches, durable
from rasad.ledger import link as links
from rasad.ledger.classify import engine
from rasad.ledger.classify.engine import Scope
from rasad.ledger.classify.rules import rulebook
from rasad.ledger.mapping import Mapping, PersonRule, load_mapping
from rasad.ledger.problems import MappingError
from rasad.ledger.settings import read_toml

CHUNK = 250_000
"""Lines that are judged at once: few enough to stay small in memory."""


def settings(home: Path) -> dict[str, Any]:
    """Return the home's city.toml; an empty table where there is none. MappingError where it is no TOML."""
    path = home / "city.toml"
    return read_toml(path) if path.is_file() else {}


def scope(home: Path) -> Scope:
    """Return the classifier's scope of a home: code scheme, programmes and units of the IT organisation.

    The scheme is `economic_scheme` of city.toml, else the one whose currency and language are the city's.
    """
    city = settings(home).get("city", {})
    scheme = city.get("economic_scheme")
    if scheme is None:
        fitting = [
            one.id
            for one in rulebook().schemes.values()
            if one.currency == city.get("currency") and one.language in city.get("languages", [])
        ]
        scheme = fitting[0] if len(fitting) == 1 else None
    return Scope(
        scheme=scheme,
        it_programmes=tuple(str(code) for code in city.get("it_programmes", ())),
        it_units=tuple(str(code) for code in city.get("it_units", ())),
    )


def current(home: Path, table: str | None = None) -> list[dict[str, Any]]:
    """Return the receipts (as their JSON has them) of the batches that no later batch supersedes, oldest first."""
    return [
        receipt.as_dict() for receipt in batches.receipts(home) if table is None or receipt.table == table
    ]


@lru_cache(maxsize=256)
def _mapping(path: Path, changed: int) -> Mapping:
    return load_mapping(path)


def persons(home: Path, source: str) -> PersonRule | None:
    """Return the natural-person rule of the mapping of `source`, None where the home has no such mapping.

    MappingError where one cannot be read, which may be the one meant: its rule is not to be taken for none.
    """
    unread: MappingError | None = None
    for path in sorted((home / "sources").glob("*.toml")):
        try:
            mapping = _mapping(path, path.stat().st_mtime_ns)
        except MappingError as error:
            unread = unread or error
            continue
        if mapping.id == source:
            return mapping.persons
    if unread:
        raise unread
    return None


def batch_path(home: Path, batch: str) -> Path:
    return batches.folder(home) / f"{batch}.parquet"


def write_whole(frame: pl.DataFrame, path: Path) -> Path:
    """Write `frame` so that the file is there whole or not at all, also after the power went."""
    durable.make_folder(path.parent)
    durable.write(path, frame)
    return path


def _sweep(home: Path) -> None:
    for part in ("classes", "suppliers"):
        for path in (home / "ledger" / part).glob(".*"):
            path.unlink()


def class_path(home: Path, batch: str, city: Scope) -> Path:
    """Return where the suggested classes of a batch stand under today's rules."""
    return home / "ledger" / "classes" / f"{batch}.{engine.version(city)}.parquet"


def link_path(home: Path, batch: str, rule: PersonRule | None) -> Path:
    """Return where the suppliers of a batch stand under today's rules."""
    return home / "ledger" / "suppliers" / f"{batch}.{links.version(rule)}.parquet"


def suggest(home: Path, receipt: dict[str, Any]) -> list[Path]:
    """Write classes (of lines) and suppliers for one batch where today's rules have not judged it yet.

    Returns the paths written. Earlier suggestions stay on record under their own version.
    """
    return _suggest(home, [receipt])


def suggest_all(home: Path) -> list[Path]:
    """Write what is missing for every current batch of a home; returns the paths written."""
    return _suggest(home, current(home))


def _suggest(home: Path, receipts: list[dict[str, Any]]) -> list[Path]:
    city = scope(home)
    written: list[Path] = []
    missing: dict[str | None, list[tuple[dict[str, Any], Path]]] = {}
    rules = {source: persons(home, source) for source in {str(receipt["source"]) for receipt in receipts}}
    for receipt in receipts:
        source, batch = str(receipt["source"]), str(receipt["batch"])
        if receipt["table"] == "line" and not (path := class_path(home, batch, city)).exists():
            missing.setdefault(None, []).append((receipt, path))
        if not (path := link_path(home, batch, rules[source])).exists():
            missing.setdefault(source, []).append((receipt, path))
    tasks = []
    for of_source, wanted in missing.items():
        judge = engine.Classifier(city) if of_source is None else links.Linker(rules[of_source])
        tasks.append(partial(_judge_all, home, wanted, judge))
    if not tasks:
        return written
    # Classes and suppliers do not need one another; two at a time keep the memory to two chunks.
    with writing(home), ThreadPoolExecutor(2) as pool:
        for paths in pool.map(_run, tasks):
            written += paths
    return written


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """Have the folders of suggestions there to write into, beside others who do; what was written has reached the disk when it ends."""
    places = [home / "ledger" / part for part in ("classes", "suppliers")]
    for place in places:
        durable.make_folder(place)
    with durable.together(home / "ledger" / "suggesting", partial(_sweep, home)):
        yield
        for place in places:
            durable.flush(place)


def _run(task: Callable[[], list[Path]]) -> list[Path]:
    return task()


def _judge_all(
    home: Path, wanted: list[tuple[dict[str, Any], Path]], judge: Callable[[pl.LazyFrame], pl.DataFrame]
) -> list[Path]:
    """Judge batches a chunk at a time; the judge remembers what recurs from one to the next."""
    return [path for chunk in chunks(wanted) for path in _judge_together(home, chunk, judge)]


def chunks(wanted: list[tuple[dict[str, Any], Path]]) -> Iterator[list[tuple[dict[str, Any], Path]]]:
    """Yield receipts, each with a path, in their order: as many at once as have about CHUNK lines."""
    chunk: list[tuple[dict[str, Any], Path]] = []
    lines = 0
    for receipt, path in wanted:
        if chunk and lines + receipt["lines"] > CHUNK:
            yield chunk
            chunk, lines = [], 0
        chunk.append((receipt, path))
        lines += receipt["lines"]
    if chunk:
        yield chunk


def _judge_together(
    home: Path,
    chunk: list[tuple[dict[str, Any], Path]],
    judge: Callable[[pl.LazyFrame], pl.DataFrame],
) -> list[Path]:
    """Judge the lines of several batches at once, and write each batch's own part: texts and payees recur from file to file."""
    judged = judge(
        pl.concat([pl.scan_parquet(batch_path(home, str(receipt["batch"]))) for receipt, _ in chunk])
    )
    start, written = 0, []
    for receipt, path in chunk:
        written.append(write_whole(judged.slice(start, receipt["lines"]), path))
        start += receipt["lines"]
    return written
