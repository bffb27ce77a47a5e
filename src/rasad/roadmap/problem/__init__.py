"""The problem of a roadmap: its parts, checked when they are built, and its JSON."""

from rasad.roadmap.problem.faults import Fault, ProblemError, RoadmapError
from rasad.roadmap.problem.files import dump, json_schema, load, load_plan, parse, parse_plan, write
from rasad.roadmap.problem.initiatives import (
    Effect,
    Frozen,
    Group,
    Initiative,
    Lock,
    Mode,
    Requirement,
    Synergy,
)
from rasad.roadmap.problem.limits import (
    Budget,
    CategoryShare,
    Fairness,
    GoalScore,
    GoalShare,
    Limits,
    Running,
    SkillCapacity,
)
from rasad.roadmap.problem.objectives import (
    ChangeTarget,
    CompletionTarget,
    CostTarget,
    GoalTarget,
    LeastTarget,
    Objective,
    Target,
)
from rasad.roadmap.problem.parts import Holder, Horizon, Measured, Named
from rasad.roadmap.problem.plan import Choice, Plan
from rasad.roadmap.problem.problem import CATEGORIES, Problem

__all__ = [
    "CATEGORIES",
    "Budget",
    "CategoryShare",
    "ChangeTarget",
    "Choice",
    "CompletionTarget",
    "CostTarget",
    "Effect",
    "Fairness",
    "Fault",
    "Frozen",
    "GoalScore",
    "GoalShare",
    "GoalTarget",
    "Group",
    "Holder",
    "Horizon",
    "Initiative",
    "LeastTarget",
    "Limits",
    "Lock",
    "Measured",
    "Mode",
    "Named",
    "Objective",
    "Plan",
    "Problem",
    "ProblemError",
    "Requirement",
    "RoadmapError",
    "Running",
    "SkillCapacity",
    "Synergy",
    "Target",
    "dump",
    "json_schema",
    "load",
    "load_plan",
    "parse",
    "parse_plan",
    "write",
]
