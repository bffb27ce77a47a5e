"""Why no plan keeps all limits: a smallest set of limits that contradict each other, and the smallest repairs.

`infeasible.finding.why_infeasible` is the way in. Only what it returns is imported here, so that it can be read without the solvers.
"""

from rasad.roadmap.infeasible.result import Change, Conflict, Infeasibility, Repair

__all__ = ["Change", "Conflict", "Infeasibility", "Repair"]
