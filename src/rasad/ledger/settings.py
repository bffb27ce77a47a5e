"""TOML files that people write, and the settings of a city: refused in words where they are none."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rasad.ledger.durable import why_unreadable
from rasad.ledger.problems import MappingError, Problem


class City(BaseModel):
    """What a home's `[city]` table must say; it may say more."""

    model_config = ConfigDict(extra="allow", strict=True)

    id: str = Field(min_length=1)
    name_fa: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    currency: str = Field(pattern="^[A-Z]{3}$")
    calendar: Literal["jalali", "gregorian"]
    minor_digits: int = Field(0, ge=0, le=4)
    residents: int | None = Field(None, gt=0)
    languages: list[str] = []
    it_programmes: list[str] = []
    it_units: list[str] = []


def read_toml(path: Path) -> dict[str, Any]:
    """Return what a TOML file says. MappingError where it is not there, cannot be read, is no TOML or no UTF-8."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise MappingError(Problem("file_missing", file=str(path))) from None
    except OSError as error:
        said = Problem("file_unreadable", file=path.name, found=why_unreadable(error))
        raise MappingError(said) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(
            Problem("mapping", file=path.name, column="TOML", found=str(error), expected="TOML in UTF-8")
        ) from error


def city_settings(home: Path) -> dict[str, Any]:
    """Return the `[city]` table of the home's `city.toml`. MappingError names the key that is wrong, what was found and what was expected."""
    path = home / "city.toml"
    city: dict[str, Any] = read_toml(path).get("city", {})
    try:
        City.model_validate(city)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, ("city", *first["loc"])))
        missing = first["type"] == "missing"
        found = "-" if missing else json.dumps(first.get("input"), ensure_ascii=False, default=str)[:120]
        raise MappingError(
            Problem("mapping", file=path.name, column=key, found=found, expected=first["msg"])
        ) from error
    return city
