"""An office's files → rows of records: which column of a list of projects, goals or assets is which of ours.

A collection is one TOML file, as a mapping is for the ledger. One row of the office's file can say something of several nouns (a project
and its baseline); several rows can say something of one record (an investment in four parts): they are put together by the record's key,
the first cell that says anything wins, amounts that are to be summed are summed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import Field, ValidationError, model_validator

from rasad.ledger.columns import amount, dates
from rasad.ledger.mapping import DateRule, FileRule, NumberRule, Part
from rasad.ledger.problems import MappingError, Problem
from rasad.ledger.read import Cells, read
from rasad.ledger.read.header import keys as header_keys
from rasad.ledger.texts import normal_texts
from rasad.persian.apportion import apportion
from rasad.persian.text import search_key

WHOLE_BP = 10_000
Row = dict[str, str]
"""Column of a record's table → its text: amounts in the smallest unit, days as ISO, plain digits."""


class FieldRule(Part):
    """One column of a record: a cell, cells joined, or a value that is the same for all."""

    names: tuple[str, ...] = Field((), description="Headers under which the cell has been seen.")
    append: tuple[str, ...] = Field((), description="Headers of further cells to add behind this one.")
    between: str = Field("", description="What stands between the cells that `append` joins.")
    pattern: str | None = Field(None, description="Regular expression; its first group is the value.")
    values: dict[str, str] = Field(
        default_factory=dict, description="What the office writes → what we write."
    )
    form: str = Field("{}", description="Text around the value; {} is the value, {year} a part of the path.")
    otherwise: str = Field("", description="What to write where the cell says nothing that we know.")
    value: str | None = Field(None, description="A value that is the same for every row.")
    kind: Literal["text", "money", "number", "date"] = "text"
    sum: bool = Field(False, description="Add up the amounts of the rows that are one record.")
    join: str | None = Field(None, description="Put the texts of the rows that are one record together.")
    equal_within: str | None = Field(
        None,
        description="Equal shares of the whole, in basis points, among the records with the same value here.",
    )

    @model_validator(mode="after")
    def _one_source(self) -> FieldRule:
        sources = [bool(self.names), self.value is not None, self.equal_within is not None]
        if sum(sources) != 1:
            raise ValueError("give one of names, value, equal_within")
        if self.sum and self.kind != "money":
            raise ValueError("only amounts are summed")
        return self


class SheetRule(Part):
    """What the file says of one noun. Rows in which a `needs` field is empty say nothing of it."""

    noun: str
    key: tuple[str, ...] = Field(min_length=1)
    needs: tuple[str, ...] = ()
    fields: dict[str, FieldRule]

    @model_validator(mode="after")
    def _known(self) -> SheetRule:
        for name in (*self.key, *self.needs):
            if name not in self.fields:
                raise ValueError(f"{name} is not among the fields of {self.noun}")
        return self


