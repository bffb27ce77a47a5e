"""The formats in which known problems are published, read into their classic statements. Files are given by whoever has them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from benchmarks.published.statements import knapsack, next_release, scheduling

SHARES = ("0.3", "0.5", "0.7")
"""Budgets of a next release problem, as shares of all costs, where a file names none."""


@dataclass(frozen=True)
class Instance:
    """A problem of a roadmap, and its best known value in the problem's own unit, where the file has it."""

    name: str
    problem: dict[str, Any]
    best: int | None = None


def psplib(name: str, text: str) -> list[Instance]:
    """Read PSPLIB's single-mode scheduling problems (`.sm`; Kolisch and Sprecher 1996). ValueError where one has several modes."""
    successors: list[list[int]] = []
    for row in _section(text, "PRECEDENCE RELATIONS"):
        _job, modes, count, *after = row
        if modes != 1:
            raise ValueError("only one mode for each activity can be read")
        successors.append([one - 1 for one in after[:count]])
    requests = _section(text, "REQUESTS/DURATIONS")
    [capacities] = _section(text, "RESOURCEAVAILABILITIES")
    renewable = int(_after(text, r"- renewable\s*:\s*(\d+)"))
    return [
        Instance(
            name,
            scheduling(
                [row[2] for row in requests],
                successors,
                [row[3 : 3 + renewable] for row in requests],
                capacities[:renewable],
                _horizon([row[2] for row in requests]),
            ),
        )
    ]


def patterson(name: str, text: str) -> list[Instance]:
    """Read scheduling problems in Patterson's format (`.rcp`): counts, capacities, then each activity's duration, needs and successors."""
    numbers = _whole_numbers(text)
    count, resources = next(numbers), next(numbers)
    capacities = _take(numbers, resources)
    durations, needs, successors = [], [], []
    for _ in range(count):
        durations.append(next(numbers))
        needs.append(_take(numbers, resources))
        successors.append([one - 1 for one in _take(numbers, next(numbers))])
    return [Instance(name, scheduling(durations, successors, needs, capacities, _horizon(durations)))]


def minizinc(name: str, text: str) -> list[Instance]:
    """Read the data of MiniZinc's scheduling model (`.dzn`): capacities `rc`, durations `d`, needs `rr` by resource, successors `suc`."""
    durations = _numbers(_after(text, r"\bd\s*=\s*\[(.*?)\]"))
    rows = [_numbers(row) for row in _after(text, r"\brr\s*=\s*\[\|(.*?)\|\s*\]").split("|")]
    after = re.findall(r"\{(.*?)\}", _after(text, r"\bsuc\s*=\s*\[(.*?)\]\s*;"), re.DOTALL)
    return [
        Instance(
            name,
            scheduling(
                durations,
                [[one - 1 for one in _numbers(row)] for row in after],
                [list(needs) for needs in zip(*rows, strict=True)],
                _numbers(_after(text, r"\brc\s*=\s*\[(.*?)\]")),
                _horizon(durations),
            ),
        )
    ]


def mknap(name: str, text: str) -> list[Instance]:
    """Read OR-Library's multidimensional knapsacks (mknap1, mknapcb; Petersen 1967, Chu and Beasley 1998): several in one file, each with its best known value or 0."""
    numbers = (Fraction(word) for word in text.split())
    found = []
    for at in range(int(next(numbers))):
        items, dimensions, best = int(next(numbers)), int(next(numbers)), next(numbers)
        values = [next(numbers) for _ in range(items)]
        weights = [[next(numbers) for _ in range(items)] for _ in range(dimensions)]
        capacities = [next(numbers) for _ in range(dimensions)]
        [profits], times = _whole([values])
        problem = knapsack([profits], *_loads(weights, capacities))
        found.append(Instance(f"{name}-{at + 1}", problem, _as_objective(best * times)))
    return found


def next_releases(name: str, text: str, shares: Sequence[str] = ()) -> list[Instance]:
    """Read next release problems (Bagnall and others 2001; Xuan and others 2012): levels of requirements, dependencies, customers.

    One problem for each budget, a share of all costs rounded to the nearest whole, a half up. A file may begin with its own share.
    """
    first, _, rest = text.lstrip().partition("\n")
    if "." in first:
        shares, text = shares or [first.strip()], rest
        name = name.removesuffix(f"-{first.strip()}")
    numbers = _whole_numbers(text)
    costs: list[int] = []
    for _ in range(next(numbers)):
        costs += _take(numbers, next(numbers))
    needs: list[list[int]] = [[] for _ in costs]
    for _ in range(next(numbers)):
        required, dependent = next(numbers) - 1, next(numbers) - 1
        if required not in needs[dependent]:
            needs[dependent].append(required)
    profits, wishes = [], []
    for _ in range(next(numbers)):
        profits.append(next(numbers))
        wishes.append(sorted({one - 1 for one in _take(numbers, next(numbers))}))
    return [
        Instance(
            f"{name}-{share}",
            next_release(costs, needs, profits, wishes, math.floor(Fraction(share) * sum(costs) + Fraction(1, 2))),
        )
        for share in shares or SHARES
    ]  # fmt: skip


