"""Whole columns at once: text, amounts, dates and fiscal years, the same as `rasad.persian` does for one value."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import polars as pl

from rasad.ledger.mapping import DateRule, Mapping, NumberRule
from rasad.ledger.problems import MappingError, Problem
from rasad.ledger.read import Facts
from rasad.persian import dates as persian_dates
from rasad.persian.digits import DIGIT_MAP, to_latin
from rasad.persian.text import CHAR_MAP, KEY_CHAR_MAP, KEY_STEPS, STEPS

# Five digits are the days of 1927 to 2173; the time of day may follow. 1900 is held for a leap year by spreadsheets.
_SERIAL = re.compile(r"[1-9][0-9]{4}(?:[.,٫][0-9]+)?")
# A cell with a date's format holds a day, whatever calendar it is shown in; reading writes it so.
_OF_A_CELL = re.compile(r"(?:19|2[01])[0-9]{2}-[0-9]{2}-[0-9]{2}")
_EPOCHS = {"1900": date(1899, 12, 30), "1904": date(1904, 1, 1)}

# What one of the steps of `normalise` begins from: marks, non-joiners, spaces that are doubled or at an end.
_FOR_STEPS = "  |^ | $|[\u0653-\u0655\u200c]"

MAX_DIGITS = 18
"""An Int64 holds every integer of 18 digits."""

_SAMPLE = 20_000
_INVISIBLE = "[\u200b-\u200f\u061c\u2060\ufeff\u202a-\u202e\u2066-\u2069]"
_MINUS = "[\u2212\u2010-\u2013\ufe63\uff0d]"
_TIME = r"(?i)[ t]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$"


def normalised(text: pl.Expr) -> pl.Expr:
    """Return the column as `rasad.persian.text.normalise` would have each value."""
    text = text.str.replace_many(CHAR_MAP)
    for pattern, replacement in STEPS:
        text = text.str.replace_all(pattern, replacement)
    return text


def key(normal: pl.Expr) -> pl.Expr:
    """Return the search key of a column that is normalised already."""
    text = normal.str.replace_many(KEY_CHAR_MAP)
    for pattern, replacement in KEY_STEPS:
        text = text.str.replace_all(pattern, replacement)
    return text


def normal_texts(text: pl.Series) -> pl.Series:
    """Return the same as `normalised`, in fewer passes: most texts have none of the characters that its steps look for."""
    if _is_ascii(text) and not text.str.contains(r"[\x00-\x1f\x7f]").any():
        swapped = text
    else:
        swapped = text.str.replace_many(CHAR_MAP)
    special = swapped.str.contains(_FOR_STEPS)
    if not special.any():
        return swapped
    cleaned = pl.col("text")
    for pattern, replacement in STEPS:
        cleaned = cleaned.str.replace_all(pattern, replacement)
    done = swapped.rename("text").to_frame().filter(special.fill_null(False)).select(cleaned)["text"]
    if done.len() == text.len():
        return done.alias(text.name)
    places = special.arg_true()
    return swapped.scatter(places, done)


def mapped(cell: pl.Series, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Return `change` of the column, which looks at each text by itself: once for each distinct text."""
    if _mostly_distinct(cell):
        return change(cell)
    distinct = cell.unique()
    table = pl.DataFrame([distinct.alias("text"), change(distinct).alias("changed")])
    joined = (
        cell.rename("text")
        .to_frame()
        .join(table, on="text", how="left", maintain_order="left", nulls_equal=True)
    )
    return joined["changed"].alias(cell.name)


def _mostly_distinct(cell: pl.Series) -> bool:
    """Whether a sample says that to look for the distinct texts, of numbers or remarks, costs more than it saves."""
    return cell.len() > 10 * _SAMPLE and cell.head(_SAMPLE).n_unique() > 0.9 * _SAMPLE


def by_distinct(cell: pl.Series, *expressions: pl.Expr) -> pl.DataFrame:
    """Evaluate expressions over `pl.col("text")` once for each distinct text and give each row its values, in order."""
    every = cell.rename("text")
    if _mostly_distinct(every):
        return every.to_frame().with_columns(expressions)
    distinct = every.unique()
    if distinct.len() > 0.7 * every.len():
        return every.to_frame().with_columns(expressions)
    return every.to_frame().join(
        distinct.to_frame().with_columns(expressions),
        on="text",
        how="left",
        maintain_order="left",
        nulls_equal=True,
    )


def matching(cell: pl.Series, pattern: str) -> pl.Series:
    """Return whether the normalised text of each cell contains the pattern."""
    return by_distinct(cell, normalised(pl.col("text")).str.contains(pattern).alias("found"))["found"]


