"""`generate`: the sample city's files and the truth about them, from one seed."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from random import Random

from rasad.sample.appropriations import OVER, STAGES, UNDER, Fault, budget
from rasad.sample.appropriations import Row as BudgetRow
from rasad.sample.city import IT_PROGRAMME, IT_UNIT, NAME, PROGRAMMES, RESIDENTS, UNITS, YEARS
from rasad.sample.files import Sheet, Truth, start, write
from rasad.sample.names import Payees
from rasad.sample.offices import (
    BUDGETS,
    CONTRACTS,
    PAYMENTS,
    Broken,
    Export,
    contract_cells,
    hand,
    payment_cells,
)
from rasad.sample.register import write_register
from rasad.sample.spelling import Hand
from rasad.sample.spending import Contract, Payment, spend
from rasad.sample.wording import CLASS_LETTERS

Progress = Callable[[str, int, int], None]

FAULTY_UNIT = 3
"""Place in UNITS of the unit whose budget has a parent that does not fit its children."""


def generate(
    out: Path, *, seed: int = 1403, payments: int = 60_000, progress: Progress | None = None
) -> list[Path]:
    """Write the sample city's files into `out` and return their paths; the last is `truth.json`.

    `payments` is how many payments there are over the five fiscal years, besides a handful of rows that cannot be read. The same
    seed gives the same bytes. `truth.json` says what a ledger must find: rows and rials of every file (in = stored + set_aside +
    quarantined), each planted problem, roots and remainders of budgets, and the true class of every payment.
    ValueError where `payments` is below 2,000: the planted rows would no longer fit.
    """
    if payments < 2_000:
        raise ValueError("the sample city has at least 2,000 payments")
    out.mkdir(parents=True, exist_ok=True)
    payees = Payees(_random(seed, "payees"))
    written: list[Path] = []
    truths: list[Truth] = []
    by_class: dict[str, dict[str, int]] = {}
    contracts: dict[int, list[Contract]] = {}
    every: list[Payment] = []
    steps = 3 * len(YEARS)
    left = payments
    for place, (year, (share, _)) in enumerate(YEARS.items()):
        count = left if place == len(YEARS) - 1 else round(payments * share)
        left -= count
        random = _random(seed, str(year))
        paid, contracts[year] = spend(random, payees, year, count)
        every += paid
        by_class[str(year)] = _by_class(paid)
        for make in (_payments_file, _budget_file):
            path, truth = make(out, random, year, paid)
            written.append(path)
            truths.append(truth)
            if progress:
                progress(path.name, len(written), steps)
    for years, export in CONTRACTS.items():
        random = _random(seed, export.file)
        path, truth = _contracts_file(
            out, random, years, export, [c for year in years for c in contracts[year]]
        )
        written.append(path)
        truths.append(truth)
    written += write_register(
        out,
        lambda part: _random(seed, f"register {part}"),
        every,
        [contract for signed in contracts.values() for contract in signed],
    )
    written.append(_truth_file(out, seed, payments, truths, by_class, payees))
    if progress:
        progress("truth.json", steps, steps)
    return written


def _random(seed: int, part: str) -> Random:
    """Return the numbers of one part, so that a change in one part leaves the others as they were."""
    return Random(f"{seed} {part}")  # noqa: S311 - invented data, nothing secret


def _by_class(payments: list[Payment]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for payment in payments:
        sums[payment.kind.cls] += payment.amount
    return dict(sums)


def _payments_file(out: Path, random: Random, year: int, payments: list[Payment]) -> tuple[Path, Truth]:
    export = PAYMENTS[year]
    truth = Truth(export.file, "sample.payments", "line", [year])
    writes = hand(random, year)
    workbook = export.file.endswith(".xlsx")
    halves = (
        [[p for p in payments if p.month <= 6], [p for p in payments if p.month > 6]]
        if len(export.sheets) > 1
        else [payments]
    )
    sheets = []
    for name, mine in zip(export.sheets, halves, strict=True):
        sheet = start(export, truth, name)
        # The second half-year's clerk types amounts as text.
        numbers = workbook and name == export.sheets[0]
        spots = _spots(random, len(mine), export.broken if mine is halves[0] else ())
        before: tuple[Payment, list[str | int]] | None = None
        for place, payment in enumerate(mine):
            cells = payment_cells(payment, writes, export.headings, numbers=numbers)
            if before and _same(before[0], payment):
                cells = list(before[1])
            before = (payment, cells)
            if place in spots:
                _add_broken(sheet, truth, export, spots[place], cells, {"paid": payment.amount}, "paid")
            sheet.rows.append(cells)
            sheet.classes.append(CLASS_LETTERS[payment.kind.cls])
            truth.count("stored", {"paid": payment.amount})
        total = sum(payment.amount for payment in mine)
        _add_total(sheet, truth, export, writes, {"amount": total}, {"paid": total}, workbook=numbers)
        truth.classes[name] = {"header_row": sheet.header_row, "letters": "".join(sheet.classes)}
        sheets.append(sheet)
    return write(out / export.file, export, sheets), truth


def _same(a: Payment, b: Payment) -> bool:
    return (a.day, a.title, a.amount, a.payee, a.unit, a.document) == (
        b.day,
        b.title,
        b.amount,
        b.payee,
        b.unit,
        b.document,
    )


def _spots(random: Random, rows: int, broken: tuple[Broken, ...]) -> dict[int, Broken]:
    """Place each broken row before some row of the middle half."""
    return dict(zip(random.sample(range(rows // 4, rows * 3 // 4), len(broken)), broken, strict=True))


def _add_broken(
    sheet: Sheet,
    truth: Truth,
    export: Export,
    broken: Broken,
    like: list[str | int],
    amounts: dict[str, int],
    column: str,
) -> None:
    """Add a row like `like` with one thing wrong. Its readable amounts count as quarantined."""
    keys = list(export.headings)
    cells = list(like)
    readable: dict[str, int | None] = dict(amounts)
    if broken.code == "row_short":
        cells = cells[:4]
        readable = dict.fromkeys(amounts, None)
    else:
        cells[keys.index(broken.cell)] = broken.text
        if broken.code == "amount":
            readable[column] = None
    sheet.rows.append(cells)
    sheet.classes.append("q")
    truth.count("quarantined", readable)
    truth.quarantined.append({"sheet": sheet.name, "row": len(sheet.rows), "code": broken.code})


def _add_total(
    sheet: Sheet,
    truth: Truth,
    export: Export,
    writes: Hand,
    cells: dict[str, int],
    amounts: dict[str, int | None] | dict[str, int],
    *,
    workbook: bool,
) -> None:
    """Add the total row that an export ends with: its label stands in the first cell."""
    row: list[str | int] = [""] * len(export.headings)
    for key, amount in cells.items():
        row[list(export.headings).index(key)] = amount if workbook else writes.amount(amount)
    row[0] = export.total
    sheet.rows.append(row)
    sheet.classes.append("-")
    truth.count("set_aside", dict(amounts))


def _budget_file(out: Path, random: Random, year: int, payments: list[Payment]) -> tuple[Path, Truth]:
    export, step = BUDGETS[year]
    faults: tuple[Fault, ...] = (OVER, UNDER) if year >= 1402 else (OVER,)
    rows = budget(random, payments, unit=FAULTY_UNIT, faults=faults, step=step)
    truth = Truth(export.file, "sample.budget_million" if step > 1 else "sample.budget", "line", [year])
    writes = hand(random, year)
    workbook = export.file.endswith(".xlsx")
    sheet = start(export, truth, export.sheets[0])
    leaves = [place for place, row in enumerate(rows) if row.leaf]
    broken = dict(zip(random.sample(leaves, len(export.broken)), export.broken, strict=True))
    roots, stored = Counter[str](), Counter[str]()
    for place, row in enumerate(rows):
        cells = _budget_cells(row, writes, export, step, workbook=workbook, accountant=year in (1400, 1402))
        amounts = dict(zip(STAGES, row.figures, strict=True))
        if place in broken:
            # A row beside its readable twin: the tree below stays whole.
            _add_broken(sheet, truth, export, broken[place], cells, amounts, broken[place].cell)
        sheet.rows.append(cells)
        # A parent is set aside: its parts are counted, and its remainder is shown apart.
        truth.count("stored" if row.leaf else "set_aside", dict(amounts))
        if row.leaf:
            stored.update(amounts)
        if len(row.code) == 2:
            roots.update(amounts)
    totals = {stage: roots[stage] // step for stage in STAGES}
    _add_total(sheet, truth, export, writes, totals, dict(roots), workbook=workbook)
    truth.roots = dict(roots)
    truth.remainders = {stage: roots[stage] - stored[stage] for stage in STAGES}
    return write(out / export.file, export, [sheet]), truth


def _budget_cells(
    row: BudgetRow, writes: Hand, export: Export, step: int, *, workbook: bool, accountant: bool
) -> list[str | int]:
    unit = UNITS[row.unit]
    cells: dict[str, str | int] = {
        "unit_code": unit.code,
        "unit": writes.text(unit.name),
        "code": row.code,
        "name": writes.text(row.name),
        "programme_code": row.programme,
        "programme": writes.text(PROGRAMMES.get(row.programme, "")),
    }
    for stage, figure in zip(STAGES, row.figures, strict=True):
        number = figure // step
        cells[stage] = number if workbook else writes.amount(number, parentheses=accountant)
    return [cells[key] for key in export.headings]


def _contracts_file(
    out: Path, random: Random, years: tuple[int, ...], export: Export, contracts: list[Contract]
) -> tuple[Path, Truth]:
    truth = Truth(export.file, "sample.contracts", "contract", list(years))
    writes = hand(random, years[-1])
    workbook = export.file.endswith(".xlsx")
    sheet = start(export, truth, export.sheets[0])
    spots = _spots(random, len(contracts), export.broken)
    for place, contract in enumerate(contracts):
        cells = contract_cells(contract, writes, export.headings, numbers=workbook)
        if place in spots:
            amounts = {"contract": contract.amount}
            _add_broken(sheet, truth, export, spots[place], cells, amounts, "contract")
        sheet.rows.append(cells)
        truth.count("stored", {"contract": contract.amount})
    return write(out / export.file, export, [sheet]), truth


def _truth_file(
    out: Path,
    seed: int,
    payments: int,
    truths: list[Truth],
    by_class: dict[str, dict[str, int]],
    payees: Payees,
) -> Path:
    people = [payee for payee in payees.all if payee.person]
    truth = {
        "city": NAME,
        "seed": seed,
        "payments": payments,
        "residents": RESIDENTS,
        "it_unit": UNITS[IT_UNIT].code,
        "it_programme": IT_PROGRAMME,
        "letters": {letter: name for name, letter in CLASS_LETTERS.items()},
        "paid_by_class": by_class,
        "files": {one.file: one.as_dict() for one in truths},
        "people": {
            "names": sorted({payee.name for payee in people}),
            "ids": sorted(payee.id for payee in people),
        },
        "legal_ids": sorted(payee.id for payee in payees.all if payee.id and not payee.person),
    }
    path = out / "truth.json"
    path.write_text(json.dumps(truth, ensure_ascii=False, sort_keys=True, indent=1) + "\n", "utf-8")
    return path
