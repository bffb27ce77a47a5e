"""Whole columns at once: amounts, dates and fiscal years, the same as `rasad.persian` does for one value."""

from __future__ import annotations

import re
from datetime import date, timedelta

import polars as pl

from rasad.ledger.mapping import DateRule, Mapping, NumberRule
from rasad.ledger.problems import MappingError, Problem
from rasad.ledger.read import Facts
from rasad.ledger.texts import by_distinct, is_ascii
from rasad.persian import dates as persian_dates
from rasad.persian.digits import DIGIT_MAP, MARK_MAP, to_latin

# Five digits are the days of 1927 to 2173; the time of day may follow. 1900 is held for a leap year by spreadsheets.
SERIAL = re.compile(r"[1-9][0-9]{4}(?:[.,٫][0-9]+)?")
# A cell with a date's format holds a day, whatever calendar it is shown in; reading writes it so.
OF_A_CELL = re.compile(r"(?:19|2[01])[0-9]{2}-[0-9]{2}-[0-9]{2}")
_EPOCHS = {"1900": date(1899, 12, 30), "1904": date(1904, 1, 1)}

MAX_DIGITS = 18
"""An Int64 holds every integer of 18 digits."""
_MOST_ZEROS = 3
"""What fifteen digits may be followed by, so that there are no more than 18."""

_DIGIT = "[0-9۰-۹٠-٩]"
_GROUPS = {".": "٬،", ",": "٬", "/": "٬،"}
"""Always understood between thousands, by decimal mark: the Arabic comma is typed for the mark that looks like it."""
_INVISIBLE = "[\u200b-\u200f\u061c\u2060\ufeff\u202a-\u202e\u2066-\u2069]"
_MINUS = "[\u2212\u2010-\u2013\ufe63\uff0d]"
_TIME = r"(?i)[ t]+(?:ساعت +)?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$"


def amount(cell: pl.Series, rule: NumberRule) -> pl.DataFrame:
    """Return `value` (Int64 in the smallest unit, or null) and `problem` (empty, or its code) for each cell.

    Exact: digits are moved as text, no float is made. An empty cell has neither value nor problem.
    """
    if not cell.len() or rule.zeros > _MOST_ZEROS:
        return _any_amount(cell, rule)
    # Most figures are digits, in groups or not, and need a few passes; the others are looked at with all care.
    plain = cell.str.contains(_plain_figure(rule)).fill_null(False)
    rest = (~plain).arg_true()
    if rest.len() > 0.5 * cell.len():
        return _any_amount(cell, rule)
    value = _moved(cell.filter(plain), rule)
    if rest.len():
        value = pl.repeat(None, cell.len(), dtype=pl.Int64, eager=True).scatter(plain.arg_true(), value)
    problem = pl.repeat("", cell.len(), dtype=pl.String, eager=True).alias("problem")
    if rest.len():
        careful = _any_amount(cell.gather(rest), rule)
        value = value.scatter(rest, careful["value"])
        problem = problem.scatter(rest, careful["problem"])
    return pl.DataFrame([value.alias("value"), problem])


def _plain_figure(rule: NumberRule) -> str:
    """Return the pattern of a figure of up to fifteen digits, whole or in groups, with no more decimals than the smallest unit has."""
    marks = "".join({*_GROUPS[rule.decimal], *rule.thousands})
    whole = rf"(?:{_DIGIT}{{1,15}}|{_DIGIT}{{1,3}}(?:[{marks}]{_DIGIT}{{3}}){{1,4}})"
    fraction = rf"(?:\{rule.decimal}{_DIGIT}{{1,{rule.zeros}}})?" if rule.zeros else ""
    minus = "-?" if "leading" in rule.negative else ""
    return f"^{minus}{whole}{fraction}$"


def _moved(plain: pl.Series, rule: NumberRule) -> pl.Series:
    """Return plain figures in the smallest unit: their digits, and a zero for each decimal that is not written."""
    dropped = dict.fromkeys((*_GROUPS[rule.decimal], *rule.thousands), "")
    bare = plain.str.replace_many(dropped if is_ascii(plain) else {**DIGIT_MAP, **dropped}).rename("bare")
    sign = -1 if rule.invert else 1
    if not rule.zeros:
        return bare.cast(pl.Int64, strict=True) * sign
    text, tens = pl.col("bare"), pl.Series([10**zeros for zeros in range(rule.zeros + 1)], dtype=pl.Int64)
    at = text.str.find(rule.decimal, literal=True).cast(pl.Int64)
    written = (text.str.len_bytes().cast(pl.Int64) - at - 1).fill_null(0)
    digits = text.str.replace(rule.decimal, "", literal=True).cast(pl.Int64, strict=True)
    return bare.to_frame().select(digits * pl.lit(tens).gather(rule.zeros - written) * sign).to_series()


def _any_amount(cell: pl.Series, rule: NumberRule) -> pl.DataFrame:
    text = _plain_figures(cell, rule)
    group = _GROUPS[rule.decimal] + "".join(rule.thousands)
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
    if not is_ascii(cell):
        text = (
            text.str.replace_many({**DIGIT_MAP, **MARK_MAP})
            .str.replace_all(_INVISIBLE, "")
            .str.replace_all(_MINUS, "-")
            .str.replace_all("٫", rule.decimal, literal=True)
            .str.replace_all("’", "'", literal=True)
        )
    text = text.str.replace_all(r"\s", " ").str.strip_chars()
    if rule.empty:
        blanks = [one.strip() for one in rule.empty]
        text = pl.when(text.is_in(blanks)).then(pl.lit("")).otherwise(text).alias("text")
    if rule.marks:
        mark = "(?:" + "|".join(re.escape(one) for one in rule.marks) + ")"
        text = text.str.replace(rf"^([-(+]?) ?{mark} ?", "${1}").str.replace(rf" ?{mark} ?([-)]?)$", "${1}")
    return cell.rename("text").to_frame().select(text)["text"]


def dates(cell: pl.Series, rule: DateRule, *, workbook: bool = False, epoch: str = "1900") -> pl.DataFrame:
    """Return `value` (Date, or null) and `problem` for each cell; each distinct day is read once.

    A workbook's cell that was never given a date's format holds the number of days since `epoch`: 1900, or 1904.
    """
    serial = rule.serial if rule.serial != "auto" else epoch if workbook and rule.pivot is None else "none"
    day = by_distinct(
        cell, pl.col("text").str.replace_many(DIGIT_MAP).str.strip_chars().str.replace(_TIME, "").alias("day")
    )["day"]
    known: dict[str, date | None] = {}
    for text in day.unique():
        if serial != "none" and SERIAL.fullmatch(text):
            known[text] = _EPOCHS[serial] + timedelta(days=int(text[:5]))
            continue
        if workbook and OF_A_CELL.fullmatch(text):
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
