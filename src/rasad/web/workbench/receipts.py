"""What an import did or would do, as pages show it: control totals, reasons, rejected rows, what differs from what was loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from rasad.ledger.batches import Receipt as Loaded
from rasad.ledger.mapping import load_mapping
from rasad.ledger.problems import ASIDE_REASONS, ROW_TITLES, STANDING, LedgerError, Problem
from rasad.web.theme import labels as names
from rasad.web.theme import show
from rasad.web.theme.parts import Column, Stat, Table
from rasad.web.workbench import frame, labels

Receipt = Mapping[str, Any]
"""A receipt as its JSON has it."""
LONGEST = 90
"""Characters of a cell that a table of rejected rows shows."""

HOW_LEFT: dict[str, Promise] = {
    "same": gettext_lazy("unchanged under another id"),
    "changed": gettext_lazy("changed"),
    "gone": gettext_lazy("gone"),
    "reread": gettext_lazy("not counted any more"),
}


def stage(code: str) -> str:
    """Return the name of a stage; of the amount of a contract, which has none, what it is."""
    return names.label(names.STAGES, code) if code in names.STAGES else _("Contract's amount")


def currency(receipt: Receipt) -> str:
    """Return the currency of the receipt's amounts."""
    return str(receipt["amounts"][0]["currency"]) if receipt["amounts"] else ""


def batches(some: Sequence[Loaded], live: Sequence[Loaded]) -> Table:
    """Return batches with their control totals in rows, and what state each is in."""
    counts, titles = {one.batch for one in live}, source_titles()
    rows = [
        {
            "file": one.file["name"],
            "url": reverse("workbench:import-batch", args=[one.batch]),
            "source": titles(one.source),
            "day": moment(one.created_at),
            "in": one.rows["in"],
            "stored": one.rows["stored"],
            "aside": one.rows["set_aside"],
            "quarantined": one.rows["quarantined"],
            "state": "" if one.batch in counts else _("superseded"),
        }
        for one in some
    ]
    return Table(
        id="batches",
        caption=_("Batches"),
        caption_hidden=True,
        columns=[
            Column("file", _("File"), link="url", note="state"),
            Column("source", _("Source")),
            Column("day", _("Loaded"), "date"),
            Column("in", _("Rows in"), "number"),
            Column("stored", _("Stored"), "number"),
            Column("aside", _("Set aside"), "number"),
            Column("quarantined", _("In quarantine"), "number"),
        ],
        rows=rows,
        empty=_("Nothing has been loaded yet."),
    )


def source_titles() -> Callable[[str], str]:
    """Return what gives a source's title in the page's language; its name where it has none, or is gone."""
    files = sorted((settings.HOME / "sources").glob("*.toml"))
    known, is_fa = _titles(tuple((path, path.stat().st_mtime_ns) for path in files)), labels.fa()

    def title(source: str) -> str:
        fa, en = known.get(source, ("", ""))
        return (fa if is_fa else en) or en or fa or source

    return title


@lru_cache(maxsize=4)
def _titles(files: tuple[tuple[Path, int], ...]) -> dict[str, tuple[str, str]]:
    """Return both titles of the sources that the files describe."""
    found = {}
    for path, _changed in files:
        try:
            mapping = load_mapping(path)
        except LedgerError:
            continue
        found[mapping.id] = (mapping.title_fa, mapping.title_en)
    return found


def not_read(file: Mapping[str, Any]) -> list[str]:
    """Return the names of the sheets and files that a file holds besides those that are read; hidden ones are said to be so."""
    hidden = file.get("hidden", ())
    return [_("%(name)s (hidden)") % {"name": name} if name in hidden else name for name in file["left"]]


def row_stats(receipt: Receipt) -> list[Stat]:
    """Return what became of the rows: in = stored + set aside + quarantined."""
    rows = receipt["rows"]
    return [
        Stat(_("Rows in"), number=rows["in"]),
        Stat(_("Stored"), number=rows["stored"]),
        Stat(_("Set aside"), number=rows["set_aside"]),
        Stat(_("In quarantine"), number=rows["quarantined"]),
    ]


def totals(receipt: Receipt) -> Table:
    """Return the control totals of each amount column, to the smallest unit."""
    rows = [
        {
            "column": one["column"],
            "stage": stage(one["stage"]),
            **{key: one[key] for key in ("in", "stored", "set_aside", "quarantined")},
            "unreadable": one["unreadable_cells"],
        }
        for one in receipt["amounts"]
    ]
    return Table(
        id="totals",
        caption=_("Control totals"),
        caption_hidden=True,
        columns=[
            Column("column", _("Column of the file"), note="stage"),
            Column("in", _("In"), "money", unit="full"),
            Column("stored", _("Stored"), "money", unit="full"),
            Column("set_aside", _("Set aside"), "money", unit="full"),
            Column("quarantined", _("In quarantine"), "money", unit="full"),
            Column("unreadable", _("Cells that cannot be read"), "number"),
        ],
        rows=rows,
        currency=currency(receipt),
    )


def reasons(receipt: Receipt) -> list[tuple[str, int, str]]:
    """Return why rows were set aside or rejected: the reason, how often, and "aside", "quarantine" or "standing"."""
    aside = [(_(ASIDE_REASONS[code]), count, "aside") for code, count in receipt["aside"].items()]
    wrong = [
        (_(ROW_TITLES[code]), count, "standing" if code in STANDING else "quarantine")
        for code, count in receipt["problems"].items()
    ]
    return [*wrong, *aside]


