"""What the ledger holds of one project as it stands now: its money by year and stage, its contracts, its largest lines.

The index has each project's sums as the rules say; what people judged since is laid over them: less what the rules said of the lines
that were judged, more what people said.
"""

from __future__ import annotations

from dataclasses import dataclass

from rasad.ledger.engines.review.reader import Queued, Review

_SUMS = """
with s as (
  select flow, book, stage, fiscal_year, currency, contract_no, amount, 0 as judged, lines from project_sum where project = $project
  union all
  select l.flow, l.book, l.stage, l.fiscal_year, l.currency, l.contract_no, -p.amount, 0, -1
  from live.touched t join part p on p.n = t.n join live.line l on l.n = t.n where t.judged and p.project = $project
  union all
  select l.flow, l.book, l.stage, l.fiscal_year, l.currency, l.contract_no, p.amount, p.amount, 1
  from live.part p join live.line l on l.n = p.n where p.project = $project)
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
        {_SUMS}
        select flow, book, stage, fiscal_year, currency, sum(amount)::bigint, sum(judged)::bigint, sum(lines)::bigint
        from s group by 1, 2, 3, 4, 5 having sum(lines) > 0 order by 4 desc, 1, 2, 3
        """,
        {"project": project},
    )
    return [Linked(*row) for row in rows]


def contracts_of(review: Review, project: str, at: Linked, *, limit: int) -> list[LinkedContract]:
    """Return the contracts that lines of the project name, with their amount of one flow, book and stage over all years, the largest first."""
    rows = review.rows_named(
        f"""
        {_SUMS}
        select contract_no, sum(amount)::bigint, sum(lines)::bigint from s
        where contract_no is not null and flow = $flow and book = $book and stage = $stage
        group by 1 having sum(lines) > 0 order by abs(sum(amount)) desc, 1 limit {int(limit)}
        """,
        {"project": project, "flow": at.flow, "book": at.book, "stage": at.stage},
    )
    return [LinkedContract(*row) for row in rows]


def lines_of(review: Review, project: str, at: Linked, *, limit: int) -> list[LinkedLine]:
    """Return the project's largest lines of one flow, book and stage, over all years."""
    where = [at.flow, at.book, at.stage]
    ((first, last),) = review.rows(
        "select first, last from place where flow = ? and book = ? and stage = ?", where
    )
    rows = review.rows_named(
        f"""
        select n, amount, share_bp, method from (
          select p.n, p.amount, p.share_bp, 'rule' as method from part p
          where p.project = $project and p.n between $first and $last and p.n not in (select n from live.touched where judged)
          union all
          select n, amount, share_bp, 'person' from live.part where project = $project and n between $first and $last)
        order by abs(amount) desc, n limit {int(limit)}
        """,
        {"project": project, "first": first, "last": last},
    )
    lines = review.lines_at([int(row[0]) for row in rows])
    return [LinkedLine(line, *row[1:]) for line, row in zip(lines, rows, strict=True)]


def unlinked_it(review: Review) -> dict[tuple[str, str, str, int], tuple[int, int]]:
    """Return (flow, book, stage, year) → the amount of the money for information technology, and what of it no project has."""
    rows = review.rows(
        """
        select flow, book, stage, fiscal_year, sum(amount)::bigint, sum(unlinked)::bigint from (
          select flow, book, stage, fiscal_year, amount, unlinked from cube where in_scope
          union all select flow, book, stage, fiscal_year, -amount, -unlinked_before from live.touched where in_scope_before
          union all select flow, book, stage, fiscal_year, amount, unlinked from live.touched where in_scope)
        group by 1, 2, 3, 4
        """,
        [],
    )
    return {(f, b, s, int(year)): (int(amount), int(none)) for f, b, s, year, amount, none in rows}
