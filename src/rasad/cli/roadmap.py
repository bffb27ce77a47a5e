"""`rasad roadmap`: write a problem, check it, find the best plan, check a plan. `rasad.cli.reasons` has what explains."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any, get_args

import click

from rasad.cli.console import DIFFERENT, STOPPED, WRONG_USE, Session, pass_session
from rasad.cli.reasons import explain_, front_, uncertainty_
from rasad.cli.searching import live, per_cent, stoppable
from rasad.persian import money
from rasad.roadmap.draw import draw
from rasad.roadmap.instances import instance
from rasad.roadmap.problem import Problem, load, load_plan, parse, write
from rasad.roadmap.problem.files import read_json
from rasad.roadmap.rows import build
from rasad.roadmap.solve.outcome import Engines, Status
from rasad.roadmap.solve.result import Result
from rasad.roadmap.verify import Verdict, verify

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def roadmap() -> None:
    """The roadmap: the best plan for the coming years, within budgets, people and fairness."""


@roadmap.command(
    epilog="""\b
Examples:
  rasad roadmap new roadmap.json
  rasad roadmap new large.json --sample 200 --kind quarter --count 20
Exit code 2 where the file exists already."""
)
@click.argument("file", type=FILE)
@click.option(
    "--first-year", type=click.IntRange(1, 9999), default=1405, show_default=True, help="First fiscal year."
)
@click.option(
    "--sample", type=click.IntRange(1, 2000), metavar="SIZE", help="A made-up problem of so many initiatives."
)
@click.option(
    "--kind",
    type=click.Choice(["year", "half", "quarter"]),
    default="year",
    show_default=True,
    help="Periods of a made-up problem.",
)
@click.option(
    "--count", type=click.IntRange(1, 40), default=5, show_default=True, help="How many periods it has."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another number, another problem.")
@click.option(
    "--loose", is_flag=True, help="Money and people for two thirds of what is wished, rather than a third."
)
@pass_session
def new(
    session: Session,
    file: Path,
    first_year: int,
    sample: int | None,
    kind: str,
    count: int,
    seed: int,
    loose: bool,
) -> None:
    """Write a problem to FILE to begin with: a small example, or a made-up one of any size."""
    if file.exists():
        session.fail(
            session.text("%(path)s exists already; nothing was written.", path=str(file)), code=WRONG_USE
        )
    if sample is None:
        data = json.loads(
            resources.files("rasad.roadmap.problem").joinpath("starter.json").read_text("utf-8")
        )
        data["horizon"]["first_year"] = first_year
        problem = parse(data)
    else:
        made = instance(sample, periods=count, kind=kind, seed=seed, tightness="loose" if loose else "tight")
        problem = made.model_copy(
            update={"horizon": made.horizon.model_copy(update={"first_year": first_year})}
        )
    write(problem, file)
    if session.as_json:
        session.emit({"file": str(file), "initiatives": len(problem.initiatives)})
    else:
        session.say_counted(
            "%(path)s is written, with %(count)s initiative.",
            "%(path)s is written, with %(count)s initiatives.",
            len(problem.initiatives),
            path=str(file),
        )


@roadmap.command(
    epilog="""\b
Examples:
  rasad roadmap check roadmap.json
  rasad roadmap check roadmap.json --json
Exit code 1 where a field is wrong; each is named."""
)
@click.argument("file", type=FILE)
@pass_session
def check(session: Session, file: Path) -> None:
    """Check the problem in FILE: every field that is wrong, what it holds, and what can never be chosen."""
    problem = load(file)
    rows = build(problem)
    possible = {block.initiative for block in rows.blocks.values()}
    never = [one for at, one in enumerate(problem.initiatives) if at not in possible]
    facts = {
        "initiatives": len(problem.initiatives),
        "periods": problem.horizon.count,
        "goals": len(problem.goals),
        "limits": len({group.field.split(".amounts")[0] for group in rows.groups.values() if group.field}),
        "variables": len(rows.variables),
        "rows": len(rows.rows),
    }
    if session.as_json:
        session.emit({**facts, "never": [one.id for one in never]})
        return
    session.say(
        "%(file)s is in order: %(initiatives)s initiatives, %(periods)s periods, %(goals)s goals, %(limits)s limits "
        "(%(variables)s variables, %(rows)s rows).",
        file=file.name,
        **facts,
    )
    for one in never:
        session.out.print(
            session.text("%(initiative)s can never be chosen: no start fits its window and what it needs.",
                         initiative=one.name.said(session.text, session.lang)),
            style="yellow", markup=False, soft_wrap=True,
        )  # fmt: skip


@roadmap.command(
    name="solve",
    epilog="""\b
