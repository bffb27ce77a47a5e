"""`rasad roadmap explain | front | uncertainty`: why a plan is as it is, what else there would be, and how sure it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import BaseModel

from rasad.cli.console import DIFFERENT, STOPPED, Session, pass_session
from rasad.cli.searching import stoppable
from rasad.cli.telling import Uncertain, show_explanation, show_front, show_infeasible, show_uncertain
from rasad.roadmap.explain import Explanation
from rasad.roadmap.infeasible import Infeasibility
from rasad.roadmap.problem import load, load_plan
from rasad.roadmap.uncertainty.files import load_uncertainty
from rasad.roadmap.uncertainty.result import TOGETHER, asked_periods
from rasad.roadmap.wording import spoken

LEAST = 1.0
"""Seconds that a question has at least when those before it took all."""
FILE = click.Path(path_type=Path, dir_okay=False)
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _seconds(default: int) -> Callable[[_Command], _Command]:
    return click.option("--seconds", type=click.FloatRange(0.1, 86_400), default=default, show_default=True,
                        help="How long to search at most.")  # fmt: skip


_output = click.option(
    "-o", "--output", type=FILE, help="Write everything to this file, as JSON with both languages."
)


@click.command(
    name="explain",
    epilog="""\b
Examples:
  rasad roadmap explain roadmap.json
  rasad roadmap explain roadmap.json --start plan.json --seconds 120 -o why.json
Ctrl-C ends it with what is known until then (exit code 130).
Exit code 4 where no plan keeps all limits; then it says which contradict each other, and the smallest repair.""",
)
@click.argument("file", type=FILE)
@click.option("--start", type=FILE, help="The plan to begin with: the last one.")
@_seconds(60)
@_output
@pass_session
def explain_(session: Session, file: Path, start: Path | None, seconds: float, output: Path | None) -> None:
    """Say why each initiative of FILE is in or out, what limits are worth, and why there may be no plan at all."""
    from rasad.roadmap.explain.explaining import explain
    from rasad.roadmap.infeasible.finding import why_infeasible

    problem = load(file)
    known = None if start is None else load_plan(start)
    end = time.monotonic() + seconds
    with stoppable() as cancel, session.progress() as progress:
        # Amounts that contradict each other are found at once; that they do not is known soon, too.
        quick = why_infeasible(problem, seconds=seconds, thorough=False, progress=progress, cancel=cancel)
        found: Infeasibility | Explanation = quick
        if not quick.proven and not cancel.is_set():
            left = max(LEAST, end - time.monotonic())
            found = explain(problem, seconds=left, start=known, progress=progress, cancel=cancel)
            if found.plan is None and not cancel.is_set():
                left = max(LEAST, end - time.monotonic())
                found = why_infeasible(problem, seconds=left, progress=progress, cancel=cancel)
    _told(session, found, output)
    if not session.as_json:
        if isinstance(found, Infeasibility):
            show_infeasible(session, found)
        else:
            show_explanation(session, problem, found)
    there = isinstance(found, Explanation) and found.plan is not None
    raise SystemExit(STOPPED if cancel.is_set() else 0 if there else DIFFERENT)


@click.command(
    name="front",
    epilog="""\b
Examples:
  rasad roadmap front roadmap.json
  rasad roadmap front roadmap.json --spread 5 --seconds 120 -o front.json
Ctrl-C ends it with the points until then (exit code 130).
Exit code 4 where no plan keeps all limits, 2 where the objective has not two or three targets.""",
)
@click.argument("file", type=FILE)
@click.option(
    "--spread", type=click.IntRange(1, 100), help="Not all points: about so many for each further target."
)
@click.option("--each", type=click.FloatRange(0.1, 86_400), default=60, show_default=True,
              help="How long to search for one point at most.")  # fmt: skip
@_seconds(300)
@_output
@pass_session
def front_(
    session: Session, file: Path, spread: int | None, each: float, seconds: float, output: Path | None
) -> None:
    """Trace the front of the two or three targets of FILE: every plan of which none is better in all."""
    from rasad.roadmap.front.tracing import trace

    problem = load(file)
    count = len(problem.objective.targets)
    if count not in (2, 3):
        session.fail(
            session.text("A front has two or three targets; the objective has %(count)s.", count=count),
            code=2,
        )
    with stoppable() as cancel, session.progress() as progress:
        found = trace(problem, seconds=seconds, each=each, spread=spread, progress=progress, cancel=cancel)
    _told(session, found, output)
    if not session.as_json:
        show_front(session, problem, found)
    raise SystemExit(STOPPED if cancel.is_set() else 0 if found.points else DIFFERENT)


@click.command(
    name="uncertainty",
    epilog="""\b
