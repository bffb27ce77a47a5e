"""The rules as data: what stands in `data/*.toml`, checked when it is read."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

from rasad.ledger.classify.fold import padded_keys
from rasad.ledger.schema import CLASSES, MODES

Field = Literal["title", "economic", "supplier"]
FIELDS: tuple[Field, ...] = ("title", "economic", "supplier")
RULE_CEILING = 0.95
"""No wording is surer than this; an official code may be."""


class RulesError(ValueError):
    """A data file of the classifier does not hold: the message names file, entry and what was expected."""


@dataclass(frozen=True)
class Rule:
    """One rule of wording. Patterns are folded: " word " is a whole phrase, " word" lets its last token go on."""

    id: str
    cls: str
    mode: str | None
    confidence: float
    fields: tuple[Field, ...]
    any: tuple[str, ...]
    with_: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True)
class Code:
    """What one prefix of an official code means; `cls` None where it says nothing by itself."""

    prefix: str
    cls: str | None
    mode: str | None
    confidence: float
    it_cls: str | None
    it_mode: str | None
    it_confidence: float


@dataclass(frozen=True)
class Scheme:
    """One official classification: economic `codes` and functional `programmes`, by prefix."""

    id: str
    currency: str
    language: str
    codes: tuple[Code, ...]
    programmes: tuple[Code, ...]

    def code(self, text: str) -> Code | None:
        return _longest(self.codes, text)

    def programme(self, text: str) -> Code | None:
        return _longest(self.programmes, text)

    def mode(self, text: str) -> str | None:
        """Return the mode that the code or a shorter prefix of it states, None where none does."""
        stated = [code for code in self.codes if code.mode and text.startswith(code.prefix)]
        return max(stated, key=lambda code: len(code.prefix)).mode if stated else None


@dataclass(frozen=True)
class Labels:
    """A source's own classes beside ours: folded prefix → class."""

    source: str
    default: str
    blank: str
    prefixes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Rulebook:
    """Everything the classifier knows. `digest` changes with every change of a data file."""

    version: str
    digest: str
    definitions: dict[str, dict[str, str]]
    rules: tuple[Rule, ...]
    run: tuple[str, ...]
    change: tuple[str, ...]
    schemes: dict[str, Scheme]
    labels: tuple[Labels, ...]


def _longest(codes: tuple[Code, ...], text: str) -> Code | None:
    fitting = [code for code in codes if text.startswith(code.prefix)]
    return max(fitting, key=lambda code: len(code.prefix)) if fitting else None


# Suffixes that Persian writes after a zero-width non-joiner; an export that loses it leaves them glued («هزینههای»).
_GLUED = re.compile(r" (?=(?:ها|های|هایی|ای|افزار|سازی|گذاری|برداری|کشی|نامه|رسانی|ریزی)(?: |$))")


def _patterns(file: str, entry: str, phrases: list[str]) -> tuple[str, ...]:
    """Return the folded patterns of `phrases`, each also as it looks where a zero-width non-joiner was lost."""
    patterns: dict[str, None] = {}
    for phrase, pattern in zip(phrases, padded_keys([one.removesuffix("*") for one in phrases]), strict=True):
        if not pattern.strip():
            raise RulesError(f"{file}: {entry}: {phrase!r} holds no word")
        for one in (pattern, _GLUED.sub("", pattern)):
            patterns[one.rstrip(" ") if phrase.endswith("*") else one] = None
    return tuple(patterns)


def _cls(file: str, entry: str, value: Any, *, allowed: tuple[str, ...] = CLASSES) -> str:
    if value not in allowed or value == "unknown":
        raise RulesError(f"{file}: {entry}: class {value!r}, expected one of {', '.join(allowed)}")
    return str(value)


def _mode(file: str, entry: str, value: Any) -> str | None:
    if value is not None and value not in MODES[:2]:
        raise RulesError(f"{file}: {entry}: mode {value!r}, expected run or change")
    return value  # type: ignore[no-any-return]