def knapsacks_with_objectives(name: str, text: str) -> list[Instance]:
    """Read knapsacks with several objectives, in vOptLib's format or in that with lists in brackets (Tamby and Vanderpooten 2021)."""
    text = re.sub(r"#.*", "", text)
    if "[" in text:
        head, *lists = re.split(r"\[\s*\[", text)
        _objectives, _items, *limits = [Fraction(word) for word in head.split()]
        values, weights = ([_fractions(row) for row in one.split("],")] for one in lists)
    else:
        numbers = (Fraction(word) for word in text.split())
        items, objectives, dimensions = (int(next(numbers)) for _ in range(3))
        values = [[next(numbers) for _ in range(items)] for _ in range(objectives)]
        weights = [[next(numbers) for _ in range(items)] for _ in range(dimensions)]
        limits = [next(numbers) for _ in range(dimensions)]
    problem = knapsack(_whole(values)[0], *_loads(weights, limits))
    problem["objective"]["method"] = "front"
    return [Instance(name, problem)]


Reader = Callable[[str, str], list[Instance]]
FORMATS: dict[str, Reader] = {
    "psplib": psplib,
    "patterson": patterson,
    "minizinc": minizinc,
    "mknap": mknap,
    "nrp": next_releases,
    "objectives": knapsacks_with_objectives,
}
_BY_NAME = (
    (r"\.sm$", "psplib"),
    (r"\.rcp$", "patterson"),
    (r"\.dzn$", "minizinc"),
    (r"^mknap", "mknap"),
    (r"^nrp", "nrp"),
    (r"^(2kp|mokp|k\d+w)", "objectives"),
)


def format_of(file_name: str) -> str | None:
    """Return the format that a file of this name has where it is named as it is published."""
    return next((kind for pattern, kind in _BY_NAME if re.search(pattern, file_name, re.IGNORECASE)), None)


def _whole(rows: Sequence[Sequence[Fraction]]) -> tuple[list[list[int]], int]:
    """Return figures as whole numbers, and how many times as large they are."""
    times = math.lcm(*(value.denominator for row in rows for value in row))
    return [[int(value * times) for value in row] for row in rows], times


def _loads(
    weights: Sequence[Sequence[Fraction]], capacities: Sequence[Fraction]
) -> tuple[list[list[int]], list[int]]:
    """Return weights and capacities as whole numbers, each dimension by itself; what of a capacity no whole weights reach is left off."""
    found, limits = [], []
    for row, capacity in zip(weights, capacities, strict=True):
        [whole], times = _whole([row])
        found.append(whole)
        limits.append(math.floor(capacity * times))
    return found, limits


def _as_objective(best: Fraction) -> int | None:
    """Return a best known value as the problem counts it, in ten-thousandths; None where 0 says that none is known."""
    return int(best * 10_000) or None


def _horizon(durations: Sequence[int]) -> int:
    """Return periods that are enough whatever hangs on what."""
    return max(1, sum(durations))


def _section(text: str, title: str) -> list[list[int]]:
    """Return the rows of numbers of a section of PSPLIB's, up to the line of stars."""
    body = text[text.index(title) :].split("***")[0]
    return [
        [int(word) for word in line.split()] for line in body.splitlines() if re.fullmatch(r"[\s\d]+", line)
    ]


def _after(text: str, pattern: str) -> str:
    found = re.search(pattern, text, re.DOTALL)
    if found is None:
        raise ValueError(f"nothing is like {pattern}")
    return found[1]


def _numbers(text: str) -> list[int]:
    return [int(word) for word in re.findall(r"\d+", text)]


def _fractions(text: str) -> list[Fraction]:
    return [Fraction(word) for word in re.findall(r"[\d.]+", text)]


def _whole_numbers(text: str) -> Iterator[int]:
    return (int(word) for word in text.split())


def _take(numbers: Iterator[int], count: int) -> list[int]:
    return [next(numbers) for _ in range(count)]