def amount(cell: pl.Series, rule: NumberRule) -> pl.DataFrame:
    """Return `value` (Int64 in the smallest unit, or null) and `problem` (empty, or its code) for each cell.

    Exact: digits are moved as text, no float is made. An empty cell has neither value nor problem.
    """
    if not cell.len():
        return _any_amount(cell, rule)
    # Most figures are digits in groups, and need a few passes; the others are looked at with all care.
    digits = cell.str.replace_many(DIGIT_MAP)
    marks = "".join({"٬", *rule.thousands})
    plain = digits.str.contains(rf"^(?:[0-9]{{1,15}}|[0-9]{{1,3}}(?:[{marks}][0-9]{{3}}){{1,4}})$").fill_null(
        False
    )
    rest = (~plain).arg_true()
    if rule.zeros > 3 or rest.len() > 0.5 * cell.len():
        return _any_amount(cell, rule)
    sign = -1 if rule.invert else 1
    bare = digits.str.replace_many(dict.fromkeys(marks, ""))
    value = bare.to_frame("bare").select(
        pl.when(plain).then(pl.col("bare")).cast(pl.Int64, strict=True).alias("value")
        * (sign * 10**rule.zeros)
    )["value"]
    problem = pl.repeat("", cell.len(), dtype=pl.String, eager=True).alias("problem")
    if rest.len():
        careful = _any_amount(cell.gather(rest), rule)
        value = value.scatter(rest, careful["value"])
        problem = problem.scatter(rest, careful["problem"])
    return pl.DataFrame([value, problem])


def _any_amount(cell: pl.Series, rule: NumberRule) -> pl.DataFrame:
    text = _plain_figures(cell, rule)
    group = "٬" + "".join(rule.thousands)
    decimal = "\\" + rule.decimal
    number = rf"(?:[0-9]+|[0-9]{{1,3}}(?:[{group}][0-9]{{3}})+)(?:{decimal}[0-9]*)?|{decimal}[0-9]+"
    forms = [rf"[+]?(?:{number})"]
    if "leading" in rule.negative:
        forms.append(rf"- ?(?:{number})")
    if "trailing" in rule.negative:
        forms.append(rf"(?:{number}) ?-")
    if "parentheses" in rule.negative:
        forms.append(rf"\( ?(?:{number}) ?\)")
    cells = text.to_frame("text").with_columns(
        pl.col("text").str.contains("^(?:" + "|".join(forms) + ")$").alias("fits")
    )
    negative = (
        pl.col("text").str.starts_with("-")
        | pl.col("text").str.ends_with("-")
        | pl.col("text").str.starts_with("(")
    )
    cells = cells.with_columns(
        negative.alias("negative"),
        pl.when("fits").then(pl.col("text").str.replace_all(f"[^0-9{decimal}]", "")).alias("plain"),
    )
    parts = pl.col("plain").str.split_exact(rule.decimal, 1)
    cells = cells.with_columns(
        parts.struct.field("field_0").str.strip_chars_start("0").alias("whole"),
        parts.struct.field("field_1").fill_null("").str.strip_chars_end("0").alias("fraction"),
    ).with_columns(
        pl.concat_str("whole", pl.col("fraction").str.pad_end(rule.zeros, "0"))
        .str.strip_chars_start("0")
        .alias("digits")
    )
    empty = pl.col("text") == ""
    problem = (
        pl.when(empty)
        .then(pl.lit(""))
        .when(~pl.col("fits"))
        .then(pl.lit("amount"))
        .when(pl.col("fraction").str.len_bytes() > rule.zeros)
        .then(pl.lit("amount_decimals"))
        .when(pl.col("digits").str.len_bytes() > MAX_DIGITS)
        .then(pl.lit("amount_large"))
        .otherwise(pl.lit(""))
    )
    cells = cells.with_columns(problem.alias("problem"))
    readable = ~empty & (pl.col("problem") == "")
    figure = pl.when(readable).then(pl.when(pl.col("digits") == "").then(pl.lit("0")).otherwise("digits"))
    sign = pl.when(pl.col("negative") != rule.invert).then(-1).otherwise(1)
    return cells.select((figure.cast(pl.Int64) * sign).alias("value"), "problem")


def _plain_figures(cell: pl.Series, rule: NumberRule) -> pl.Series:
    """Return the cells with Latin digits, one kind of minus, space and decimal mark, and without currency marks."""
    text = pl.col("text")
    if not _is_ascii(cell):
        text = (
            text.str.replace_many(DIGIT_MAP)
            .str.replace_all(_INVISIBLE, "")
            .str.replace_all(_MINUS, "-")
            .str.replace_all("٫", rule.decimal, literal=True)
        )
    text = text.str.replace_all(r"\s", " ").str.strip_chars()
    if rule.empty:
        blanks = [one.strip() for one in rule.empty]
        text = pl.when(text.is_in(blanks)).then(pl.lit("")).otherwise(text).alias("text")
    if rule.marks:
        mark = "(?:" + "|".join(re.escape(one) for one in rule.marks) + ")"
        text = text.str.replace(rf"^([-(+]?) ?{mark} ?", "${1}").str.replace(rf" ?{mark} ?([-)]?)$", "${1}")
    return cell.rename("text").to_frame().select(text)["text"]


def _is_ascii(cell: pl.Series) -> bool:
    return cell.str.len_bytes().sum() == cell.str.len_chars().sum()


