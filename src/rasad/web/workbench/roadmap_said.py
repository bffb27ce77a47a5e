"""A problem's fields in people's words: where a fault is, what names a part, and what a change changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rasad.actions.roadmap_parts import Data
from rasad.actions.roadmaps import ProblemRefusedError, told
from rasad.records.labels import label as label_of
from rasad.roadmap.problem import Fault, Horizon
from rasad.roadmap.wording import Share
from rasad.web.theme import show
from rasad.web.workbench import frame
from rasad.web.workbench.forms.roadmap_asked import OTHERS

PARTS = {
    "goals": gettext_lazy("Goal"),
    "skills": gettext_lazy("Skill"),
    "units": gettext_lazy("Unit"),
    "districts": gettext_lazy("District"),
    "categories": gettext_lazy("Class"),
    "initiatives": gettext_lazy("Initiative"),
    "groups": gettext_lazy("Group"),
    "synergies": gettext_lazy("Synergy"),
    "locks": gettext_lazy("Choice made by hand"),
    "modes": gettext_lazy("way"),
    "limits.budgets": gettext_lazy("Budget"),
    "limits.category_shares": gettext_lazy("Share of all spending"),
    "limits.skills": gettext_lazy("People"),
    "limits.running": gettext_lazy("At once"),
    "limits.fairness": gettext_lazy("Fairness"),
    "limits.goal_shares": gettext_lazy("Least share of a goal"),
    "limits.goal_scores": gettext_lazy("Least of a goal"),
    "objective.targets": gettext_lazy("Aim"),
    "published.choices": gettext_lazy("Plan to keep near"),
}
"""Lists of a problem: what one entry is."""
FIELDS = {
    "horizon": gettext_lazy("Periods"),
    "kind": gettext_lazy("Kind"),
    "first_year": gettext_lazy("First year"),
    "first_part": gettext_lazy("First part of the year"),
    "count": gettext_lazy("Number of periods"),
    "title_fa": gettext_lazy("Name in Persian"),
    "title_en": gettext_lazy("Name in English"),
    "unit_fa": gettext_lazy("Counted in, Persian"),
    "unit_en": gettext_lazy("Counted in, English"),
    "weight": gettext_lazy("Weight"),
    "slack": gettext_lazy("May give up, in per cent"),
    "unit": gettext_lazy("Unit"),
    "partners": gettext_lazy("Partners"),
    "initiatives": gettext_lazy("Members"),
    "initiative": gettext_lazy("Initiative"),
    "at_least": gettext_lazy("At least"),
    "at_most": gettext_lazy("At most"),
    "amounts": gettext_lazy("Amounts"),
    "carry_share": gettext_lazy("Carried over at most, in per cent of the period's own"),
    "categories": gettext_lazy("Classes"),
    "per": gettext_lazy("Held in"),
    "since": gettext_lazy("Holds from"),
    "skill": gettext_lazy("Skill"),
    "skills": gettext_lazy("People in each period of the work"),
    "costs": gettext_lazy("Cost in each period of the work"),
    "run_costs": gettext_lazy("Cost a period afterwards"),
    "effects": gettext_lazy("What it brings"),
    "once": gettext_lazy("once, at completion"),
    "per_period": gettext_lazy("in each period after completion"),
    "probability": gettext_lazy("Probability of success"),
    "duration": gettext_lazy("Periods of work"),
    "goal": gettext_lazy("Goal"),
    "goal_shares": gettext_lazy("Goals' shares of the spending"),
    "districts": gettext_lazy("Districts' shares"),
    "earliest_start": gettext_lazy("Earliest start"),
    "deadline": gettext_lazy("Complete by the end of"),
    "mandatory": gettext_lazy("Mandatory"),
    "frozen": gettext_lazy("Running already"),
    "mode": gettext_lazy("Way"),
    "modes": gettext_lazy("Ways of doing it"),
    "start": gettext_lazy("Start"),
    "requires": gettext_lazy("Needs first"),
    "lag": gettext_lazy("periods between"),
    "by": gettext_lazy("Between"),
    "whom": gettext_lazy("For whom"),
    "of": gettext_lazy("Of what"),
    "id": gettext_lazy("Id"),
    "choice": gettext_lazy("Choice"),
    "targets": gettext_lazy("Aims"),
    "objective": gettext_lazy("What is better"),
    "method": gettext_lazy("Aims are taken"),
    "published": gettext_lazy("Plan to keep near"),
    "after": gettext_lazy("After its"),
    "reference_class": gettext_lazy("Kind of project"),
}
LISTS = ("goals", "skills", "units", "districts", "categories", "initiatives", "groups", "synergies", "locks")
"""Lists of a problem that changes are told of, in this order; limits come after them."""
AMONG = {
    "goals": gettext_lazy("the scenario's goals"),
    "skills": gettext_lazy("the scenario's skills"),
    "units": gettext_lazy("the scenario's units"),
    "districts": gettext_lazy("the scenario's districts"),
    "categories": gettext_lazy("the classes of money"),
    "initiatives": gettext_lazy("the scenario's initiatives"),
    "modes": gettext_lazy("its ways"),
}
HORIZONS = {
    "year": gettext_lazy("years"),
    "half": gettext_lazy("half-years"),
    "quarter": gettext_lazy("quarters"),
    "month": gettext_lazy("months"),
    "step": gettext_lazy("steps"),
}
WORDS: dict[str, Mapping[str, Any]] = {
    "kind": {**HORIZONS, "together": gettext_lazy("all of them or none"), "bonus": gettext_lazy("a bonus when all are complete")},
    "method": {"weighted": gettext_lazy("added up by their weights"), "lexicographic": gettext_lazy("one after the other, in their order"),
               "front": gettext_lazy("as a front")},
    "choice": {"in": gettext_lazy("put in by hand"), "out": gettext_lazy("left out by hand")},
    "per": {"period": gettext_lazy("each period"), "horizon": gettext_lazy("all periods together")},
}  # fmt: skip
"""Codes that stand in a problem, by their field."""
_POINTS = frozenset({"probability", "carry_share", "slack"})
_SHOWN_AT_MOST = 400
NAMED = 6
"""Users of a part that are named."""
_SHARES = frozenset({"limits.category_shares", "limits.fairness", "limits.goal_shares"})
"""Lists whose least and most are shares."""


def called(one: Mapping[str, Any]) -> str:
    """Return the name of a part as its JSON has it: the title in the page's language, else the other one, else the id."""
    fa, en = one.get("title_fa", ""), one.get("title_en", "")
    return str((fa or en) if frame.lang() == "fa" else (en or fa)) or str(one.get("id", ""))


