"""Why rows wait in quarantine: every problem of theirs, what was found, and what was expected, as exactly as the text lets it be said."""

from __future__ import annotations

import polars as pl

from rasad.ledger import hints, nuls
from rasad.ledger.columns import MAX_DIGITS
from rasad.ledger.mapping import Mapping
from rasad.ledger.phrases import A_VALUE
from rasad.ledger.read import Cells
from rasad.ledger.standing import PROBLEM_SCHEMA

MOST_HINTED = 20_000
"""Different texts of one column that cannot be read which are looked at one by one, to say what is wrong with each."""


def problems_of(bad: pl.DataFrame, cells: Cells, mapping: Mapping, places: dict[str, str]) -> pl.DataFrame:
    """Return one row per problem of the quarantined rows, all of a row's problems, with the file's own column names."""
    names = {target: cells.names[int(place[1:]) - 1] for target, place in places.items()}
    # The year has no cell of its own where it comes from the date.
    year_from = "date" if mapping.fiscal_year.source == "date" else "fiscal_year_cell"
    names["fiscal_year"] = names.get(year_from, "")
    parts = [pl.DataFrame(schema=PROBLEM_SCHEMA)]
    length = bad.filter(pl.col("length") != "")
    parts.append(
        length.select(
            sheet=pl.lit(cells.sheet),
            row=pl.col("row"),
            column=pl.lit(""),
            code=pl.col("length"),
            found=pl.col("cells").cast(pl.String),
            expected=pl.lit(str(cells.expected)),
        )
    )
    parts += nuls.problems(bad, cells)
    for name in bad.columns:
        if not name.endswith("_problem"):
            continue
        target = name.removesuffix("_problem")
        spots = (f"{target}_raw", target, places.get(f"{target}_cell", ""))
        raw = next((c for c in spots if c in bad.columns and bad.schema[c] == pl.String), None)
        wrong = bad.filter(pl.col(name) != "")
        found = wrong.select(
            sheet=pl.lit(cells.sheet),
            row=pl.col("row"),
            column=pl.lit(names.get(target, target)),
            code=pl.col(name),
            found=pl.col(raw).fill_null("") if raw else pl.lit(""),
            expected=pl.col(name).replace_strict(_expected(mapping), default=""),
        )
        parts.append(_said_exactly(found, mapping))
    return pl.concat([part.cast(PROBLEM_SCHEMA) for part in parts]).sort("row", "column")


def _said_exactly(problems: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Return the problems with what was expected of each amount and date as exactly as its text lets it be said.

    Of a file that is wrong in whole columns the first texts are; the others keep the example of what was expected.
    """
    # A year that would come from an empty cell is said as what it is.
    blank = (pl.col("code") == "fiscal_year") & (pl.col("found").str.strip_chars() == "")
    by_date = mapping.fiscal_year.source == "date"
    example = pl.lit(mapping.dates.example) if by_date else pl.col("expected")
    problems = problems.with_columns(
        pl.when(blank).then(pl.lit("required")).otherwise(pl.col("code")).alias("code"),
        pl.when(blank).then(example).otherwise(pl.col("expected")).alias("expected"),
    )
    told = {
        (code, text): hints.of_date(text, mapping.dates)
        if code == "date"
        else hints.of_amount(text, mapping.numbers)
        for code, text in problems.filter(pl.col("code").is_in(["date", "amount"]))
        .select("code", "found")
        .unique(maintain_order=True)
        .head(MOST_HINTED)
        .iter_rows()
    }
    if not told:
        return problems
    table = pl.DataFrame(
        [(code, text, said) for (code, text), said in told.items()],
        schema=["code", "found", "said"],
        orient="row",
    )
    joined = problems.join(table, on=["code", "found"], how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("said", "expected").alias("expected")).drop("said")


def _expected(mapping: Mapping) -> dict[str, str]:
    figure, day = mapping.numbers.example, mapping.dates.example
    return {
        "amount": figure,
        "amount_missing": figure,
        "amount_large": str(MAX_DIGITS),
        "amount_decimals": figure,
        "required": A_VALUE,
        "date": day,
        "fiscal_year": "1403" if mapping.dates.calendar == "jalali" else "2024",
    }