def _rule(file: str, table: dict[str, Any]) -> Rule:
    entry = str(table.get("id", "a rule without id"))
    unknown = set(table) - {"id", "class", "mode", "confidence", "fields", "any", "with", "unless"}
    if unknown or "id" not in table or not table.get("any"):
        raise RulesError(
            f"{file}: {entry}: expected id, class, confidence, any; not {', '.join(sorted(unknown))}"
        )
    confidence = float(table.get("confidence", 0))
    if not 0 < confidence <= RULE_CEILING:
        raise RulesError(
            f"{file}: {entry}: confidence {confidence}, expected above 0 and at most {RULE_CEILING}"
        )
    fields = tuple(table.get("fields", ("title", "economic")))
    if not fields or not set(fields) <= set(FIELDS):
        raise RulesError(f"{file}: {entry}: fields {fields}, expected of {', '.join(FIELDS)}")
    return Rule(
        id=entry,
        cls=_cls(file, entry, table.get("class")),
        mode=_mode(file, entry, table.get("mode")),
        confidence=confidence,
        fields=fields,
        any=_patterns(file, entry, table["any"]),
        with_=_patterns(file, entry, table.get("with", [])),
        unless=_patterns(file, entry, table.get("unless", [])),
    )


def _code(file: str, table: dict[str, Any]) -> Code:
    entry = f"prefix {table.get('prefix')!r}"
    unknown = set(table) - {"prefix", "class", "mode", "confidence", "it_class", "it_mode", "it_confidence"}
    if unknown or not table.get("prefix"):
        raise RulesError(f"{file}: {entry}: not expected: {', '.join(sorted(unknown))}")
    is_open = table.get("class") == "open"
    confidence = float(table.get("confidence", 0))
    it_confidence = float(table.get("it_confidence", 0))
    if is_open == bool(confidence) or ("it_class" in table) != bool(it_confidence):
        raise RulesError(f"{file}: {entry}: a class and its confidence stand together, an open code has none")
    if not (0 <= confidence <= 1 and 0 <= it_confidence <= 1):
        raise RulesError(f"{file}: {entry}: confidence beyond 0..1")
    return Code(
        prefix=str(table["prefix"]),
        cls=None if is_open else _cls(file, entry, table.get("class")),
        mode=_mode(file, entry, table.get("mode")),
        confidence=confidence,
        it_cls=_cls(file, entry, table["it_class"]) if "it_class" in table else None,
        it_mode=_mode(file, entry, table.get("it_mode")),
        it_confidence=it_confidence,
    )


def _scheme(file: str, data: dict[str, Any]) -> Scheme:
    codes = tuple(_code(file, table) for table in data["code"])
    programmes = tuple(_code(file, table) for table in data.get("programme", []))
    for group in (codes, programmes):
        if len({code.prefix for code in group}) != len(group):
            raise RulesError(f"{file}: a prefix stands twice")
    return Scheme(data["scheme"], data["currency"], data["language"], codes, programmes)


def _labels(file: str, data: dict[str, Any]) -> Labels:
    prefixes = padded_keys([table["prefix"] for table in data["label"]])
    classes = [_cls(file, table["prefix"], table["class"]) for table in data["label"]]
    return Labels(data["source"], data["default"], data["blank"], tuple(zip(prefixes, classes, strict=True)))


def _files() -> Iterator[tuple[str, bytes]]:
    folder = resources.files("rasad.ledger.classify") / "data"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            yield file.name, file.read_bytes()


@lru_cache(maxsize=1)
def rulebook() -> Rulebook:
    """Return the rulebook that comes with Rasad. RulesError where a data file does not hold."""
    files = dict(_files())
    data = {name: tomllib.loads(content.decode("utf-8")) for name, content in files.items()}
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(name.encode() + b"\0" + content)
    rules = tuple(
        _rule(name, table) for name in data if name.startswith("rules_") for table in data[name]["rule"]
    )
    if len({rule.id for rule in rules}) != len(rules):
        raise RulesError("rules_*.toml: a rule id stands twice")
    schemes = [_scheme(name, data[name]) for name in data if name.startswith("codes_")]
    return Rulebook(
        version=str(data["taxonomy.toml"]["version"]),
        digest=digest.hexdigest(),
        definitions=data["taxonomy.toml"]["class"],
        rules=rules,
        run=_patterns("modes.toml", "run", data["modes.toml"]["run"]["any"]),
        change=_patterns("modes.toml", "change", data["modes.toml"]["change"]["any"]),
        schemes={scheme.id: scheme for scheme in schemes},
        labels=tuple(_labels(name, data[name]) for name in data if name.startswith("labels_")),
    )