# --- Where something is ---------------------------------------------------------------------------------------------


def place(field: str, data: Data) -> str:
    """Return a field's place in words: `groups.0.initiatives` → Group “one of these”, Members."""
    words: list[str] = []
    here: Any = data
    parts = field.split(".")
    way = ""
    for at, part in enumerate(parts):
        way = f"{way}.{part}" if way else part
        following = parts[at + 1] if at + 1 < len(parts) else ""
        here = _within(here, part)
        if part.isdecimal():
            listed = way.removesuffix(f".{part}")
            kind = PARTS.get(listed) or PARTS.get(listed.rpartition(".")[2])
            words.append(_entry(kind, here, int(part), data))
        elif (
            part == "limits"
            or (following.isdecimal() and (way in PARTS or part in PARTS))
            or way == "objective"
        ):
            continue
        else:
            words.append(str(FIELDS.get(part) or _known(part, data)))
    return _("%(first)s, %(rest)s") % {"first": words[0], "rest": _(", ").join(words[1:])} if len(words) > 1 else (words or [field])[0]  # fmt: skip


def _within(here: Any, part: str) -> Any:
    try:
        return here[int(part)] if isinstance(here, list | tuple) else here[part]
    except (KeyError, IndexError, ValueError, TypeError):
        return None


def _entry(kind: Any, here: Any, at: int, data: Data) -> str:
    number = show.digits_of(at + 1, frame.lang())
    if kind is None:
        return number
    name = _named_entry(here, data)
    return _("%(kind)s “%(name)s”") % {"kind": kind, "name": name} if name else f"{kind} {number}"


def _named_entry(here: Any, data: Data) -> str:
    if not isinstance(here, dict):
        return ""
    if "kind" in here and "id" not in here:
        return aim(here, data)
    if not (here.get("title_fa") or here.get("title_en")):
        if isinstance(here.get("initiative"), str):
            return _any_name(here["initiative"], data)
        # A limit without a name of its own is called by what it holds for.
        of = next((here[name] for name in ("goal", "skill", "whom") if here.get(name)), "")
        return _known(str(of), data) if of else called(here)
    return called(here)


