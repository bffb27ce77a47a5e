"""A Persian payments ledger of any size: Persian digits, Jalali dates, ي and ک as they are typed, amounts with «٬».

The texts are the sample city's, as its clerks spell them. They are repeated to the size that is asked for, each payment with a document,
a day and an amount of its own, and one description in three with the number of an invoice: so one description in three is seen once,
as in the free text of a real ledger. The same number of rows gives the same bytes.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import polars as pl

from rasad.actions.cities import packs
from rasad.persian import calendar
from rasad.persian.digits import to_persian
from rasad.sample.names import Payees
from rasad.sample.offices import PAYMENTS, payment_cells
from rasad.sample.spelling import Hand
from rasad.sample.spending import spend

SEED = 1403
BASE = 60_000
"""Payments that are worded one by one; more are made of these."""
FIRST_YEAR = 1394
_TO_PERSIAN = {str(digit): to_persian(str(digit)) for digit in range(10)}
_CITY = """
[[load]]
source = "sample.payments"
files = "payments_*.csv"
"""


def write(folder: Path, rows: int, *, files: int = 1) -> Path:
    """Write a city's pack and, in its folder `data`, `files` CSV files of `rows` rows together, one fiscal year each. Returns the pack."""
    data = folder / "data"
    (folder / "sources").mkdir(parents=True)
    data.mkdir()
    pack = packs()["sample"]
    shutil.copyfile(pack / "sources" / "payments.toml", folder / "sources" / "payments.toml")
    settings = (pack / "city.toml").read_text("utf-8").partition("[[load]]")[0]
    # The first of them lie before the sample city's index of prices.
    (folder / "city.toml").write_text(settings.partition("# Prices")[0] + _CITY, "utf-8")
    base = _base(min(rows, BASE))
    for number in range(files):
        year, start = FIRST_YEAR + number, rows * number // files
        part = _year(base, year, start, rows * (number + 1) // files - start)
        part.write_csv(data / f"payments_{year}.csv", line_terminator="\r\n")
    return folder


def _base(rows: int) -> pl.DataFrame:
    """Return payments as their clerk types them, a column per heading."""
    random = Random(f"{SEED} benchmark")
    payments, _ = spend(random, Payees(random), 1403, rows)
    random.shuffle(payments)
    hand = Hand(random, arabic=0.35, spaces=0.2, joined=0.06, persian_digits=1.0, thousands=("٬",))
    headings = PAYMENTS[1403].headings
    cells = [payment_cells(payment, hand, headings, numbers=False) for payment in payments]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(headings, pl.String), orient="row")
    return frame.with_columns(pl.Series("rials", [payment.amount for payment in payments], dtype=pl.Int64))


def _year(base: pl.DataFrame, year: int, start: int, rows: int) -> pl.DataFrame:
    """Return `rows` payments of a fiscal year in order of date, made of the base from its row `start` on."""
    days = pl.DataFrame(
        [
            (index, f"{jy:04d}/{jm:02d}/{jd:02d}")
            for index, (jy, jm, jd, _) in enumerate(calendar.days(year, year))
        ],
        schema={"place": pl.Int64, "day": pl.String},
        orient="row",
    )
    number = pl.int_range(start, start + rows, eager=True)
    made = (
        base[(number % base.height).cast(pl.UInt32)]
        .with_columns(number=number)
        .with_columns(place=(pl.int_range(rows) * days.height // rows))
        .join(days, on="place", how="left", maintain_order="left")
    )
    # Multiplicative hashing: as good as chance, and the same on every machine.
    scattered = (pl.col("number") + 1) * 2_654_435_761 % 2**32
    rials = (pl.col("rials") + scattered % 100_000 - 50_000).cast(pl.String)
    grouped = (
        rials.str.reverse().str.replace_all("([0-9]{3})", "${1}٬").str.reverse().str.replace("^(-?)٬", "${1}")
    )
    invoice = (
        pl.when(pl.col("number") % 3 == 0)
        .then(pl.format(" طبق فاکتور شماره {}", scattered % 9_000_000 + 1_000_000))
        .otherwise(pl.lit(""))
    )
    headings = PAYMENTS[1403].headings
    columns = {
        "document": (pl.col("number") + 100_000).cast(pl.String),
        "date": pl.col("day"),
        "title": pl.concat_str("title", invoice),
        "amount": grouped,
    }
    return made.with_columns(**columns).select(
        # Nothing, where a cell is empty: an empty text would be written in quotes.
        pl.col(name).replace("", None).str.replace_many(_TO_PERSIAN).alias(heading)
        for name, heading in headings.items()
    )
