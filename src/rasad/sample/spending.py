"""A year of the city's payments, before anyone types them: who was paid what, when, for what, under which contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from math import exp
from random import Random

from rasad.persian.calendar import days_in_month, from_gregorian, to_gregorian
from rasad.sample.city import ESFAND_FACTOR, IT_UNIT, MONTHS, UNITS, YEARS
from rasad.sample.names import Payee, Payees
from rasad.sample.wording import KINDS, Kind, describe, instalment

_MONTHS = list(accumulate(MONTHS))
_PLACE = {unit.code: place for place, unit in enumerate(UNITS)}
_ORDINARY = list(accumulate(unit.weight for unit in UNITS))
# Every unit buys its own devices: what is not the IT organisation's is spread more evenly than budgets are.
_SCATTERED = list(
    accumulate(0.0 if place == IT_UNIT else unit.weight**0.5 for place, unit in enumerate(UNITS))
)
METHODS = ("مناقصه عمومی", "مناقصه محدود", "استعلام بها", "ترک تشریفات مناقصه", "معامله جزئی")

SPREAD = 1.22
"""The kinds' spreads are relative; this sets that of all payments together to what real ledgers show."""
TOP = 3.0
"""No payment is beyond so many standard deviations of its kind, so that no single one makes the year."""
TWICE_IN = 1500
"""One payment in so many is made twice with all the same words: the two are no duplicates."""
RETURNED_IN = 900
"""One payment in so many is money given back, with a minus sign."""


@dataclass(slots=True)
class Payment:
    """One payment in rials, on a Jalali day."""

    year: int
    month: int
    day: int
    unit: int
    kind: Kind
    title: str
    payee: Payee
    amount: int
    contract: str = ""
    document: str = ""


@dataclass(slots=True)
class Contract:
    """One contract; days are Jalali (year, month, day), the amount is in rials."""

    number: str
    year: int
    unit: int
    subject: str
    payee: Payee
    method: str
    signed: tuple[int, int, int]
    start: tuple[int, int, int]
    end: tuple[int, int, int]
    amount: int


def spend(random: Random, payees: Payees, year: int, count: int) -> tuple[list[Payment], list[Contract]]:
    """Return exactly `count` payments of the year in order of date, and the contracts under which some were made."""
    _, total = YEARS[year]
    twice = count // TWICE_IN
    payments: list[Payment] = []
    contracts: list[Contract] = []
    all_money = sum(kind.money for kind in KINDS)
    for kind, rows in zip(KINDS, _shares([kind.rows for kind in KINDS], count - twice), strict=True):
        money = total * kind.money / all_money * random.uniform(0.92, 1.08)
        mine, its_contracts = _of_kind(random, payees, kind, year, rows, money, len(contracts))
        payments += mine
        contracts += its_contracts
    payments += [_copy(payment) for payment in random.sample(payments, twice)]
    payments.sort(key=lambda p: (p.month, p.day, p.unit, p.title, p.amount, p.payee.name))
    _number(random, payments, year)
    return payments, contracts


def _shares(weights: list[float], count: int) -> list[int]:
    """Part `count` by `weights`; the parts are whole and come to `count`."""
    whole = sum(weights)
    edges = [round(count * edge / whole) for edge in accumulate(weights)]
    return [after - before for before, after in zip([0, *edges], edges, strict=False)]


def _of_kind(
    random: Random, payees: Payees, kind: Kind, year: int, rows: int, money: float, numbered: int
) -> tuple[list[Payment], list[Contract]]:
    spread = kind.sigma * SPREAD
    top = exp(TOP * spread)
    sizes = []
    months = []
    for _ in range(rows):
        month = random.choices(range(1, 13), cum_weights=_MONTHS)[0]
        months.append(month)
        size = min(random.lognormvariate(0, spread), top)
        sizes.append(size * (ESFAND_FACTOR if month == 12 else 1.0))
    scale = money / sum(sizes) if sizes else 0.0
    payments: list[Payment] = []
    contracts: list[Contract] = []
    spot = 0
    while spot < rows:
        if random.random() >= kind.contracts:
            payments.append(_direct(random, payees, kind, year, months[spot], sizes[spot], scale))
            spot += 1
            continue
        parts = min(random.choice((1, 2, 2, 3, 4, 5, 6, 8)), rows - spot)
        instalments = sorted(zip(months[spot : spot + parts], sizes[spot : spot + parts], strict=True))
        number = numbered + len(contracts) + 1
        contract, mine = _under_contract(random, payees, kind, year, instalments, scale, number)
        contracts.append(contract)
        payments += mine
        spot += parts
    return payments, contracts