Examples:
  rasad roadmap uncertainty roadmap.json plan.json --classes classes.json
  rasad roadmap uncertainty roadmap.json plan.json --classes classes.json --confidence 80 --weights 50
  rasad roadmap uncertainty roadmap.json plan.json --classes classes.json --confidence 80 --holds each
CLASSES holds reference classes, or the city's finished projects that they are fitted to: see docs/roadmap.md.
Ctrl-C ends it with what is known until then (exit code 130).""",
)
@click.argument("file", type=FILE)
@click.argument("plan", type=FILE)
@click.option("--classes", type=FILE, required=True, help="How uncertain costs and durations are, as JSON.")
@click.option(
    "--draws",
    type=click.IntRange(10, 100_000),
    default=10_000,
    show_default=True,
    help="How often the plan is played through.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="The same seed, the same figures."
)
@click.option(
    "--confidence",
    type=click.IntRange(1, 99),
    help="Also find a plan that keeps its budgets with so many per cent probability.",
)
@click.option(
    "--holds",
    metavar="together|each|PERIOD",
    default=TOGETHER,
    show_default=True,
    help="What is kept so surely: all budgets together, those of each period by itself, or of one period (from 1) alone.",
)
@click.option(
    "--weights",
    type=click.IntRange(1, 10_000),
    help="Also solve for so many weights: how often is each initiative chosen?",
)
@_seconds(120)
@_output
@pass_session
def uncertainty_(
    session: Session,
    file: Path,
    plan: Path,
    classes: Path,
    draws: int,
    seed: int,
    confidence: int | None,
    holds: str,
    weights: int | None,
    seconds: float,
    output: Path | None,
) -> None:
    """Play the plan in PLAN for the problem in FILE through, as dear and as long as such projects become."""
    from rasad.roadmap.uncertainty.by_period import confident_by_period
    from rasad.roadmap.uncertainty.confident import confident_plan
    from rasad.roadmap.uncertainty.forecast import forecast
    from rasad.roadmap.uncertainty.weights import vary_weights

    problem, chosen, uncertain = load(file), load_plan(plan), load_uncertainty(classes)
    periods = asked_periods(holds, problem.horizon.count, first=1)
    if periods is None:
        session.fail(session.text("--holds: found “%(found)s”; expected together, each, or a period from 1 to %(count)s.", found=holds, count=problem.horizon.count), code=2)  # fmt: skip
    found = Uncertain(forecast=forecast(problem, chosen, uncertain, draws=draws, seed=seed))
    with stoppable() as cancel, session.progress() as progress:
        if confidence is not None and periods:
            found.confident = confident_by_period(problem, uncertain, 100 * confidence, periods, seconds=seconds, draws=draws, seed=seed,
                                                  progress=progress, cancel=cancel)  # fmt: skip
        elif confidence is not None:
            found.confident = confident_plan(problem, uncertain, 100 * confidence, seconds=seconds, draws=draws, seed=seed,
                                             progress=progress, cancel=cancel)  # fmt: skip
        if weights is not None and not cancel.is_set():
            found.weights = vary_weights(
                problem, draws=weights, seed=seed, seconds=seconds, progress=progress, cancel=cancel
            )
    _told(session, found, output)
    if not session.as_json:
        show_uncertain(session, problem, found)
    if cancel.is_set():
        raise SystemExit(STOPPED)


def _told(session: Session, found: BaseModel, output: Path | None) -> None:
    """Write everything to the file, where one is named, and as the document of a `--json` run."""
    if output is not None:
        output.write_text(found.model_dump_json(indent=1) + "\n", "utf-8")
    if session.as_json:
        session.emit(spoken(found, session.text, session.lang))
    elif output is not None:
        session.say("%(path)s is written.", path=str(output))
