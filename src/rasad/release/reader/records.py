"""What people wrote, as a release has it: projects, goals, indicators and the rest, and the money that reaches them.

A release that was built without a workspace has none of these tables; then `Records.there` is false and nothing is found.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from rasad.persian.apportion import apportion
from rasad.release.reader.filters import Filters
from rasad.release.reader.store import Store

Row = dict[str, Any]
_LEDGER = frozenset({"line", "contract", "supplier", "batch", "problem", "tombstone", "allocation"})
_NAME = re.compile(r"[a-z_]+")
NO_PROJECT = ""
"""Stands for the money that no project has."""


def index(db: duckdb.DuckDBPyConnection, data: Path) -> None:
    """Add the records of a release to its serving index: one table each in the schema `records`, and the money by project (the table `thread`).

    `records.part` has each line's parts by the line's number, those of one project together.
    """
    db.execute("create schema records")
    for path in sorted(data.glob("*.parquet")):
        name = path.stem
        if name not in _LEDGER and _NAME.fullmatch(name):
            db.read_parquet(str(path)).create(f"records.{name}")
    allocation = data / "allocation.parquet"
    if not allocation.is_file():
        return
    db.read_parquet(str(allocation)).create_view("raw_allocation", replace=True)
    db.execute(
        """
        create table records.part as
        select line.n, a.part, coalesce(a.project, '') as project, a.share_bp, a.amount, a.method, a.rule, a.rule_version
        from raw_allocation a join line on line.line_id = a.line_id order by project, n, part
        """
    )
    db.execute(
        """
        create table thread as
        select flow, book, stage, fiscal_year, class, mode, unit_key, programme_key, project, method,
               sum(part.amount)::bigint as amount, count(*) as lines
        from records.part part join line on line.n = part.n group by all order by stage, fiscal_year, project
        """
    )
    db.execute("drop view raw_allocation")


@dataclass(frozen=True)
class Step:
    """How far the money's thread reaches: `amount` of `whole` (smallest unit), over `lines` parts of lines."""

    amount: int
    whole: int

    @property
    def share(self) -> float | None:
        return self.amount / self.whole if self.whole else None


@dataclass(frozen=True)
class Thread:
    """The money under filters and how far it reaches: `whole`, to a project, a goal, an indicator that has a reading, a resolution."""

    whole: int
    project: Step
    goal: Step
    indicator: Step
    resolution: Step


