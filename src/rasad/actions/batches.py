"""Importing files: from an office's export to a batch with its suggestions."""

from __future__ import annotations

import dataclasses
import tomllib
from collections import deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rasad.actions.cities import source_file, sources
from rasad.ledger import corrections, overlap, suggestions
from rasad.ledger.batches import Receipt, folder, lines_in, locked, receipts, refuse_repeat, write_batch
from rasad.ledger.clean import Cleaned, clean
from rasad.ledger.corrections import Corrections
from rasad.ledger.durable import reason
from rasad.ledger.judging import Judged, Judges, judges_of
from rasad.ledger.mapping import Mapping, load_mapping
from rasad.ledger.markers import Marked, is_marked
from rasad.ledger.overlap import Overlapping
from rasad.ledger.problems import AlreadyLoaded, FileError, MappingError, Problem, WriteError
from rasad.ledger.read import Cells, Facts, read
from rasad.ledger.tree import Grown, grow

Progress = Callable[[str, int, int], None]
AHEAD = 2
"""Files of a city that are read and cleaned while another is written."""


@dataclass(frozen=True)
class Load:
    """One file of a city's data folder, the source it belongs to, and its parameters."""

    source: str
    path: Path
    params: dict[str, str]


def import_file(
    *,
    home: Path,
    mapping: Mapping,
    path: Path,
    params: dict[str, str] | None = None,
    replace: bool = False,
    add: bool = False,
    seen: Collection[str] | None = None,
    where: str = "",
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Receipt:
    """Import one file into the home's ledger, suggest its classes and suppliers, and return its receipt.

    A file that says again what is loaded raises Overlapping with the comparison, unless it is told to `replace` (supersede) what it
    overlaps, or to `add`: its rows are further ones. Raises LedgerError; then nothing was written, but where the problem is
    `not_judged`: then the batch stands. `seen` and `where`: see `take_in`.
    """
    say, params = progress or _silent, params or {}
    with judges_of(home) as judges:
        prepared = _prepare(home, mapping, path, params, replace, say, where, judges)
        receipt = _write(
            home,
            mapping,
            params,
            prepared,
            replace=replace,
            add=add,
            seen=seen,
            now=now,
            say=say,
            judges=judges,
        )
    say("classes and suppliers", 3, 4)
    suggest(home, receipt, path)
    say("done", 4, 4)
    return receipt


def suggest(home: Path, receipt: Receipt, path: Path) -> None:
    """Suggest classes and suppliers of a batch that was written, where they are missing. WriteError where the disk does not take them; the batch stands."""
    try:
        suggestions.suggest(home, receipt.as_dict())
    except OSError as error:
        raise WriteError(Problem("not_judged", file=path.name, found=reason(error))) from error


def take_in(
    *,
    home: Path,
    mapping: Mapping,
    path: Path,
    params: dict[str, str] | None = None,
    replace: bool = False,
    add: bool = False,
    seen: Collection[str] | None = None,
    where: str = "",
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Receipt:
    """Read, clean and write one file as a batch, without suggestions. Raises LedgerError; then nothing was written.

    `seen`: the source's batches that counted when whoever asks decided; where others count by now, nothing is written. `where` stands
    for the file's path where a year is sought in it.
    """
    params = params or {}
    say = progress or _silent
    prepared = _prepare(home, mapping, path, params, replace, say, where)
    return _write(home, mapping, params, prepared, replace=replace, add=add, seen=seen, now=now, say=say)


@dataclass(frozen=True)
class Prepared:
    """A file read and cleaned: all that is left is to write it."""

    facts: Facts
    sheets: list[tuple[Cells, Cleaned]]
    grown: Grown | None
    judged: Judged | None = None


def _prepare(
    home: Path,
    mapping: Mapping,
    path: Path,
    params: dict[str, str],
    replace: bool,
    say: Progress,
    where: str = "",
    judges: Judges | None = None,
) -> Prepared:
    def known(facts: Facts) -> None:
        refuse_repeat(home, facts, mapping, params, replace=replace)

    found = prepare(mapping, path, params, known=known, say=say, where=where)
    if judges is None:
        return found
    lines = lines_in(found.sheets, found.grown)
    return dataclasses.replace(found, judged=judges.judge(mapping.id, mapping.table, lines))


def prepare(
    mapping: Mapping,
    path: Path,
    params: dict[str, str],
    *,
    known: Callable[[Facts], None] | None = None,
    say: Progress | None = None,
    where: str = "",
) -> Prepared:
    """Read and clean a file. Raises LedgerError; `known` may, once it is known which file it is."""
    say = say or _silent
    say("reading", 0, 4)
    facts, sheets = read(path, mapping, where=where)
    if is_marked(sheets):
        raise Marked(Problem("marked", file=path.name))
    if known:
        known(facts)
    say("cleaning", 1, 4)
    cleaned = [
        (cells, clean(cells, facts, mapping, params, number)) for number, cells in enumerate(sheets, 1)
    ]
    grown = grow([one.lines for _, one in cleaned], mapping.trees) if mapping.trees else None
    say("writing", 2, 4)
    return Prepared(facts, cleaned, grown)


def _write(
    home: Path,
    mapping: Mapping,
    params: dict[str, str],
    prepared: Prepared,
    *,
    replace: bool = False,
    add: bool = False,
    seen: Collection[str] | None = None,
    now: datetime | None = None,
    say: Progress | None = None,
    judges: Judges | None = None,
) -> Receipt:
    say = say or _silent
    with locked(home, lambda: say("waiting for another import to end", 2, 4)):
        # Asked again: another import may have written the same file while this one was reading.
        supersedes = refuse_repeat(home, prepared.facts, mapping, params, replace=replace)
        if seen is not None and set(seen) != set(live_of(home, mapping.id)):
            raise WriteError(Problem("changed_meanwhile", file=prepared.facts.name, found=mapping.id))
        name, lines = prepared.facts.name, lines_in(prepared.sheets, prepared.grown)
        found = overlap.overlaps(home, mapping, name, lines, but=supersedes)
        if not (replace or add):
            overlap.refuse(home, mapping, name, lines, found)
        if replace and not add:
            supersedes += [one.batch for one in found if one.again]
        sheets, grown, base, kept = _with_corrections(home, mapping, params, prepared, supersedes)
        receipt = write_batch(
            home,
            facts=prepared.facts,
            mapping=mapping,
            params=params,
            sheets=sheets,
            grown=grown,
            base=base,
            corrections=kept,
            supersedes=supersedes,
            repeats=[
                {"batch": one.batch, "file": one.file, "lines": one.lines}
                for one in found
                if one.lines and one.batch not in supersedes
            ],
            now=now,
        )
    if judges and prepared.judged and kept is None:
        # Where the disk does not take it, it is judged again at the end, and said.
        with suppress(OSError):
            judges.keep(receipt, prepared.judged)
    return receipt


def live_of(home: Path, source: str) -> list[str]:
    """Return the batches of a source that count, oldest first."""
    return [receipt.batch for receipt in receipts(home) if receipt.source == source]


def _with_corrections(
    home: Path, mapping: Mapping, params: dict[str, str], prepared: Prepared, supersedes: list[str]
) -> tuple[list[tuple[Cells, Cleaned]], Grown | None, list[Cells] | None, Corrections | None]:
    """Return the file's content with what was put right of it before, where it is loaded again by other rules and they cannot read it either."""
    for receipt in receipts(home):
        if receipt.batch not in supersedes or receipt.file["sha256"] != prepared.facts.sha256:
            continue
        known = corrections.of(folder(home), receipt.batch, receipt.corrections)
        known = corrections.still_wrong(known, [cleaned for _, cleaned in prepared.sheets])
        if known.files:
            base = [cells for cells, _ in prepared.sheets]
            done = corrections.apply(base, known, prepared.facts, mapping, params)
            return done.sheets, done.grown, done.base, done.corrections
    return prepared.sheets, prepared.grown, None, None


def _silent(what: str, done: int, total: int) -> None:
    return None


def load_city(
    *, home: Path, pack: Path, data: Path, progress: Progress | None = None
) -> Iterator[Receipt | AlreadyLoaded | Overlapping]:
    """Import every file that the pack's `[[load]]` entries name under `data`; yield each receipt, or that it was there, or that it
    says again what is there.

    Classes and suppliers are suggested of each file while the next is read.
    """
    loads = find_loads(pack=pack, data=data)
    mappings = {source: _mapping(home, source) for source in sorted({load.source for load in loads})}
    say = progress or _silent
    try:
        with judges_of(home) as judges, ThreadPoolExecutor(AHEAD) as pool:
            for done, (load, prepared) in enumerate(_ahead(pool, home, loads, mappings, judges)):
                say(load.path.name, done, len(loads) + 1)
                try:
                    yield _write(
                        home, mappings[load.source], load.params, prepared.pop().result(), judges=judges
                    )
                except (AlreadyLoaded, Overlapping) as refused:
                    yield refused
    finally:
        # Also when a file in the middle is refused: what was taken in before it stays.
        say("classes and suppliers", len(loads), len(loads) + 1)
        suggestions.suggest_all(home)
    say("done", len(loads) + 1, len(loads) + 1)


def _mapping(home: Path, source: str) -> Mapping:
    path = source_file(home, source)
    if path is None:
        have = " | ".join(sorted(sources(home)))
        raise MappingError(
            Problem("source_missing", file=str(home / "sources"), expected=source, found=have or "-")
        )
    return load_mapping(path)


def _ahead(
    pool: Executor, home: Path, loads: list[Load], mappings: dict[str, Mapping], judges: Judges
) -> Iterator[tuple[Load, list[Future[Prepared]]]]:
    """Yield each load with its file being read, cleaned and judged, a few files ahead of the writing, so that few are in memory.

    The future comes in a list, to be taken out of it: who holds it holds the file's content.
    """
    waiting: deque[tuple[Load, list[Future[Prepared]]]] = deque()
    for load in loads:
        mapping = mappings[load.source]
        future = pool.submit(_prepare, home, mapping, load.path, load.params, False, _silent, "", judges)
        waiting.append((load, [future]))
        del future
        if len(waiting) > AHEAD:
            yield waiting.popleft()
    while waiting:
        yield waiting.popleft()


def find_loads(*, pack: Path, data: Path) -> list[Load]:
    """Return the files to load, in the pack's order. FileError where an entry names none."""
    with (pack / "city.toml").open("rb") as file:
        entries = tomllib.load(file).get("load", [])
    found: list[Load] = []
    for entry in entries:
        paths = sorted(data.glob(entry["files"]))
        if not paths and not entry.get("optional", False):
            raise FileError(Problem("file_missing", file=str(data / entry["files"])))
        params = {name: str(value) for name, value in entry.get("params", {}).items()}
        found += [Load(entry["source"], path, params) for path in paths]
    return found
