"""What the roadmap says to people: templates with values that know both languages. Translated where they are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rasad.persian import money
from rasad.persian.digits import DECIMAL, group, to_persian

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Name:
    """A thing that has a title in each language."""

    fa: str
    en: str

    def said(self, _translate: Translate, lang: str) -> str:
        return self.fa if lang == "fa" else self.en


@dataclass(frozen=True, slots=True)
class Amount:
    """Money, in the currency's smallest unit; said in full, since a limit may be missed by one rial."""

    value: int
    currency: str

    def said(self, _translate: Translate, lang: str) -> str:
        return money.display(self.value, self.currency, "full", lang)


@dataclass(frozen=True, slots=True)
class Share:
    """A share in hundredths of a per cent (basis points)."""

    value: int

    def said(self, _translate: Translate, lang: str) -> str:
        return f"{_hundredths(self.value, lang)}{'٪' if lang == 'fa' else '%'}"


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the catalogues: a category's name, a kind of limit."""

    text: str

    def said(self, translate: Translate, _lang: str) -> str:
        return translate(self.text)


Value = Name | Amount | Share | Term | int | str


@dataclass(frozen=True, slots=True)
class Words:
    """A template (a text of the catalogues) and what to fill it with."""

    template: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def said(self, translate: Translate = str, lang: str = "en") -> str:
        """Return the text in the language; `translate` has its templates."""
        return translate(self.template) % {
            name: _said(value, translate, lang) for name, value in self.values.items()
        }


def names(found: list[Name], *, at_most: int = 3) -> Name:
    """Return some names as one, joined by commas; what is left over is counted."""
    rest = len(found) - at_most
    fa = "، ".join(name.fa for name in found[:at_most])
    en = ", ".join(name.en for name in found[:at_most])
    if rest <= 0:
        return Name(fa, en)
    return Name(f"{fa} و {group(rest, 'fa')} تای دیگر", f"{en} and {rest} more")


def _said(value: Value, translate: Translate, lang: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return group(value, lang)
    return value.said(translate, lang)


def _hundredths(value: int, lang: str) -> str:
    whole, rest = divmod(abs(value), 100)
    text = group(whole if value >= 0 else -whole, lang)
    if not rest:
        return text
    decimals = f"{rest:02d}".rstrip("0")
    return text + (DECIMAL + to_persian(decimals) if lang == "fa" else "." + decimals)
