"""A source's mapping: one TOML file that says which column is what. Checked when it is loaded."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Literal, Protocol

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from rasad.ledger.problems import MappingError, Problem
from rasad.ledger.schema import FLOWS, STAGES, TABLES
from rasad.ledger.settings import read_toml
from rasad.persian.text import search_key

SCALES = {
    "rial": 0,
    "toman": 1,
    "thousand_rial": 3,
    "million_rial": 6,
    "billion_rial": 9,
    "unit": 0,
    "thousand": 3,
    "million": 6,
}
"""How many zeros a scale adds to the figures as written."""

# What the ledger itself writes; a mapping that named one of these would be overruled.
_OWN = frozenset(
    "line_id line_no batch source file_name file_hash sheet row origin book stage fiscal_year amount amount_raw currency "
    "title_raw title_key supplier_raw date_raw start_raw end_raw extra".split()
)


def _pattern(value: str) -> str:
    """Return a regular expression that the column engine can run; ValueError where it cannot."""
    try:
        pl.select(pl.lit("").str.contains(value))
    except pl.exceptions.PolarsError as error:
        reason = str(error).strip().splitlines()[-1]
        raise ValueError(f"a regular expression without look-around or back-references ({reason})") from None
    return value


def _pattern_with_group(value: str) -> str:
    if re.compile(_pattern(value)).groups < 1:
        raise ValueError("the pattern needs a group in parentheses")
    return value


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(Part):
    """Where a value stands: by header (any of `names`) or by `position` (from 1)."""

    names: tuple[str, ...] = Field(
        (), description="Headers under which this column has been seen; any of them fits."
    )
    position: int | None = Field(
        None, ge=1, description="Number of the column, from 1, for files without a header."
    )
    optional: bool = Field(False, description="The file may lack this column.")

    @model_validator(mode="after")
    def _one_place(self) -> Place:
        if bool(self.names) == (self.position is not None):
            raise ValueError("give either names or position")
        if any(not search_key(name) for name in self.names):
            raise ValueError("a header needs a letter or a digit; give its position instead")
        return self


class ColumnRule(Place):
    """One column of the table, and where it stands in the file."""

    append: tuple[str, ...] = Field((), description="Headers of further cells to add behind this one.")
    between: str = Field("", description="What stands between the cells that `append` joins.")
    pattern: str | None = Field(None, description="Regular expression; its first group is the value.")

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        return value if value is None else _pattern_with_group(value)


class SignRule(Place):
    """A column that says on which side of the ledger an amount stands."""

    negative: tuple[str, ...] = Field(
        min_length=1, description="What the cell says where the amount is to be subtracted: بس, C, CR."
    )


class AmountRule(Place):
    """One column of amounts and the stage it states. A row with six such columns gives up to six lines."""

    minus: Place | None = Field(
        None, description="The column to subtract: of a ledger with debit and credit, the other side."
    )
    sign: SignRule | None = Field(None, description="The column that says which side the amount stands on.")
    stage: str | None = Field(
        None, description="initial, modification, final, authorised, allocated, committed, recognised, paid."
    )
    flow: Literal["expense", "revenue"] | None = Field(None, description="Overrides the constant `flow`.")

    @field_validator("stage")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and value not in STAGES:
            raise ValueError(f"stage is one of {', '.join(STAGES)}")
        return value


class FileRule(Part):
    """What kind of file it is. What is not said is found, and said."""

    encoding: str | None = Field(None, description="utf-8, windows-1256, latin-1, … Absent: found.")
    delimiter: str | None = Field(None, description="One character. Absent: found.")
    header: bool = Field(True, description="Whether the file has a header row.")
    header_rows: int = Field(
        40, ge=1, description="How many rows from the top may hold titles before the header."
    )
    sheets: Literal["first", "all"] | tuple[str, ...] = Field(
        "first",
        description="Which sheets of a workbook. first and all mean those that can be seen; a hidden one is read where it is named.",
    )
    totals: bool = Field(
        True,
        description="Recognise totals, sums carried over pages, and notes below the table by what they say, and set them aside.",
    )
    members: tuple[str, ...] = Field(
        ("*",), description="Which files of an archive, as patterns with * and ?; all, unless said otherwise."
    )


class NumberRule(Part):
    """How amounts are written. Persian «٬» and «٫» are always understood besides."""

    decimal: Literal[".", ",", "/"] = "."
    thousands: tuple[Literal[".", ",", " ", "'", "/"], ...] = Field(
        (",",),
        description="What may stand between groups of three digits. A slash does in 1/250/000, and stands before decimals in 12/5: only the mapping can say which.",
    )
    scale: str = Field("unit", description=", ".join(SCALES))
    negative: tuple[Literal["leading", "trailing", "parentheses"], ...] = ("leading",)
    marks: tuple[str, ...] = Field((), description="What may stand before or behind a figure: £, ریال, …")
    empty: tuple[str, ...] = Field((), description="What stands where there is no amount: -, n/a.")
    invert: bool = Field(False, description="The source writes spending with a minus sign.")
    currency: str = Field("IRR", pattern="^[A-Z]{3}$")
    minor_digits: int = Field(0, ge=0, le=4)

    @field_validator("scale")
    @classmethod
    def _scale(cls, value: str) -> str:
        if value not in SCALES:
            raise ValueError(f"scale is one of {', '.join(SCALES)}")
        return value

    @model_validator(mode="after")
    def _distinct(self) -> NumberRule:
        if self.decimal in self.thousands:
            raise ValueError("the decimal mark cannot also part thousands")
        return self

    @property
    def example(self) -> str:
        """Return a figure as the rule has it, for messages."""
        mark = self.thousands[0] if self.thousands else ""
        decimals = self.decimal + "67"[: self.minor_digits] if self.minor_digits else ""
        return f"12{mark}345{decimals}"

    @property
    def zeros(self) -> int:
        """Return the power of ten from a figure as written to the smallest unit."""
        return SCALES[self.scale] + self.minor_digits


class DateRule(Part):
    calendar: Literal["jalali", "gregorian"] = "jalali"
    order: Literal["ymd", "dmy", "mdy"] = "dmy"
    serial: Literal["auto", "1900", "1904", "none"] = Field(
        "auto",
        description="Days counted from 1900 or 1904, as spreadsheets store dates. auto: in workbooks alone, from the year that the workbook says.",
    )
    pivot: int | None = Field(
        None,
        description="First year of the hundred years that a two-digit year falls into. Absent: 1350 of Jalali dates, 1950 of Gregorian ones.",
    )

    @property
    def example(self) -> str:
        """Return a date as the rule has it, for messages."""
        if self.calendar == "jalali":
            return "1403/05/12"
        return {"ymd": "2024-08-02", "dmy": "02/08/2024", "mdy": "08/02/2024"}[self.order]


class FiscalYearRule(Part):
    """Where the fiscal year comes from."""

    source: Literal["value", "column", "path", "date", "parameter"] = Field(alias="from")
    value: int | None = None
    names: tuple[str, ...] = ()
    position: int | None = None
    pattern: str | None = Field(None, description="For `path` and `column`: the first group is the year.")
    first_month: int = Field(
        1, ge=1, le=12, description="For `date`: the month in which a fiscal year begins."
    )

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        return value if value is None else _pattern_with_group(value)

    @model_validator(mode="after")
    def _complete(self) -> FiscalYearRule:
        if self.source == "value" and self.value is None:
            raise ValueError("from = value needs value")
        if self.source == "path" and self.pattern is None:
            raise ValueError("from = path needs pattern")
        if self.source == "column" and bool(self.names) == (self.position is not None):
            raise ValueError("from = column needs either names or position")
        return self


class PersonRule(Part):
    """Which payees are natural persons, besides those whose identifier says so."""

    id_patterns: tuple[str, ...] = ()
    name_patterns: tuple[str, ...] = ()

    @field_validator("id_patterns", "name_patterns")
    @classmethod
    def _compile(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_pattern(one) for one in value)


class TreeRule(Part):
    """A budget tree: rows that hold others. Only leaves are summed; what a parent has over is an explicit remainder."""

    rule: Literal["prefix", "zeros"] = Field(
        description="prefix: 21030020 holds 2103002001. zeros: 16020000 holds 16029128."
    )
    lengths: tuple[int, ...] = Field((), description="For prefix: the lengths of codes, shortest first.")
    width: int = Field(2, ge=1, description="For zeros: digits of one level.")
    scope: tuple[str, ...] = Field((), description="Columns within which codes are one tree.")
    where: dict[str, str] = Field(default_factory=dict, description="Only rows whose column has this value.")

    @model_validator(mode="after")
    def _complete(self) -> TreeRule:
        if self.rule == "prefix" and not self.lengths:
            raise ValueError("rule = prefix needs lengths")
        return self


class AsideRule(Part):
    """Rows to keep and not to count: those whose `column` fits `pattern`, or whose `blank` columns are all empty."""

    column: str | None = None
    pattern: str | None = Field(None, description="Sought in the normalised text of the column.")
    blank: tuple[str, ...] = Field(
        (), description="Columns; `amount` is every amount column. A row with none of them filled is meant."
    )
    reason: Literal["total", "filler", "other"] = "total"

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        return value if value is None else _pattern(value)

    @model_validator(mode="after")
    def _one_way(self) -> AsideRule:
        if (self.column is None) != (self.pattern is None) or bool(self.blank) == (self.column is not None):
            raise ValueError("give either column and pattern, or blank")
        return self


class IdentityRule(Part):
    """What tells one row of the source from another, from export to export: a document's number, say. Repeats are counted."""

    columns: tuple[str, ...] = Field(
        min_length=1, description="Columns of the table that together are the key."
    )


