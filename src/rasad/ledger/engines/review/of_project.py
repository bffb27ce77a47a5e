"""What the ledger holds of one project as it stands now: its money by year and stage, its contracts, its largest lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasad.ledger.engines.review.reader import Queued, Review

_PARTS = """
with p as materialized (
  select part.n, part.share_bp, part.amount, 'rule' as method from part left join live.touched t on t.n = part.n
  where part.project = $project and not coalesce(t.judged, false)
  union all
  select n, share_bp, amount, 'person' from live.part where project = $project)
"""


@dataclass(frozen=True)
class Linked:
    """The part of a project's money of one flow, book, stage and year: never added to another stage's. `judged` is what people said of it."""

    flow: str
    book: str
    stage: str
    fiscal_year: int
    currency: str
    amount: int
    judged: int
    lines: int


@dataclass(frozen=True)
class LinkedContract:
    """A contract of which lines are for the project, with the amount of these at one stage."""

    contract_no: str
    supplier_name: str
    amount: int
    lines: int


@dataclass(frozen=True)
class LinkedLine:
    """A line and the part of it that is for the project; `method` is person or rule."""

    line: Queued
    amount: int
    share_bp: int
    method: str


def money_of(review: Review, project: str) -> list[Linked]:
    """Return the project's money by flow, book, stage and year, the latest year first."""
    rows = review.rows_named(
        f"""
        {_PARTS}
        select l.flow, l.book, l.stage, l.fiscal_year, l.currency, sum(p.amount)::bigint,
               coalesce(sum(p.amount) filter (p.method = 'person'), 0)::bigint, count(*)::bigint
        from p join line l using (n) group by 1, 2, 3, 4, 5 order by 4 desc, 1, 2, 3
        """,
        {"project": project},
    )
    return [Linked(*row) for row in rows]


def contracts_of(review: Review, project: str, at: Linked, *, limit: int) -> list[LinkedContract]:
    """Return the contracts that lines of the project name, with their amount of one flow, book and stage over all years, the largest first."""
    rows = review.rows_named(
        f"""
        {_PARTS}
        select l.contract_no, coalesce(max(l.supplier_name), ''), sum(p.amount)::bigint, count(*)::bigint from p join line l using (n)
        where l.contract_no is not null and l.flow = $flow and l.book = $book and l.stage = $stage
        group by 1 order by abs(sum(p.amount)) desc, 1 limit {int(limit)}
        """,
        _asked(project, at),
    )
    return [LinkedContract(*row) for row in rows]


def lines_of(review: Review, project: str, at: Linked, *, limit: int) -> list[LinkedLine]:
    """Return the project's largest lines of one flow, book and stage, over all years."""
    rows = review.rows_named(
        f"""
        {_PARTS}
        select p.n, p.amount, p.share_bp, p.method from p join line l using (n)
        where l.flow = $flow and l.book = $book and l.stage = $stage order by abs(p.amount) desc, p.n limit {int(limit)}
        """,
        _asked(project, at),
    )
    lines = review.lines_at([int(row[0]) for row in rows])
    return [LinkedLine(line, *row[1:]) for line, row in zip(lines, rows, strict=True)]


def _asked(project: str, at: Linked) -> dict[str, Any]:
    return {"project": project, "flow": at.flow, "book": at.book, "stage": at.stage}
