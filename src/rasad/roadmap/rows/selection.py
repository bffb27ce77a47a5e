"""Rows about what is chosen and when: one mode, started stays started, prerequisites, groups, synergies, choices by hand."""

from __future__ import annotations

from rasad.roadmap.problem import Lock, Requirement, Synergy
from rasad.roadmap.rows.building import Sheet, linear, times
from rasad.roadmap.rows.table import STRUCTURE, Block, Group
from rasad.roadmap.wording import Value, Words, names


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


def add_structure(sheet: Sheet) -> None:
    """What has started stays started; an initiative is done in one mode."""
    for block in sheet.blocks.values():
        for column in range(block.column, block.chosen):
            sheet.row(STRUCTURE.id, [(column, 1), (column + 1, -1)], upper=0)
    for at, initiative in enumerate(sheet.problem.initiatives):
        if len(initiative.modes) > 1:
            sheet.row(STRUCTURE.id, sheet.chosen(at), upper=1)


def add_windows(sheet: Sheet) -> None:
    """Earliest starts and deadlines as rows, where they are to be named; else the windows already have them."""
    if not sheet.named_windows:
        return
    for at, initiative in enumerate(sheet.problem.initiatives):
        if initiative.frozen is not None:
            continue
        where, subjects = f"initiatives.{at}", (initiative.id,)
        if initiative.earliest_start:
            values = {
                "initiative": initiative.name,
                "period": sheet.problem.horizon.name(initiative.earliest_start),
            }
            words = Words(_n("%(initiative)s starts in %(period)s at the earliest"), values)
            group = sheet.group(Group(f"earliest:{initiative.id}", "earliest", f"{where}.earliest_start", words,
                                      initiative.earliest_start, subjects))  # fmt: skip
            sheet.row(group, sheet.started(at, initiative.earliest_start - 1), upper=0)
        if initiative.deadline is not None:
            values = {
                "initiative": initiative.name,
                "period": sheet.problem.horizon.name(initiative.deadline),
            }
            words = Words(_n("%(initiative)s is complete by the end of %(period)s"), values)
            group = sheet.group(Group(f"deadline:{initiative.id}", "deadline", f"{where}.deadline", words,
                                      initiative.deadline, subjects))  # fmt: skip
            for block in sheet.blocks_of(at):
                due = initiative.deadline + (1 - block.duration if block.duration else 0)
                if due < block.last:
                    column = block.by(due)
                    sheet.row(
                        group, [(block.chosen, 1), *([] if column is None else [(column, -1)])], upper=0
                    )


def add_requirements(sheet: Sheet) -> None:
    """Y_j(t) ≤ Y_i(t − lag − duration of i), a row for each period in which it says something new."""
    for at, initiative in enumerate(sheet.problem.initiatives):
        if initiative.frozen is None:
            for number, required in enumerate(initiative.requires):
                _requirement(sheet, at, number, required)


def _requirement(sheet: Sheet, at: int, number: int, required: Requirement) -> None:
    initiative = sheet.problem.initiatives[at]
    other = sheet.problem.places[required.initiative]
    template = (
        _n("%(initiative)s needs %(required)s to be complete first")
        if required.after == "completion"
        else _n("%(initiative)s needs %(required)s to have started")
    )
    values: dict[str, Value] = {
        "initiative": initiative.name,
        "required": sheet.problem.initiatives[other].name,
    }
    if required.lag:
        template = (
            _n("%(initiative)s needs %(required)s to be complete %(lag)s periods earlier")
            if required.after == "completion"
            else _n("%(initiative)s needs %(required)s to have started %(lag)s periods earlier")
        )
    words = Words(template, {**values, **({"lag": required.lag} if required.lag else {})})
    group = sheet.group(
        Group(f"requires:{initiative.id}:{number}:{required.initiative}", "requires",
              f"initiatives.{at}.requires.{number}", words, None, (initiative.id, required.initiative))
    )  # fmt: skip
    reached = sheet.complete if required.after == "completion" else sheet.started
    blocks = list(sheet.blocks_of(at))
    if not blocks:
        return
    first, last = min(block.first for block in blocks), max(block.last for block in blocks)
    for period in range(first, last + 1):
        before = reached(other, period - required.lag)
        # Where the right side does not grow any more, the row of the next period says all that this one says.
        if period < last and before == reached(other, period + 1 - required.lag):
            continue
        sheet.row(group, [*sheet.started(at, period), *times(-1, before)], upper=0)


def add_groups(sheet: Sheet) -> None:
    """At least, at most, exactly so many of some initiatives."""
    problem = sheet.problem
    for number, group in enumerate(problem.groups):
        if group.at_most is None:
            template = _n("%(group)s: at least %(least)s of %(members)s")
        elif not group.at_least:
            template = _n("%(group)s: at most %(most)s of %(members)s")
        elif group.at_least == group.at_most:
            template = _n("%(group)s: exactly %(most)s of %(members)s")
        else:
            template = _n("%(group)s: from %(least)s to %(most)s of %(members)s")
        members = [problem.places[id_] for id_ in group.initiatives]
        values: dict[str, Value] = {"group": group.name, "members": names([problem.initiatives[at].name for at in members]),
                  "least": group.at_least, "most": group.at_most or 0}  # fmt: skip
        id_ = sheet.group(
            Group(f"group:{group.id}", "group", f"groups.{number}", Words(template, values), None, group.initiatives)
        )  # fmt: skip
        terms = [term for at in members for term in sheet.chosen(at)]
        sheet.row(id_, terms, lower=group.at_least or None, upper=group.at_most)


