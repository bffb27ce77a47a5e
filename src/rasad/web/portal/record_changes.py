"""What a page of records says of changes between releases: the subject it stands for, and its rows before and after in people's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from rasad.release.reader import Cell, Release, RowChange, RowCount, Step, changes_of, described, steps
from rasad.release.reader.subjects import MONEY, NO_PROJECT_CODE, OF_ALL, OF_ONE, UNLINKED
from rasad.web.portal.changes import SUBJECT
from rasad.web.portal.frame import lang
from rasad.web.portal.query import one_of, value_of
from rasad.web.portal.record_words import (
    cell_text,
    column_name,
    day_or_number,
    fields_of,
    in_words,
    naming,
    row_url,
    table_name,
)
from rasad.web.portal.register import need, title_of
from rasad.web.portal.release_steps import told_here
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Table

HERE = 6
"""Rows that a page tells of by themselves; of more it says how many there are, and leads to them."""
TOLD = 4
"""Cells that are told of a row that came or went."""
STEPS = 10
"""Releases that are looked through for a record that the live one no longer has."""
_NOUNS = {"project-money": "project"}


@dataclass(frozen=True)
class RecordSubject:
    """What changes are asked of: a record (`code`), or a whole list ("")."""

    of: str
    code: str = ""

    @property
    def query(self) -> str:
        """The subject as an address has it, with its question mark."""
        given = {"of": self.of} | ({"code": self.code} if self.code else {})
        return f"?{urlencode(given)}"


def record_subject_of(params: QueryDict, release: Release) -> RecordSubject:
    """Return the subject of an address that has `of`. BadRequest where it makes no sense; Http404 where no release knows such a record."""
    of = one_of("of", value_of(params, "of"), (*OF_ALL, *OF_ONE))
    code = value_of(params, "code")
    others = [name for name in SUBJECT if value_of(params, name)]
    if others:
        raise BadRequest(
            _("“%(name)s” is of money and cannot stand beside “of”, which is of records.")
            % {"name": others[0]}
        )
    if bool(code) != (of in OF_ONE):
        raise BadRequest(
            _("“%(value)s” is of one record: its “code” is missing.") % {"value": of}
            if of in OF_ONE
            else _("“%(value)s” is of a whole list and takes no “code”.") % {"value": of}
        )
    subject = RecordSubject(of, code)
    if of not in ("batch", "problems"):
        need(release)
    if of.startswith("roadmap") and not release.records.plans:
        raise Http404
    if code and not _live(subject, release) and not _told_before(subject, release):
        raise Http404
    return subject


def _live(subject: RecordSubject, release: Release) -> bool:
    if subject.of == "batch":
        return any(row["batch"] == subject.code for row in release.batches())
    if (subject.of, subject.code) == ("project-money", NO_PROJECT_CODE):
        return release.records.linked
    return release.records.one(_NOUNS.get(subject.of, subject.of), subject.code) is not None


def _told_before(subject: RecordSubject, release: Release) -> bool:
    """Return whether a release that the live one comes from told of a record that is gone by now."""
    for step in steps(release.path, STEPS):
        found = changes_of(step, release.cache)
        if found and found.of_rows.counts(subject.of, subject.code):
            return True
    return False


def record_title(subject: RecordSubject, release: Release) -> str:
    """Return the subject in words: the name of the list, or what the record is and is called."""
    if not subject.code:
        return _lists()[subject.of]
    if subject.of == "batch":
        name = next(
            (row["file_name"] for row in release.batches() if row["batch"] == subject.code), subject.code
        )
        return f"{_('Batch')}: {name}"
    if (subject.of, subject.code) == ("project-money", NO_PROJECT_CODE):
        return _("Money linked to no project")
    found = release.records.one(_NOUNS.get(subject.of, subject.of), subject.code)
    name = title_of(found) if found else subject.code
    kinds = {
        "project": _("Project"),
        "project-money": _("Money of the project"),
        "goal": _("Goal"),
        "indicator": _("Indicator"),
        "service": _("Service"),
    }
    return f"{kinds[subject.of]}: {name}"


def _lists() -> dict[str, str]:
    return {
        "projects": _("Projects"),
        "goals": _("Goals"),
        "thread": _("The golden thread"),
        "roadmap": _("Roadmap"),
        "roadmap-progress": _("The roadmap as it went"),
        "roadmap-weigh": _("Other plans of the roadmap"),
        "register": _("The register"),
        "units": _("Units"),
        "services": _("Services"),
        "systems": _("Systems and links"),
        "assets": _("Assets"),
        "problems": _("Problems"),
    }


def page_of(subject: RecordSubject, release: Release) -> str:
    """Return the address of the page itself; "" where the live release has none."""
    if not subject.code:
        name = "city" if subject.of == "register" else subject.of
        return reverse(f"portal:{name}")
    if not _live(subject, release):
        return ""
    return reverse(f"portal:{subject.of}", args=[subject.code])


def records_here(release: Release, of: str, code: str = "") -> dict[str, Any]:
    """Return what a page of records needs to say what changed here: `changes_here` and `feeds` of its context."""
    subject = RecordSubject(of, code)
    step = steps(release.path, 1)[0]
    found = changes_of(step, release.cache)
    counts = found.of_rows.counts(of, code) if found else []
    table = None
    if found and counts:
        few = sum(one.added + one.gone + one.changed for one in counts) <= HERE
        table = (
            rows_table(
                found.of_rows.rows(of, code, limit=HERE), subject, release, newest=True, id="changed-here"
            )
            if few
            else counts_table(counts, release, id="changed-here")
        )
    told = told_here(step, table, query=subject.query, subject=record_title(subject, release))
    told["changes_here"]["of_records"] = True
    return told


# --- tables ----------------------------------------------------------------------------------------------------------


def counts_table(counts: Sequence[RowCount], release: Release, *, id: str) -> Table:
    """Return how many rows came, went and differ, a row for each table."""
    return Table(
        id=id,
        caption=_("Rows that changed"),
        columns=[
            Column("name", _("Table")),
            Column("added", _("Came"), "number"),
            Column("gone", _("Went"), "number"),
            Column("changed", _("Differ"), "number"),
        ],
        rows=[
            {
                "name": table_name(release, one.table),
                "added": one.added,
                "gone": one.gone,
                "changed": one.changed,
            }
            for one in counts
        ],
        caption_hidden=True,
    )


def counted_in_words(counts: Sequence[RowCount]) -> str:
    """Return what changed in one sentence of counts."""
    came, gone, differ = (sum(getattr(one, name) for one in counts) for name in ("added", "gone", "changed"))
    texts = (
        (came, _("rows new: %(number)s")),
        (gone, _("rows gone: %(number)s")),
        (differ, _("rows that differ: %(number)s")),
    )
    said = [text % {"number": show.grouped(count, lang())} for count, text in texts if count]
    return capfirst(_(", ").join(said)) if said else _("nothing changed")


def rows_table(
    found: Sequence[RowChange],
    subject: RecordSubject,
    release: Release,
    *,
    newest: bool,
    id: str,
) -> Table:
    """Return a table of rows that changed: one line for each cell that differs, one for each row that came or went."""
    rows = [line for one in found for line in _lines(one, subject, release, newest=newest)]
    return Table(
        id=id,
        caption=_("Rows that changed, and what they say otherwise"),
        columns=[
            Column("name", _("Row"), link="url", note="note"),
            Column("field", _("What differs")),
            Column("before", _("Before")),
            Column("after", _("Now")),
        ],
        rows=rows,
        caption_hidden=True,
    )


def _lines(one: RowChange, subject: RecordSubject, release: Release, *, newest: bool) -> list[dict[str, Any]]:
    known = fields_of(release, one.table)
    teller = _Teller(one, release, newest=newest)
    name, note = _named(one, subject, teller)
    head = {"name": name, "note": note, "url": "" if subject.code else row_url(release, one)}
    if one.kind != "changed":
        said = teller.summary()
        side = "after" if one.kind == "added" else "before"
        return [
            {
                **head,
                "field": _("new") if one.kind == "added" else _("gone"),
                "before": show.NOTHING,
                "after": show.NOTHING,
                side: said,
            }
        ]
    differing = [cell for cell in one.cells.values() if cell.differs and cell.column in known]
    # A title that was translated anew is told in the page's language alone.
    twins = {cell.column.removesuffix("_en") for cell in differing if cell.column.endswith("_en")}
    spare = {column if lang() == "en" else f"{column}_en" for column in twins}
    told = [cell for cell in differing if cell.column not in spare] or differing
    return [
        {
            **head,
            "field": column_name(release, one.table, cell.column),
            "before": teller.side(cell, "before"),
            "after": teller.side(cell, "after"),
        }
        for cell in told
    ]


def _named(one: RowChange, subject: RecordSubject, teller: _Teller) -> tuple[str, str]:
    """Return what a row is called and of which table it is; what the page itself is of is not said again."""
    table = table_name(teller.release, one.table)
    own = _NOUNS.get(subject.of, subject.of)
    columns = [
        column
        for column in naming(one.table)
        if not (subject.code and column == own and one.either(column) == subject.code)
    ]
    parts = [(column, value) for column in columns if (value := one.either(column))]
    if one.table == own and subject.code and one.either("code") == subject.code:
        return table, ""
    texts = [teller.name_part(column, value) for column, value in parts]
    if not texts:
        return table, ""
    if day_or_number(parts[0][1]):
        return f"{table} · {' · '.join(texts)}", ""
    return " · ".join(texts), table


class _Teller:
    """Tells of one row. Of an earlier comparison only those words are told again that the live release says of the same record."""

    def __init__(self, one: RowChange, release: Release, *, newest: bool) -> None:
        self.one, self.release, self.newest = one, release, newest
        known = described(release).get(one.table)
        key = known.key if known else ()
        self.live = (
            release.records.at(one.table, key, tuple(one.either(column) or "" for column in key))
            if key and not newest
            else None
        )
        self.row = {column: one.either(column) for column in one.cells}

    def _may_tell(self, column: str, value: str) -> bool:
        if self.newest or not in_words(self.release, self.one.table, column):
            return True
        return self.live is not None and str(self.live.get(column) or "") == value

    def side(self, cell: Cell, side: str) -> str:
        value = cell.before if side == "before" else cell.after
        if side == "before" and cell.withheld:
            return _("an earlier wording, not told again")
        if value and not self._may_tell(cell.column, value):
            return _("not in the live release")
        return cell_text(self.release, self.one.table, cell.column, value, self.row)

    def name_part(self, column: str, value: str) -> str:
        if not self._may_tell(column, value):
            live = self.live and self.live.get(column)
            return str(live) if live else self.one.either("code") or _("not in the live release")
        return cell_text(self.release, self.one.table, column, value, self.row)

    def summary(self) -> str:
        """Return the first cells of a row that say more than its name."""
        known = fields_of(self.release, self.one.table)
        gone = self.one.kind == "gone"
        described_as = described(self.release).get(self.one.table)
        spare = {*naming(self.one.table), *(described_as.key if described_as else ())}
        if self.one.table in (MONEY, UNLINKED):
            spare |= {"flow"}
        said = []
        for cell in self.one.cells.values():
            value = cell.before if gone else cell.after
            if (
                cell.column in spare
                or cell.column not in known
                or not value
                or cell.column.endswith("_en")
                or not self._may_tell(cell.column, value)
            ):
                continue
            text = cell_text(self.release, self.one.table, cell.column, value, self.row)
            said.append(f"{column_name(self.release, self.one.table, cell.column)}: {text}")
        return " · ".join(said[:TOLD])


def is_newest(step: Step, release: Release) -> bool:
    """Return whether a comparison is that of the live release, which withholds what the live release withholds."""
    return step.number == release.number