def problems(found: Iterable[Mapping[str, Any]], *, sheets: bool) -> Table:
    """Return rejected rows' problems (`Problem.as_dict`): where, what was found, what was expected."""
    rows = []
    for one in found:
        problem = Problem(**one)
        shown = problem.shown(_)
        rows.append(
            {
                "row": problem.row,
                "sheet": problem.sheet,
                "column": problem.column,
                "what": _(ROW_TITLES.get(problem.code, problem.code)),
                "found": _short(shown["found"]),
                "expected": _short(shown["expected"]),
            }
        )
    sheet = [Column("sheet", _("Sheet"))] if sheets else []
    return Table(
        id="problems",
        caption=_("Rejected rows, the first of them"),
        caption_hidden=True,
        columns=[
            Column("row", _("Row of the file"), "number"),
            *sheet,
            Column("column", _("Column")),
            Column("what", _("What is wrong")),
            Column("found", _("Found")),
            Column("expected", _("Expected")),
        ],
        rows=rows,
    )


def lines(found: Sequence[Mapping[str, Any]], receipt: Receipt) -> Table:
    """Return the first lines as they are read: only the columns that say something."""
    wanted = [
        ("fiscal_year", _("Fiscal year"), "text"),
        ("date", _("Date"), "date"),
        ("stage", _("Stage"), "stage"),
        ("unit", _("Unit"), "text"),
        ("title", _("Description"), "text"),
        ("supplier_name", _("Supplier"), "text"),
        ("document_no", _("Document number"), "code"),
        ("contract_no", _("Contract number"), "code"),
        ("economic_code", _("Economic code"), "code"),
        ("amount", _("Amount"), "money"),
    ]
    shown = [one for one in wanted if any(line.get(one[0]) not in (None, "") for line in found)]
    rows = [
        {
            **{key: _short(line.get(key)) for key, *_rest in shown},
            "row": line.get("row"),
            "fiscal_year": show.digits_of(line.get("fiscal_year", ""), frame.lang()),
        }
        for line in found
    ]
    return Table(
        id="first-lines",
        caption=_("First lines, as they are read"),
        caption_hidden=True,
        columns=[
            Column("row", _("Row of the file"), "number"),
            *(
                Column(key, label, kind, unit="full" if kind == "money" else "auto")  # type: ignore[arg-type]
                for key, label, kind in shown
            ),
        ],
        rows=rows,
        stack=False,
        currency=currency(receipt),
    )


def difference_stats(comparison: Mapping[str, Any]) -> list[Stat]:
    """Return how many lines are the same, changed, new and gone."""
    counts = comparison["lines"]
    return [
        Stat(_("The same"), number=counts["same"]),
        Stat(pgettext("lines", "Changed"), number=counts["changed"]),
        Stat(pgettext("lines", "New"), number=counts["added"]),
        Stat(pgettext("lines", "Gone"), number=counts["gone"]),
    ]


def difference_sums(comparison: Mapping[str, Any]) -> Table:
    """Return the sums of each amount column: before + new + changed − gone = now."""
    rows = [
        {
            "stage": stage(one["stage"]),
            "old": one["old"],
            "added": one["added"],
            "changed": one["changed"],
            "gone": -one["gone"],
            "new": one["new"],
        }
        for one in comparison["amounts"]
    ]
    return Table(
        id="sums",
        caption=_("Sums: before, and what makes them what they are now"),
        caption_hidden=True,
        columns=[
            Column("stage", _("Stage")),
            Column("old", _("Loaded now"), "money", unit="full"),
            Column("added", pgettext("lines", "New"), "difference", unit="full"),
            Column("changed", pgettext("lines", "Changed"), "difference", unit="full"),
            Column("gone", pgettext("lines", "Gone"), "difference", unit="full"),
            Column("new", _("With this file"), "money", unit="full"),
        ],
        rows=rows,
        currency=str(comparison["amounts"][0]["currency"]) if comparison["amounts"] else "",
    )


def differing(comparison: Mapping[str, Any]) -> Table:
    """Return the largest of the lines that differ."""
    told = {
        "changed": pgettext("lines", "Changed"),
        "added": pgettext("lines", "New"),
        "gone": pgettext("lines", "Gone"),
    }
    rows: list[dict[str, Any]] = []
    for what, label in told.items():
        for line in comparison[what]:
            now = line.get("new", line)
            rows.append(
                {
                    "what": label,
                    "row": now["row"],
                    "date": now.get("date"),
                    "title": _short(now.get("title") or now.get("unit") or now.get("supplier_name") or ""),
                    "old": None if what == "added" else line["amount"],
                    "new": None if what == "gone" else now["amount"],
                }
            )
    return Table(
        id="differing",
        caption=_("The largest of what differs"),
        columns=[
            Column("what", _("What")),
            Column("row", _("Row of the file"), "number"),
            Column("date", _("Date"), "date"),
            Column("title", _("Description")),
            Column("old", _("Loaded now"), "money", unit="full"),
            Column("new", _("With this file"), "money", unit="full"),
        ],
        rows=rows,
        currency=str(comparison["amounts"][0]["currency"]) if comparison["amounts"] else "",
    )


def moment(text: str) -> date:
    """Return the day of an ISO moment, as it was in the city."""
    return timezone.localtime(datetime.fromisoformat(text)).date()


def _short(value: Any) -> Any:
    return f"{value[:LONGEST]}…" if isinstance(value, str) and len(value) > LONGEST else value
