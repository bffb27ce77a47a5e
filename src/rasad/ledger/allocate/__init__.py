"""Which project each line's money is for: rules suggest, people decide, and what nobody said is unlinked.

`rules` has what a rule and a judgement are, `meeting` which rule a line meets, `shares` how an amount is divided, `engine` the allocation of
lines, `store` the same for a home, kept beside its batches.
"""

from rasad.ledger.allocate.engine import ALLOCATED, allocate
from rasad.ledger.allocate.of_projects import ProjectSums, project_sums
from rasad.ledger.allocate.rules import WHOLE_BP, Conditions, Judged, Part, Rule, RuleError
from rasad.ledger.allocate.store import (
    Allocated,
    Progress,
    allocate_home,
    allocation,
    earlier_ids,
    known_lines,
    stage_allocation,
)
from rasad.ledger.allocate.sums import APART, IN_IT, AllocatedSum, allocated_sums

__all__ = [
    "ALLOCATED",
    "APART",
    "IN_IT",
    "WHOLE_BP",
    "Allocated",
    "AllocatedSum",
    "Conditions",
    "Judged",
    "Part",
    "Progress",
    "ProjectSums",
    "Rule",
    "RuleError",
    "allocate",
    "allocate_home",
    "allocated_sums",
    "allocation",
    "earlier_ids",
    "known_lines",
    "project_sums",
    "stage_allocation",
]
