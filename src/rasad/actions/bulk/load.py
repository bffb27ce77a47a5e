"""Files into the register: all rows or none, or the valid ones where that is asked for. Nothing is ever half-written."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from rasad.actions.bulk.cells import NOTHING, Line, check, value_of
from rasad.actions.bulk.known import Key, Known, key_fields, key_of, links, part_of, target
from rasad.actions.bulk.problems import RecordProblem
from rasad.actions.bulk.profiles import profiles
from rasad.actions.bulk.wording import REMOVE, VERSION, city_ways
from rasad.actions.register import model_of
from rasad.ledger.filled import YES, Filled, Ways, read_filled
from rasad.persian.digits import to_latin
from rasad.persian.text import normalise, search_key
from rasad.records.audited import Audited
from rasad.records.changes import Change, changed_wrongly, changing, snapshot
from rasad.records.models import Account, AuditEvent
from rasad.records.problems import RefusedError
from rasad.records.tables import SHEETS

Progress = Callable[[str, int, int], None]
OUTCOMES = ("added", "changed", "unchanged", "removed", "refused")
_ORDER = {sheet.name: number for number, sheet in enumerate(SHEETS)}


def _n(message: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return message


READING, CHECKING = _n("reading"), _n("checking and writing")


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not taken in: its number in the file, its cells as they stood, what is wrong."""

    row: int
    cells: tuple[str, ...]
    problems: tuple[RecordProblem, ...]


CHANGES = 200
"""Rows of a sheet of which it is told what they change, field by field; the rest is counted."""


@dataclass(frozen=True)
class RowChange:
    """What a row does (or would do): its number, the record's key, the outcome, and each field with its value before and after as the
    trail has them."""

    row: int
    key: str
    outcome: str
    fields: tuple[tuple[str, Any, Any], ...]


@dataclass
class SheetDone:
    """What became of one sheet: how many rows were (or would be) added, changed, left as they are, removed, refused."""

    noun: str
    file: str
    sheet: str
    header: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    refused: list[RefusedRow] = field(default_factory=list)
    unmatched: dict[str, list[str]] = field(default_factory=dict)
    changes: list[RowChange] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "noun": self.noun,
            "file": self.file,
            "sheet": self.sheet,
            "rows": self.rows,
            **self.counts,
            "columns_not_read": list(self.unknown),
            "names_not_found": self.unmatched,
        }


@dataclass
class Imported:
    """What an import did: `written` says whether anything stands; `change` is its id on the trail."""

    sheets: list[SheetDone]
    written: bool
    change: uuid.UUID | None

    @property
    def problems(self) -> list[RecordProblem]:
        """Every problem, in the order of the files."""
        return [one for sheet in self.sheets for row in sheet.refused for one in row.problems]

    def count(self, outcome: str) -> int:
        """Return how many rows came to an outcome, over all sheets."""
        return sum(sheet.counts[outcome] for sheet in self.sheets)


