"""How often each initiative is chosen as weights vary over all that are possible."""

from __future__ import annotations

import threading
import time
from itertools import islice

from rasad.roadmap.problem import Objective, Problem
from rasad.roadmap.solve.choose import rows_of
from rasad.roadmap.solve.outcome import Status, StepCall
from rasad.roadmap.solve.weighted import Weigher, drawn, measured
from rasad.roadmap.uncertainty.result import OftenChosen, WeighedPlan, Weights
from rasad.roadmap.verify import verify

SECONDS, DRAWS = 120.0, 50


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


def vary_weights(
    problem: Problem,
    *,
    draws: int = DRAWS,
    seed: int = 1,
    seconds: float = SECONDS,
    progress: StepCall | None = None,
    cancel: threading.Event | None = None,
) -> Weights:
    """Return how often each initiative is in the best plan for weights drawn evenly from all that sum to a whole.

    Each target is measured by how far it reaches between the best plans for each target alone, so that a weight of one half means half whatever the units.
    """
    began = time.monotonic()
    end = began + seconds
    stop = cancel or threading.Event()
    report = progress or (lambda _what, _done, _total: None)
    targets = problem.objective.targets
    asked = problem.model_copy(update={"objective": Objective(method="weighted", targets=targets)})
    weigher = Weigher(asked, rows_of(asked), stop)
    chosen: dict[int, tuple[int, tuple[int, ...]]] = {}
    solved = proven = 0

    def share(rest: int) -> float:
        return max(0.05, end - time.monotonic()) / rest

    alone = []
    for at in range(len(targets)):
        if not stop.is_set():
            found, _ = weigher.best(
                [int(at == other) for other in range(len(targets))], share(draws + len(targets) - at)
            )
            if found is not None:
                alone.append(weigher.known[found].signed)
    reach = [max(1, max(column) - min(column)) for column in zip(*alone, strict=True)] if alone else []
    for number, parts in enumerate(islice(drawn(len(targets), seed), draws)):
        if not reach or stop.is_set() or time.monotonic() >= end:
            break
        found, outcome = weigher.best(measured(parts, reach), share(draws - number))
        if found is not None:
            solved, proven = solved + 1, proven + (outcome.status is Status.OPTIMAL)
            count, first = chosen.get(found, (0, parts))
            chosen[found] = count + 1, first
        report(_n("varying weights"), number + 1, draws)
    often = {initiative.id: 0 for initiative in problem.initiatives}
    for at, (count, _parts) in chosen.items():
        for choice in weigher.known[at].plan.choices:
            often[choice.initiative] += count
    plans = [
        WeighedPlan(plan=plan, values=verify(problem, plan).values, count=count, weights=parts)
        for at, (count, parts) in sorted(chosen.items(), key=lambda item: (-item[1][0], item[0]))
        for plan in [weigher.known[at].plan]
    ]
    names = {initiative.id: initiative.name for initiative in problem.initiatives}
    return Weights(
        draws=draws,
        seed=seed,
        solved=solved,
        proven=proven,
        initiatives=tuple(
            OftenChosen(initiative=id_, name=names[id_], count=count) for id_, count in often.items()
        ),
        plans=tuple(plans),
        seconds=time.monotonic() - began,
    )
