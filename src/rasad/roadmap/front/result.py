"""A front. Written as JSON by `model_dump_json`, read by `model_validate_json`."""

from __future__ import annotations

from rasad.roadmap.problem import Plan
from rasad.roadmap.problem.parts import Part
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.wording import Words


class Axis(Part):
    """One target: what it is, and whether more or less of it is better."""

    key: str
    words: Words
    maximise: bool


class Point(Part):
    """One plan of the front, with the value of each target in the axes' order.

    `status` is that of its search, `optimal` where it is proven that no plan is at least as good in all targets and better in one; else `gap` says by how much the first
    target that was not proven might still be better, and later points may be better altogether.
    """

    values: tuple[int, ...]
    plan: Plan
    status: Status
    gap: float | None
    seconds: float


class Front(Part):
    """Points in the order of the first target, the best first.

    `status`: optimal (every point is there, each proven), time or cancelled (points may be missing), infeasible (no plan keeps all limits). `open`: how many
    regions between the points have not been searched to their end.
    """

    status: Status
    axes: tuple[Axis, ...]
    points: tuple[Point, ...] = ()
    open: int = 0
    solves: int = 0
    seconds: float = 0.0
