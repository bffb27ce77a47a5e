"""Writing down what differs between two releases: a DuckDB file of the lines that came, went or changed, and of counts and sums.

Lines are the same line by their id (file, sheet, row, stage). A file that was exported again has other ids, so what stays unpaired is
paired once more: as the tombstones of the release say, and by what stood in the file. The same content in another file is carried over, not
gone and new. Memory is bounded: full
rows are read only of the lines that differ.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from rasad.ledger.schema import TABLES
from rasad.persian import calendar
from rasad.release.manifest import read_manifest
from rasad.release.reader.row_difference import write_rows_that_differ
from rasad.release.reader.sides import MASK, PRIVATE, columns_of, digest_of, keys_of, parquet_of

VERSION = 4

MONEY = ("flow", "book", "stage", "currency")
"""What money never crosses: a line that differs here has gone, and another has come."""
_SUBSTANCE = (
    "origin", "fiscal_year", "date", "as_of", "amount", "unit_code", "unit", "programme_code", "programme", "economic_code", "economic",
    "place", "nature", "tree_code", "title", "document_no", "contract_no", "label", "source", "supplier", "supplier_name", "class", "mode",
)  # fmt: skip
"""What a line says. Who decided its class, by which version, and in which batch it lies are not part of it."""
_CONTENT = (
    "source", "origin", "fiscal_year", "date", "amount", "unit_code", "programme_code", "economic_code", "nature", "tree_code", "title_raw",
    "document_no", "contract_no", "supplier_raw", "supplier_id_raw", "label",
)  # fmt: skip
"""What stood in the file: equal in two files, it is the same line carried over."""
_KEPT = (
    "line_id", "flow", "book", "stage", "currency", "fiscal_year", "date", "amount", "class", "mode", "class_method", "unit", "unit_code",
    "programme", "programme_code", "economic", "economic_code", "nature", "source", "supplier", "supplier_name", "supplier_is_person", "title",
    "title_key", "contract_no", "file_name", "sheet", "row",
)  # fmt: skip
SUMMED = ("flow", "book", "stage", "fiscal_year", "class", "mode")
"""Columns of a line by which the table `summary` counts changes."""
_KEYS = {name: (f"{name}_code", name) for name in ("unit", "programme", "economic")}
_TYPES = {
    "text": "varchar",
    "int": "bigint",
    "money": "bigint",
    "date": "date",
    "bool": "boolean",
    "real": "double",
}
_NAMES_AT_ONCE = 400


def write_difference(before: Path, after: Path, path: Path) -> None:
    """Compare two release folders and write the difference to `path`. ReleaseError where either is no release."""
    kind = str(read_manifest(after)["city"]["calendar"])
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 2,
        "memory_limit": "1GB",
        "temp_directory": str(path.parent / "spill"),
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(str(path), config=config) as db:
        db.execute(
            'create table tables ("table" varchar, before bigint, after bigint, added bigint, gone bigint, changed bigint)'
        )
        keys = keys_of(after)
        for table, key in keys.items():
            _table(db, before, after, table, key)
        write_rows_that_differ(db, before, after, keys)
        for side, release in (("old", before), ("new", after)):
            _line_view(db, side, release)
        _totals(db)
        _pair(db)
        _carry(db, after)
        _changes(db)
        for side, view in (("before", "old"), ("after", "new")):
            _side(db, side, view)
        _months(db, kind)
        _withhold(db, before, after)
        _summary(db)
        for name in ("old", "new"):
            db.execute(f"drop view {name}")
        db.execute("checkpoint")


def _table(db: duckdb.DuckDBPyConnection, before: Path, after: Path, table: str, declared: list[str]) -> None:
    """Count what came, went and changed in a table, by its key; a key may stand in several rows."""
    there = [columns_of(db, release, table) for release in (before, after)]
    both = [column for column in there[1] if column in there[0]] or there[1]
    key = [column for column in declared if column in both]
    if not key:
        return
    # A release from before there was such a table has no rows of it.
    sides = ", ".join(
        f"""{side} as (select {digest_of(key)} as key, count(*) as rows, list_sort(list({digest_of(both)})) as content
            from read_parquet('{parquet_of(release if columns else after, table)}') where {bool(columns)} group by 1)"""
        for side, release, columns in (("a", before, there[0]), ("b", after, there[1]))
    )
    db.execute(
        f"""
        insert into tables
        with {sides}
        select '{table}', coalesce(sum(a.rows), 0), coalesce(sum(b.rows), 0), coalesce(sum(b.rows) filter (a.key is null), 0),
               coalesce(sum(a.rows) filter (b.key is null), 0), count(*) filter (a.content <> b.content)
        from a full join b on a.key = b.key
        """
    )


def _line_view(db: duckdb.DuckDBPyConnection, side: str, release: Path) -> None:
    """Make the lines of a release a view with every column that is asked for: one that an older release lacks is empty."""
    there = set(columns_of(db, release, "line"))
    declared = {column.name: column.type for column in TABLES["line"].columns}
    wanted = dict.fromkeys((*MONEY, *_SUBSTANCE, *_CONTENT, *_KEPT))
    cells = ", ".join(
        f'"{name}"' if name in there else f'null::{_TYPES[declared.get(name, "text")]} as "{name}"'
        for name in wanted
    )
    other = ", ".join(f'"{name}"' for name in sorted(there - wanted.keys()))
    db.execute(
        f"create view {side} as select {cells}{', ' + other if other else ''} from read_parquet('{parquet_of(release, 'line')}')"
    )


def _totals(db: duckdb.DuckDBPyConnection) -> None:
    """Sum each release by stage, year and book: the ends that the differences lie between."""
    db.execute(
        """
        create table total as
        select flow, book, stage, fiscal_year, sum(amount) filter (side = 0)::bigint as before, sum(amount) filter (side = 1)::bigint as after,
               count(*) filter (side = 0) as lines_before, count(*) filter (side = 1) as lines_after
        from (select 0 as side, flow, book, stage, fiscal_year, amount from old
              union all select 1, flow, book, stage, fiscal_year, amount from new)
        group by all
        """
    )


def _pair(db: duckdb.DuckDBPyConnection) -> None:
    """Make `pair`: lines under one id that say something else; count the lines; and set apart those that are free to be paired otherwise."""
    every = [row[0] for row in db.execute("describe old").fetchall()]
    both = [name for name in every if name in {row[0] for row in db.execute("describe new").fetchall()}]
    for side in ("old", "new"):
        db.execute(
            f"""
            create temp table {side}_line as
            select line_id, {digest_of(MONEY)} as money, {digest_of(_SUBSTANCE)} as substance, {digest_of(both)} as whole from {side}
            """
        )
    db.execute(
        """
        create temp table pair as
        select line_id as before_id, line_id as after_id, 'id' as how
        from old_line a join new_line b using (line_id) where a.money = b.money and a.substance <> b.substance
        """
    )
    same = db.execute(
        "select count(*) filter (a.whole <> b.whole or a.money <> b.money) from old_line a join new_line b using (line_id)"
    ).fetchall()[0][0]
    db.execute(
        """
        insert into tables select 'line', (select count(*) from old_line), (select count(*) from new_line),
               (select count(*) from new_line b anti join old_line a using (line_id)),
               (select count(*) from old_line a anti join new_line b using (line_id)), ?
        """,
        [same],
    )
    # A line that stays under its id at the same stage is spoken for; all others are free to be found again.
    db.execute(
        "create temp table kept as select line_id from old_line a join new_line b using (line_id) where a.money = b.money"
    )
    for side in ("old", "new"):
        db.execute(
            f"""
            create temp table {side}_free as
            select s.line_id, l.money, l.substance, content, place
            from (select line_id, {digest_of((*MONEY, *_CONTENT))} as content, (file_name, sheet, row, line_id) as place
                  from {side} anti join kept using (line_id)) s
            join {side}_line l using (line_id)
            """
        )


def _carry(db: duckdb.DuckDBPyConnection, after: Path) -> None:
    """Pair what is free: first by the tombstones of the release, which say what an import found to be continued; then by equal content,
    the first with the first."""
    db.execute(
        "create temp table carried (before_id varchar, after_id varchar, how varchar, differs boolean)"
    )
    if columns_of(db, after, "tombstone"):
        db.execute(
            f"""
            insert into carried
            select a.line_id, b.line_id, 'import', a.substance <> b.substance
            from read_parquet('{parquet_of(after, "tombstone")}') t
            join old_free a on a.line_id = t.line_id join new_free b on b.line_id = t.continued_by and b.money = a.money
            where t.continued_by is not null qualify row_number() over (partition by b.line_id order by t.left_at desc, a.line_id) = 1
            """
        )
    nth = "row_number() over (partition by content order by place)"
    db.execute(
        f"""
        insert into carried
        with a as (select *, {nth} as nth from old_free where line_id not in (select before_id from carried)),
             b as (select *, {nth} as nth from new_free where line_id not in (select after_id from carried))
        select a.line_id, b.line_id, 'content', a.substance <> b.substance from a join b using (content, nth)
        """
    )
    db.execute("insert into pair select before_id, after_id, how from carried where differs")
    db.execute(
        "create table carried_over as select count(*) as lines, count(*) filter (differs) as differ from carried"
    )


def _changes(db: duckdb.DuckDBPyConnection) -> None:
    """Make `change`: one row per line that came, went or says something else, with the columns in which it does."""
    cells = ", ".join(
        f"""if(a."{name}" is distinct from b."{name}", '{name}', null)""" for name in _SUBSTANCE
    )
    db.execute(
        f"""
        create temp table told as
        select pair.*, list_filter([{cells}], lambda x: x is not null) as differs
        from pair join old a on a.line_id = pair.before_id join new b on b.line_id = pair.after_id
        """
    )
    db.execute(
        """
        create table change as
        select (row_number() over ())::integer as change, * from (
          select 'changed' as kind, how, before_id, after_id, differs from told
          union all
          select 'gone', null, line_id, null, null from old_free anti join carried on line_id = before_id
          union all
          select 'added', null, null, line_id, null from new_free anti join carried on line_id = after_id)
        """
    )


def _side(db: duckdb.DuckDBPyConnection, side: str, release: str) -> None:
    """Write one side of every change, with the keys by which a page is filtered."""
    cells = ", ".join(f'l."{name}"' for name in _KEPT)
    keys = ", ".join(f"coalesce(l.{code}, l.{name}, '') as {key}_key" for key, (code, name) in _KEYS.items())
    db.execute(
        f"""
        create table "{side}" as
        select c.change, {cells}, {keys}, null::varchar as month
        from {release} l join change c on l.line_id = c.{side}_id
        """
    )


def _months(db: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Write the month of the city's calendar to both sides, such as 1403-05."""
    days: list[date] = [
        row[0]
        for row in db.execute(
            'select date from "before" where date is not null union select date from "after" where date is not null'
        ).fetchall()
    ]
    db.execute("create temp table day (date date, month varchar)")
    for day in days:
        year, month = calendar.from_gregorian(day)[:2] if kind == "jalali" else (day.year, day.month)
        db.execute("insert into day values (?, ?)", [day, f"{year:04d}-{month:02d}"])
    for side in ("before", "after"):
        db.execute(f'update "{side}" s set month = day.month from day where day.date = s.date')


