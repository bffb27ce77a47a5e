"""What a plan does, counted period by period from the problem alone: money, people, work under way, benefit. Exact whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from rasad.roadmap.problem import Effect, Initiative, Mode, Plan, Problem


@dataclass(frozen=True, slots=True)
class Work:
    """One chosen initiative in its mode, with its first period and the period at whose beginning it is complete."""

    initiative: Initiative
    mode: Mode
    start: int

    @property
    def complete(self) -> int:
        return self.start + self.mode.duration

    @property
    def last(self) -> int:
        """Return the period in whose course it is done; what is done at once, its first."""
        return max(self.start, self.complete - 1)

    def under_way(self, period: int) -> bool:
        return self.start <= period < self.complete


@dataclass(frozen=True)
class Figures:
    """What a plan does in a problem."""

    problem: Problem
    works: dict[str, Work]

    @staticmethod
    def of(problem: Problem, plan: Plan) -> Figures:
        """Return the figures of a plan; choices of initiatives or modes that the problem does not have are passed over."""
        works = {}
        for choice in plan.choices:
            at = problem.places.get(choice.initiative)
            if at is not None:
                initiative = problem.initiatives[at]
                for mode in initiative.modes:
                    if mode.id == choice.mode:
                        works[initiative.id] = Work(initiative, mode, choice.start)
        return Figures(problem, works)

    @property
    def periods(self) -> range:
        return range(self.problem.horizon.count)

    def cost(self, work: Work, category: str, period: int) -> int:
        """Return what one initiative spends on a category in a period."""
        spent = 0
        costs = work.mode.costs.get(category)
        if costs is not None and work.start <= period < work.start + len(costs):
            spent += costs[period - work.start]
        if period >= work.complete:
            spent += work.mode.run_costs.get(category, 0)
        return spent

    def cost_of(self, work: Work) -> int:
        """Return all that one initiative spends within the horizon."""
        categories = {*work.mode.costs, *work.mode.run_costs}
        return sum(self.cost(work, category, period) for category in categories for period in self.periods)

    def spending(self, category: str) -> list[int]:
        """Return spending on a category, by period."""
        return [
            sum(self.cost(work, category, period) for work in self.works.values()) for period in self.periods
        ]

    def need(self, skill: str) -> list[int]:
        """Return the need of a skill, by period."""
        found = [0] * self.problem.horizon.count
        for work in self.works.values():
            for age, amount in enumerate(work.mode.skills.get(skill, ())):
                if 0 <= work.start + age < len(found):
                    found[work.start + age] += amount
        return found

    def running(self, unit: str, *, partners: bool) -> list[int]:
        """Return how many initiatives of a unit are under way, by period."""
        mine = [
            work
            for work in self.works.values()
            if work.initiative.unit == unit or (partners and unit in work.initiative.partners)
        ]
        return [sum(work.under_way(period) for work in mine) for period in self.periods]

    def brings(self, effect: Effect, complete: int) -> int:
        """Return what an effect brings within the horizon, if it succeeds."""
        if complete > self.problem.horizon.count:
            return 0
        total = effect.once if complete >= 0 else 0
        steps = effect.per_period
        if steps:
            for period in self.periods:
                since = period - complete
                if since >= 0:
                    total += steps[since] if since < len(steps) else steps[-1]
        return total

    def brought(self, work: Work, goal: str) -> int:
        """Return benefit × probability of one initiative for a goal, in ten-thousandths."""
        effect = work.mode.effects.get(goal)
        return 0 if effect is None else work.mode.probability * self.brings(effect, work.complete)

    def bonus(self, goal: str) -> int:
        """Return benefit × probability of synergies for a goal, in ten-thousandths."""
        total = 0
        for synergy in self.problem.synergies:
            effect = synergy.effects.get(goal)
            if synergy.kind != "bonus" or effect is None:
                continue
            members = [self.works.get(id_) for id_ in synergy.initiatives]
            if None not in members:
                complete = max(work.complete for work in members if work is not None)
                total += synergy.probability * self.brings(effect, complete)
        return total

    def score(self, goal: str) -> int:
        """Return benefit × probability of everything for a goal, in ten-thousandths."""
        return self.bonus(goal) + sum(self.brought(work, goal) for work in self.works.values())

    def gets(self, by: str, of: str, goal: str) -> dict[str, int]:
        """Return what each district or unit gets: spending or benefit × its share, in ten-thousandths of either."""
        total = {holder.id: 0 for holder in self.problem.holders(by)}
        for work in self.works.values():
            amount = self.cost_of(work) if of == "spending" else self.brought(work, goal)
            if by == "unit":
                if work.initiative.unit:
                    total[work.initiative.unit] += 10_000 * amount
            else:
                for district, share in work.initiative.districts.items():
                    total[district] += share * amount
        return total

    def values(self) -> tuple[int, ...]:
        """Return the value of each target of the objective, in its order."""
        return tuple(self._value(at) for at in range(len(self.problem.objective.targets)))

    def _value(self, at: int) -> int:
        target = self.problem.objective.targets[at]
        if target.kind == "goal":
            return self.score(target.goal)
        if target.kind == "cost":
            categories = target.categories or [category.id for category in self.problem.categories]
            return sum(sum(self.spending(category)) for category in categories)
        if target.kind == "completion":
            return self._completion(target.of, target.initiatives)
        if target.kind == "change":
            return self._change(target.added, target.dropped, target.moved, target.mode)
        gets = self.gets(target.by, target.of, target.goal)
        return min(
            Fraction(gets[holder.id], 10_000 * holder.weight).__floor__()
            for holder in self.problem.holders(target.by)
        )

    def _completion(self, of: str, initiatives: tuple[str, ...]) -> int:
        never = self.problem.horizon.count + 1
        meant = initiatives or tuple(self.problem.places)
        if of == "last":
            found = [self.works[id_].complete for id_ in meant if id_ in self.works]
            return max([0, *(min(complete, never) for complete in found)])
        return sum(
            min(max(self.works[id_].complete, 0), never) if id_ in self.works else never for id_ in meant
        )

    def _change(self, added: int, dropped: int, moved: int, mode: int) -> int:
        assert self.problem.published is not None
        before = {choice.initiative: choice for choice in self.problem.published.choices}
        total = added * len(self.works.keys() - before.keys()) + dropped * len(
            before.keys() - self.works.keys()
        )
        for id_ in self.works.keys() & before.keys():
            work, was = self.works[id_], before[id_]
            total += moved * abs(work.start - was.start)
            if work.mode.id != was.mode:
                total += mode
        return total