class Collection(Part):
    """Everything Rasad needs to know about one list of an office."""

    id: str = Field(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$", description="city.list")
    title_fa: str = ""
    title_en: str = ""
    notes: str = ""
    path: str | None = Field(None, description="Regular expression on the path; its named groups are parts.")
    file: FileRule = FileRule()
    numbers: NumberRule = NumberRule()
    dates: DateRule = DateRule()
    sheets: tuple[SheetRule, ...] = Field(min_length=1)

    @property
    def needed(self) -> list[tuple[str, ...]]:
        """Return the headers that the file cannot lack."""
        rules = [rule for sheet in self.sheets for rule in sheet.fields.values()]
        return [rule.names for rule in rules if rule.names]


@dataclass
class Collected:
    """Rows by noun, and what could not be read: each problem names its file, row and column."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def load_collection(path: Path) -> Collection:
    """Return the collection in `path`. MappingError says which key is wrong."""
    try:
        return Collection.model_validate(tomllib.loads(path.read_text("utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise MappingError(
            Problem("mapping", file=path.name, column="TOML", found=str(error), expected="TOML in UTF-8")
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "collection"
        expected = first["msg"].removeprefix("Value error, ")
        found = repr(first.get("input"))[:120]
        raise MappingError(
            Problem("mapping", file=path.name, column=key, found=found, expected=expected)
        ) from error


def collect(path: Path, rules: Collection) -> Collected:
    """Return what one file says. FileError or MappingError where it cannot be read at all; a cell that cannot is a problem, and its row
    says nothing of that noun."""
    facts, tables = read(path, rules)
    parts = _parts(rules, facts.path, path.name)
    found = Collected()
    for cells in tables:
        for sheet in rules.sheets:
            rows, problems = _sheet(cells, sheet, rules, parts, path.name)
            found.rows.setdefault(sheet.noun, []).extend(rows)
            found.problems.extend(problems)
    return found


def together(collected: Iterable[tuple[Collection, Collected]]) -> dict[str, list[Row]]:
    """Return the rows of several files, each record once: of two files that say something of one record the first non-empty cell wins."""
    every: dict[str, dict[tuple[str, ...], Row]] = {}
    for rules, found in collected:
        keys = {sheet.noun: sheet.key for sheet in rules.sheets}
        for noun, rows in found.rows.items():
            known = every.setdefault(noun, {})
            for row in rows:
                before = known.setdefault(tuple(row[name] for name in keys[noun]), {})
                for name, text in row.items():
                    if not before.get(name):
                        before[name] = text
    return {noun: list(rows.values()) for noun, rows in every.items()}


def _parts(rules: Collection, path: str, name: str) -> dict[str, str]:
    if rules.path is None:
        return {}
    match = re.search(rules.path, path)
    if match is None:
        raise MappingError(Problem("mapping", file=name, column="path", found=path, expected=rules.path))
    return match.groupdict()


def _sheet(
    cells: Cells, sheet: SheetRule, rules: Collection, parts: dict[str, str], name: str
) -> tuple[list[Row], list[Problem]]:
    places = {key: spots[0] for key, spots in header_keys(cells.header, cells.groups).items()}
    frame = cells.frame.select("row")
    problems: list[Problem] = []
    for target, rule in sheet.fields.items():
        if rule.equal_within is not None:
            continue
        value, bad = _value(cells, rule, rules, parts, places)
        frame = frame.with_columns(value.alias(target))
        for row, text in bad:
            example = rules.dates.example if rule.kind == "date" else rules.numbers.example
            code = "date" if rule.kind == "date" else "amount"
            problems.append(
                Problem(
                    code,
                    file=name,
                    sheet=cells.sheet,
                    row=row,
                    column=rule.names[0],
                    found=text,
                    expected=example,
                )
            )
    wrong = [problem.row for problem in problems]
    empty = [pl.col(one) == "" for one in (*sheet.key, *sheet.needs)]
    frame = frame.filter(~pl.col("row").is_in(wrong), ~pl.any_horizontal(empty))
    return _put_together(frame, sheet), problems


def _value(
    cells: Cells, rule: FieldRule, rules: Collection, parts: dict[str, str], places: dict[str, int]
) -> tuple[pl.Series, list[tuple[int, str]]]:
    """Return the field's text for each row, and the rows whose cell cannot be read with what it says."""
    height = cells.frame.height
    if rule.value is not None:
        return pl.Series("value", [rule.value.format(**parts)] * height, pl.String), []
    columns = [_place(places, rule.names), *(_place(places, (one,)) for one in rule.append)]
    cell = cells.frame.select(pl.concat_str(columns, separator=rule.between)).to_series().rename("text")
    if rule.pattern is not None:
        cell = cell.str.extract(rule.pattern, 1).fill_null("")
    bad: list[tuple[int, str]] = []
    if rule.kind in ("money", "number"):
        numbers = (
            rules.numbers
            if rule.kind == "money"
            else rules.numbers.model_copy(update={"minor_digits": 4, "scale": "unit"})
        )
        parsed = amount(cell, numbers)
        bad = _unreadable(cells, cell, parsed)
        text = parsed["value"].cast(pl.String).fill_null("")
        if rule.kind == "number":
            text = pl.Series("text", [_decimal(one) for one in text], pl.String)
    elif rule.kind == "date":
        parsed = dates(cell, rules.dates, workbook=cells.format != "text", epoch=cells.epoch)
        bad = _unreadable(cells, cell, parsed)
        text = parsed["value"].cast(pl.String).fill_null("")
    else:
        text = normal_texts(cell)
        if rule.values:
            known = {search_key(said): ours for said, ours in rule.values.items()}
            text = pl.Series("text", [known.get(search_key(one), "") for one in text], pl.String)
    if rule.otherwise:
        text = pl.Series("text", [one or rule.otherwise for one in text], pl.String)
    if rule.form != "{}":
        text = pl.Series("text", [rule.form.format(one, **parts) if one else "" for one in text], pl.String)
    return text, bad


def _place(places: dict[str, int], names: tuple[str, ...]) -> str:
    """Return the column of the frame; reading has made sure that the field's own is there."""
    spot = next((places[search_key(one)] for one in names if search_key(one) in places), None)
    if spot is None:
        raise MappingError(Problem("column_missing", expected=" / ".join(names)))
    return f"c{spot}"


def _unreadable(cells: Cells, cell: pl.Series, parsed: pl.DataFrame) -> list[tuple[int, str]]:
    wrong = cells.frame.select("row").with_columns(cell.alias("text"), parsed["problem"].alias("problem"))
    return wrong.filter(pl.col("problem") != "").select("row", "text").rows()


def _decimal(ten_thousandths: str) -> str:
    """Return a whole number of ten-thousandths as a plain decimal."""
    if not ten_thousandths:
        return ""
    number = int(ten_thousandths)
    whole, part = divmod(abs(number), 10_000)
    text = f"{whole}.{part:04d}".rstrip("0").rstrip(".")
    return f"-{text}" if number < 0 else text


def _put_together(frame: pl.DataFrame, sheet: SheetRule) -> list[Row]:
    """Return one row per key, in the order in which the keys come."""
    gathered: list[pl.Expr] = []
    for target, rule in sheet.fields.items():
        if target in sheet.key or rule.equal_within is not None:
            continue
        said = pl.col(target).filter(pl.col(target) != "")
        if rule.sum:
            total = said.cast(pl.Int128).sum().cast(pl.String)
            gathered.append(pl.when(said.len() > 0).then(total).otherwise(pl.lit("")).alias(target))
        elif rule.join is not None:
            gathered.append(said.unique(maintain_order=True).str.join(rule.join).alias(target))
        else:
            gathered.append(said.first().fill_null("").alias(target))
    rows: list[Row] = frame.group_by(sheet.key, maintain_order=True).agg(gathered).to_dicts()
    for target, rule in sheet.fields.items():
        if rule.equal_within is not None:
            _share(rows, target, rule.equal_within)
    return rows


def _share(rows: list[Row], target: str, within: str) -> None:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[within], []).append(row)
    for group in groups.values():
        for row, share in zip(group, apportion(WHOLE_BP, [1] * len(group)), strict=True):
            row[target] = str(share)
