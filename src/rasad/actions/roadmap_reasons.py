"""What a kept explanation says of each initiative: what the plan would lose with it the other way, as far as that is proven."""

from __future__ import annotations

from rasad.records.models import ScenarioPlan
from rasad.roadmap.explain import Explanation
from rasad.roadmap.explain.result import Why
from rasad.roadmap.explain.said import change, needed, span
from rasad.roadmap.wording import Words


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


def explanation_of(record: ScenarioPlan) -> Explanation | None:
    """Return the explanation that is kept with a plan; None where none was asked for."""
    return None if record.explanation is None else Explanation.model_validate(record.explanation)


def other_ways(found: Explanation | None, inside: set[str]) -> dict[str, Words]:
    """Return, by initiative, what having it the other way would do; none for those that the explained plan has otherwise than `inside`."""
    if found is None:
        return {}
    told = {}
    for why in found.whys:
        words = _other_way(found, why)
        if words is not None and why.chosen == (why.initiative in inside):
            told[why.initiative] = words
    return told


def needs_of(found: Explanation | None, inside: set[str]) -> dict[str, tuple[Words, ...]]:
    """Return, by initiative, what one that is left out would need; none for those that the explained plan has otherwise than `inside`."""
    if found is None:
        return {}
    return {why.initiative: needed(found, why) for why in found.whys if why.initiative not in inside}


def _other_way(found: Explanation, why: Why) -> Words | None:
    if why.verdict == "free":
        return Words(_n("Another plan that is as good has it the other way."))
    if why.verdict == "forbidden":
        return Words(_n("No plan that keeps the limits has it the other way."))
    aim = found.aim(why.target)
    if why.verdict != "costs" or not why.at_least or aim is None:
        return None
    if aim.kind != "weighted":
        template = (
            _n("Left out, it would mean: %(change)s.")
            if why.chosen
            else _n("Put in all the same, it would mean: %(change)s.")
        )
        most = why.at_most if why.at_most == why.at_least else None
        return Words(template, {"change": change(aim, why.at_least, most, lost=True)})
    if not aim.objective:
        return None
    # What it would lose at least: that is proven, whatever the time did for the rest.
    share = span(aim, why.at_least, why.at_least)
    if why.chosen:
        template = (
            _n("Left out, the plan would lose %(share)s of its value.")
            if why.at_least == why.at_most
            else _n("Left out, the plan would lose at least %(share)s of its value.")
        )
    else:
        template = (
            _n("Put in all the same, the plan would lose %(share)s of its value.")
            if why.at_least == why.at_most
            else _n("Put in all the same, the plan would lose at least %(share)s of its value.")
        )
    return Words(template, {"share": share})