class Wanted(Protocol):
    """What reading asks for: what kind of file it is, and the headers that it cannot lack."""

    @property
    def file(self) -> FileRule: ...

    @property
    def numbers(self) -> NumberRule: ...

    @property
    def needed(self) -> list[tuple[str, ...]]: ...


class Form(Part):
    """The least that reading asks for, of files that no mapping speaks of."""

    file: FileRule = FileRule()
    numbers: NumberRule = NumberRule()
    needed: list[tuple[str, ...]] = []


class Mapping(Part):
    """Everything Rasad needs to know about one source."""

    id: str = Field(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$", description="city.source")
    version: int = 1
    table: Literal["line", "contract"] = "line"
    book: Literal["budget", "payments"] | None = Field(
        None,
        description="Which book the source is. Absent: payments where its one stage is paid, else budget.",
    )
    title_fa: str = ""
    title_en: str = ""
    notes: str = ""
    file: FileRule = FileRule()
    columns: dict[str, ColumnRule]
    amounts: tuple[AmountRule, ...] = Field(min_length=1)
    numbers: NumberRule = NumberRule()
    dates: DateRule = DateRule()
    fiscal_year: FiscalYearRule
    constants: dict[str, str] = Field(default_factory=dict)
    persons: PersonRule = PersonRule()
    trees: tuple[TreeRule, ...] = ()
    set_aside: tuple[AsideRule, ...] = ()
    identity: IdentityRule | None = Field(
        None,
        description="Lets a newer export say that a row changed; without it such a row is one gone and one added.",
    )

    @model_validator(mode="after")
    def _fits_table(self) -> Mapping:
        table = TABLES[self.table]
        for target in (*self.columns, *self.constants):
            if target not in table.names or target in _OWN:
                raise ValueError(f"the table {self.table} has no column {target} that a mapping may fill")
        for target in self.constants:
            if target in self.columns:
                raise ValueError(f"{target} is both a column and a constant")
        if self.constants.get("flow", "expense") not in FLOWS or "flow" in self.columns:
            raise ValueError(f"flow is a constant: {', '.join(FLOWS)}")
        if self.table == "line":
            if any(rule.stage is None for rule in self.amounts):
                raise ValueError("every amount of a line needs its stage")
            stated = [(rule.flow, rule.stage) for rule in self.amounts]
            if len(set(stated)) != len(stated):
                raise ValueError("two amounts state the same stage")
        elif len(self.amounts) != 1:
            raise ValueError(f"a {self.table} has one amount")
        return self

    @model_validator(mode="after")
    def _rules_name_columns(self) -> Mapping:
        known = {*self.columns, *self.constants}
        for rule in self.set_aside:
            for name in (*rule.blank, *([rule.column] if rule.column else [])):
                if name not in self.columns and name != "amount":
                    raise ValueError(f"set_aside names the column {name}, which is not mapped")
        for tree in self.trees:
            if "tree_code" not in self.columns:
                raise ValueError("a tree needs the column tree_code")
            for name in (*tree.scope, *tree.where):
                if name not in known and name != "sheet":
                    raise ValueError(f"trees names the column {name}, which is not mapped")
        for name in self.key:
            if name not in known:
                raise ValueError(f"identity names the column {name}, which is not mapped")
        if self.fiscal_year.source == "date" and "date" not in self.columns:
            raise ValueError("fiscal_year from = date needs the column date")
        return self

    @property
    def key(self) -> tuple[str, ...]:
        """Return the columns that tell one row from another, from export to export; none where the mapping does not say."""
        return self.identity.columns if self.identity else ()

    @property
    def needed(self) -> list[tuple[str, ...]]:
        """Return the headers that a file cannot lack, each with its other spellings."""
        rules: list[Place] = [*self.columns.values(), *self.amounts]
        needed = [rule.names for rule in rules if rule.names and not rule.optional]
        if self.fiscal_year.source == "column" and self.fiscal_year.names:
            needed.append(self.fiscal_year.names)
        return needed

    @property
    def figures(self) -> list[str]:
        """Return what the amount columns are called in the ledger's frames: a1, a2, …"""
        return [f"a{i}" for i in range(1, len(self.amounts) + 1)]

    @property
    def book_or_default(self) -> str:
        """Return the book that the lines stand in."""
        if self.book is not None:
            return self.book
        return "payments" if [rule.stage for rule in self.amounts] == ["paid"] else "budget"

    @property
    def hash(self) -> str:
        """Return a SHA-256 of what the mapping says, whatever its comments and spacing."""
        # Defaults are left out, so that a mapping keeps its hash when mappings learn to say more.
        data = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        said = json.dumps(data, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()


def runs(pattern: str) -> bool:
    """Return whether a regular expression is one that the column engine can run, and Python too."""
    try:
        re.compile(_pattern(pattern))
    except (ValueError, re.error):
        return False
    return True


def fillable(table: str) -> tuple[str, ...]:
    """Return the columns of a table that a mapping may fill from a file's columns."""
    return tuple(name for name in TABLES[table].names if name not in _OWN and name != "flow")


def load_mapping(path: Path) -> Mapping:
    """Return the mapping in `path`. MappingError names the file, the key, what was found and what was expected."""
    return parse_mapping(read_toml(path), path.name)


def parse_mapping(data: dict[str, Any], name: str) -> Mapping:
    """Return the mapping that `data` says; `name` is the file's, for messages."""
    try:
        return Mapping.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "mapping"
        found = "" if first["loc"] == () else json.dumps(first.get("input"), ensure_ascii=False, default=str)
        if first["type"] == "missing":
            # What is given is then all that stands beside the missing key.
            found = "-"
        expected = first["msg"].removeprefix("Value error, ")
        if first["type"] == "too_short":
            expected = "at least one column of amounts" if key == "amounts" else "at least one entry"
        code = "mapping" if first["loc"] else "mapping_whole"
        problem = Problem(code, file=name, column=key, found=found[:120], expected=expected)
        raise MappingError(problem) from error


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a mapping, for editors."""
    schema = Mapping.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
