"""Writing down which rows of the records differ between two releases, cell by cell, and to which pages each belongs.

A row is the same row by its table's key; where several rows share a key, what is the same in both releases is taken away first and the rest
is paired in order. Four tables: `row_change` (one row of a release that came, went or differs), `row_cell` (its cells before and after, as
text), `subject_row` (which changes belong to a subject) and `subject_count`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from rasad.release.manifest import read_manifest
from rasad.release.reader.sides import MASK, PRIVATE, columns_of, digest_of, parquet_of
from rasad.release.reader.subjects import (
    MONEY,
    NO_PROJECT_CODE,
    OF_ALL,
    OF_ONE,
    PROSE,
    TABLES,
    UNLINKED,
    UNTOLD,
    Hop,
)

_MONEY_KEY = ("project", "flow", "book", "fiscal_year", "stage")
_SUMS = (*_MONEY_KEY, "amount", "lines")


def write_rows_that_differ(
    db: duckdb.DuckDBPyConnection, before: Path, after: Path, keys: dict[str, list[str]]
) -> None:
    """Compare the rows of the tables that pages of records show. `keys`: each table's key as the later release declares it."""
    db.execute('create table row_change (change integer, "table" varchar, kind varchar)')
    db.execute(
        'create temp table cell_found (change integer, "table" varchar, place integer, "column" varchar, words boolean, before varchar, after varchar)'
    )
    db.execute("create temp table belongs (of varchar, code varchar, rank integer, change integer)")
    _sum_money(db, before, after)
    same = _unchanged(before, after)
    for table in TABLES:
        if table in same:
            continue
        sums = table in (MONEY, UNLINKED)
        sources = [
            f"{table}_{side}" if sums else f"read_parquet('{parquet_of(release, table)}')"
            for side, release in (("old", before), ("new", after))
        ]
        there = [list(_SUMS) if sums else columns_of(db, release, table) for release in (before, after)]
        key = list(_MONEY_KEY) if sums else keys.get(table, [])
        if not there[1] or not key:
            # What the later release does not have at all is withheld, whatever the earlier one had.
            continue
        _table(db, table, sources, there, key)
        _belonging(db, table, before, after)
    _cells(db, before, after)
    db.execute(
        """
        create table subject_row as
        select of, code, min(rank)::integer as rank, change from belongs group by of, code, change order by of, code, rank, change
        """
    )
    db.execute(
        """
        create table subject_count as
        select of, code, min(rank) as rank, "table", count(*) filter (kind = 'added') as added, count(*) filter (kind = 'gone') as gone,
               count(*) filter (kind = 'changed') as changed
        from subject_row join row_change using (change) group by of, code, "table" order by of, code, rank
        """
    )


def _unchanged(before: Path, after: Path) -> set[str]:
    """Return the tables whose files are the same to the byte."""
    files = [
        {one["path"]: one["sha256"] for one in read_manifest(release)["files"]} for release in (before, after)
    ]
    return {
        Path(path).stem
        for path, digest in files[1].items()
        if path.endswith(".parquet") and files[0].get(path) == digest
    }


def _sum_money(db: duckdb.DuckDBPyConnection, before: Path, after: Path) -> None:
    """Make both releases' sums of spending by project, book, year and stage; empty where a release does not allocate its lines."""
    for side, release in (("old", before), ("new", after)):
        linked = bool(columns_of(db, release, "allocation")) and {"flow", "book", "stage"} <= set(
            columns_of(db, release, "line")
        )
        db.execute(
            f"create temp table sum_{side} (project varchar, flow varchar, book varchar, fiscal_year bigint, stage varchar, "
            "amount bigint, lines bigint)"
        )
        if linked:
            db.execute(
                f"""
                insert into sum_{side}
                select coalesce(a.project, '{NO_PROJECT_CODE}'), flow, book, fiscal_year, stage, sum(a.amount)::bigint, count(*)
                from read_parquet('{parquet_of(release, "allocation")}') a join read_parquet('{parquet_of(release, "line")}') l using (line_id)
                where flow = 'expense' group by all
                """
            )
        for table, sign in ((MONEY, "<>"), (UNLINKED, "=")):
            db.execute(
                f"create temp view {table}_{side} as select * from sum_{side} where project {sign} '{NO_PROJECT_CODE}'"
            )


