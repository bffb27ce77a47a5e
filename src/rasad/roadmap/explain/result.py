"""What explains a plan. Written as JSON by `model_dump_json`, read by `model_validate_json`.

Figures of worth are in the unit of one of the plan's aims (`Explanation.aims`), as an interval that is proven: at least, at most. Equal: exact.
"""

from __future__ import annotations

from typing import Literal

from rasad.roadmap.problem import CompletionTarget, Plan, Problem
from rasad.roadmap.problem.parts import Part
from rasad.roadmap.rows.table import Group
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.wording import Name, Words


class Aim(Part):
    """What the plan is the best in: the weighted sum, or one of the targets that are taken one after the other.

    `objective` is the best value that was found, `bound` what no plan passes that keeps the aims before it, and `kept` what the plan keeps of it for those after it (all but the
    target's slack). `kind`: the target's; of completion `last` or `each`. `currency`: of a cost.
    """

    kind: Literal["weighted", "goal", "cost", "last", "each", "change", "least"]
    words: Words
    maximise: bool
    objective: int
    bound: int
    kept: int
    currency: str = ""


def aim_of(
    problem: Problem, key: str, words: Words, maximise: bool, objective: int, bound: int, kept: int
) -> Aim:
    """Return an aim by the key of its expression: "weighted", or the number of the target and its kind."""
    number, _, kind = key.partition(":")
    target = problem.objective.targets[int(number)] if kind else None
    if isinstance(target, CompletionTarget):
        kind = target.of
    said = {"kind": kind or "weighted", "words": words, "maximise": maximise, "objective": objective, "bound": bound, "kept": kept}  # fmt: skip
    return Aim.model_validate(said | {"currency": problem.currency if kind == "cost" else ""})


class Move(Part):
    """What else would be otherwise: an initiative that would come in, go out, or be done in another mode or at another time."""

    initiative: str
    name: Name
    kind: Literal["in", "out", "moved"]
    words: Words


class Addition(Part):
    """How much more of one limit the plan would need, in the limit's unit, for an initiative to be added to it as it stands."""

    limit: Group
    amount: int
    words: Words


class Need(Part):
    """What an initiative left out would need to be chosen.

    `allowed`: how much of the aim that is lost a plan would have to be allowed to give up for it, in the aim's unit (more spending, later, more change, less of a goal): defined for every
    aim. None where it costs nothing or is forbidden, and where the loss is not known from above. `benefit`: how much more it would have to bring of the aim that is lost, in its unit, to be in a best plan under the same limits. None where it costs nothing or is forbidden; where
    the loss is not known from above; where it is in spending, periods, change, or what the least get, which more benefit does not mend; and of an aim that others follow with a slack,
    since those may take less of it. `additions`: or how much more of which limits, if it were added to the plan as it stands, in `mode` from `start`, with the initiatives in `first`, which it requires.
    `broken`: limits in its way that no amount mends. `fits`: whether it can be added in some way with amounts alone.
    """

    allowed: int | None = None
    benefit: int | None = None
    mode: str = ""
    start: int | None = None
    first: tuple[str, ...] = ()
    additions: tuple[Addition, ...] = ()
    broken: tuple[Group, ...] = ()
    fits: bool = False


class Why(Part):
    """Why one initiative is in or out. Forced the other way, the best plan would lose at least `at_least` and at most `at_most` of the aim numbered `target`.

    Of the aims before that one it would lose nothing, proven; those after it were not asked about, unless nothing is lost of this one. costs: it would lose. free: there is another best plan that has it the other way. forbidden: no plan has it the other way, by `limits`, a
    smallest set (none where the time did not do to find it). unknown: the time did not do to find a plan that has it the other way, or to prove that there is none.
    `moves`: what else would be otherwise in the best plan found with it forced.
    """

    initiative: str
    name: Name
    chosen: bool
    verdict: Literal["costs", "free", "forbidden", "unknown"]
    target: int = 0
    at_least: int | None = None
    at_most: int | None = None
    limits: tuple[Group, ...] = ()
    moves: tuple[Move, ...] = ()
    need: Need | None = None


class Worth(Part):
    """What one step more of a limit is worth: the best plan would gain at least `at_least` and at most `at_most` of the aim numbered `target`, and nothing of those before it.

    Found by solving with the limit raised by `step` in its own unit (a hundredth of an amount of money, one person, one initiative at once, one hundredth
    of a share): no shadow price. `left`: how much of it the plan leaves, in the same unit; None where that has no unit.
    """

    limit: Group
    step: int
    words: Words
    left: int | None
    target: int = 0
    at_least: int
    at_most: int | None


class Explanation(Part):
    """Why a plan is as it is. `objective` is the plan's value, `bound` what no plan can pass, `target` what they measure: those of the first of its `aims`.

    `whys` has every initiative that was reached in the time, `worths` the limits that bind, the most worth first. `complete`: all were reached.
    """

    status: Status
    target: Words
    maximise: bool
    plan: Plan | None
    objective: int | None
    bound: int | None
    aims: tuple[Aim, ...] = ()
    whys: tuple[Why, ...] = ()
    worths: tuple[Worth, ...] = ()
    complete: bool = False
    seconds: float = 0.0

    def aim(self, number: int) -> Aim | None:
        """Return one of the aims; of an explanation that was kept before it had them, the one that it was about."""
        if self.aims:
            return self.aims[number]
        if self.objective is None or self.bound is None:
            return None
        return Aim(kind="weighted", words=self.target, maximise=self.maximise, objective=self.objective, bound=self.bound,
                   kept=self.objective)  # fmt: skip
