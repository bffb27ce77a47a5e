"""The parts that the other parts are made of: identified things, whole numbers, the horizon."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from rasad.persian.calendar import MONTHS_EN, MONTHS_FA
from rasad.persian.dates import MONTHS_GREGORIAN_EN, MONTHS_GREGORIAN_FA, YEARS
from rasad.persian.digits import to_persian
from rasad.roadmap.wording import Name

LARGEST = 10**16
"""The largest single figure: ten thousand times a large city's yearly budget in rials."""
WHOLE_SHARE = 10_000
"""All of something, in hundredths of a per cent."""

Money = Annotated[StrictInt, Field(ge=0, le=LARGEST)]
"""An amount in the currency's smallest unit."""
Count = Annotated[StrictInt, Field(ge=0, le=LARGEST)]
Value = Annotated[StrictInt, Field(ge=-LARGEST, le=LARGEST)]
"""A benefit, in its goal's unit; negative where an initiative does harm."""
Points = Annotated[StrictInt, Field(ge=0, le=WHOLE_SHARE)]
"""A share in hundredths of a per cent: 2500 is a quarter."""
Period = Annotated[StrictInt, Field(ge=0)]
"""A period of the horizon, from 0."""
Weight = Annotated[StrictInt, Field(ge=0, le=10**9)]
Id = Annotated[str, Field(pattern=r"^[^\s/]{1,80}$")]


class Part(BaseModel):
    """Frozen, and knows no field but its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(Part):
    """A thing with an id, and a title in either language."""

    id: Id
    title_fa: str = ""
    title_en: str = ""

    @property
    def name(self) -> Name:
        """Return the titles; one stands in for the other, and the id for both."""
        return Name(self.title_fa or self.title_en or self.id, self.title_en or self.title_fa or self.id)


class Measured(Named):
    """A goal or a skill: what it is counted in, for people. No figure depends on it."""

    unit_fa: str = Field("", description="What it is counted in: visits a year, person-months.")
    unit_en: str = ""

    @property
    def unit(self) -> Name:
        """Return what it is counted in; empty where that is not said."""
        return Name(self.unit_fa or self.unit_en, self.unit_en or self.unit_fa)


class Holder(Named):
    """A district or a unit: what fairness is between."""

    weight: Annotated[StrictInt, Field(ge=1, le=10**9)] = Field(
        1, description="What fairness is measured by: residents of a district, staff of a unit."
    )


_PARTS = {"year": 1, "half": 2, "quarter": 4, "month": 12, "step": 1}
_HALVES_FA = ("نیمهٔ نخست", "نیمهٔ دوم")
_QUARTERS_FA = ("سه‌ماههٔ نخست", "سه‌ماههٔ دوم", "سه‌ماههٔ سوم", "سه‌ماههٔ چهارم")


class Horizon(Part):
    """The periods that are planned, one after the other; everything else counts them from 0."""

    kind: Literal["year", "half", "quarter", "month", "step"] = Field(
        "year", description="step: periods that are no part of a year, for known test problems."
    )
    first_year: Annotated[StrictInt, Field(ge=1, le=9999)] = Field(
        1, description="Fiscal year of the first period."
    )
    first_part: Annotated[StrictInt, Field(ge=1, le=12)] = Field(
        1, description="Which half, quarter or month of that year, from 1."
    )
    count: Annotated[StrictInt, Field(ge=1, le=400)] = Field(description="How many periods.")

    @property
    def parts(self) -> int:
        """Return how many periods a year has."""
        return _PARTS[self.kind]

    def place(self, period: int) -> tuple[int, int]:
        """Return the year of a period and which part of it, from 1; periods before the first are negative."""
        year, part = divmod(self.first_part - 1 + period, self.parts)
        return self.first_year + year, part + 1

    def code(self, period: int) -> str:
        """Return the period for ids and data: 1405, 1405-H2, 1405-Q3, 1405-07, or its number from 1."""
        year, part = self.place(period)
        if self.kind == "step":
            return str(period + 1)
        return {"year": f"{year}", "half": f"{year}-H{part}", "quarter": f"{year}-Q{part}",
                "month": f"{year}-{part:02d}"}[self.kind]  # fmt: skip

    def name(self, period: int) -> Name:
        """Return the period for people: «سه‌ماههٔ دوم ۱۴۰۵», "1405 Q2"; «مهر ۱۴۰۵», "Mehr 1405"."""
        year, part = self.place(period)
        en, fa = self.code(period).replace("-", " "), to_persian(str(year))
        if self.kind == "step":
            return Name(f"دورهٔ {to_persian(str(period + 1))}", f"period {period + 1}")
        if self.kind == "half":
            return Name(f"{_HALVES_FA[part - 1]} {fa}", en)
        if self.kind == "quarter":
            return Name(f"{_QUARTERS_FA[part - 1]} {fa}", en)
        if self.kind == "month":
            # The years of the two calendars do not meet, so a year says whose month it is.
            solar = year in range(*YEARS["jalali"])
            names = (MONTHS_FA, MONTHS_EN) if solar else (MONTHS_GREGORIAN_FA, MONTHS_GREGORIAN_EN)
            return Name(f"{names[0][part - 1]} {fa}", f"{names[1][part - 1]} {year}")
        return Name(fa, en)
