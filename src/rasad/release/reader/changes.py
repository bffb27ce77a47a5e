"""What a release changed against the one before it: opened from a cache keyed by the hashes of both, made where it is not there yet."""

from __future__ import annotations

import os
import shutil
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import duckdb

from rasad.ledger.schema import STAGES
from rasad.release.manifest import NAME, read_manifest, release_hash
from rasad.release.reader.difference import SUMMED, VERSION, write_difference
from rasad.release.reader.filters import Filters
from rasad.release.reader.lines import row_key
from rasad.release.reader.open import Release
from rasad.release.reader.row_changes import RowChanges

KEPT = 24
"""How many comparisons the cache keeps on the disk."""
_OPEN = 12
"""How many are open at once."""

SUMMARY = 2_000
"""Rows of a comparison's summary up to which it is kept in memory, one summary for each comparison that is open."""

Kind = Literal["added", "gone", "entered", "left", "changed"]
KINDS: tuple[Kind, ...] = ("added", "gone", "entered", "left", "changed")
"""What became of a line, seen from a subject: new in the release; gone from it; brought to the subject from elsewhere in the release
(by another class, unit, year …); taken from it to elsewhere; still there and saying something else."""


@dataclass(frozen=True)
class TableChange:
    """Rows of one table before and after, and how many came, went and changed in any column, by the table's key."""

    table: str
    before: int
    after: int
    added: int
    gone: int
    changed: int


@dataclass(frozen=True)
class Part:
    """What changed within one flow, book and stage (and fiscal year, where grouped by it): lines and amounts by kind.

    `amounts["changed"]` is the sum of after minus before of lines that stayed. `reclassified`, `repriced`: how many lines of those that
    stayed, entered or left have another class or mode, another amount.
    """

    flow: str
    book: str
    stage: str
    year: int | None
    lines: dict[Kind, int]
    amounts: dict[Kind, int]
    reclassified: int
    repriced: int

    @property
    def net(self) -> int:
        """The amount after minus the amount before."""
        found = self.amounts
        return found["added"] + found["entered"] + found["changed"] - found["gone"] - found["left"]


@dataclass(frozen=True)
class Total:
    """The amount and lines of a flow, book, stage and fiscal year in both releases."""

    flow: str
    book: str
    stage: str
    year: int
    before: int
    after: int
    lines_before: int
    lines_after: int


@dataclass(frozen=True)
class ChangedLine:
    """One line on either side (None: not there), and the columns in which it differs."""

    kind: Kind
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    differs: tuple[str, ...] = ()

    @property
    def either(self) -> dict[str, Any]:
        """The line as it is now, else as it was."""
        found = self.after or self.before
        assert found is not None
        return found


State = Literal["first", "compared", "absent"]


@dataclass(frozen=True)
class Step:
    """A release in the chain: compared with the one before, the first of all, or without the one before at hand."""

    number: int
    hash: str
    created_at: str
    folder: Path
    state: State
    tables: dict[str, int] = field(default_factory=dict)


@lru_cache(maxsize=256)
def _about(folder: Path, stamp: tuple[int, int]) -> tuple[str, dict[str, Any]]:
    manifest = read_manifest(folder)
    wanted = {name: manifest[name] for name in ("number", "created_at", "previous", "tables")}
    return release_hash(folder), wanted


def _read(folder: Path) -> tuple[str, dict[str, Any]] | None:
    """Return (hash, part of the manifest) of a release folder, read once; None where there is none."""
    try:
        stat = (folder / NAME).stat()
    except OSError:
        return None
    return _about(folder, (stat.st_ino, stat.st_mtime_ns))


def steps(folder: Path, limit: int | None = None) -> list[Step]:
    """Return the release in `folder` and those before it, newest first, as far as each is there and is the one that its successor names."""
    found: list[Step] = []
    here: Path | None = folder
    while here is not None and (limit is None or len(found) < limit):
        read = _read(here)
        if read is None:
            break
        digest, about = read
        previous = about["previous"]
        earlier = here.parent / f"{int(previous['number']):04d}" if previous else None
        there = _read(earlier) if earlier else None
        state: State = "first" if previous is None else "compared"
        if previous is not None and (there is None or there[0] != previous["hash"]):
            state, earlier = "absent", None
        tables = {name: int(one["rows"]) for name, one in about["tables"].items()}
        found.append(Step(int(about["number"]), digest, str(about["created_at"]), here, state, tables))
        here = earlier
    return found