def _known(id_: str, data: Data) -> str:
    """Return the name of whatever has this id among what maps are keyed by; the id where nothing has."""
    for kind in ("goals", "skills", "categories", "districts", "units"):
        for one in data.get(kind) or ():
            if isinstance(one, dict) and one.get("id") == id_:
                return called(one)
    return id_


def fault(found: Fault, data: Data) -> str:
    """Return what a fault says, its place and its periods in words."""
    expected = str(AMONG.get(found.expected) or found.expected)
    figure, expected = (
        show.digits_of(one, frame.lang()) if one.isdecimal() else one for one in (found.found, expected)
    )
    told = replace(found, field=place(found.field, data), found=figure, expected=expected)
    if found.code in ("deadline_early", "beyond"):
        horizon = Horizon.model_validate(data["horizon"])
        names = [horizon.name(at).said(str, frame.lang()) for at in (int(found.found), 0, horizon.count - 1)]
        last = f"{names[1]} … {names[2]}"
        if found.code == "deadline_early":
            last = horizon.name(int(found.expected)).said(str, frame.lang())
        told = replace(told, found=names[0], expected=last)
    return told.message(_)


def refused(error: ValidationError) -> list[str]:
    """Return what a form says of a refusal: in its words where the problem itself was at fault."""
    if isinstance(error, ProblemRefusedError):
        return told([fault(one, error.data) for one in error.faults])
    return list(error.messages)


def refused_file(error: ValidationError) -> list[str]:
    """Return what a file that was handed in is refused for: in people's words, and small beside them where it is in the file's JSON."""
    if not isinstance(error, ProblemRefusedError):
        return list(error.messages)
    said = [(in_file(one, error.data), one.field) for one in error.faults]
    lines = [
        format_html('{} <small class="path"><bdi dir="ltr">{}</bdi></small>', text, field) if field else text
        for text, field in said
    ]
    return told(lines)


def in_file(found: Fault, data: Any) -> str:
    """Return what a fault says of a file that nobody has checked yet: in words as far as the file holds what names its parts."""
    if not isinstance(data, dict):
        return found.message(_)
    try:
        return fault(found, data)
    except (KeyError, TypeError, ValueError, AttributeError):
        # What would name the place is wrong itself: of the horizon, say, whose periods are meant.
        return found.message(_)


def users(found: list[tuple[str, str]], data: Data) -> str:
    """Return what names a part, as a list in words."""
    limits: Any = data["limits"]
    said = []
    for kind, id_ in found:
        there = limits[kind.removeprefix("limits.")] if kind.startswith("limits.") else data.get(kind, [])
        one = next((one for one in there if one.get("id") == id_), {"id": id_})
        said.append(_entry(PARTS[kind], one, 0, data) if id_ else str(PARTS[kind]))
    rest = len(said) - NAMED
    more = [_("and %(count)s more") % {"count": show.digits_of(rest, frame.lang())}] if rest > 0 else []
    return _("; ").join([*said[:NAMED], *more])


def aim(target: Mapping[str, Any], data: Data) -> str:
    """Return an aim in words."""
    kind = target["kind"]
    if kind == "goal":
        return _known(str(target["goal"]), data)
    if kind == "cost" and target.get("categories"):
        names = _(", ").join(_known(one, data) for one in target["categories"])
        return f"{OTHERS['cost']} ({names})"
    if kind == "completion" and target.get("of") == "each":
        return str(OTHERS["completion:each"])
    return str(OTHERS.get(kind, kind))


# --- What changes ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Changed:
    """One thing that a change changes: where, what was there, what would be; one of the two is empty of what is new or gone."""

    where: str
    was: str
    now: str