def _table(
    db: duckdb.DuckDBPyConnection,
    table: str,
    sources: Sequence[str],
    there: Sequence[list[str]],
    declared: list[str],
) -> None:
    """Find the rows of one table that came, went or differ, and their cells; leave them as `found` for who they belong to."""
    missing = not there[0]
    both = [column for column in there[1] if missing or column in there[0]]
    told = [column for column in both if (table, column) not in UNTOLD]
    key = [column for column in declared if column in told]
    cells = ", ".join(f'"{name}"::varchar' for name in told)
    # Numbers in a key sort as numbers do.
    order = ", ".join(
        f"""if(regexp_full_match("{name}"::varchar, '[0-9]+'), lpad("{name}"::varchar, 20, '0'), coalesce("{name}"::varchar, ''))"""
        for name in key
    )
    sides = ", ".join(
        f"""{side}_all as (select [{cells}] as cells, [{order}] as place, {digest_of(key)} as key, {digest_of(told)} as content
              from {sources[1] if missing else source} where {side == "b" or not missing}),
            {side}_nth as (select *, row_number() over (partition by content) as nth from {side}_all)"""
        for side, source in zip("ab", sources, strict=True)
    )
    rest = ", ".join(
        f"""{side} as (select * exclude (nth), row_number() over (partition by key order by content) as nth
              from {side}_nth anti join {other}_nth using (content, nth))"""
        for side, other in ("ab", "ba")
    )
    db.execute("drop table if exists found")
    db.execute(
        f"""
        create temp table found as
        with {sides}, {rest}
        select (row_number() over (order by coalesce(b.place, a.place)) + (select count(*) from row_change))::integer as change,
               case when a.key is null then 'added' when b.key is null then 'gone' else 'changed' end as kind,
               a.cells as old, b.cells as new
        from a full join b on a.key = b.key and a.nth = b.nth
        """
    )
    texts = {
        str(name)
        for (name,) in db.execute(
            f"select column_name from (describe select * from {sources[1]}) where column_type = 'VARCHAR'"
        ).fetchall()
    } - set(key)
    names = ", ".join(f"'{name}'" for name in told)
    in_words = ", ".join(str(name in texts) for name in told)
    db.execute("insert into row_change select change, ?, kind from found", [table])
    db.execute(
        f"""
        insert into cell_found
        select * from (
          select change, '{table}', unnest(range({len(told)})), unnest([{names}]), unnest([{in_words}]),
                 unnest(coalesce(old, list_resize([null::varchar], {len(told)}))) as was,
                 unnest(coalesce(new, list_resize([null::varchar], {len(told)}))) as now
          from found)
        where was is not null or now is not null
        """
    )


def _belonging(db: duckdb.DuckDBPyConnection, table: str, before: Path, after: Path) -> None:
    """Say of every change in a table to which subjects it belongs: to a record that it names, or named before."""
    for of, tables in OF_ALL.items():
        if table in tables:
            db.execute(
                "insert into belongs select ?, '', ?, change from found",
                [of, tables.index(table)],
            )
    for of, members in OF_ONE.items():
        for rank, member in enumerate(members):
            if member.table != table:
                continue
            named = (
                "select change, unnest(list_distinct([before, after])) as code from cell_found "
                f"""where "table" = '{table}' and "column" = '{member.column}'"""
            )
            for hop in member.through:
                ways = _ways(db, hop, before, after)
                if not ways:
                    named = ""
                    break
                named = f"select change, way.code from ({named}) one join ({ways}) way on way.here = one.code"
            if named:
                db.execute(
                    f"insert into belongs select ?, code, ?, change from ({named}) where code is not null",
                    [of, rank],
                )


def _ways(db: duckdb.DuckDBPyConnection, hop: Hop, before: Path, after: Path) -> str:
    """Return the query of (here, code): which records a table of links joins, in either release; "" where there is no such table."""
    return " union ".join(
        f"""select "{hop.column}" as here, "{hop.to}" as code from read_parquet('{parquet_of(release, hop.table)}')"""
        for release in (before, after)
        if {hop.column, hop.to} <= set(columns_of(db, release, hop.table))
    )


def _cells(db: duckdb.DuckDBPyConnection, before: Path, after: Path) -> None:
    """Make `row_cell`. What the release before told in words and the present one does not, for a person's sake, is withheld: running text,
    texts with a long number or an address in them, and the names of those whom the present release names as no firm."""
    prose = ", ".join(f"('{table}', '{column}')" for table, column in sorted(PROSE))
    firms = f"""(select name from read_parquet('{parquet_of(after, "supplier")}') where not supplier_is_person and name is not null)"""
    names = f"""
        select distinct name from read_parquet('{parquet_of(before, "supplier")}')
        where length(trim(name)) > 2 and name not in {firms}"""
    db.execute(
        f"""
        create temp table withheld as
        select change, "column" from cell_found c
        where words and before is not null and before is distinct from after and (
          ("table", "column") in ({prose})
          or regexp_matches(before, '{PRIVATE}')
          or contains(coalesce(after, ''), '{MASK}')
          or exists (select 1 from ({names}) n where contains(c.before, n.name)))
        """
    )
    db.execute(
        """
        create table row_cell as
        select change, place, "column", if(w.change is null, before, null) as before, after, before is distinct from after as differs,
               w.change is not null as withheld
        from cell_found left join withheld w using (change, "column") order by change, place
        """
    )
