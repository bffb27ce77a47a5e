"""What the roadmap says to people: templates with values that know both languages. Translated where they are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from typing import Any, Union

from pydantic import BaseModel

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


@dataclass(frozen=True, slots=True)
class Listed:
    """Several things said one after the other, with "and" before the last."""

    parts: tuple[Value, ...]

    def said(self, translate: Translate, lang: str) -> str:
        texts = [_said(part, translate, lang) for part in self.parts]
        comma, last = ("، ", " و ") if lang == "fa" else (", ", " and ")
        return last.join([comma.join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


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


# No `|`: the names are not known yet where this line is read.
Value = Union[Name, Amount, Share, Term, Listed, Words, int, str]  # noqa: UP007


def spoken(found: Any, translate: Translate = str, lang: str = "en") -> Any:
    """Return a result as JSON has it: models and dataclasses as objects, words and names as texts in the language."""
    if isinstance(found, Words | Name | Amount | Share | Term | Listed):
        return found.said(translate, lang)
    if isinstance(found, BaseModel):
        return {name: spoken(getattr(found, name), translate, lang) for name in type(found).model_fields}
    if is_dataclass(found) and not isinstance(found, type):
        return {one.name: spoken(getattr(found, one.name), translate, lang) for one in fields(found)}
    if isinstance(found, Enum):
        return found.value
    if isinstance(found, Mapping):
        return {key: spoken(value, translate, lang) for key, value in found.items()}
    if isinstance(found, tuple | list):
        return [spoken(value, translate, lang) for value in found]
    return found


def gap_text(gap: float | None, lang: str) -> str:
    """Return a gap, or another share of one, as a percentage with two decimals; a dash where it is not known."""
    if gap is None:
        return "—"
    text = f"{100 * gap:.2f}"
    return f"{to_persian(text.replace('.', DECIMAL))}٪" if lang == "fa" else f"{text}%"


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
