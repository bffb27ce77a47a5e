"""Plans to weigh: a few that differ, each the best by some weights of the goals, for people who set weights of their own.

`weighing.computing.plans_to_weigh(problem, seconds=…, seed=…)` computes them; only what it returns is imported here, so that it can be read, and
weighed, without the solvers.
"""

from rasad.roadmap.weighing.result import ToWeigh, Weighable, WeighedGoal

__all__ = ["ToWeigh", "Weighable", "WeighedGoal"]
