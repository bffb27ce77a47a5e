"""Small files as offices export them, and the mappings that read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasad.ledger.clean import Cleaned, clean
from rasad.ledger.mapping import Mapping, parse_mapping
from rasad.ledger.read import read

PAYMENTS: dict[str, Any] = {
    "id": "karaj.payments",
    "fiscal_year": {"from": "date"},
    "columns": {
        "date": {"names": ["تاریخ"]},
        "title": {"names": ["شرح", "بابت"]},
        "supplier_name": {"names": ["ذی‌نفع"]},
    },
    "amounts": [{"stage": "paid", "names": ["مبلغ (ریال)"]}],
}

BUDGET: dict[str, Any] = {
    "id": "karaj.budget",
    "fiscal_year": {"from": "value", "value": 1403},
    "columns": {"tree_code": {"names": ["کد"]}, "title": {"names": ["شرح"]}},
    "amounts": [{"stage": "initial", "names": ["مصوب"]}, {"stage": "final", "names": ["نهایی"]}],
    "trees": [{"rule": "prefix", "lengths": [2, 4]}],
}


def mapping(base: dict[str, Any] = PAYMENTS, **changes: Any) -> Mapping:
    """Return the mapping of `base` with some of its keys said otherwise."""
    return parse_mapping({**base, **changes}, "test.toml")


def write(folder: Path, content: str | bytes, name: str = "payments.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def cleaned(path: Path, rules: Mapping, params: dict[str, str] | None = None) -> Cleaned:
    """Return the first sheet of the file, cleaned."""
    facts, sheets = read(path, rules)
    return clean(sheets[0], facts, rules, params or {})