def add_synergies(sheet: Sheet) -> dict[str, Block]:
    """All or none as rows; a bonus as step variables "all are complete by t", whose blocks are returned by synergy."""
    found = {}
    for number, synergy in enumerate(sheet.problem.synergies):
        if synergy.kind == "together":
            _together(sheet, number, synergy)
        else:
            block = _bonus(sheet, synergy)
            if block is not None:
                found[synergy.id] = block
    return found


def _together(sheet: Sheet, number: int, synergy: Synergy) -> None:
    members = [sheet.problem.places[id_] for id_ in synergy.initiatives]
    listed = names([sheet.problem.initiatives[at].name for at in members])
    words = Words(_n("all or none of %(members)s"), {"members": listed})
    group = sheet.group(
        Group(f"synergy:{synergy.id}", "synergy", f"synergies.{number}", words, None, synergy.initiatives)
    )
    # In a circle, each at most the next: all are equal.
    for at, following in zip(members, [*members[1:], members[0]], strict=True):
        sheet.row(group, [*sheet.chosen(at), *times(-1, sheet.chosen(following))], upper=0)


def _bonus(sheet: Sheet, synergy: Synergy) -> Block | None:
    members = [sheet.problem.places[id_] for id_ in synergy.initiatives]
    soonest = []
    for at in members:
        reached = [block.first + block.duration for block in sheet.blocks_of(at)]
        if not reached:
            return None
        soonest.append(min(reached))
    first, last = max(soonest), sheet.problem.horizon.count
    if first > last:
        return None
    columns = [sheet.variable(f"{synergy.id} by {t}", "bonus") for t in range(first, last + 1)]
    block = Block(-1, -1, first, last, columns[0], 0)
    for period, column in zip(range(first, last + 1), columns, strict=True):
        complete = [sheet.complete(at, period) for at in members]
        for terms in complete:
            sheet.row(STRUCTURE.id, [(column, 1), *times(-1, terms)], upper=0)
        together = [term for terms in complete for term in terms]
        sheet.row(STRUCTURE.id, [*together, (column, -1)], upper=len(members) - 1)
        sheet.define(column, [(linear(terms), 1) for terms in complete])
        if period > first:
            sheet.row(STRUCTURE.id, [(column - 1, 1), (column, -1)], upper=0)
    return block


def add_choices(sheet: Sheet) -> None:
    """What must be chosen: the mandatory, what is running already, and what was locked by hand."""
    for at, initiative in enumerate(sheet.problem.initiatives):
        where, subjects, values = f"initiatives.{at}", (initiative.id,), {"initiative": initiative.name}
        if initiative.mandatory:
            words = Words(_n("%(initiative)s is mandatory"), values)
            group = sheet.group(
                Group(f"mandatory:{initiative.id}", "mandatory", f"{where}.mandatory", words, None, subjects)
            )
            sheet.row(group, sheet.chosen(at), lower=1)
        if initiative.frozen is not None:
            words = Words(_n("%(initiative)s is running already"), values)
            group = sheet.group(
                Group(f"frozen:{initiative.id}", "frozen", f"{where}.frozen", words, None, subjects)
            )
            sheet.row(group, sheet.chosen(at), lower=1)
    for number, lock in enumerate(sheet.problem.locks):
        _lock(sheet, number, lock)


def _lock(sheet: Sheet, number: int, lock: Lock) -> None:
    problem, at = sheet.problem, sheet.problem.places[lock.initiative]
    initiative = problem.initiatives[at]
    values: dict[str, Value] = {"initiative": initiative.name}
    mode = next((one for one in initiative.modes if one.id == lock.mode), None)
    if lock.choice == "out":
        words = Words(_n("%(initiative)s was locked out by hand"), values)
    elif lock.start is not None and mode is not None:
        words = Words(_n("%(initiative)s was locked by hand as %(mode)s, starting in %(period)s"),
                      {**values, "mode": mode.name, "period": problem.horizon.name(lock.start)})  # fmt: skip
    elif lock.start is not None:
        words = Words(_n("%(initiative)s was locked by hand to start in %(period)s"),
                      {**values, "period": problem.horizon.name(lock.start)})  # fmt: skip
    elif mode is not None:
        words = Words(_n("%(initiative)s was locked by hand as %(mode)s"), {**values, "mode": mode.name})
    else:
        words = Words(_n("%(initiative)s was locked in by hand"), values)
    group = sheet.group(
        Group(f"lock:{lock.id}", "lock", f"locks.{number}", words, lock.start, (initiative.id,))
    )
    if lock.choice == "out":
        sheet.row(group, sheet.chosen(at), upper=0)
        return
    terms = []
    for block in sheet.blocks_of(at):
        if lock.mode is not None and initiative.modes[block.mode].id != lock.mode:
            continue
        if lock.start is None:
            terms.append((block.chosen, 1))
        elif block.first <= lock.start <= block.last:
            terms.append((block.column + lock.start - block.first, 1))
            if lock.start > block.first:
                terms.append((block.column + lock.start - block.first - 1, -1))
    sheet.row(group, terms, lower=1)
