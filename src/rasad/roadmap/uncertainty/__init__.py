"""What a plan is worth when costs, durations and weights are not certain.

classes    reference classes: how much dearer and longer such projects become, as data
fitting    reference classes from a city's own finished projects: `fit`
forecast   a plan a thousand times over: `forecast`
confident  a plan that stays within all its budgets with a chosen probability: `confident_plan`
by_period  the same for each period by itself, or one alone: `confident_by_period`
weights    how often each initiative is chosen as weights vary: `vary_weights`

Only data and results are imported here, so that they can be read without the solvers.
"""

from rasad.roadmap.uncertainty.classes import (
    Empirical,
    Fixed,
    Lognormal,
    ReferenceClass,
    Spread,
    Triangular,
    Uncertainty,
)
from rasad.roadmap.uncertainty.result import (
    Band,
    Budgeted,
    ConfidentPlan,
    Expected,
    Forecast,
    GoalBand,
    OftenChosen,
    PeriodChances,
    Swing,
    Trial,
    WeighedPlan,
    Weights,
)

__all__ = [
    "Band",
    "Budgeted",
    "ConfidentPlan",
    "Empirical",
    "Expected",
    "Fixed",
    "Forecast",
    "GoalBand",
    "Lognormal",
    "OftenChosen",
    "PeriodChances",
    "ReferenceClass",
    "Spread",
    "Swing",
    "Trial",
    "Triangular",
    "Uncertainty",
    "WeighedPlan",
    "Weights",
]
