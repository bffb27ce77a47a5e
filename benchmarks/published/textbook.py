"""The peer: each known problem in the model that a textbook has for it, given to the solver that the textbook names, with its own settings.

Scheduling: CP-SAT, intervals and cumulative resources, eight workers. Selection: HiGHS, a variable for each item. Fronts: HiGHS, one objective bounded by the
other (epsilon-constraint). Nothing of the engine is used but the problem as it was read.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
from ortools.sat.python import cp_model

from rasad.roadmap.problem import Problem
from rasad.roadmap.solve.highs import Quiet

GOAL_UNIT = 10_000
"""A goal counts in ten-thousandths of its unit."""


@dataclass(frozen=True)
class Answer:
    """What the peer found, in the problem's own unit: the value, the bound, whether it is proven, and the seconds it took."""

    value: int | None
    bound: int | None
    proven: bool
    seconds: float


def schedule(problem: Problem, seconds: float) -> Answer:
    """Return the least makespan of a scheduling problem."""
    began = time.monotonic()
    model = cp_model.CpModel()
    horizon = problem.horizon.count
    starts, ends, uses = {}, {}, {limit.skill: ([], []) for limit in problem.limits.skills}
    for one in problem.initiatives:
        [mode] = one.modes
        start = starts[one.id] = model.new_int_var(0, horizon - mode.duration, "")
        interval = model.new_fixed_size_interval_var(start, mode.duration, "")
        ends[one.id] = start + mode.duration
        for skill, needs in mode.skills.items():
            uses[skill][0].append(interval)
            uses[skill][1].append(needs[0])
    for one in problem.initiatives:
        for required in one.requires:
            model.add(starts[one.id] >= ends[required.initiative])
    for limit in problem.limits.skills:
        model.add_cumulative(*uses[limit.skill], limit.amounts[0])
    makespan = model.new_int_var(0, horizon, "")
    for end in ends.values():
        model.add(makespan >= end)
    model.minimize(makespan)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 8
    solver.parameters.max_time_in_seconds = seconds
    code = solver.solve(model)
    found = round(solver.objective_value) if code in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
    bound = round(solver.best_objective_bound) if found is not None else None
    return Answer(found, bound, code == cp_model.OPTIMAL, time.monotonic() - began)


def select(problem: Problem, seconds: float) -> Answer:
    """Return the most of the only goal."""
    began = time.monotonic()
    [values] = _values(problem)
    solver = _selection(problem, seconds)
    _maximise(solver, values)
    info = solver.getInfo()
    proven = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    value = round(info.objective_function_value) * GOAL_UNIT
    return Answer(value, int(info.mip_dual_bound + 1e-6) * GOAL_UNIT, proven, time.monotonic() - began)


def front(problem: Problem, seconds: float) -> tuple[list[tuple[int, int]], bool, float]:
    """Return the points of two goals, whether they are all, and the seconds it took."""
    began = time.monotonic()
    first, second = _values(problem)
    points: list[tuple[int, int]] = []
    least = 0
    while time.monotonic() - began < seconds:
        reached = []
        bounds = [(second, least)]
        for values in (first, second):
            solver = _selection(problem, seconds - (time.monotonic() - began))
            for bounded, low in bounds:
                solver.addRow(low, highspy.kHighsInf, len(bounded), range(len(bounded)), bounded)
            _maximise(solver, values)
            status = solver.getModelStatus()
            if status == highspy.HighsModelStatus.kInfeasible:
                return points, True, time.monotonic() - began
            if status != highspy.HighsModelStatus.kOptimal:
                return points, False, time.monotonic() - began
            reached.append(round(solver.getInfo().objective_function_value))
            bounds.append((values, reached[-1]))
        points.append((reached[0] * GOAL_UNIT, reached[1] * GOAL_UNIT))
        least = reached[1] + 1
    return points, False, time.monotonic() - began


def _values(problem: Problem) -> list[list[int]]:
    goals = [target.goal for target in problem.objective.targets if target.kind == "goal"]
    return [
        [effect.once if (effect := one.modes[0].effects.get(goal)) else 0 for one in problem.initiatives]
        for goal in goals
    ]


def _selection(problem: Problem, seconds: float) -> highspy.Highs:
    """Return what may be selected: prerequisites, and what each budget allows."""
    solver = Quiet()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", max(0.01, seconds))
    solver.setOptionValue("mip_rel_gap", 0.0)
    for _one in problem.initiatives:
        solver.addBinary()
    for at, one in enumerate(problem.initiatives):
        for required in one.requires:
            solver.addRow(-highspy.kHighsInf, 0.0, 2, [at, problem.places[required.initiative]], [1.0, -1.0])
    for limit in problem.limits.budgets:
        taken = [
            sum(costs[0] for category, costs in one.modes[0].costs.items() if not limit.categories or category in limit.categories)
            for one in problem.initiatives
        ]  # fmt: skip
        solver.addRow(-highspy.kHighsInf, limit.amounts[0], len(taken), range(len(taken)), taken)
    return solver


def _maximise(solver: highspy.Highs, values: Sequence[int]) -> None:
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    for at, value in enumerate(values):
        solver.changeColCost(at, value)
    solver.run()