def import_file(
    *,
    path: Path,
    noun: str | None = None,
    profile: str | None = None,
    by: Account | None,
    why: str = "",
    valid_only: bool = False,
    check_only: bool = False,
    ways: Ways | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Take in one file; see `import_files`."""
    return import_files(
        paths=[path],
        noun=noun,
        profile=profile,
        by=by,
        why=why,
        valid_only=valid_only,
        check_only=check_only,
        ways=ways,
        progress=progress,
    )


def import_files(
    *,
    paths: Sequence[Path],
    noun: str | None = None,
    profile: str | None = None,
    by: Account | None,
    why: str = "",
    valid_only: bool = False,
    check_only: bool = False,
    ways: Ways | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Take in files in one change: rows whose key is known change that record, others add one; an empty cell empties the field.

    Each sheet is of the noun that its headers (or its name) say, or of `noun`; with a `profile` the files are another program's export. All rows stand or none, unless `valid_only`: then the rows that
    can stand do, and `Imported.sheets` has the others with their problems. `check_only` writes nothing and tells what would be. A row that says
    what is so already leaves no event. FileError where a file cannot be read at all.
    """
    say = progress or (lambda what, done, total: None)
    tables = [sheet.table for sheet in SHEETS]
    told = profiles()[profile] if profile else None
    filled: list[Filled] = []
    for number, path in enumerate(paths):
        say(READING, number, len(paths))
        filled += read_filled(path, tables, ways=ways or city_ways(), noun=noun, profile=told)[1]
    filled.sort(key=lambda sheet: _ORDER[sheet.table.name])
    files = list(dict.fromkeys(path.name for path in paths))
    names = ", ".join(files if len(files) <= NAMED else (*files[: NAMED - 1], f"… +{len(files) - NAMED + 1}"))
    reason = f"{why.strip()} ({names})" if why.strip() else names
    known_wrong: dict[int, list[RecordProblem]] = {}
    while True:
        attempt = _Attempt(filled, known_wrong, why.strip(), say)
        written = attempt.run(by, reason, valid_only=valid_only, check_only=check_only)
        if not valid_only or not attempt.jointly:
            return attempt.told(written)
        known_wrong.update(attempt.jointly)


NAMED = 4
"""Files that the trail names one by one as where a change came from; of more, the first and how many others."""


class _Stop(Exception):
    """Nothing of it is to stand."""


class _Attempt:
    """One try at writing the sheets. `known_wrong` are rows (by identity) that earlier tries found cannot stand together with others."""

    def __init__(
        self,
        filled: Sequence[Filled],
        known_wrong: Mapping[int, list[RecordProblem]],
        why: str,
        say: Progress,
    ) -> None:
        self.filled = filled
        self.why = why
        self.known_wrong = known_wrong
        self.say = say
        self.known = Known()
        self.lines: dict[int, list[Line]] = {id(sheet): [] for sheet in filled}
        self.by_record: dict[int, Line] = {}
        self.seen: dict[tuple[type[Audited], Key], Line] = {}
        self.removed: dict[int, int] = {}
        self.jointly: dict[int, list[RecordProblem]] = {}
        self.change: Change | None = None

    def run(self, by: Account | None, why: str, *, valid_only: bool, check_only: bool) -> bool:
        """Write what can stand; return whether it does stand."""
        try:
            with changing(by=by, action="register.import", why=why) as change:
                self.change = change
                for sheet in self.filled:
                    self._sheet(sheet, change)
                if any(line.problems for line in self._all()) and not valid_only:
                    raise _Stop
                if check_only:
                    # What must hold among records is asked at the end of a change: so it is asked, and then all taken back.
                    with changing(by=by, action=change.action) as asked:
                        asked.touched.extend(change.touched)
                    raise _Stop
        except _Stop:
            return False
        except RefusedError as error:
            self._refuse_together(error)
            return False
        return bool(change.touched)

    def told(self, written: bool) -> Imported:
        """Return what became of it."""
        done = []
        for sheet in self.filled:
            one = SheetDone(sheet.table.name, sheet.file, sheet.sheet, sheet.header, sheet.unknown)
            one.rows = len(sheet.rows)
            one.unmatched = {name: sorted(texts) for name, texts in sheet.unmatched.items()}
            one.counts["removed"] = self.removed.get(id(sheet), 0)
            for line in self.lines[id(sheet)]:
                if line.problems:
                    one.refused.append(RefusedRow(line.row.row, line.row.cells, tuple(line.problems)))
                elif line.outcome in ("added", "changed", "removed") and len(one.changes) < CHANGES:
                    one.changes.append(_change_of(line))
                one.counts["refused" if line.problems else line.outcome] += 1
            done.append(one)
        change = self.change.id if written and self.change else None
        return Imported(done, written, change)

    def _all(self) -> Iterable[Line]:
        return (line for lines in self.lines.values() for line in lines)

    # --- One sheet -------------------------------------------------------------------------------------------------

    def _sheet(self, sheet: Filled, change: Change) -> None:
        model = model_of(sheet.table.name)
        lines = [Line(sheet, row, model) for row in sheet.rows]
        self.lines[id(sheet)] = lines
        for line in lines:
            line.problems += self.known_wrong.get(id(line.row), [])
        done = 0
        for level in self._levels(lines, model):
            self.say(CHECKING, done, len(lines))
            for line in level:
                self._plan(line)
            self._write([line for line in level if not line.problems], change)
            done += len(level)
        if model.WHOLE_OF:
            self._complete(sheet, model, change)

    def _levels(self, lines: list[Line], model: type[Audited]) -> Iterable[list[Line]]:
        """Yield the rows so that each comes after those of its own kind that it names."""
        own = [one.name for one in links(model) if target(one) is model]
        if not own or not lines or own[0] not in lines[0].sheet.columns:
            yield lines
            return
        own_field, at = own[0], {self._own_key(line): line for line in lines}
        below: dict[int, list[Line]] = {}
        level = []
        for line in lines:
            above = at.get(normalise(line.row.texts.get(own_field, "")))
            if above is None or above is line:
                level.append(line)
            else:
                below.setdefault(id(above), []).append(line)
        while level:
            yield level
            level = [line for above in level for line in below.pop(id(above), ())]
        # What is left stands below itself.
        left = [line for some in below.values() for line in some]
        for line in left:
            key, above_key = self._own_key(line), line.row.texts[own_field]
            if self.known.find(model, key) is None:
                line.refuse(own_field, "cycle", key, f"{key} ← {above_key}")
        yield left

    def _own_key(self, line: Line) -> str:
        return normalise(line.row.texts.get(line.model.KEY[0], ""))

    def _plan(self, line: Line) -> None:
        """Find the record that a row is about, give it the row's values, and take down what cannot stand."""
        key = self._key(line)
        if key is None:
            return
        first = self.seen.setdefault((line.model, key), line)
        if first is not line:
            line.refuse("", "twice", expected=first.place)
            return
        held = self.known.records(line.model).get(key)
        if _removes(line):
            self._plan_removal(line, held)
        elif not line.problems or held is None:
            self._fill(line, held)
        if line.problems and held is None:
            self.known.refuse(line.model, key, line.place)

    def _key(self, line: Line) -> Key | None:
        parts = []
        for one in key_fields(line.model):
            value = value_of(line, one.name, self.known)
            if value is NOTHING:
                return None
            parts.append(part_of(value.pk if isinstance(value, Audited) else value))
        return tuple(parts)

    def _fill(self, line: Line, held: Audited | None) -> None:
        record = copy.copy(held) if held is not None else line.model()
        line.record, line.before = record, snapshot(held) if held is not None else None
        columns = line.sheet.columns if held is not None else line.sheet.table.names
        for name in columns:
            if line.is_wrong_at(name) or (held is not None and name in line.model.KEY):
                continue
            value = value_of(line, name, self.known)
            if value is not NOTHING:
                setattr(record, name, value)
        check(line)
        if held is None:
            line.outcome = "added"
            return
        assert line.before is not None
        if snapshot(record) == line.before:
            line.outcome = "unchanged"
            return
        line.outcome = "changed"
        self._refuse_stale(line, held)
        if not line.problems:
            for refusal in changed_wrongly(record, line.before, self.why):
                line.refuse(refusal.field, refusal.code, refusal.found, refusal.expected)

    def _refuse_stale(self, line: Line, held: Audited) -> None:
        """Refuse a row that would overwrite what somebody wrote after the file was exported."""
        version = to_latin(line.row.marks.get(VERSION, "")).strip()
        if version.isdigit() and int(version) != held.version:
            event = AuditEvent.objects.of(held).first()
            who = f"{event.account_name or 'rasad'} ({event.at:%Y-%m-%d %H:%M})" if event else "rasad"
            line.refuse("", "stale", who, version)

    def _plan_removal(self, line: Line, held: Audited | None) -> None:
        line.outcome = "removed"
        line.record = held
        if not line.model.REMOVABLE:
            line.refuse("", "stays", line.row.cells[0])
        elif held is None:
            line.refuse("", "not_there", " / ".join(line.row.texts.get(name, "") for name in line.model.KEY))
        else:
            self._refuse_stale(line, held)

    # --- Writing ---------------------------------------------------------------------------------------------------

    def _write(self, lines: list[Line], change: Change) -> None:
        """Write checked rows: first those that leave, then changes, then new ones, so that a key or a place is free when it is needed."""
        for line in lines:
            if line.record is not None:
                self.by_record[id(line.record)] = line
        for line in lines:
            if line.outcome == "removed" and line.record is not None:
                self.known.records(line.model).pop(key_of(line.record), None)
                change.remove(line.record)
        changed = [line for line in lines if line.outcome == "changed"]
        added = [line for line in lines if line.outcome == "added"]
        try:
            with transaction.atomic():
                touched = len(change.touched)
                change.update_all([(line.record, line.before or {}) for line in changed if line.record])
                change.add_all([line.record for line in added if line.record])
        except IntegrityError:
            del change.touched[touched:]
            self._one_by_one([*changed, *added], change)
        for line in lines:
            if line.record is not None and line.outcome in ("changed", "added") and not line.problems:
                self.known.put(line.record)

    def _one_by_one(self, lines: list[Line], change: Change) -> None:
        """Write rows each by itself, to learn which of them the database refuses."""
        for line in lines:
            record = line.record
            assert record is not None
            if line.before is None:
                record.pk = None
                record._state.adding = True
            else:
                record.version = self.known.records(line.model)[key_of(record)].version
            touched = len(change.touched)
            try:
                with transaction.atomic():
                    if line.before is None:
                        change.add_all([record])
                    else:
                        change.update_all([(record, line.before)])
            except IntegrityError as error:
                del change.touched[touched:]
                line.refuse("", "database", str(error).splitlines()[0])
                self.known.refuse(line.model, key_of(record), line.place)

    def _complete(self, sheet: Filled, model: type[Audited], change: Change) -> None:
        """Take away what a set that is said as a whole no longer names (a project's other goals)."""
        owner = model.WHOLE_OF
        lines = [line for line in self.lines[id(sheet)] if line.record is not None]
        whole = {getattr(line.record, f"{owner}_id") for line in lines}
        partly = {getattr(line.record, f"{owner}_id") for line in lines if line.problems}
        said = {key for kind, key in self.seen if kind is model}
        for key, record in list(self.known.records(model).items()):
            if getattr(record, f"{owner}_id") in whole - partly and key not in said:
                del self.known.records(model)[key]
                change.remove(record)
                self.removed[id(sheet)] = self.removed.get(id(sheet), 0) + 1

    def _refuse_together(self, error: RefusedError) -> None:
        """Take down, each with its row, what cannot stand together."""
        for record, refusal in error.of:
            line = self.by_record.get(id(record))
            if line is None:
                continue
            line.refuse(refusal.field, refusal.code, refusal.found, refusal.expected)
            self.jointly[id(line.row)] = list(line.problems)
        if not self.jointly:
            raise error


def _change_of(line: Line) -> RowChange:
    """Return what a row that can stand does; fields that say nothing are left out of a new record's."""
    record = line.record
    assert record is not None
    now: dict[str, Any] = {} if line.outcome == "removed" else snapshot(record)
    was = snapshot(record) if line.outcome == "removed" else line.before or {}
    differ = [name for name in (now or was) if now.get(name) != was.get(name)]
    nothing: tuple[Any, ...] = (None, "")
    told = [name for name in differ if now.get(name) not in nothing or was.get(name) not in nothing]
    fields = tuple((name, was.get(name), now.get(name)) for name in told)
    return RowChange(line.row.row, record.key, line.outcome, fields)


def _removes(line: Line) -> bool:
    return search_key(line.row.marks.get(REMOVE, "")) in YES