def _direct(
    random: Random, payees: Payees, kind: Kind, year: int, month: int, size: float, scale: float
) -> Payment:
    unit = _unit(random, kind)
    title = describe(random, random.choice(kind.texts), unit=UNITS[unit].name, month=month, year=year)
    amount = _rials(random, size * scale)
    if random.randrange(RETURNED_IN) == 0:
        title, amount = f"برگشت وجه {title}", -max(1, amount // 10)
    return Payment(
        year,
        month,
        _day(random, year, month),
        unit,
        kind,
        title,
        _payee(random, payees, kind, unit, size),
        amount,
    )


def _under_contract(
    random: Random,
    payees: Payees,
    kind: Kind,
    year: int,
    instalments: list[tuple[int, float]],
    scale: float,
    number: int,
) -> tuple[Contract, list[Payment]]:
    unit = _unit(random, kind)
    first, last = instalments[0][0], instalments[-1][0]
    subject = describe(random, random.choice(kind.texts), unit=UNITS[unit].name, month=first, year=year)
    payee = _payee(random, payees, kind, unit, sum(size for _, size in instalments))
    code = f"{year}-{UNITS[unit].code}-{number:04d}"
    payments = [
        Payment(
            year,
            month,
            _day(random, year, month),
            unit,
            kind,
            instalment(random, subject, k),
            payee,
            _rials(random, size * scale),
            code,
        )
        for k, (month, size) in enumerate(instalments, 1)
    ]
    paid = sum(payment.amount for payment in payments)
    # A few contracts are paid beyond their amount, and a few are signed after the first payment.
    amount = paid * (random.uniform(0.72, 0.96) if random.random() < 0.05 else random.uniform(1.0, 1.4))
    lead = -random.randint(3, 25) if random.random() < 0.02 else random.randint(8, 70)
    signed = to_gregorian(year, first, 1) - timedelta(days=lead)
    start = signed + timedelta(days=random.randint(3, 20))
    end = max(start, to_gregorian(year, last, 1)) + timedelta(days=random.randint(25, 150))
    contract = Contract(
        number=code,
        year=year,
        unit=unit,
        subject=subject,
        payee=payee,
        method=_method(random, amount, YEARS[year][1]),
        signed=from_gregorian(signed),
        start=from_gregorian(start),
        end=from_gregorian(end),
        amount=max(1_000_000, round(amount / 1_000_000) * 1_000_000),
    )
    return contract, payments


def _unit(random: Random, kind: Kind) -> int:
    if kind.units:
        return _PLACE[random.choice(kind.units)]
    if kind.it_unit:
        if random.random() < kind.it_unit:
            return IT_UNIT
        return random.choices(range(len(UNITS)), cum_weights=_SCATTERED)[0]
    return random.choices(range(len(UNITS)), cum_weights=_ORDINARY)[0]


def _payee(random: Random, payees: Payees, kind: Kind, unit: int, size: float) -> Payee:
    if kind.payees == "payroll":
        return payees.payroll(UNITS[unit].name)
    # What is large for its kind goes to the few large firms.
    large = size > exp(0.8 * kind.sigma * SPREAD)
    return payees.pick(kind.payees, large=large, once=0.0 if large else kind.once)


def _method(random: Random, amount: float, year_total: int) -> str:
    share = amount / year_total
    if share < 2e-5:
        return METHODS[4] if random.random() < 0.8 else METHODS[3]
    if share < 2e-4:
        return random.choices(METHODS[1:4], weights=(2, 7, 2))[0]
    return random.choices(METHODS[:4], weights=(6, 2, 1, 2))[0]


def _day(random: Random, year: int, month: int) -> int:
    """Return a day of the month; offices are closed in the first days of the year, and busiest at its end."""
    last = days_in_month(year, month)
    if month == 1:
        return random.randint(5, last)
    if month == 12:
        return last - min(int(random.expovariate(0.12)), last - 1)
    return random.randint(1, last)


def _rials(random: Random, amount: float) -> int:
    """Return whole rials, most of them round as people agree on prices."""
    step = random.choice((1, 1, 10, 1_000, 10_000, 10_000, 100_000))
    return max(10_000, round(amount / step) * step)


def _copy(payment: Payment) -> Payment:
    return Payment(
        payment.year,
        payment.month,
        payment.day,
        payment.unit,
        payment.kind,
        payment.title,
        payment.payee,
        payment.amount,
        payment.contract,
    )


def _number(random: Random, payments: list[Payment], year: int) -> None:
    """Number the documents in order of date; some hold several payments, and equal payments share one."""
    number = 0
    before: Payment | None = None
    for payment in payments:
        same = before is not None and (before.title, before.amount, before.payee) == (
            payment.title,
            payment.amount,
            payment.payee,
        )
        if not same and (before is None or random.random() < 0.82):
            number += 1
        payment.document = f"{year % 100:02d}{number:05d}"
        before = payment
