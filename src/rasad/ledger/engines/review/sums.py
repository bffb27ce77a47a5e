"""Sums of what is asked for, as twelve numbers: lines and amount of the whole, of what people and rules link, of what is unlinked, and of what
waits for a project and for a class. The index has most of it and never changes; what people judged since is little, and laid over it."""

from __future__ import annotations

from typing import Any

from rasad.ledger.engines.review.asking import Asked, Matter, Where

JOINED = "line l left join live.touched t on t.n = l.n"
OPEN: dict[Matter, str] = {
    "project": "l.open_size > 0 and not coalesce(t.judged, false)",
    "class": "l.doubt_size > 0 and t.cls is null",
}
"""What waits for a judgement: money that no rule links, and money whose class is in doubt."""
SIZE: dict[Matter, str] = {"project": "l.open_size", "class": "l.doubt_size"}
UNLINKED = "case when t.judged then t.unlinked else l.unlinked end"
_INDEXED = """
count(*) as lines, sum(l.amount) as amount, 0 as p_lines, 0 as p_amount,
sum((l.rule > 0)::int) as r_lines, sum(case when l.rule > 0 then l.amount - l.unlinked else 0 end) as r_amount,
sum((l.unlinked <> 0)::int) as n_lines, sum(l.unlinked) as n_amount,
sum((l.doubt_size > 0)::int) as d_lines, sum(case when l.doubt_size > 0 then l.amount else 0 end) as d_amount
"""
"""Of many lines: what is counted is added up, for a filter of its own for each sum takes longer."""
_TWELVE = "lines, amount, p_lines, p_amount, r_lines, r_amount, n_lines, n_amount, n_lines, n_amount, d_lines, d_amount"


def index_sums(where: Where) -> tuple[str, list[Any]]:
    """Return the query over every line as the index has it."""
    before = where.indexed
    return f"select {_TWELVE} from (select {_INDEXED} from line l where {before.sql})", before.values


def touched_sums(where: Where) -> tuple[str, list[Any]]:
    """Return the query of what people changed of that: less the lines that are touched as the index has them, more these as they are now."""
    before = where.indexed
    linked, ruled = f"l.amount - ({UNLINKED})", "not t.judged and l.rule > 0"
    now = f"""
      count(*), sum(l.amount), count(*) filter (t.judged), sum({linked}) filter (t.judged), count(*) filter ({ruled}),
      sum({linked}) filter ({ruled}), count(*) filter ({UNLINKED} <> 0), sum({UNLINKED}), count(*) filter ({OPEN["project"]}),
      sum(l.unlinked) filter ({OPEN["project"]}), count(*) filter ({OPEN["class"]}), sum(l.amount) filter ({OPEN["class"]})
    """
    touched = "live.line l join live.touched t on t.n = l.n"
    less = ", ".join(f"-{name}" for name in _TWELVE.split(", "))
    names = ", ".join(f"c{number}" for number in range(12))
    sums = ", ".join(f"sum(c{number})::bigint" for number in range(12))
    query = f"""
      select {sums} from (
        select {less} from (select {_INDEXED} from {touched} where {before.sql})
        union all select {now} from {touched} where {where.sql}
      ) as every({names})
    """
    return query, [*before.values, *where.values]


def plain_sums(asked: Asked) -> tuple[str, list[Any]]:
    """Return the query of all of it, where sums of the index can answer: less what is touched as the index has it, more the same as it is now."""
    tests = ["flow = ?", "book = ?", "stage = ?"]
    values: list[Any] = [asked.flow, asked.book, asked.stage]
    if asked.year is not None:
        tests.append("fiscal_year = ?")
        values.append(asked.year)
    if asked.scope == "it":
        tests.append("in_scope")
    if asked.conditions.classes:
        tests.append(f"class in ({', '.join('?' * len(asked.conditions.classes))})")
        values += asked.conditions.classes
    within = " and ".join(tests)
    places = "flow, book, stage, fiscal_year"
    rows = f"""
      select {places}, in_scope, class, lines, amount, 0 as p_lines, 0 as p_amount, case when ruled then lines else 0 end as r_lines,
             case when ruled then amount - unlinked else 0 end as r_amount, open_lines as n_lines, unlinked as n_amount,
             open_lines as o_lines, unlinked as o_amount, doubted_lines as d_lines, doubted as d_amount from cube
      union all
      select {places}, in_scope_before, class_before, -1, -amount, 0, 0, -ruled::int, case when ruled then unlinked_before - amount else 0 end,
             -(unlinked_before <> 0)::int, -unlinked_before, -(unlinked_before <> 0)::int, -unlinked_before,
             -in_doubt::int, case when in_doubt then -amount else 0 end from live.touched
      union all
      select {places}, in_scope, coalesce(cls, class_before), 1, amount, judged::int, case when judged then amount - unlinked else 0 end,
             (ruled and not judged)::int, case when ruled and not judged then amount - unlinked else 0 end,
             (unlinked <> 0)::int, unlinked, (unlinked <> 0 and not judged)::int, case when judged then 0 else unlinked end,
             (in_doubt and cls is null)::int, case when in_doubt and cls is null then amount else 0 end from live.touched
    """
    sums = ", ".join(
        f"sum({name})::bigint"
        for name in "lines amount p_lines p_amount r_lines r_amount n_lines n_amount o_lines o_amount d_lines d_amount".split()
    )
    return f"select {sums} from ({rows}) where {within}", values
