"""Another program's export as one of our sheets: one TOML file says which of its columns is which of ours."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from rasad.ledger.mapping import Part
from rasad.ledger.problems import MappingError, Problem
from rasad.persian.text import search_key


class Place(Part):
    """Where a value may stand in the other program's file."""

    names: tuple[str, ...] = Field(
        min_length=1, description="Headers under which it stands, in whatever language the program speaks."
    )
    pattern: str = Field("", description="Regular expression; its first group is the value.")
    form: str = Field("{}", description="Text around the value, for numbers that would meet others' codes.")

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        if value and re.compile(value).groups < 1:
            raise ValueError("the pattern needs a group in parentheses")
        return value

    def value(self, text: str) -> str:
        """Return the value that a cell gives; the empty text where it gives none."""
        text = text.strip()
        if text and self.pattern:
            found = re.search(self.pattern, text)
            text = found[1].strip() if found else ""
        return self.form.format(text) if text else ""


class Meaning(Part):
    """What words of the other program mean with us."""

    value: str
    words: tuple[str, ...] = Field(
        min_length=1, description="Any of these, as whole words, wherever they stand in the cell."
    )

    def fits(self, text: str) -> bool:
        """Return whether the cell says one of the words."""
        said = f" {search_key(text)} "
        return any(f" {search_key(word)} " in said for word in self.words)


class Rule(Part):
    """One of our columns: the places of which the first that says something counts, and what its words mean."""

    places: tuple[Place, ...] = Field(min_length=1)
    meanings: tuple[Meaning, ...] = ()
    otherwise: str = Field("", description="What to write where the cell says nothing that is known.")

    def meant(self, text: str) -> str:
        """Return what a cell's value means with us."""
        if not self.meanings:
            return text or self.otherwise
        fitting = (one.value for one in self.meanings if text and one.fits(text))
        return next(fitting, self.otherwise)


class Profile(Part):
    """Everything Rasad needs to know about one program's export."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    title_fa: str = ""
    title_en: str = ""
    notes: str = ""
    noun: str
    needed: tuple[str, ...] = Field(
        min_length=1, description="Our columns of which the file must have a place."
    )
    columns: dict[str, Rule]
    constants: dict[str, str] = Field(default_factory=dict)
    by_name: tuple[str, ...] = Field(
        (),
        description="Columns that name a record by its name; one that is not found stays unsaid, and is listed.",
    )
    decimal: Literal[".", ","] = "."
    order: Literal["ymd", "dmy", "mdy"] = Field(
        "ymd", description="Order of a day's parts where it is not clear."
    )

    @model_validator(mode="after")
    def _known(self) -> Profile:
        for name in (*self.needed, *self.by_name):
            if name not in self.columns:
                raise ValueError(f"{name} is not among the columns")
        return self

    def figure(self, text: str) -> str:
        """Return a figure with a point as its decimal mark."""
        return text if self.decimal == "." else text.replace(".", "").replace(",", ".")


def load_profile(path: Path) -> Profile:
    """Return the profile in `path`. MappingError names the file, the key, what was found and expected."""
    try:
        return Profile.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem = Problem(
            "mapping", file=path.name, column="TOML", found=str(error), expected="TOML in UTF-8"
        )
        raise MappingError(problem) from error
    except ValidationError as error:
        first = error.errors()[0]
        column = ".".join(str(part) for part in first["loc"]) or "profile"
        found = json.dumps(first.get("input"), ensure_ascii=False, default=str)[:120]
        expected = first["msg"].removeprefix("Value error, ")
        raise MappingError(
            Problem("mapping", path.name, column=column, found=found, expected=expected)
        ) from error
