"""How a number, an amount and a day are written for a reader: plain functions, texts out."""

from __future__ import annotations

from datetime import date
from typing import Literal, cast

from rasad.persian import dates, digits, money

NOTHING = "—"


def persian(lang: str) -> str:
    """Return "fa" or "en", the two languages that `rasad.persian` writes."""
    return "fa" if lang.startswith("fa") else "en"


def digits_of(value: object, lang: str) -> str:
    """Return the text of `value` with the language's digits."""
    text = "" if value is None else str(value)
    return digits.to_persian(text) if persian(lang) == "fa" else digits.to_latin(text)


def grouped(number: int, lang: str) -> str:
    """Return a whole number in groups of three."""
    return digits.group(number, persian(lang))


def number(value: float, lang: str) -> str:
    """Return a figure of an axis: grouped, with one or two decimals only where it has them."""
    whole = round(value)
    if abs(value - whole) < 0.005:
        return grouped(whole, lang)
    text = f"{abs(value):.2f}".rstrip("0")
    told = grouped(int(abs(value)), lang) + text[text.index(".") :]
    told = ("−" if value < 0 else "") + told
    return digits.to_persian(told).replace(".", digits.DECIMAL) if persian(lang) == "fa" else told


def percent(share: float | None, lang: str, places: int = 1) -> str:
    """Return a share (0 to 1) as a percentage: «۳۷٫۲٪», "37.2%". What is not nought is never shown as nought, but as less than the last digit."""
    if share is None:
        return NOTHING
    least = 10**-places
    value = share * 100
    if 0 < abs(value) < least / 2:
        text = ("<" if value > 0 else ">−") + f"{least:.{places}f}"
    else:
        text = f"{value:.{places}f}".replace("-", "−")
    if persian(lang) == "fa":
        return digits.to_persian(text).replace(".", digits.DECIMAL) + "٪"
    return text + "%"


def change(share: float | None, lang: str) -> str:
    """Return how much more or less, with its sign: «+۱۲٫۳٪», "-4.0%"; "0%" only where nothing changed, a dash for None."""
    if share is None:
        return NOTHING
    if not share:
        return percent(0.0, lang, 0)
    mark = "٪" if persian(lang) == "fa" else "%"
    # A thousand percent and more stand in groups of three.
    text = grouped(round(abs(share) * 100), lang) + mark if abs(share) >= 10 else percent(abs(share), lang)
    return ("\u200e" if persian(lang) == "fa" else "") + ("−" if share < 0 else "+") + text


def signed(text: str, amount: int, lang: str) -> str:
    """Return the text of an amount with a plus in front where it is above nought; below it the text has its minus already."""
    plus = "\u200e+" if persian(lang) == "fa" else "+"
    return plus + text if amount > 0 else text


def aligned_amount(amount: int, currency: str, unit: str, lang: str) -> str:
    """Return the digits of `amount` in `unit`, always with one decimal where the unit is a scale: for columns."""
    text, _ = scaled_amount(amount, currency, unit, lang)
    point = digits.DECIMAL if persian(lang) == "fa" else "."
    if unit in ("full", "toman", "auto") or point in text:
        return text
    return text + point + digits_of(0, lang)


def full_amount(amount: int, currency: str, lang: str) -> str:
    """Return the exact amount with its currency."""
    return money.display(amount, currency, "full", persian(lang))


def scaled_amount(amount: int, currency: str, unit: str, lang: str) -> tuple[str, str]:
    """Return (digits, name of the unit) of `amount` in `unit`; "auto" chooses by size."""
    chosen = _reading_unit(amount, currency) if unit == "auto" else cast(money.Unit, unit)
    language = persian(lang)
    return (
        money.number(amount, currency=currency, lang=language, unit=chosen),
        money.unit_name(chosen, currency, language),
    )


def column_unit(amounts: list[int], currency: str) -> money.Unit:
    """Return one unit for a whole column: the largest in which at most a quarter of the amounts are too small to be told."""
    known = sorted(abs(amount) for amount in amounts if amount)
    if not known:
        return "full"
    unit = money.auto_unit(known[-1], currency)
    # One decimal is shown: a tenth of the unit is the least that can be told.
    return min(unit, money.auto_unit(known[len(known) // 4] * 10, currency), key=_SIZES.index)


_SIZES: list[money.Unit] = ["full", "million", "billion"]


def _reading_unit(amount: int, currency: str) -> money.Unit:
    """Return the unit of a single amount: billions only from ten on, for below one decimal would tell too little."""
    unit = money.auto_unit(amount, currency)
    return "million" if unit == "billion" and money.auto_unit(amount // 10, currency) != "billion" else unit


def unit_name(unit: str, currency: str, lang: str) -> str:
    """Return the name of a unit: «میلیارد ریال»."""
    return money.unit_name(cast(money.Unit, unit), currency, persian(lang))


def day(value: date | str, calendar: str, lang: str, *, long: bool = False) -> tuple[str, str, str]:
    """Return (the day in the city's calendar, the same day in the other calendar, ISO). ValueError where a text is no ISO date."""
    moment = value if isinstance(value, date) else date.fromisoformat(value[:10])
    own: dates.Calendar = "gregorian" if calendar == "gregorian" else "jalali"
    other: dates.Calendar = "jalali" if own == "gregorian" else "gregorian"
    style: Literal["long", "short"] = "long" if long else "short"
    language = persian(lang)
    return (
        dates.format_date(moment, calendar=own, lang=language, style=style),
        dates.format_date(moment, calendar=other, lang=language, style="long"),
        moment.isoformat()[:10],
    )