Examples:
  rasad roadmap solve roadmap.json
  rasad roadmap solve roadmap.json --seconds 120 -o plan.json
  rasad roadmap solve roadmap.json --start plan.json --json
Ctrl-C ends the search with the best plan until then (exit code 130).
Exit code 4 where there is no plan.""",
)
@click.argument("file", type=FILE)
@click.option(
    "--seconds",
    type=click.FloatRange(0, 86_400),
    default=60,
    show_default=True,
    help="How long to search at most.",
)
@click.option("--start", type=FILE, help="A plan to begin with: the last one.")
@click.option("-o", "--output", type=FILE, help="Write plan and proof to this file, as JSON.")
@click.option(
    "--engine",
    type=click.Choice(get_args(Engines)),
    default="auto",
    show_default=True,
    help="Which solver; auto chooses by size.",
)
@pass_session
def solve_(
    session: Session, file: Path, seconds: float, start: Path | None, output: Path | None, engine: Engines
) -> None:
    """Find the best plan for the problem in FILE, and say how good it is proven to be."""
    # The solvers take a second to load: only who solves waits for them.
    from rasad.roadmap.solve.solving import solve

    problem = load(file)
    known = None if start is None else load_plan(start)
    with stoppable() as cancel, live(session) as progress:
        result = solve(
            problem, seconds=seconds, start=known, engines=engine, progress=progress, cancel=cancel
        )
    data = result.as_dict(session.text, session.lang)
    if output is not None and result.plan is not None:
        output.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if session.as_json:
        session.emit(data)
    else:
        _show_result(session, result)
        if output is not None and result.plan is not None:
            session.say("%(path)s is written.", path=str(output))
    if cancel.is_set():
        raise SystemExit(STOPPED)
    raise SystemExit(0 if result.plan is not None and result.status is not Status.UNVERIFIED else DIFFERENT)


@roadmap.command(
    name="verify",
    epilog="""\b
Examples:
  rasad roadmap verify roadmap.json plan.json
  rasad roadmap verify roadmap.json plan.json --json