class Records:
    """The records of one release. Tables are read once, on demand."""

    def __init__(self, store: Store) -> None:
        self._store = store
        names = store.rows(
            "select table_name from duckdb_tables() where schema_name = 'records' or table_name = 'thread'"
        )
        self._names = {str(name) for (name,) in names}
        self._tables: dict[str, list[Row]] = {}
        self._keys: dict[tuple[str, str], dict[str, Row]] = {}
        self._rows: dict[tuple[str, tuple[str, ...]], dict[tuple[str, ...], Row]] = {}
        self._labels: dict[str, dict[tuple[str, str], dict[str, str]]] = {}

    @property
    def there(self) -> bool:
        """Whether the release has records at all."""
        return "project" in self._names

    @property
    def plans(self) -> bool:
        """Whether the release says which roadmap is adopted, if any."""
        return "roadmap" in self._names

    @property
    def slippage(self) -> bool:
        """Whether the release says what became of the adopted roadmap."""
        return "roadmap_actual" in self._names and bool(self.table("roadmap"))

    @property
    def alternatives(self) -> bool:
        """Whether the release holds other plans than the adopted one."""
        return "roadmap_alternative" in self._names and bool(self.table("roadmap_alternative"))

    @property
    def linked(self) -> bool:
        """Whether the release says which project each line's money is for."""
        return "thread" in self._names

    def table(self, name: str) -> list[Row]:
        """Return every record of a noun, in the order of their keys."""
        if name not in self._tables:
            there = name in self._names and name not in ("part", "thread")
            self._tables[name] = self._store.dicts(f'select * from records."{name}"') if there else []
        return self._tables[name]

    def by(self, name: str, column: str) -> dict[str, list[Row]]:
        """Return the records of a noun by the value of a column."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.table(name):
            found[row[column] or ""].append(row)
        return found

    def labels(self, lang: str) -> dict[tuple[str, str], dict[str, str]]:
        """Return (table, column) → code → what people call it, in "fa" or "en"."""
        if lang not in self._labels:
            found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
            for row in self.table("label"):
                found[row["table"], row["column"]][row["code"]] = row[lang]
            self._labels[lang] = dict(found)
        return self._labels[lang]

    def one(self, name: str, key: str, column: str = "code") -> Row | None:
        """Return the record with that key; None where there is none."""
        if (name, column) not in self._keys:
            self._keys[name, column] = {str(row[column]): row for row in self.table(name)}
        return self._keys[name, column].get(key)

    def at(self, name: str, columns: tuple[str, ...], key: tuple[str, ...]) -> Row | None:
        """Return the record whose key columns say these texts (days as ISO has them, "" where empty); None where there is none."""
        if (name, columns) not in self._rows:
            self._rows[name, columns] = {
                tuple("" if row.get(column) is None else str(row[column]) for column in columns): row
                for row in self.table(name)
            }
        return self._rows[name, columns].get(key)

    @cached_property
    def goal_weights(self) -> dict[str, list[tuple[str, int]]]:
        """Project → its goals and their weights in basis points."""
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for row in self.table("project_goal"):
            found[row["project"]].append((row["goal"], int(row["weight_bp"])))
        return dict(found)

    @cached_property
    def read_goals(self) -> frozenset[str]:
        """Goals with an indicator that has a reading."""
        read = {row["indicator"] for row in self.table("reading")}
        return frozenset(row["goal"] for row in self.table("goal_indicator") if row["indicator"] in read)

    # Money

    def money(self, filters: Filters, by: str = "project") -> dict[str, tuple[int, int]]:
        """Return key of a column of `thread` → (amount, parts of lines) under filters of one flow, book and stage; the largest first."""
        where, values = filters.sql()
        rows = self._store.of(
            "thread",
            f"select coalesce(cast(\"{by}\" as varchar), ''), cast(sum(amount) as bigint), cast(sum(lines) as bigint) from thread "
            f"where {where} group by 1 order by 2 desc, 1",
            values,
            one_year=filters.year is not None,
        )
        return {key: (int(amount), int(lines)) for key, amount, lines in rows}

    def by_class(self, filters: Filters) -> list[tuple[str, str, int]]:
        """Return (class, project, amount) under filters of one flow, book and stage."""
        where, values = filters.sql()
        return [
            (str(cls), str(project), int(amount))
            for cls, project, amount in self._store.of(
                "thread",
                f"select class, project, cast(sum(amount) as bigint) from thread where {where} group by 1, 2 order by 3 desc, 1, 2",
                values,
                one_year=filters.year is not None,
            )
        ]

    def stages_of(self, project: str) -> list[tuple[str, str, int, str, int, int]]:
        """Return (flow, book, fiscal year, stage, amount, parts) of a project's money."""
        return [
            (str(flow), str(book), int(year), str(stage), int(amount), int(lines))
            for flow, book, year, stage, amount, lines in self._store.of(
                "thread",
                "select flow, book, fiscal_year, stage, cast(sum(amount) as bigint), cast(sum(lines) as bigint) from thread "
                "where project = ? group by 1, 2, 3, 4 order by 3, 2, 4",
                [project],
            )
        ]

    def parts_of_line(self, line_id: str) -> list[Row]:
        """Return the parts of a line: project (empty: unlinked), share_bp, amount, method, rule, rule_version."""
        if not self.linked:
            return []
        return self._store.dicts(
            "select part.* exclude (n) from records.part part where n = (select n from line where line_id = ?) order by part.part",
            [line_id],
        )

    def lines_of_project(
        self, project: str, filters: Filters, *, limit: int, offset: int = 0
    ) -> tuple[list[Row], int]:
        """Return lines of a project's money under filters of one flow, book and stage, the largest first, and how many there are.

        Each has line_id, title, unit, supplier_name, supplier, date, class, and the project's part: part_amount, share_bp, method.
        """
        where, values = self._store.where(filters)
        rows = self._store.dicts(
            f"""
            select line.line_id, line.title, line.unit, line.supplier_name, line.supplier, line.supplier_is_person, line.date,
                   line.class, line.amount, part.amount as part_amount, part.share_bp, part.method, count(*) over () as found
            from records.part part join line on line.n = part.n
            where part.project = ? and {where} order by part.n limit ? offset ?
            """,
            [project, *values, limit, offset],
        )
        return rows, int(rows[0]["found"]) if rows else 0

    def contracts_of_project(self, project: str, filters: Filters, *, limit: int) -> list[Row]:
        """Return the contracts that lines of a project's money name, those with the most of it first.

        Each has contract_no, amount (the project's parts under filters of one flow, book and stage), lines, line_id (of its largest
        line); and of the contract as the release has it, None where it has none: title, agreed.
        """
        where, values = self._store.where(filters)
        own = self._store.dicts(
            f"""
            select contract_no, sum(part.amount)::bigint as amount, count(*) as lines, arg_max(line_id, abs(part.amount)) as line_id
            from records.part part join line on line.n = part.n
            where part.project = ? and contract_no is not null and {where} group by 1 order by abs(sum(part.amount)::bigint) desc, 1 limit {int(limit)}
            """,
            [project, *values],
        )
        if not own:
            return []
        # Of these few alone: there may be a hundred thousand contracts.
        marks = ", ".join("?" * len(own))
        agreed = {
            one.pop("contract_no"): one
            for one in self._store.dicts(
                f"select contract_no, any_value(title) as title, sum(amount)::bigint as agreed from contract where contract_no in ({marks}) group by 1",
                [one["contract_no"] for one in own],
            )
        }
        return [one | agreed.get(one["contract_no"], {"title": None, "agreed": None}) for one in own]

    def by_goal(self, filters: Filters) -> dict[str, int]:
        """Return goal → money under filters of one flow, book and stage, each project's divided among its goals by weight, exactly;
        under NO_PROJECT what reaches no goal."""
        found: dict[str, int] = defaultdict(int)
        for project, (amount, _lines) in self.money(filters).items():
            for goal, part in self.divided(project, amount):
                found[goal] += part
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def divided(self, project: str, amount: int) -> list[tuple[str, int]]:
        """Return a project's amount divided among its goals by weight; what is left reaches no goal (an empty key)."""
        goals = self.goal_weights.get(project, [])
        weights = [weight for _goal, weight in goals]
        rest = 10_000 - sum(weights)
        parts = apportion(amount, [*weights, rest])
        divided = [(goal, part) for (goal, _weight), part in zip(goals, parts, strict=False)]
        return divided if rest == 0 and goals else [*divided, (NO_PROJECT, parts[-1])]

    def thread(self, filters: Filters) -> Thread:
        """Return how far the money under filters of one flow, book and stage reaches. A goal counts as reaching an indicator where one
        of its indicators has a reading."""
        money = self.money(filters)
        whole = sum(amount for amount, _lines in money.values())
        to_project = whole - money.get(NO_PROJECT, (0, 0))[0]
        goals = self.by_goal(filters)
        to_goal = whole - goals.get(NO_PROJECT, 0)
        to_indicator = sum(amount for goal, amount in goals.items() if goal in self.read_goals)
        ordered = {row["code"] for row in self.table("project") if row["resolution"]}
        to_resolution = sum(amount for project, (amount, _lines) in money.items() if project in ordered)
        return Thread(
            whole,
            Step(to_project, whole),
            Step(to_goal, whole),
            Step(to_indicator, whole),
            Step(to_resolution, whole),
        )
