"""What explains a roadmap, as it is printed for people."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel

from rasad.cli.console import Session
from rasad.cli.searching import per_cent
from rasad.persian import money
from rasad.roadmap.explain import Explanation, Why
from rasad.roadmap.explain.said import change, needed
from rasad.roadmap.front import Front
from rasad.roadmap.infeasible import Infeasibility
from rasad.roadmap.problem import Problem
from rasad.roadmap.problem.objectives import Target, in_money
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.uncertainty import ConfidentPlan, Forecast, Swing, Weights
from rasad.roadmap.wording import Words

SHOWN = 8
"""How many limits of a conflict are printed; the rest is counted."""


class Uncertain(BaseModel):
    """What the command found, as it writes it."""

    forecast: Forecast
    confident: ConfidentPlan | None = None
    weights: Weights | None = None


def _said(session: Session, words: Words) -> str:
    return words.said(session.text, session.lang)


def _line(session: Session, text: str, style: str = "") -> None:
    session.out.print(text, style=style, markup=False, soft_wrap=True)


def show_infeasible(session: Session, found: Infeasibility) -> None:
    if found.status == "unknown":
        session.say("No plan was found in the time, and nothing proves that there is none.")
        return
    if found.status == "feasible":
        session.say("There is a plan that keeps all limits; the time did not do to explain it.")
        return
    for conflict in found.conflicts:
        _line(
            session,
            session.text(
                "No plan keeps these together: %(summary)s", summary=_said(session, conflict.summary)
            ),
            "bold",
        )
        for limit in conflict.limits[:SHOWN]:
            _line(session, f"  {_said(session, limit.words)}")
        if len(conflict.limits) > SHOWN:
            session.say("  … and %(count)s more", count=len(conflict.limits) - SHOWN)
        if not conflict.proven:
            session.say("  (by a solver's arithmetic; not proven in whole numbers)")
    for repair in found.repairs:
        _line(
            session, session.text("It would do to: %(repair)s", repair=_said(session, repair.words)), "bold"
        )
        if repair.smallest:
            session.say("  proven: no smaller repair of this kind does")
        else:
            session.say(
                "  size %(size)s; no repair of this kind is smaller than %(least)s",
                size=repair.size,
                least=repair.at_least,
            )


def _share(session: Session, value: int | None, whole: int | None) -> str:
    return per_cent(session, None if value is None or not whole else value / abs(whole))


def show_explanation(session: Session, problem: Problem, found: Explanation) -> None:
    rows = [
        [
            why.name.said(session.text, session.lang),
            session.text("chosen") if why.chosen else session.text("left out"),
            _verdict(session, found, why),
            " ".join(_said(session, one) for one in needed(found, why)),
        ]
        for why in found.whys
    ]
    session.table(
        [
            session.text("initiative"),
            session.text("plan"),
            session.text("the other way"),
            session.text("what it would need"),
        ],
        rows,
    )
    if found.worths:
        session.out.print()
        rows = [
            [
                _said(session, worth.limit.words),
                _said(session, worth.words),
                _said(session, change(aim, worth.at_least, worth.at_most, lost=False)),
            ]
            for worth in found.worths
            for aim in [found.aim(worth.target)]
            if aim is not None
        ]
        session.table(
            [session.text("limit that may bind"), session.text("a step more"), session.text("is worth")], rows
        )
    session.out.print()
    session.say("Shares are of what the plan is worth. %(status)s", status=_said(session, found.status.words))
    if not found.complete:
        session.say(
            "%(done)s of %(all)s initiatives were asked about in the time.",
            done=len(found.whys),
            all=len(problem.initiatives),
        )


def _verdict(session: Session, found: Explanation, why: Why) -> str:
    aim = found.aim(why.target)
    if why.verdict == "costs" and aim is not None:
        return _said(session, change(aim, why.at_least, why.at_most, lost=True))
    if why.verdict == "free":
        return session.text("costs nothing")
    if why.verdict == "unknown":
        return session.text("not known: the time did not do")
    limits = "؛ " if session.lang == "fa" else "; "
    return session.text(
        "impossible: %(limits)s",
        limits=limits.join(_said(session, one.words) for one in why.limits[:3]) or "—",
    )


def show_front(session: Session, problem: Problem, found: Front) -> None:
    heads = [_said(session, axis.words) for axis in found.axes]
    targets = [problem.objective.targets[int(axis.key.partition(":")[0])] for axis in found.axes]

    def reached(target: Target, value: int) -> str:
        if in_money(target):
            return money.number(value, currency=problem.currency, lang=session.lang)
        # Benefit is counted with its probability of success: in parts of a whole share.
        return session.number(round(value / WHOLE_SHARE) if target.kind == "goal" else value)

    rows = []
    for point in found.points:
        values = [reached(target, value) for target, value in zip(targets, point.values, strict=True)]
        proof = (
            session.text("proven")
            if point.status is Status.OPTIMAL
            else session.text("gap %(gap)s", gap=per_cent(session, point.gap))
        )
        rows.append([*values, session.number(len(point.plan.choices)), proof])
    session.table(
        [*heads, session.text("initiatives"), session.text("proof")], rows, numbers=range(len(heads) + 1)
    )
    if found.status is Status.OPTIMAL:
        session.say(
            "These are all: no other plan is better in any way without being worse in another, proven."
        )
    elif found.status is Status.LIMIT:
        session.say("These are some, spread evenly; each that is proven is beaten by no plan.")
    else:
        _line(session, _said(session, found.status.words))


def show_uncertain(session: Session, problem: Problem, found: Uncertain) -> None:
    one = found.forecast
    session.say("Within all budgets: %(share)s of %(draws)s draws (seed %(seed)s)", share=per_cent(session, one.within_budget),
                draws=one.draws, seed=str(one.seed))  # fmt: skip
    session.say("Everything on time: %(share)s; both: %(both)s (± %(error)s)", share=per_cent(session, one.on_time),
                both=per_cent(session, one.both), error=per_cent(session, one.error))  # fmt: skip

    def amount(value: int) -> str:
        return money.number(value, currency=problem.currency, lang=session.lang)

    rows = [
        [_said(session, part.limit.words), amount(part.spending.planned), amount(part.spending.p50), amount(part.spending.p90),
         per_cent(session, part.probability)]
        for part in one.budgets
    ]  # fmt: skip
    if rows:
        session.table(
            [
                session.text("budget"),
                session.text("planned"),
                session.text("in half of all draws"),
                session.text("in nine of ten"),
                session.text("kept in"),
            ],
            rows,
            numbers=[1, 2, 3, 4],
        )
    _show_swings(session, one.spending_swings, amount)
    if found.confident is not None:
        _show_confident(session, found.confident)
    if found.weights is not None:
        session.say(
            "Best for varying weights (%(proven)s of %(solved)s proven):",
            proven=found.weights.proven,
            solved=found.weights.solved,
        )
        often = sorted(found.weights.initiatives, key=lambda part: -part.count)
        rows = [[part.name.said(session.text, session.lang), session.number(part.count)] for part in often]
        session.table([session.text("initiative"), session.text("chosen")], rows, numbers=[1])


def _show_swings(session: Session, swings: tuple[Swing, ...], amount: Callable[[int], str]) -> None:
    if not swings:
        return
    session.say("What moves spending most, each alone from its 10th to its 90th in a hundred:")
    kinds = {"cost": session.text("cost"), "duration": session.text("duration")}
    rows = [
        [
            swing.name.said(session.text, session.lang),
            kinds[swing.input],
            amount(swing.low),
            amount(swing.high),
        ]
        for swing in swings[:5]
    ]
    session.table(
        [session.text("initiative"), session.text("what"), session.text("from"), session.text("to")],
        rows,
        numbers=[2, 3],
    )


def _show_confident(session: Session, found: ConfidentPlan) -> None:
    if found.plan is None or found.reserve is None:
        session.say("No reserve that was tried gives a plan that sure.")
        return
    gives_up = None if found.without is None or found.objective is None else found.without - found.objective
    if found.periods:
        session.say(
            "Reserves by period: %(reserves)s; the least sure period that was asked about is within its budgets in %(share)s; it gives up %(price)s of what the plan is worth.",
            reserves=", ".join(per_cent(session, one / 10_000) for one in found.reserves),
            share=per_cent(session, found.probability),
            price=_share(session, gives_up, found.without),
        )
        return
    session.say(
        "A reserve of %(reserve)s on all costs: within all budgets in %(share)s; it gives up %(price)s of what the plan is worth.",
        reserve=per_cent(session, found.reserve / 10_000),
        share=per_cent(session, found.probability),
        price=_share(session, gives_up, found.without),
    )
