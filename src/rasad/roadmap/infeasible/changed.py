"""A problem as a repair changes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasad.roadmap.infeasible.result import Change
from rasad.roadmap.problem import Problem, parse


def changed(problem: Problem, changes: Iterable[Change]) -> Problem:
    """Return the problem with its limits changed: amounts as the changes say, what is lifted taken away.

    A limit that is written once for several periods or districts (a category's share, fairness) is taken away for all of them; what may run at
    once in any unit is raised for all units.
    """
    data = problem.model_dump(mode="json")
    gone: dict[str, set[int]] = {}
    for change in changes:
        path = change.limit.field.split(".")
        if change.after is not None:
            _raise(data, path, change.limit.period, change.after, problem.horizon.count)
        elif path[0] == "initiatives" and path[2] != "requires":
            empty: dict[str, Any] = {
                "mandatory": False,
                "frozen": None,
                "deadline": None,
                "earliest_start": 0,
            }
            data["initiatives"][int(path[1])][path[2]] = empty[path[2]]
        else:
            at = next(
                place for place, part in enumerate(path) if part.isdigit() and not _of_initiative(path, place)
            )
            gone.setdefault(".".join(path[:at]), set()).add(int(path[at]))
    for place, numbers in gone.items():
        holder = data
        *parents, last = place.split(".")
        for part in parents:
            holder = holder[int(part)] if part.isdigit() else holder[part]  # type: ignore[index]
        holder[last] = [one for at, one in enumerate(holder[last]) if at not in numbers]
    return parse(data)


def _of_initiative(path: list[str], place: int) -> bool:
    return path[0] == "initiatives" and place == 1


def _raise(data: dict[str, Any], path: list[str], period: int | None, amount: int, count: int) -> None:
    """Set an amount; where one stands for all periods, it is written out for each first."""
    holder: Any = data
    for part in path[:-1]:
        holder = holder[int(part)] if part.isdigit() else holder[part]
    if path[1] == "running" and len(holder) == 1:
        holder[:] = holder * count
    at = period if period is not None else int(path[-1])
    # One figure may stand for several units, each with a change of its own.
    holder[at] = max(amount, holder[at])