Exit code 4 where the plan breaks a limit; each is named.""",
)
@click.argument("file", type=FILE)
@click.argument("plan", type=FILE)
@pass_session
def verify_(session: Session, file: Path, plan: Path) -> None:
    """Check the plan in PLAN against the problem in FILE, independently of any solver."""
    problem = load(file)
    verdict = verify(problem, load_plan(plan))
    if session.as_json:
        session.emit(_verdict(session, verdict))
    else:
        _show_plan(session, problem, verdict)
        _show_verdict(session, verdict)
    raise SystemExit(0 if verdict.keeps else DIFFERENT)


def _verdict(session: Session, verdict: Verdict) -> dict[str, Any]:
    return {
        "keeps": verdict.keeps,
        "values": verdict.values,
        "scores": verdict.scores,
        "violations": [
            {"limit": found.limit, "field": found.field, "period": found.period,
             "message": found.words.said(session.text, session.lang)}
            for found in verdict.violations
        ],
    }  # fmt: skip


def _show_result(session: Session, result: Result) -> None:
    if result.verdict is not None:
        _show_plan(session, result.problem, result.verdict)
        session.out.print()
    for stage in result.stages:
        best = "—" if stage.objective is None else session.number(stage.objective)
        bound = "—" if stage.bound is None else session.number(stage.bound)
        session.say(
            "%(target)s: %(best)s, at best %(bound)s; gap %(gap)s (%(engine)s: %(raw)s)",
            target=stage.words.said(session.text, session.lang),
            best=best,
            bound=bound,
            gap=per_cent(session, stage.gap),
            engine=stage.engine,
            raw=stage.raw or "—",
        )
    session.out.print(
        result.status.words.said(session.text, session.lang), style="bold", markup=False, soft_wrap=True
    )
    if result.verdict is not None:
        _show_verdict(session, result.verdict)


def _show_plan(session: Session, problem: Problem, verdict: Verdict) -> None:
    """Print what is chosen, by start, and what goals get of it."""
    horizon, currency = problem.horizon, problem.currency
    works = sorted(
        verdict.figures.works.values(), key=lambda work: (work.start, work.complete, work.initiative.id)
    )
    rows = [
        [
            work.initiative.name.said(session.text, session.lang),
            work.mode.name.said(session.text, session.lang) if len(work.initiative.modes) > 1 else "",
            horizon.name(work.start).said(session.text, session.lang),
            horizon.name(work.last).said(session.text, session.lang),
            money.number(verdict.figures.cost_of(work), currency=currency, lang=session.lang),
        ]
        for work in works
    ]
    heads = [
        session.text("initiative"),
        session.text("mode"),
        session.text("start"),
        session.text("completion"),
        session.text("cost (%(currency)s)", currency=money.currency_name(currency, session.lang)),
    ]
    session.table(heads, rows, numbers=[4])
    session.say(
        "%(count)s of %(all)s initiatives are chosen.", count=len(works), all=len(problem.initiatives)
    )
    for goal in problem.goals:
        # Scores are in ten-thousandths of the goal's unit.
        score = session.number(round(verdict.scores[goal.id] / 10_000))
        session.out.print(
            f"{goal.name.said(session.text, session.lang)}: {score}", markup=False, soft_wrap=True
        )


def _show_verdict(session: Session, verdict: Verdict) -> None:
    if verdict.keeps:
        session.say("The independent check agrees: every limit is kept.")
        return
    session.say_counted("%(count)s limit is broken:", "%(count)s limits are broken:", len(verdict.violations))
    for found in verdict.violations:
        session.out.print(f"  {found.words.said(session.text, session.lang)}", markup=False, soft_wrap=True)


@roadmap.command(
    name="draw",
    epilog="""\b
Examples:
  rasad roadmap draw roadmap.json plan.json -o roadmap.svg
  rasad --lang en roadmap draw roadmap.json plan.json --by goal -o roadmap.svg
  rasad roadmap draw roadmap.json plan.json --pdf -o roadmap.pdf   for the meeting: read, judged and signed""",
)
@click.argument("file", type=FILE)
@click.argument("plan", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="The file to write: SVG, or PDF.")
@click.option(
    "--by",
    type=click.Choice(["unit", "goal"]),
    default="unit",
    show_default=True,
    help="What bars are grouped by.",
)
@click.option(
    "--pdf", is_flag=True, help="A document for the meeting, with reasons and signatures, as a PDF."
)
@pass_session
def draw_(session: Session, file: Path, plan: Path, output: Path, by: str, pdf: bool) -> None:
    """Draw the plan in PLAN: what runs when, spending against the budget, who is needed; as a PDF also why, and what binds."""
    problem, chosen = load(file), load_plan(plan)
    if pdf:
        output.write_bytes(_document(session, problem, plan, by))
    else:
        output.write_text(draw(problem, chosen, by=by, translate=session.text, lang=session.lang), "utf-8")
    if session.as_json:
        session.emit({"file": str(output)})
    else:
        session.say("%(path)s is written.", path=str(output))


def _document(session: Session, problem: Problem, path: Path, by: str) -> bytes:
    """Return the document of a plan in a file; how the search ended is known where `solve` wrote the file."""
    from rasad.reports.meeting import About, NoFaceError, meeting

    told = read_json(path)
    status = told.get("status") if isinstance(told, dict) else None
    known = Status(status).words if status in {one.value for one in Status} else None
    about = About(status=known, on=datetime.now(tz=UTC).astimezone().date())
    try:
        return meeting(
            problem, load_plan(path), about=about, by=by, translate=session.text, lang=session.lang
        )
    except NoFaceError:
        session.fail(
            session.text("The document cannot be set: the front-end build with its face is missing.")
        )


for command in (explain_, front_, uncertainty_):
    roadmap.add_command(command)
