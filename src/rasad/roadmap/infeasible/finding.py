"""Why no plan keeps all limits: conflicts first among what is chosen and when, then among amounts, then by searching."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Sequence

from rasad.roadmap.infeasible.farkas import Relaxation
from rasad.roadmap.infeasible.needed import Needed
from rasad.roadmap.infeasible.overload import overload
from rasad.roadmap.infeasible.parts import plan_for
from rasad.roadmap.infeasible.quickxplain import quickxplain
from rasad.roadmap.infeasible.repair import repairs
from rasad.roadmap.infeasible.result import Conflict, Infeasibility, Repair
from rasad.roadmap.infeasible.summary import KINDS, MEANS, STRUCTURAL, summed_up
from rasad.roadmap.problem import Problem
from rasad.roadmap.rows import STRUCTURE, Rows, build
from rasad.roadmap.solve.outcome import Status, StepCall

SECONDS = 30.0
FOR_CONFLICTS = 0.5
"""Which share of the time conflicts may take; repairs have what is left."""
FOR_ANOTHER = 0.1
"""Until which share of the time another conflict is looked for once there is one."""
EACH, PATIENCE = 1.0, 3
"""Seconds for the proof that one limit is needed, and how many such proofs may fail before no more are tried."""
MOST = 3
"""How many conflicts are looked for: each repaired, the next would show."""


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


def why_infeasible(
    problem: Problem,
    *,
    seconds: float = SECONDS,
    repair: bool = True,
    thorough: bool = True,
    progress: StepCall | None = None,
    cancel: threading.Event | None = None,
) -> Infeasibility:
    """Return which limits of a problem contradict each other, and the smallest repairs that are found within `seconds`.

    `thorough`: where amounts do not contradict each other, whole initiatives are searched for a plan or a proof that there is none; else that is unknown.
    `progress(what, done, total)` is called now and then; setting `cancel` ends the search with what is known until then.
    """
    began = time.monotonic()
    report = progress or (lambda _what, _done, _total: None)
    rows = build(problem, named_windows=True)
    # What the rows took counts too: on a busy machine that is seconds.
    left = seconds - (time.monotonic() - began)
    finder = Finder(rows, left * FOR_CONFLICTS if repair else left, cancel)
    found: list[Conflict] = []
    report(_n("looking for limits that contradict each other"), 0, 0)
    for conflict in finder.conflicts(thorough=thorough):
        found.append(conflict)
        report(_n("looking for limits that contradict each other"), len(found), MOST)
        if repair and finder.spent > seconds * FOR_ANOTHER:
            break
    if not found:
        status = "feasible" if finder.feasible else "unknown"
        return Infeasibility(status=status, seconds=time.monotonic() - began)
    mended: tuple[Repair, ...] = ()
    if repair:
        report(_n("looking for the smallest repair"), 0, 0)
        mended = tuple(
            repairs(problem, finder.rows.groups, found, began + seconds - time.monotonic(), cancel)
        )
    return Infeasibility(
        status="infeasible", conflicts=tuple(found), repairs=mended, seconds=time.monotonic() - began
    )


class Finder:
    """One search for conflicts. `always`: groups that are kept whatever happens and never named, as of a choice that is asked about."""

    def __init__(
        self,
        rows: Rows,
        seconds: float,
        cancel: threading.Event | None = None,
        always: Collection[str] = (),
    ) -> None:
        self.rows, self.always = rows, tuple(always)
        self.began = time.monotonic()
        self.end = self.began + seconds
        self.cancel = cancel or threading.Event()
        self.feasible = False
        rank = {kind: at for at, kind in enumerate(KINDS)}
        groups = [group for group in rows.groups.values() if group.id not in (STRUCTURE.id, *self.always)]
        self.groups = [group.id for group in sorted(groups, key=lambda group: rank[group.kind])]
        self.relaxation = Relaxation(rows, cancel=self.cancel)

    @property
    def spent(self) -> float:
        return time.monotonic() - self.began

    @property
    def left(self) -> float:
        return 0.0 if self.cancel.is_set() else max(0.0, self.end - time.monotonic())

    def conflicts(self, most: int = MOST, *, thorough: bool = True) -> Iterator[Conflict]:
        """Yield conflicts, each sharing no limit with those before it."""
        there = list(self.groups)
        count = 0
        for kinds in _tiers():
            while count < most and self.left:
                among = [group for group in there if self._kind(group) in kinds]
                conflict = self._by_amounts(among) if kinds is not ADDED else self._by_adding_up(among)
                if conflict is None:
                    break
                yield conflict
                count += 1
                named = {limit.id for limit in conflict.limits}
                there = [group for group in there if group not in named]
        if thorough and not count and self.left:
            searched = self._by_search(there)
            if searched is not None:
                yield searched

    def _kind(self, group: str) -> str:
        return self.rows.groups[group].kind

    def _by_adding_up(self, groups: Sequence[str]) -> Conflict | None:
        """Return the conflict of the fewest limits that adding up shows."""
        core = overload(self.rows, groups)
        return None if core is None else self._exactly(core, proven=True, how="amounts")

    def _by_amounts(self, groups: Sequence[str]) -> Conflict | None:
        """Return a conflict that stands even if initiatives could be done in part."""
        refutation = self.relaxation.refute([*self.always, *groups], self.left)
        if refutation is None:
            return None
        named = [group for group in groups if group in refutation.groups]
        small = Relaxation(self.rows, [*self.always, *named], self.cancel)

        def refuted(asked: Sequence[str]) -> bool:
            return bool(self.left) and small.refute([*self.always, *asked], self.left) is not None

        core = quickxplain(named, refuted)
        last = small.refute([*self.always, *core], max(self.left, 0.1 if self.cancel.is_set() else 1.0))
        if last is None:
            # The time was up on the way: the larger set stands.
            core, last = named, refutation
        return self._exactly(core, proven=last.proven, how="amounts")

    def _by_search(self, groups: Sequence[str]) -> Conflict | None:
        """Return a conflict that stands because initiatives are done whole or not at all: whole kinds of limits first, then single ones."""
        status = plan_for(self.rows, [*self.always, *groups], self.left, self.cancel)
        self.feasible = status is Status.OPTIMAL
        if status is not Status.INFEASIBLE:
            return None

        def refuted(asked: Sequence[str]) -> bool:
            left = self.left / 4
            return (
                bool(left)
                and plan_for(self.rows, [*self.always, *asked], left, self.cancel) is Status.INFEASIBLE
            )

        kinds = list(dict.fromkeys(self._kind(group) for group in groups))
        of = {kind: [group for group in groups if self._kind(group) == kind] for kind in kinds}
        needed = quickxplain(kinds, lambda some: refuted([group for kind in some for group in of[kind]]))
        core = quickxplain([group for kind in needed for group in of[kind]], refuted)
        return self._exactly(core, proven=True, how="search")

    def _exactly(self, core: list[str], *, proven: bool, how: str) -> Conflict | None:
        """Return the conflict, with what whole initiatives do not need left out, and whether each limit that is left is needed.

        None where a plan is found that keeps them all: what spoke against it was rounded.
        """
        undecided = 0
        needed = Needed(self.rows, [*self.always, *core])
        for at, group in enumerate(list(core)):
            if undecided == PATIENCE or not self.left:
                undecided += len(core) - at
                break
            rest = [one for one in core if one != group]
            status = (
                needed.without(group, min(self.left, EACH))
                if needed.usable
                else plan_for(self.rows, [*self.always, *rest], min(self.left, EACH), self.cancel)
            )
            if status is Status.INFEASIBLE:
                core, proven = rest, True
            elif status is not Status.OPTIMAL:
                undecided += 1
        if not proven and self.left:
            status = plan_for(self.rows, [*self.always, *core], self.left, self.cancel)
            if status is Status.OPTIMAL:
                return None
            proven = status is Status.INFEASIBLE
        limits = tuple(self.rows.groups[group] for group in core)
        if how == "amounts" and all(limit.kind in STRUCTURAL for limit in limits):
            how = "structure"
        return Conflict(
            limits=limits, summary=summed_up(limits), how=how, proven=proven, minimal=not undecided
        )


ADDED = frozenset({*STRUCTURAL, *MEANS})
"""Kinds of limits whose amounts are added up before any are refuted."""


def _tiers() -> Iterator[frozenset[str]]:
    """Yield kinds of limits to look among: what is chosen and when; that with means, added up; with one kind of means or shares; everything."""
    yield frozenset(STRUCTURAL)
    yield ADDED
    for kind in KINDS:
        if kind not in STRUCTURAL:
            yield frozenset({*STRUCTURAL, kind})
    yield frozenset(KINDS)
