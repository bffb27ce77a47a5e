"""How classes came about: which rules decided how much money, and how sure they were."""

from __future__ import annotations

from dataclasses import dataclass

from rasad.release.reader.filters import Filters
from rasad.release.reader.open import Release


@dataclass(frozen=True)
class RuleUse:
    """One rule, code or person's judgement: the class it gave, its version, its lines, their amount (smallest unit) and mean confidence (0 to 1)."""

    rule: str
    cls: str
    method: str
    version: str
    amount: int
    lines: int
    confidence: float | None


def rules_used(release: Release, filters: Filters, *, limit: int = 20) -> list[RuleUse]:
    """Return the rules that decided most money among the classes of IT spending. ValueError without exactly one stage."""
    filters = release.settled(filters)
    table, where, values = release.asked(
        filters, {"flow", "class", "class_method", "class_rule", "class_version", "confidence"}
    )
    rows = release.from_table(
        table,
        f"""
        select coalesce(class_rule, ''), class, class_method, coalesce(class_version, ''), cast(sum(amount) as bigint), cast(sum(lines) as bigint),
               sum(confidence) / nullif(sum(confident), 0)
        from {table} where {where} and class not in ('not_it', 'unknown')
        group by 1, 2, 3, 4 order by 5 desc, 1, 2, 3, 4 limit {int(limit)}
        """,
        values,
        one_year=filters.year is not None,
    )
    return [RuleUse(*row) for row in rows]
