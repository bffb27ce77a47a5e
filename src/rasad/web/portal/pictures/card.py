"""What stands on a share picture, as plain values: the page's title, its leading figure, and a few bars or facts beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rasad.web.portal.frame import lang
from rasad.web.theme import show
from rasad.web.theme.charts import Chart
from rasad.web.theme.parts import Stat

BARS = 5
COLUMNS = 13
LONGEST = 200
"""Characters of a text that are drawn; where the space is narrower the drawing cuts it."""


@dataclass(frozen=True)
class Bar:
    """One bar: `share` is its length, 0 to 1; `colour` a name of `tokens.css`."""

    name: str
    text: str
    share: float
    colour: str = "accent"


@dataclass(frozen=True)
class Card:
    """A page in one look. `scope` is what the figure is of. Beside it stand `bars` (the largest first), else `columns` (in time), else
    `facts`, which are (label, value); `bars_unit` names the unit of bars and columns, `bars_note` what they leave out.

    All texts are in the reader's language and digits.
    """

    title: str
    scope: str = ""
    label: str = ""
    figure: str = ""
    unit: str = ""
    note: str = ""
    bars: tuple[Bar, ...] = ()
    bars_unit: str = ""
    bars_note: str = ""
    columns: tuple[Bar, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def said(self) -> str:
        """The card in one sentence, for who does not see it and for what stands under a shared address."""
        figure = " ".join(part for part in (self.figure, self.unit) if part)
        leading = f"{self.label}: {figure}" if figure else ""
        parts = [leading, self.note, self.scope]
        if not figure:
            parts += [f"{label}: {value}" for label, value in self.facts]
        return " — ".join(part for part in parts if part)


def figure_of(stat: Stat, currency: str) -> tuple[str, str]:
    """Return (figure, unit) of a stat as texts."""
    if stat.amount is not None:
        return show.scaled_amount(stat.amount, currency, "auto", lang())
    if stat.number is not None:
        return show.grouped(stat.number, lang()), ""
    if stat.share is not None:
        return show.percent(stat.share, lang()), ""
    return stat.text, ""


def facts_of(stats: Sequence[Stat], currency: str, limit: int = 4) -> tuple[tuple[str, str], ...]:
    """Return stats as facts."""
    return tuple(
        (stat.label, " ".join(part for part in figure_of(stat, currency) if part)) for stat in stats[:limit]
    )


def bars_of(chart: Chart | None) -> tuple[Bar, ...]:
    """Return the largest bars of a chart of items; of those to both sides of nought, what is less is grey."""
    if chart is None or not chart.items:
        return ()
    items = sorted(chart.items, key=lambda item: -abs(item.value))[:BARS]
    longest = abs(items[0].value) or 1.0
    return tuple(
        Bar(cut(item.name), item.text, abs(item.value) / longest, _colour(item.cls, item.value < 0))
        for item in items
    )


def columns_of(chart: Chart | None) -> tuple[Bar, ...]:
    """Return a chart of one series in time as columns, the latest ones; none where an amount is below nought."""
    if chart is None or len(chart.series) != 1:
        return ()
    series = chart.series[0]
    found = list(zip(chart.categories, series.values, series.texts, strict=True))[-COLUMNS:]
    highest = max((value or 0.0 for _name, value, _text in found), default=0.0)
    if len(found) < 2 or not highest or any((value or 0.0) < 0 for _name, value, _text in found):
        return ()
    return tuple(Bar(cut(name), text, (value or 0.0) / highest) for name, value, text in found)


def amount_bars(amounts: Sequence[tuple[str, int, str]], currency: str) -> tuple[tuple[Bar, ...], str]:
    """Return bars of (name, amount, colour) in one unit, and the unit's name; none where there is nothing to set side by side."""
    drawn = [one for one in amounts if one[1] > 0][:BARS]
    if len(drawn) < 2:
        return (), ""
    unit = show.column_unit([amount for _name, amount, _colour in drawn], currency)
    longest = max(amount for _name, amount, _colour in drawn)
    bars = tuple(
        Bar(cut(name), show.scaled_amount(amount, currency, unit, lang())[0], amount / longest, colour)
        for name, amount, colour in drawn
    )
    return bars, show.unit_name(unit, currency, lang())


def cut(text: str) -> str:
    """Return a text of bounded length, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def _colour(cls: str, less: bool) -> str:
    if cls:
        return f"class-{cls.replace('_', '-')}"
    return "ink-quiet" if less else "accent"
