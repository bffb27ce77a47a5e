"""A mapping corrected column by column: what each column of a file means to it, and the mapping after a person said otherwise.

A mapping is handled as its TOML has it. What it says beyond the file's columns (patterns, other years' headers, trees) stays.

A meaning is a text: `column:title`, `amount:paid` (with `:revenue` or `:expense` behind it where the amount has a flow of its own),
`minus` (what is subtracted from the one amount), `fiscal_year`.
"""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rasad.ledger.propose.tables import Table
from rasad.persian import text

SAMPLES = 3
"""Values that a column is shown by."""
LOOKED_AT = 200
"""Rows in which they are sought."""
LONGEST = 60
_key = lru_cache(maxsize=10_000)(text.search_key)
"""Headers are compared with headers many times over for one page."""
CONTRACT = "contract"
"""What stands for the stage of a contract's amount, which has none."""


@dataclass(frozen=True)
class FileColumn:
    """A column of a file: its header ("" where it has none), its position from 1, its sheet, and some of its values."""

    header: str
    position: int
    sheet: str = ""
    samples: tuple[str, ...] = ()


def columns_of(tables: Sequence[Table]) -> list[FileColumn]:
    """Return the columns of a file's tables; of those that are called alike in several sheets, the first."""
    found: dict[str, FileColumn] = {}
    for table in tables:
        for place, texts in enumerate(table.columns):
            header = table.header[place] if place < len(table.header) else ""
            key = _key(header) or f"{table.sheet}#{place}"
            if key not in found:
                found[key] = FileColumn(
                    header if _key(header) else "", place + 1, table.sheet, _samples(texts)
                )
    return list(found.values())


def columns_named(data: Dictionary[str, Any]) -> list[FileColumn]:
    """Return the columns that a mapping names, each once, as a file would have them: where there is none to look at."""
    found: dict[str, FileColumn] = {}
    for place, (_meaning, rule) in enumerate(_places(data), 1):
        header = str(rule["names"][0]) if rule.get("names") else ""
        position = int(rule.get("position") or place)
        found.setdefault(_key(header) or f"#{position}", FileColumn(header, position))
    return list(found.values())


def _samples(texts: list[str]) -> tuple[str, ...]:
    there = dict.fromkeys(" ".join(text.split())[:LONGEST] for text in texts[:LOOKED_AT] if text.strip())
    return tuple(there)[:SAMPLES]


def meanings_of(data: Dictionary[str, Any], columns: Sequence[FileColumn]) -> list[list[str]]:
    """Return what each column means to the mapping: nothing, one thing, or several."""
    places = _places(data)
    return [[meaning for meaning, rule in places if _stands_in(rule, column)] for column in columns]


def lacking(data: Dictionary[str, Any], columns: Sequence[FileColumn]) -> list[tuple[str, str, bool]]:
    """Return what the mapping expects and no column of the file is: meaning, the header it has had, whether a file may lack it."""
    found = []
    for meaning, rule in _places(data):
        if not any(_stands_in(rule, column) for column in columns):
            names = rule.get("names") or [str(rule.get("position", ""))]
            found.append((meaning, str(names[0]), bool(rule.get("optional"))))
    return found


def reassigned(
    data: Dictionary[str, Any],
    columns: Sequence[FileColumn],
    chosen: Sequence[Sequence[str]],
    optional: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """Return the mapping with each column meaning what was chosen for it.

    A meaning that moves to another column keeps the headers that it had in other files. `optional`: meanings, of those that are `lacking`,
    that a file may lack. What was a column's meaning and was chosen for none is taken out of the mapping.
    """
    old = dict(_places(data))
    new: dict[str, dict[str, Any]] = {}
    for meaning, rule in old.items():
        if not any(_stands_in(rule, column) for column in columns):
            kept = {name: value for name, value in rule.items() if name != "optional"}
            new[meaning] = kept | ({"optional": True} if meaning in optional else {})
    for column, meant in zip(columns, chosen, strict=True):
        for meaning in meant:
            new[meaning] = _moved(old.get(meaning), column, columns)
    return _with(data, new)


def _places(data: Dictionary[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return every place that the mapping names, with what stands there."""
    found = [(f"column:{name}", rule) for name, rule in data.get("columns", {}).items()]
    for amount in data.get("amounts", []):
        found.append((_amount_meaning(amount), amount))
        if amount.get("minus"):
            found.append(("minus", amount["minus"]))
    year = data.get("fiscal_year", {})
    if year.get("from") == "column":
        found.append(("fiscal_year", year))
    return found


def _amount_meaning(amount: Dictionary[str, Any]) -> str:
    flow = f":{amount['flow']}" if amount.get("flow") else ""
    return f"amount:{amount.get('stage') or CONTRACT}{flow}"


def _stands_in(rule: Dictionary[str, Any], column: FileColumn) -> bool:
    if rule.get("names"):
        return bool(column.header) and _key(column.header) in map(_key, rule["names"])
    return rule.get("position") == column.position


def _moved(
    old: Dictionary[str, Any] | None, column: FileColumn, columns: Sequence[FileColumn]
) -> dict[str, Any]:
    if old is not None and _stands_in(old, column):
        return dict(old)
    rule = {name: value for name, value in (old or {}).items() if name not in ("names", "position")}
    if not column.header:
        return {"position": column.position, **rule}
    here = {_key(one.header) for one in columns}
    others = [name for name in (old or {}).get("names", []) if _key(name) not in here]
    return {"names": [column.header, *others], **rule}


def _with(data: Dictionary[str, Any], new: Dictionary[str, dict[str, Any]]) -> dict[str, Any]:
    done = deepcopy(dict(data))
    done["columns"] = {
        meaning.partition(":")[2]: rule for meaning, rule in new.items() if meaning.startswith("column:")
    }
    amounts = []
    for meaning, rule in new.items():
        if not meaning.startswith("amount:"):
            continue
        _, stage, *flow = meaning.split(":")
        kept = {name: value for name, value in rule.items() if name not in ("stage", "flow", "minus")}
        said = {} if stage == CONTRACT else {"stage": stage}
        amounts.append({**said, **({"flow": flow[0]} if flow else {}), **kept})
    if "minus" in new and len(amounts) == 1:
        amounts[0]["minus"] = new["minus"]
    done["amounts"] = amounts
    if "fiscal_year" in new:
        rule = {"from": "column", **new["fiscal_year"]}
        done["fiscal_year"] = {name: value for name, value in rule.items() if name != "optional"}
    return done