def changes(before: Data, after: Data) -> list[Changed]:
    """Return what is different between two problems (in full), part by part."""
    both = (before, after)
    found = list(_fields("horizon", str(FIELDS["horizon"]), (before["horizon"], after["horizon"]), both))
    for kind in LISTS:
        found += _lists(kind, before[kind], after[kind], both)
    for kind in before["limits"]:
        found += _lists(f"limits.{kind}", before["limits"][kind], after["limits"][kind], both)
    was, now = (WORDS["method"][one["objective"]["method"]] for one in both)
    if was != now:
        found.append(Changed(str(FIELDS["method"]), str(was), str(now)))
    was, now = (" · ".join(aim_line(one, side) for one in side["objective"]["targets"]) for side in both)
    if was != now:
        found.append(Changed(str(FIELDS["targets"]), was, now))
    if before["published"] != after["published"]:
        was, now = (_plan(one["published"]) for one in both)
        found.append(Changed(str(FIELDS["published"]), was, now))
    return found


def _plan(told: Any) -> str:
    if not told:
        return ""
    count = len(told["choices"])
    said = ngettext("%(count)s initiative", "%(count)s initiatives", count)
    return said % {"count": show.grouped(count, frame.lang())}


def limit_called(one: Data, data: Data) -> str:
    """Return what a limit is called: by its own name, else by what it holds for."""
    return _named_entry(one, data)


def aim_line(target: Mapping[str, Any], data: Data) -> str:
    told = f"{aim(target, data)} × {show.grouped(target['weight'], frame.lang())}"
    return f"{told} (−{_share(target['slack'])})" if target["slack"] else told


Both = tuple[Data, Data]
"""The problem before and after."""


def _lists(kind: str, was: list[Data], now: list[Data], both: Both) -> Iterator[Changed]:
    old, new = {one["id"]: one for one in was}, {one["id"]: one for one in now}
    for id_, one in old.items():
        if id_ not in new:
            yield Changed(_entry(PARTS[kind], one, 0, both[0]), _whole(kind, one, both[0]), "")
    for id_, one in new.items():
        where = _entry(PARTS[kind], one, 0, both[1])
        if id_ in old:
            yield from _fields(kind, where, (old[id_], one), both)
        else:
            yield Changed(where, "", _whole(kind, one, both[1]))


def _fields(kind: str, where: str, sides: Both, both: Both) -> Iterator[Changed]:
    was, now = sides
    for name in now:
        if was.get(name) != now[name]:
            before, after = (
                _value(kind, name, one.get(name), data)[:_SHOWN_AT_MOST]
                for one, data in zip((was, now), both, strict=True)
            )
            label = _("%(first)s, %(rest)s") % {"first": where, "rest": FIELDS.get(name, name)}
            yield Changed(label, before, after)


def _whole(kind: str, one: Data, data: Data) -> str:
    """Return everything that a part says beyond its name, for one that is new or gone."""
    said = [
        f"{FIELDS.get(name, name)}: {text}"
        for name, value in one.items()
        if name not in ("id", "title_fa", "title_en")
        and value is not False
        and (text := _value(kind, name, value, data))
    ]
    return _("; ").join(said)[:_SHOWN_AT_MOST] or called(one)


def _value(kind: str, name: str, value: Any, data: Data) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return _number(kind, name, value, data)
    if name == "reference_class":
        return str(label_of("Project", "kind", value))
    if isinstance(value, str):
        return str(WORDS.get(name, {}).get(value) or _any_name(value, data))
    if isinstance(value, list):
        mark = _("; ") if isinstance(value[0], int) else _(", ")
        return mark.join(_value(kind, name, one, data) for one in value)
    parts = [
        (FIELDS.get(key) or _known(key, data), _value(kind, key if key in FIELDS else name, part, data))
        for key, part in value.items()
    ]
    return _(", ").join(f"{label}: {text}" for label, text in parts if text)


def _any_name(id_: str, data: Data) -> str:
    one = next((one for one in data.get("initiatives") or () if one.get("id") == id_), None)
    return called(one) if one is not None else _known(id_, data)


def _number(kind: str, name: str, value: int, data: Data) -> str:
    if name in ("earliest_start", "deadline", "since"):
        return Horizon.model_validate(data["horizon"]).name(value).said(str, frame.lang())
    if name == "first_year":
        return show.digits_of(value, frame.lang())
    if (
        name in _POINTS
        or name in ("goal_shares", "districts")
        or (kind in _SHARES and name in ("at_least", "at_most"))
    ):
        return _share(value)
    return show.grouped(value, frame.lang())


def _share(points: int) -> str:
    return Share(points).said(str, frame.lang())
