"""Targets as integer expressions: goals, cost, earliest completion, least change, the least that anyone gets."""

from __future__ import annotations

from rasad.roadmap.problem import (
    ChangeTarget,
    CompletionTarget,
    CostTarget,
    GoalTarget,
    LeastTarget,
    Target,
)
from rasad.roadmap.problem.parts import WHOLE_SHARE
from rasad.roadmap.rows.amounts import all_spending, benefit, by_start, goal_terms, spending_terms
from rasad.roadmap.rows.building import Sheet, linear, times
from rasad.roadmap.rows.limits import got, held
from rasad.roadmap.rows.table import STRUCTURE, Block, Expression, Linear
from rasad.roadmap.wording import Name, Words, names


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


def goal_expressions(sheet: Sheet, bonuses: dict[str, Block]) -> dict[str, Linear]:
    """Return benefit × probability of every goal, synergies included, in ten-thousandths of its unit."""
    return {goal.id: _goal(sheet, goal.id, bonuses) for goal in sheet.problem.goals}


def _goal(sheet: Sheet, goal: str, bonuses: dict[str, Block]) -> Linear:
    terms = list(goal_terms(sheet, goal))
    count = sheet.problem.horizon.count
    for synergy in sheet.problem.synergies:
        block, effect = bonuses.get(synergy.id), synergy.effects.get(goal)
        if block is not None and effect is not None:
            worth = [synergy.probability * benefit(effect, complete, count) for complete in block.starts]
            terms.extend(by_start(block, worth))
    return linear(terms)


def target_expressions(sheet: Sheet, goals: dict[str, Linear]) -> tuple[Expression, ...]:
    """Return the targets of the problem's objective, in its order."""
    return tuple(
        _target(sheet, number, target, goals) for number, target in enumerate(sheet.problem.objective.targets)
    )


def _target(sheet: Sheet, number: int, target: Target, goals: dict[str, Linear]) -> Expression:
    if isinstance(target, GoalTarget):
        name = next(goal.name for goal in sheet.problem.goals if goal.id == target.goal)
        words, expression, maximise = Words("%(goal)s", {"goal": name}), goals[target.goal], True
    elif isinstance(target, CostTarget):
        words, expression = _cost(sheet, target)
        maximise = False
    elif isinstance(target, CompletionTarget):
        template = (
            _n("periods until everything chosen is complete")
            if target.of == "last"
            else _n("sum of the periods until each is complete")
        )
        words, maximise = Words(template), False
        expression = _last(sheet, number, target) if target.of == "last" else _each(sheet, target)
    elif isinstance(target, ChangeTarget):
        words, expression, maximise = (
            Words(_n("change against the published plan")),
            _change(sheet, target),
            False,
        )
    else:
        words, expression, maximise = _least_words(sheet, target), _least(sheet, number, target), True
    key = f"{number}:{target.kind}"
    return Expression(key, words, expression, maximise, target.weight, target.slack)


def _cost(sheet: Sheet, target: CostTarget) -> tuple[Words, Linear]:
    if not target.categories:
        return Words(_n("all spending")), linear(spending_terms(sheet, all_spending(sheet.problem)))
    listed = [category.name for category in sheet.problem.categories if category.id in target.categories]
    words = Words(_n("spending on %(categories)s"), {"categories": names(listed)})
    return words, linear(spending_terms(sheet, dict.fromkeys(target.categories, 1)))


def _meant(sheet: Sheet, target: CompletionTarget) -> list[int]:
    return [sheet.problem.places[id_] for id_ in target.initiatives] or list(
        range(len(sheet.problem.initiatives))
    )


def _each(sheet: Sheet, target: CompletionTarget) -> Linear:
    """Left out counts horizon + 1; each initiative that is chosen takes off what it is complete earlier."""
    longest = sheet.problem.horizon.count + 1
    meant = _meant(sheet, target)
    terms: list[tuple[int, int]] = []
    for at in meant:
        for block in sheet.blocks_of(at):
            reached = [min(max(start + block.duration, 0), longest) for start in block.starts]
            terms.extend(by_start(block, [complete - longest for complete in reached]))
    return linear(terms, longest * len(meant))


