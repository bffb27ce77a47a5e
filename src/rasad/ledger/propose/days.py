"""How dates are written: calendar, order, years of two digits, days that are counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasad.ledger.phrases import _n
from rasad.ledger.propose import values
from rasad.ledger.propose.columns import Assigned
from rasad.ledger.propose.doubts import Doubt
from rasad.ledger.propose.tables import Table
from rasad.ledger.standing import YEARS_AHEAD, last_day

COLUMNS = ("date", "start", "end")


def rule_of(found: Sequence[tuple[Table, Assigned]], *, persian: bool) -> tuple[dict[str, Any], list[Doubt]]:
    """Return the mapping's rule of dates, and what about it is doubtful. `persian`: whether the files are."""
    texts, cells = _written(found)
    counted = [text for text in texts if values.is_days_number(text)]
    if len(counted) * 2 <= len(texts):
        return _of_texts(texts, cells, persian)
    rest = [text for text in texts if not values.is_days_number(text)]
    rule, doubts = _of_texts(rest, cells + len(counted), persian)
    said = _n("days are counted as spreadsheets do, from 1900; some count from 1904")
    return {**rule, "serial": "1900"}, [Doubt("dates.serial", said), *doubts]


def _written(found: Sequence[tuple[Table, Assigned]]) -> tuple[list[str], int]:
    """Return the texts that are to be read as dates, and how many cells of workbooks hold a day of their own."""
    written: list[str] = []
    cells = 0
    for table, places in found:
        spots = [places.columns[name] for name in COLUMNS if name in places.columns]
        texts = [text for place in spots for text in table.columns[place] if text.strip()]
        if table.facts.format != "text":
            every = len(texts)
            texts = [text for text in texts if not values.is_days_cell(text)]
            cells += every - len(texts)
        written += texts
    return written, cells


def _of_texts(texts: list[str], cells: int, persian: bool) -> tuple[dict[str, Any], list[Doubt]]:
    """Return the rule of the texts, beside so many cells that are days whatever it says."""
    if not texts:
        return {} if persian else {"calendar": "gregorian"}, []
    doubts: list[Doubt] = []
    shares = {form: values.date_share(texts, *form) for form in values.FORMS}
    year_first = values.share(texts, values.begins_with_year) > 0.5
    forms = [form for form in values.FORMS if form[0] == "jalali" or (form[1] == "ymd") == year_first]
    best = max(forms, key=lambda form: shares[form])
    calendar, order = best
    rule: dict[str, Any] = {"calendar": calendar}
    if calendar == "gregorian" and order != "ymd":
        if shares["gregorian", "dmy"] >= shares["gregorian", "mdy"]:
            order = "dmy"
        rule["order"] = order
        if shares["gregorian", "dmy"] == shares["gregorian", "mdy"]:
            doubts.append(Doubt("dates.order", _n("day and month could be either way round in every date")))
    if values.share(texts, values.leaves_century_open) > 0.02:
        rule["pivot"] = 1350 if calendar == "jalali" else 1950
        doubts.append(
            Doubt("dates.pivot", _n("years of two digits: the hundred years that begin here are meant"))
        )
    last = last_day(calendar, YEARS_AHEAD)
    ahead = [text for text in texts if values.is_after(text, last, calendar, order)]
    if ahead:
        said = {"count": str(len(ahead)), "found": ahead[0].strip()}
        doubts.append(
            Doubt(
                "dates.calendar",
                _n("dates that lie years ahead (%(count)s, such as %(found)s): of the lunar calendar?"),
                said,
            )
        )
    read = (cells + shares[best] * len(texts)) / (cells + len(texts))
    if read < 0.9:
        said = {"share": str(round(100 * read))}
        doubts.append(Doubt("dates.calendar", _n("%(share)s %% of the dates can be read"), said))
    return rule, doubts
