"""A proposal as the TOML that a person completes: every doubt beside the key it is about."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from rasad.ledger.phrases import _n
from rasad.ledger.problems import DIGITS
from rasad.ledger.propose.doubts import Doubt
from rasad.ledger.propose.proposal import Proposal

_INTRODUCTION = (
    _n("A first mapping, proposed from: %(files)s"),
    _n("%(count)s things to look at are marked “doubt”. Try it with rasad source test."),
)


def as_toml(proposal: Proposal, translate: Callable[[str], str] = str) -> str:
    """Return the mapping as TOML with comments in the language of `translate`; `load_mapping` reads it."""
    doubts: dict[str, list[Doubt]] = {}
    for doubt in proposal.doubts:
        doubts.setdefault(doubt.key, []).append(doubt)
    files = ", ".join(dict.fromkeys(table.facts.name for table in proposal.tables))
    digits = str.maketrans("0123456789", translate(DIGITS))
    said = {"files": files[:400], "count": str(len(proposal.doubts)).translate(digits)}
    lines = [f"# {_one_line(translate(text) % said)}" for text in _INTRODUCTION]

    def marked(key: str) -> list[str]:
        word = translate(_n("doubt"))
        return [f"# {word}: {_one_line(doubt.said(translate))}" for doubt in doubts.get(key, [])]

    data = proposal.data
    # What is about a key that the mapping leaves out has no place of its own.
    beside = _keys(data)
    lines += [line for key in doubts if key not in beside for line in marked(key)]
    for key in ("id", "version", "table"):
        if key in data:
            lines.append(f"{key} = {_value(data[key])}")
    lines += [
        'title_fa = ""',
        'title_en = ""',
        *marked("fiscal_year"),
        f"fiscal_year = {_value(data['fiscal_year'])}",
    ]
    for section in ("file", "columns", "numbers", "dates", "constants"):
        if data.get(section) or section == "columns":
            lines += ["", f"[{section}]"]
            for key, value in data.get(section, {}).items():
                lines += [*marked(f"{section}.{key}"), f"{key} = {_value(value)}"]
        if section == "columns":
            for amount in data["amounts"]:
                lines += ["", *marked(f"amounts.{amount.get('stage', 'contract')}"), "[[amounts]]"]
                lines += [f"{key} = {_value(value)}" for key, value in amount.items()]
    if data.get("trees"):
        lines += ["", *marked("trees")]
        for tree in data["trees"]:
            lines += ["[[trees]]", *(f"{key} = {_value(value)}" for key, value in tree.items())]
    return "\n".join(lines) + "\n"


def _keys(data: dict[str, Any]) -> set[str]:
    """Return the keys beside which a proposal marks doubts."""
    sections = ("file", "columns", "numbers", "dates", "constants")
    own = {f"{section}.{key}" for section in sections for key in data.get(section, {})}
    return {
        "fiscal_year",
        "trees",
        *own,
        *(f"amounts.{one.get('stage', 'contract')}" for one in data["amounts"]),
    }


def mapping_toml(data: dict[str, Any], *, heading: str = "") -> str:
    """Return a mapping as TOML, as `load_mapping` reads it; `heading` stands above it as a comment."""
    tables = {key: value for key, value in data.items() if isinstance(value, dict) and key != "fiscal_year"}
    lists = {
        key: value
        for key, value in data.items()
        if isinstance(value, list | tuple) and value and all(isinstance(one, dict) for one in value)
    }
    lines = [f"# {_one_line(heading)}"] if heading else []
    lines += [f"{key} = {_value(value)}" for key, value in data.items() if key not in {*tables, *lists}]
    for key, table in tables.items():
        if table or key == "columns":
            lines += ["", f"[{key}]", *(f"{_key(name)} = {_value(value)}" for name, value in table.items())]
    for key, some in lists.items():
        for one in some:
            lines += ["", f"[[{key}]]", *(f"{_key(name)} = {_value(value)}" for name, value in one.items())]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else _value(name)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # JSON's escapes are TOML's; control characters above them are no part of a header.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(value)
