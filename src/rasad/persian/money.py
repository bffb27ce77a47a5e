"""Money for people: amounts in a chosen unit, and in words. An amount is an integer in the currency's smallest unit."""

from __future__ import annotations

from typing import Literal, NamedTuple

from rasad.persian.digits import DECIMAL, MINUS, group, to_persian

Unit = Literal[
    "full", "toman", "thousand", "million", "billion", "million_toman", "billion_toman", "hemmat", "auto"
]

MINOR_DIGITS = {"IRR": 0, "EUR": 2, "GBP": 2, "USD": 2}
_NAMES = {
    "IRR": {"fa": "ریال", "en": "rials"},
    "EUR": {"fa": "یورو", "en": "EUR"},
    "GBP": {"fa": "پوند", "en": "GBP"},
    "USD": {"fa": "دلار", "en": "USD"},
}
_SPOKEN = {
    "IRR": {"fa": ("ریال", ""), "en": ("rials", "")},
    "EUR": {"fa": ("یورو", "سنت"), "en": ("euros", "cents")},
    "GBP": {"fa": ("پوند", "پنی"), "en": ("pounds", "pence")},
    "USD": {"fa": ("دلار", "سنت"), "en": ("dollars", "cents")},
}


class _Scale(NamedTuple):
    major: int
    toman: bool
    fa: str
    en: str


# «همت», the press's word for هزار میلیارد تومان, is ten thousand billion rials.
_SCALES: dict[str, _Scale] = {
    "full": _Scale(1, False, "", ""),
    "thousand": _Scale(10**3, False, "هزار", "thousand"),
    "million": _Scale(10**6, False, "میلیون", "million"),
    "billion": _Scale(10**9, False, "میلیارد", "billion"),
    "toman": _Scale(1, True, "تومان", "toman"),
    "million_toman": _Scale(10**6, True, "میلیون تومان", "million toman"),
    "billion_toman": _Scale(10**9, True, "میلیارد تومان", "billion toman"),
    "hemmat": _Scale(10**12, True, "همت", "trillion toman"),
}

_ONES_FA = (
    "صفر یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده سیزده چهارده پانزده شانزده هفده هجده نوزده"
).split()
_TENS_FA = ("", "", "بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود")
_HUNDREDS_FA = ("", "صد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد")
_POWERS_FA = ("", "هزار", "میلیون", "میلیارد", "تریلیون", "کوادریلیون", "کوینتیلیون")
_ONES_EN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS_EN = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_POWERS_EN = ("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion")
LARGEST = 10**21 - 1
"""The largest number that `words` can say."""


def minor_digits(currency: str) -> int:
    """Return how many decimal digits the currency's smallest unit stands for (rial 0, cent 2)."""
    return MINOR_DIGITS.get(currency, 2)


def currency_name(currency: str, lang: str) -> str:
    """Return the currency's name in the language, or its code."""
    return _NAMES.get(currency, {}).get(lang, currency)


def units(currency: str) -> tuple[Unit, ...]:
    """Return the units that amounts of `currency` can be shown in; toman and what is counted in it, for the rial alone."""
    fits: tuple[Unit, ...] = ("full", "thousand", "million", "billion")
    return (*fits, "toman", "million_toman", "billion_toman", "hemmat") if currency == "IRR" else fits


def factor(unit: Unit, currency: str) -> int:
    """Return how many of the currency's smallest unit one `unit` holds. ValueError where `units(currency)` lacks it."""
    if unit not in units(currency):
        raise ValueError(f"{currency} is not told in {unit!r}")
    scale = _SCALES[unit]
    minor: int = 10 ** minor_digits(currency)
    return scale.major * minor * (10 if scale.toman else 1)


def number(amount: int, *, currency: str, lang: str, unit: Unit = "full") -> str:
    """Return `amount` as digits alone, grouped, in `unit`.

    "full" and "toman" are exact (cents and single rials included). Other units have one decimal where it is not nought, rounded half away
    from nought; an amount too small for it is "<0.1", never nought. ValueError where `units(currency)` lacks the unit.
    """
    unit = _known(unit, amount, currency)
    divisor = factor(unit, currency)
    places = minor_digits(currency) if unit == "full" else 1
    scaled = (abs(amount) * 10**places * 2 + divisor) // (2 * divisor)
    minus = "" if amount >= 0 else MINUS if lang == "fa" else "-"
    if amount and not scaled:
        return (">" if amount < 0 else "<") + minus + _decimal(1, places, lang)
    return minus + _decimal(scaled, places, lang, always=unit == "full")


def display(amount: int, currency: str, unit: Unit = "auto", lang: str = "fa") -> str:
    """Return `amount` with its unit: «۱۲٫۳ میلیارد ریال», "12.3 billion rials", «۱٬۲۳۰ تومان».

    "auto" takes billion, million or the full amount by size. Toman is ten rials, for display only. As `number` otherwise.
    """
    unit = _known(unit, amount, currency)
    return f"{number(amount, currency=currency, lang=lang, unit=unit)} {unit_name(unit, currency, lang)}"