def known_lines(release: Release, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return id → title, economic, supplier_name and supplier_is_person of those lines that the release has, as it tells them."""
    # By file and row, which are indexed, as a line's id is not: with both as conditions the engine would look at every line.
    keys = {row_key(line_id) for line_id in ids} - {None}
    if not keys:
        return {}
    rows = release.rows(
        f"select line_id, title, economic, supplier_name, supplier_is_person from line where row_key in ({', '.join(map(str, keys))})"
    )
    names = ("title", "economic", "supplier_name", "supplier_is_person")
    wanted = {*ids}
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows if row[0] in wanted}


def left_lines(release: Release, ids: Sequence[str]) -> set[str]:
    """Return which of these ids are of lines that left and of which the release says how."""
    if not ids:
        return set()
    rows = release.rows(
        "select line_id from tombstone where line_id in (select unnest(?::varchar[]))", [list(ids)]
    )
    return {row[0] for row in rows}


class Changes:
    """The difference between a release and the one before it, answered from a small DuckDB file by any number of threads."""

    def __init__(self, path: Path) -> None:
        self._local = threading.local()
        self._db = duckdb.connect(
            str(path),
            read_only=True,
            config={
                "threads": 1,
                "memory_limit": "400MB",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        self.of_rows = RowChanges(self._all)
        # Read once where it is small, as it nearly always is.
        few = self._all("select count(*) from summary")[0][0] <= SUMMARY
        self._summary = self._all("select * from summary") if few else None
        self._kinds = {row[0] for row in self._all("select distinct kind from change")}

    def tables(self) -> list[TableChange]:
        """Return each table's rows, lines first."""
        rows = self._all('select * from tables order by "table" <> \'line\', "table"')
        return [TableChange(*row) for row in rows]

    def totals(self) -> list[Total]:
        """Return both releases' sums per flow, book, stage and fiscal year, newest year first; None counts as no line there."""
        rows = self._all(
            """
            select flow, book, stage, fiscal_year, coalesce(before, 0), coalesce(after, 0), lines_before, lines_after
            from total order by flow, book, fiscal_year desc
            """
        )
        return sorted(
            (Total(*row) for row in rows), key=lambda t: (t.flow, t.book, -t.year, STAGES.index(t.stage))
        )

    def carried_over(self) -> int:
        """Return how many lines came in another file with the same content: neither new nor gone."""
        return int(self._all("select lines from carried_over")[0][0])

    def parts(self, subject: Sequence[Filters], *, by_year: bool = False) -> list[Part]:
        """Return what changed for a subject: the lines that any of the filters means, before or after. Filters without a stage or book
        mean all of them, each apart. Empty where nothing changed."""
        needed = set().union(*(one.columns for one in subject))
        if needed <= set(SUMMED) and self._summary is not None:
            return _parts(_seen(self._summary, subject, by_year=by_year))
        condition, values = _any_of(subject)
        year = "fiscal_year" if by_year else "0"
        if self._kinds == {"added"}:
            # Most releases only bring a further month's lines: there is no other side to seek to each, which takes longer than to sum them.
            return _parts(
                self._all(
                    f"""
                    select flow, book, stage, {year}, 'added', false, false, count(*), 0, sum(amount)::bigint
                    from "after" where {condition} group by all
                    """,
                    values,
                )
            )
        return _parts(
            self._all(
                f"""
                with a as (select change, flow, book, stage, {year} as year, amount as old from "before" where {condition}),
                     b as (select change, flow, book, stage, {year} as year, amount as new from "after" where {condition})
                select flow, book, stage, year, seen, coalesce(list_has_any(differs, ['class', 'mode']), false),
                       coalesce(list_contains(differs, 'amount'), false), count(*), coalesce(sum(old), 0)::bigint, coalesce(sum(new), 0)::bigint
                from (select *, {_KIND_OF} as seen from a full join b using (change, flow, book, stage, year) join change using (change))
                group by all
                """,
                values * 2,
            )
        )

    def lines(
        self, subject: Sequence[Filters], kind: Kind, *, limit: int = 10, offset: int = 0
    ) -> list[ChangedLine]:
        """Return the lines of a kind, those with the most money (of the difference, where they stayed) first."""
        condition, values = _any_of(subject)
        rows = self._all(
            f"""
            with a as (select change, amount as old from "before" where {condition}),
                 b as (select change, amount as new from "after" where {condition})
            select change, differs from (select *, {_KIND_OF} as seen from a full join b using (change) join change using (change))
            where seen = ?
            order by case when seen = 'changed' then abs(new - old) else 0 end desc, abs(coalesce(new, old)) desc, change
            limit {int(limit)} offset {int(offset)}
            """,
            [*values, *values, kind],
        )
        numbers = [row[0] for row in rows]
        # What is new was not there before, and what is gone is not there after.
        before = self._side("before", [] if kind == "added" else numbers)
        after = self._side("after", [] if kind == "gone" else numbers)
        return [
            ChangedLine(kind, before.get(number), after.get(number), tuple(differs or ()))
            for number, differs in rows
        ]

    def of_line(self, line_id: str) -> ChangedLine | None:
        """Return what became of a line that is there now; None where it is as it was."""
        rows = self._all(
            'select change, kind, differs from change where change in (select change from "after" where line_id = ?)',
            [line_id],
        )
        if not rows:
            return None
        number, kind, differs = rows[0]
        before, after = (self._side(side, [number]).get(number) for side in ("before", "after"))
        return ChangedLine(kind, before, after, tuple(differs or ()))

    def _side(self, side: str, numbers: list[int]) -> dict[int, dict[str, Any]]:
        if not numbers:
            return {}
        marks = ", ".join("?" * len(numbers))
        cursor = self._cursor().execute(f'select * from "{side}" where change in ({marks})', numbers)
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return {row.pop("change"): row for row in rows}

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        if not hasattr(self._local, "cursor"):
            self._local.cursor = self._db.cursor()
        cursor: duckdb.DuckDBPyConnection = self._local.cursor
        return cursor

    def _all(self, query: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        return self._cursor().execute(query, values or []).fetchall()


_KIND_OF = """case when kind <> 'changed' then kind when old is null then 'entered' when new is null then 'left' else 'changed' end"""
_Seen = tuple[Any, ...]
"""Lines of one part and kind: flow, book, stage, year (0: any), kind, whether class or mode differs, whether the amount does, how many
lines, their amount before, and after."""


def _parts(seen: Iterable[_Seen]) -> list[Part]:
    """Return the parts, newest year first."""
    found: dict[tuple[Any, ...], Part] = {}
    for flow, book, stage, year, kind, reclassified, repriced, lines, old, new in seen:
        key = (flow, book, stage, year)
        part = found.get(key) or Part(
            flow, book, stage, year or None, dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0), 0, 0
        )
        part.lines[kind] += lines
        part.amounts[kind] += old if kind in ("gone", "left") else new - old if kind == "changed" else new
        found[key] = replace(
            part,
            reclassified=part.reclassified + lines * reclassified,
            repriced=part.repriced + lines * repriced,
        )
    return sorted(found.values(), key=lambda p: (p.flow, p.book, -(p.year or 0), STAGES.index(p.stage)))


def _seen(summary: Sequence[_Seen], subject: Sequence[Filters], *, by_year: bool) -> Iterator[_Seen]:
    """Yield what rows of `summary` are to a subject: what a query over both sides of every change would say, from sums."""
    for kind, *cells in summary:
        sides = [dict(zip(SUMMED, cells[at : at + len(SUMMED)], strict=True)) for at in (0, len(SUMMED))]
        *told, lines, old, new = cells[2 * len(SUMMED) :]
        # A side that is not there has no flow.
        before, after = (
            side if side["flow"] is not None and any(one.mean(side) for one in subject) else None
            for side in sides
        )
        places = [
            (side["flow"], side["book"], side["stage"], side["fiscal_year"] if by_year else 0)
            if side
            else None
            for side in (before, after)
        ]
        if places[0] is not None and places[0] == places[1]:
            yield (*places[0], kind, *told, lines, old, new)
            continue
        # Seen from one side alone, a line that changed has left for elsewhere, or come from there.
        if places[0] is not None:
            yield (*places[0], "left" if kind == "changed" else kind, *told, lines, old, 0)
        if places[1] is not None:
            yield (*places[1], "entered" if kind == "changed" else kind, *told, lines, 0, new)


def _any_of(subject: Sequence[Filters]) -> tuple[str, list[Any]]:
    """Return the condition that any of the filters means, and its parameters."""
    parts = [one.sql() for one in subject]
    return " or ".join(f"({text})" for text, _ in parts), [value for _, values in parts for value in values]


_lock = threading.Lock()
_open: OrderedDict[Path, Changes] = OrderedDict()


def changes_of(step: Step, cache: Path, *, against: Path | None = None) -> Changes | None:
    """Return what a release changed, comparing it first where the cache has nothing; None where it cannot be compared.

    It is compared with the one before it in the chain, or with the release in the folder `against`.
    """
    if step.state != "compared":
        return None
    read = _read(step.folder)
    assert read is not None
    earlier = against or step.folder.parent / f"{int(read[1]['previous']['number']):04d}"
    digest = release_hash(against) if against else str(read[1]["previous"]["hash"])
    path = cache / "changes" / f"{digest[:24]}-{step.hash[:24]}-v{VERSION}" / "changes.duckdb"
    with _lock:
        if path in _open and path.is_file():
            _open.move_to_end(path)
            return _open[path]
        if not path.is_file():
            _write(earlier, step.folder, path.parent)
        os.utime(path.parent)
        _open[path] = Changes(path)
        # Who still reads one that is let go keeps it open until done.
        while len(_open) > _OPEN:
            _open.popitem(last=False)
        return _open[path]


def _write(before: Path, after: Path, folder: Path) -> None:
    part = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        write_difference(before, after, part / "changes.duckdb")
        shutil.rmtree(part / "spill", ignore_errors=True)
        try:
            part.rename(folder)
        except OSError:
            # Another process compared the same two meanwhile.
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    others = sorted(
        (one for one in folder.parent.iterdir() if one != folder and not one.name.startswith(".")),
        key=lambda one: one.stat().st_mtime,
        reverse=True,
    )
    for old in others[KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)