def _withhold(db: duckdb.DuckDBPyConnection, before: Path, after: Path) -> None:
    """Take away what the release before told and the present one does not: what is withheld by now is withheld here too.

    Names that no supplier of the present release bears are taken out of every text of the side before; so is a description that the
    present release masks, and one with a long number or an address in it that no line of the present release repeats.
    """
    known = (
        f"(select supplier from read_parquet('{parquet_of(after, 'supplier')}') where not supplier_is_person)"
    )
    db.execute(
        f"""update "before" set supplier_name = null where supplier is not null and supplier not in {known}"""
    )
    told = "select distinct title from new where title is not null"
    db.execute(
        f"""
        update "before" set title = null, title_key = null
        where (regexp_matches(title, '{PRIVATE}') and title not in ({told}))
           or change in (select change from "after" where contains(title, '{MASK}'))
        """
    )
    names = [
        str(row[0])
        for row in db.execute(
            f"""
            select distinct name from (
              select name, supplier from read_parquet('{parquet_of(before, "supplier")}')
              union all
              select supplier_name, supplier from old where not supplier_is_person)
            where name is not null and length(trim(name)) > 2 and supplier not in {known} order by 1
            """
        ).fetchall()
    ]
    for start in range(0, len(names), _NAMES_AT_ONCE):
        any_of = "|".join(_quoted(name) for name in names[start : start + _NAMES_AT_ONCE])
        for column in ("title", "unit", "programme", "economic", "contract_no"):
            also = {"title": ", title_key = null"}.get(column, "")
            also = f", {column}_key = coalesce({column}_code, '')" if column in _KEYS else also
            db.execute(
                f'update "before" set {column} = null{also} where regexp_matches({column}, ?)', [any_of]
            )


def _summary(db: duckdb.DuckDBPyConnection) -> None:
    """Make `summary`: the changes counted and summed by SUMMED of both sides, so that what changed for a stage, year or class reads few rows."""
    sides = ", ".join(f'{side}."{name}" as {side}_{name}' for side in ("before", "after") for name in SUMMED)
    db.execute(
        f"""
        create table summary as
        select kind, {sides}, list_has_any(differs, ['class', 'mode']) is true as reclassified, list_contains(differs, 'amount') is true as repriced,
               count(*) as lines, sum("before".amount)::bigint as old, sum("after".amount)::bigint as new
        from change left join "before" using (change) left join "after" using (change)
        group by all order by lines desc
        """
    )


def _quoted(name: str) -> str:
    """Return a regular expression of exactly this text."""
    return "".join(c if c.isalnum() or c.isspace() else f"\\x{{{ord(c):x}}}" for c in name)
