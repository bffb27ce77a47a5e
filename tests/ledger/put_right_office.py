"""An office with one batch, and a person who puts its rejected rows right."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from offices import PAYMENTS, mapping, write

from rasad.actions.batches import import_file
from rasad.actions.quarantine import load_corrections, write_quarantine
from rasad.ledger.batches import Receipt, folder, receipts
from rasad.ledger.mapping import Mapping
from rasad.ledger.markers import MARKS
from rasad.ledger.problem_rows import quarantined_rows

HEADER = "تاریخ,شرح,ذی‌نفع,مبلغ (ریال)\n"
BODY = (
    "1403/1/1,خرید,شرکت الف,100\n"  # 2
    "1403/13/1,ماه سیزدهم,پ,7\n"  # 3
    "1403/1/3,=1+1,پ,x\n"  # 4
    "1403/1/4,کوتاه\n"  # 5
    "1403/1/5,فروش,ب,-30\n"  # 6
)
START = datetime(2026, 1, 1, tzinfo=UTC)
Cells = list[str]


def start(home: Path, rules: dict[str, Any]) -> None:
    """Make a home with one source."""
    (home / "sources").mkdir(parents=True, exist_ok=True)
    (home / "city.toml").write_text('[city]\nid = "karaj"\ncurrency = "IRR"\nlanguages = ["fa"]\n', "utf-8")
    say(home, rules)


def say(home: Path, rules: dict[str, Any]) -> None:
    """Write the source's mapping into the home."""

    def toml(value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{name} = {toml(one)}" for name, one in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(toml, value)) + "]"
        return f"'{value}'" if isinstance(value, str) else str(value).lower()

    text = "".join(f"{name} = {toml(value)}\n" for name, value in rules.items())
    (home / "sources" / "source.toml").write_text(text, "utf-8")


class Office:
    """A home with one batch, and a person who puts rows of its quarantine right."""

    def __init__(self, place: Path, rules: dict[str, Any] = PAYMENTS) -> None:
        self.place, self.home, self.rules = place, place / "home", rules
        self.day = START
        start(self.home, rules)

    @property
    def mapping(self) -> Mapping:
        return mapping(self.rules)

    def take(self, content: str | bytes = HEADER + BODY, name: str = "payments.csv", **more: Any) -> Receipt:
        self.day += timedelta(days=1)
        path = write(self.place, content, name)
        return import_file(home=self.home, mapping=self.mapping, path=path, now=self.day, **more)

    def export(self, receipt: Receipt | None = None, name: str = "rejected.csv") -> Path:
        path = self.place / name
        write_quarantine(home=self.home, receipt=receipt or self.live, path=path, reasons=lambda r, row: "؟")
        return path

    def put_right(self, path: Path, cells: dict[int, Cells | None], name: str = "") -> Path:
        """Change rows of an exported file: row of the source's file → its cells; None takes the row out."""
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
        header, body = rows[0], rows[1:]
        changed = []
        for row in body:
            number = int(row[3])
            if number in cells and cells[number] is None:
                continue
            changed.append([*row[: len(MARKS)], *(cells.get(number) or row[len(MARKS) :])])
        out = self.place / (name or path.name)
        with out.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([header, *changed])
        return out

    def load(self, path: Path, **more: Any) -> Receipt:
        self.day += timedelta(days=1)
        return load_corrections(home=self.home, path=path, now=self.day, **more)

    @property
    def live(self) -> Receipt:
        [receipt] = receipts(self.home)
        return receipt

    def lines(self) -> dict[int, int]:
        """Return row → amount of what counts."""
        frame = pl.read_parquet(folder(self.home) / f"{self.live.batch}.parquet")
        return dict(frame.select("row", "amount").iter_rows())

    def rejected(self) -> list[int]:
        return [row["row"] for row in quarantined_rows(self.home, self.live)]


THREE: Cells = ["1403/1/2", "ماه یکم", "پ", "7"]
FOUR: Cells = ["1403/1/3", "=1+1", "پ", "20"]
FIVE: Cells = ["1403/1/4", "بلند", "ت", "۵"]