def auto_unit(amount: int, currency: str) -> Unit:
    """Return the unit in which `amount` reads best: billion, million, or full."""
    major = abs(amount) // 10 ** minor_digits(currency)
    if major >= 10**9:
        return "billion"
    return "million" if major >= 10**6 else "full"


def unit_name(unit: Unit, currency: str, lang: str) -> str:
    """Return the name of a unit: «میلیارد ریال», "million toman". ValueError for "auto", which is none before an amount is known."""
    if unit not in _SCALES:
        raise ValueError(f"{unit!r} is no unit")
    scale = _SCALES[unit]
    name = scale.fa if lang == "fa" else scale.en
    return name if scale.toman else f"{name} {currency_name(currency, lang)}".strip()


def in_words(amount: int, currency: str, lang: str = "fa", *, toman: bool = False) -> str:
    """Return an exact amount in words: «دوازده هزار ریال», "twelve euros and fifty cents". Toman for rials, if so wished.

    ValueError for other currencies than rial, euro, pound and dollar, and beyond `LARGEST`.
    """
    if currency not in _SPOKEN:
        raise ValueError(f"no words for {currency}")
    major_name, minor_name = _SPOKEN[currency]["fa" if lang == "fa" else "en"]
    minor_size = 10 ** minor_digits(currency)
    if toman and currency == "IRR":
        major_name, minor_name, minor_size = ("تومان", "ریال", 10) if lang == "fa" else ("toman", "rials", 10)
    major, minor = divmod(abs(amount), minor_size)
    parts = []
    if major or not minor:
        parts.append(f"{words(major, lang)} {_one(major_name, major, lang)}")
    if minor:
        parts.append(f"{words(minor, lang)} {_one(minor_name, minor, lang)}")
    minus = "منفی " if lang == "fa" else "minus "
    return (minus if amount < 0 else "") + (" و " if lang == "fa" else " and ").join(parts)


def spoken(currency: str, lang: str) -> tuple[str, str]:
    """Return what the currency and its hundredth are called in words, the latter empty where it has none; the code where there are no words."""
    return _SPOKEN.get(currency, {}).get("fa" if lang == "fa" else "en", (currency, ""))


def words(number: int, lang: str = "fa") -> str:
    """Return a whole number in words. ValueError beyond 10^21."""
    if abs(number) > LARGEST:
        raise ValueError(f"{number} is too large for words")
    if number == 0:
        return _ONES_FA[0] if lang == "fa" else _ONES_EN[0]
    groups: list[str] = []
    rest, power = abs(number), 0
    while rest:
        rest, part = divmod(rest, 1000)
        if part:
            groups.append(_group_fa(part, power) if lang == "fa" else _group_en(part, power, rest > 0))
        power += 1
    joined = (" و " if lang == "fa" else " ").join(reversed(groups))
    minus = "منفی " if lang == "fa" else "minus "
    return (minus if number < 0 else "") + joined


def _known(unit: Unit, amount: int, currency: str) -> Unit:
    if unit == "auto":
        return auto_unit(amount, currency)
    if unit not in units(currency):
        raise ValueError(f"{currency} is not shown in {unit!r}")
    return unit


def _decimal(scaled: int, places: int, lang: str, *, always: bool = False) -> str:
    """Write `scaled` ÷ 10^places; without its decimals where these are nought, unless they are `always` shown."""
    whole, rest = divmod(scaled, 10**places)
    text = group(whole, lang)
    if places and (rest or always):
        digits = f"{rest:0{places}d}"
        text += DECIMAL + to_persian(digits) if lang == "fa" else "." + digits
    return text


def _one(name: str, count: int, lang: str) -> str:
    """Return an English name in the singular for one of it."""
    if lang == "fa" or count != 1:
        return name
    return "penny" if name == "pence" else name.removesuffix("s")


def _group_fa(part: int, power: int) -> str:
    hundreds, rest = divmod(part, 100)
    pieces = [_HUNDREDS_FA[hundreds]] if hundreds else []
    if rest < 20:
        pieces += [_ONES_FA[rest]] if rest else []
    else:
        tens, ones = divmod(rest, 10)
        pieces += [_TENS_FA[tens]] + ([_ONES_FA[ones]] if ones else [])
    text = " و ".join(pieces)
    if power == 1 and part == 1:
        return _POWERS_FA[1]
    return f"{text} {_POWERS_FA[power]}".strip()


def _group_en(part: int, power: int, follows: bool) -> str:
    """`follows`: larger groups stand before this one."""
    hundreds, rest = divmod(part, 100)
    pieces = [f"{_ONES_EN[hundreds]} hundred"] if hundreds else []
    if rest:
        tens, ones = divmod(rest, 10)
        below = _ONES_EN[rest] if rest < 20 else _TENS_EN[tens] + (f"-{_ONES_EN[ones]}" if ones else "")
        pieces.append(f"and {below}" if pieces or (follows and power == 0) else below)
    return f"{' '.join(pieces)} {_POWERS_EN[power]}".strip()