def _last(sheet: Sheet, number: int, target: CompletionTarget) -> Linear:
    """E_t "all that are chosen are complete by t" ≤ 1 − chosen_i + complete_i(t); the figure is Σ (1 − E_t)."""
    problem, meant = sheet.problem, _meant(sheet, target)
    # What a mandatory one requires to be complete is complete before it.
    earlier = {
        problem.places[required.initiative]
        for at in meant
        if problem.initiatives[at].mandatory and problem.initiatives[at].frozen is None and not sheet.named_windows
        for required in problem.initiatives[at].requires
        if required.after == "completion"
    }  # fmt: skip
    columns = []
    for period in range(problem.horizon.count + 1):
        column = sheet.variable(f"target {number} complete by {period}", "finished")
        columns.append(column)
        parts = []
        for at in meant:
            if at in earlier:
                continue
            waiting = linear([*sheet.chosen(at), *times(-1, sheet.complete(at, period))])
            pairs = list(zip(waiting.columns, waiting.coefficients, strict=True))
            if pairs:
                sheet.row(STRUCTURE.id, [(column, 1), *pairs], upper=1)
                parts.append((linear(times(-1, pairs), 1), 1))
        sheet.define(column, [*parts, (Linear((), (), 1), 1)])
        if period:
            sheet.row(STRUCTURE.id, [(column - 1, 1), (column, -1)], upper=0)
    return Linear(tuple(columns), (-1,) * len(columns), len(columns))


def _change(sheet: Sheet, target: ChangeTarget) -> Linear:
    """Σ over initiatives: added, dropped, or moved × periods + another mode."""
    problem = sheet.problem
    assert problem.published is not None
    before = {choice.initiative: choice for choice in problem.published.choices}
    terms: list[tuple[int, int]] = []
    for block in sheet.blocks.values():
        initiative = problem.initiatives[block.initiative]
        choice = before.get(initiative.id)
        if choice is None:
            terms.append((block.chosen, target.added))
            continue
        other_mode = 0 if choice.mode == initiative.modes[block.mode].id else target.mode

        moves = [target.moved * abs(start - choice.start) for start in block.starts]
        terms.extend(by_start(block, [move + other_mode - target.dropped for move in moves]))
    return linear(terms, target.dropped * len(before))


def _least_words(sheet: Sheet, target: LeastTarget) -> Words:
    if target.of == "benefit":
        name = next((goal.name for goal in sheet.problem.goals if goal.id == target.goal), Name("", ""))
        template = (
            _n("what the district with the least gets of %(goal)s")
            if target.by == "district"
            else _n("what the unit with the least gets of %(goal)s")
        )
        return Words(template, {"goal": name})
    return Words(
        _n("spending in the district with the least")
        if target.by == "district"
        else _n("spending of the unit with the least")
    )


def _least(sheet: Sheet, number: int, target: LeastTarget) -> Linear:
    """z · 10000 · weight ≤ what each gets; z as large as can be."""
    problem = sheet.problem
    parts = []
    for holder in problem.holders(target.by):
        expression = linear(
            got(
                sheet,
                target.of,
                target.goal,
                lambda at, id_=holder.id: held(problem.initiatives[at], target.by).get(id_, 0),  # type: ignore[misc]
            )
        )
        parts.append((expression, WHOLE_SHARE * holder.weight))
    upper = min(_reach(expression, most=True) // divisor for expression, divisor in parts)
    lower = min(_reach(expression, most=False) // divisor for expression, divisor in parts)
    column = sheet.variable(f"target {number} least", "least", upper, lower)
    for expression, divisor in parts:
        pairs = zip(expression.columns, expression.coefficients, strict=True)
        sheet.row(STRUCTURE.id, [(column, divisor), *times(-1, pairs)], upper=0)
    sheet.define(column, parts)
    return Linear((column,), (1,))


def _reach(expression: Linear, *, most: bool) -> int:
    """Return a bound on an expression over variables of 0 and 1."""
    return sum(value for value in expression.coefficients if (value > 0) == most)