def dates(cell: pl.Series, rule: DateRule, *, workbook: bool = False) -> pl.DataFrame:
    """Return `value` (Date, or null) and `problem` for each cell; each distinct day is read once.

    A workbook's cell that was never given a date's format holds the number of days since 1900.
    """
    serial = rule.serial if rule.serial != "auto" else "1900" if workbook and rule.pivot is None else "none"
    day = by_distinct(
        cell, pl.col("text").str.replace_many(DIGIT_MAP).str.strip_chars().str.replace(_TIME, "").alias("day")
    )["day"]
    known: dict[str, date | None] = {}
    for text in day.unique():
        if serial != "none" and _SERIAL.fullmatch(text):
            known[text] = _EPOCHS[serial] + timedelta(days=int(text[:5]))
            continue
        if workbook and _OF_A_CELL.fullmatch(text):
            known[text] = _iso(text)
            continue
        try:
            known[text] = persian_dates.parse(
                text, calendar=rule.calendar, order=rule.order, pivot=rule.pivot
            )
        except persian_dates.DateError:
            known[text] = None
    table = pl.DataFrame(
        {"day": list(known), "value": list(known.values())}, schema={"day": pl.String, "value": pl.Date}
    )
    joined = day.to_frame().join(table, on="day", how="left", maintain_order="left")
    wrong = pl.col("value").is_null() & (pl.col("day") != "")
    return joined.select("value", pl.when(wrong).then(pl.lit("date")).otherwise(pl.lit("")).alias("problem"))


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def fiscal_year(
    frame: pl.DataFrame, facts: Facts, mapping: Mapping, params: dict[str, str], place: str | None
) -> list[pl.Series]:
    """Return `fiscal_year` (Int64) and `fiscal_year_problem`, from where the mapping says. MappingError where it cannot.

    The parameter `fiscal_year` stands in for a year that would come from the file's path or from a parameter.
    """
    rule = mapping.fiscal_year
    if rule.source == "value":
        assert rule.value is not None
        return _one_year(frame, rule.value)
    if rule.source == "parameter" or (rule.source == "path" and "fiscal_year" in params):
        return _one_year(frame, _stated_year(facts, params))
    if rule.source == "path":
        return _one_year(frame, year_in_path(facts, rule.pattern or ""))
    if rule.source == "column":
        if place is None:
            return [
                pl.repeat(None, frame.height, dtype=pl.Int64, eager=True).alias("fiscal_year"),
                pl.repeat("fiscal_year", frame.height, dtype=pl.String, eager=True).alias(
                    "fiscal_year_problem"
                ),
            ]
        text = pl.col("text").str.replace_many(DIGIT_MAP).str.extract(rule.pattern or r"([0-9]{4})", 1)
        year = pl.when(text.str.contains("^[0-9]{4}$")).then(text).cast(pl.Int64)
        years = by_distinct(frame[place], year.alias("fiscal_year"))["fiscal_year"]
    else:
        years = _year_of(frame["date"], rule.first_month, mapping.dates.calendar)
    # A date that is wrong is said once, as the date's problem.
    wrong = years.is_null()
    if rule.source == "date" and "date_problem" in frame.columns:
        wrong &= frame["date_problem"] == ""
    problem_code = pl.select(pl.when(wrong).then(pl.lit("fiscal_year")).otherwise(pl.lit(""))).to_series()
    return [years, problem_code.alias("fiscal_year_problem")]


def _stated_year(facts: Facts, params: dict[str, str]) -> int:
    year = to_latin(params.get("fiscal_year", ""))
    if not re.fullmatch("[0-9]{4}", year):
        raise MappingError(Problem("parameter", file=facts.name, expected="fiscal_year"))
    return int(year)


def year_in_path(facts: Facts, pattern: str) -> int:
    path = to_latin(facts.path)
    year = pl.select(pl.lit(path).str.extract(pattern, 1)).item()
    if year is None or not re.fullmatch("[0-9]{4}", year):
        raise MappingError(
            Problem("year_in_path", file=facts.name, found="/".join(path.split("/")[-2:]), expected=pattern)
        )
    return int(year)


def _one_year(frame: pl.DataFrame, year: int) -> list[pl.Series]:
    return [
        pl.repeat(year, frame.height, dtype=pl.Int64, eager=True).alias("fiscal_year"),
        pl.repeat("", frame.height, dtype=pl.String, eager=True).alias("fiscal_year_problem"),
    ]


def _year_of(day: pl.Series, first_month: int, calendar: persian_dates.Calendar) -> pl.Series:
    """Return the fiscal year of each date: the calendar year in which it began."""
    years: dict[date, int] = {}
    for value in day.unique().drop_nulls():
        year, month, _ = persian_dates.from_date(value, calendar)
        years[value] = year if month >= first_month else year - 1
    table = pl.DataFrame(
        {"day": list(years), "fiscal_year": list(years.values())},
        schema={"day": pl.Date, "fiscal_year": pl.Int64},
    )
    return (
        day.rename("day").to_frame().join(table, on="day", how="left", maintain_order="left")["fiscal_year"]
    )
