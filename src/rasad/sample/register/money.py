"""What the register says of the ledger's own rows: contract files, assets that payments bought, and rules that link money to projects."""

from __future__ import annotations

import json
from random import Random

from rasad.sample.city import UNITS
from rasad.sample.register.days import Row, day, later
from rasad.sample.register.portfolio import LINKED_BY_CONTRACT, PLANS
from rasad.sample.spending import Contract, Payment
from rasad.sample.wording import KINDS

IT_KINDS = tuple(kind for kind in KINDS if kind.cls not in ("not_it", "unknown"))
ASSET_KINDS = (
    ("رایانه", "computer", "رایانه اداری"),
    ("لپ‌تاپ", "computer", "رایانه همراه"),
    ("سرور", "server", "سرور"),
    ("سوئیچ", "network", "سوئیچ شبکه"),
    ("دوربین", "camera", "دوربین نظارت تصویری"),
    ("لایسنس", "licence", "پروانه نرم‌افزار"),
)
UNREGISTERED = 0.22
"""Share of the assets that were bought and stand in no register."""
MOST_ASSETS = 320


def contracts(random: Random, signed: list[Contract], it_numbers: set[str]) -> list[Row]:
    """Return the files of the IT contracts."""
    rows: list[Row] = []
    for one in signed:
        if one.number not in it_numbers:
            continue
        end = day(*one.end)
        closed = one.year < 1403 and random.random() < 0.8
        rows.append(
            {
                "contract_no": one.number,
                "title": one.subject,
                "unit": UNITS[one.unit].code,
                "supplier_name": one.payee.name,
                "supplier_is_person": str(one.payee.person).lower(),
                "method": one.method,
                "signed_on": day(*one.signed),
                "start": day(*one.start),
                "end": end,
                "amount": str(one.amount),
                "current_amount": str(round(one.amount * random.choice((1, 1, 1, 1.1, 1.25)))),
                "state": "completed" if closed else "running",
                "closed_on": later(end, random.randint(5, 90)) if closed else "",
            }
        )
    return rows


def it_contracts(payments: list[Payment]) -> dict[str, str]:
    """Return the number and subject words of the contracts under which IT payments were made."""
    return {
        payment.contract: payment.title
        for payment in payments
        if payment.contract and payment.kind in IT_KINDS
    }


def assets(random: Random, payments: list[Payment]) -> list[Row]:
    """Return assets that payments bought; some stand in no register, some licences nobody uses."""
    rows: list[Row] = []
    bought = [payment for payment in payments if payment.kind in IT_KINDS and payment.amount > 0]
    random.shuffle(bought)
    for payment in bought:
        kind = next(((word, kind, name) for word, kind, name in ASSET_KINDS if word in payment.title), None)
        if kind is None:
            continue
        if len(rows) == MOST_ASSETS:
            break
        on = day(payment.year, payment.month, payment.day)
        registered = random.random() >= UNREGISTERED
        licence = kind[1] == "licence"
        quantity = random.randint(20, 400) if licence else random.choice((1, 1, 2, 5, 10))
        rows.append(
            {
                "tag": f"A{len(rows) + 1:05d}",
                "name": kind[2],
                "kind": kind[1],
                "unit": UNITS[payment.unit].code,
                "state": random.choice(("in_use", "in_use", "in_use", "in_stock", "in_repair", "retired"))
                if registered
                else "in_stock",
                "bought_on": on,
                "registered_on": later(on, random.randint(3, 120)) if registered else "",
                "price": str(payment.amount),
                "quantity": str(quantity),
                "used": str(round(quantity * random.uniform(0.2, 1))) if licence else "",
                "contract_no": payment.contract,
                "document_no": payment.document,
                "end_of_life": later(on, 365 * (3 if licence else random.choice((4, 5, 6)))),
                "source": "سامانه اموال",
            }
        )
    return rows


def rules(random: Random, numbers: dict[str, str]) -> list[Row]:
    """Return the rules in force: by words of the title, and for some projects by contract numbers. Much money meets none."""
    rows: list[Row] = []
    for plan in PLANS:
        if not plan.words:
            continue
        asked: dict[str, object] = {"title_any": list(plan.words)}
        if plan.units:
            asked["units"] = list(plan.units)
        rows.append(_rule(f"{plan.code}-words", plan.title, 200, asked, plan.code))
        named = sorted(
            number for number, title in numbers.items() if any(word in title for word in plan.words)
        )
        chosen = [number for number in named if random.random() < LINKED_BY_CONTRACT]
        if chosen:
            rows.append(_rule(f"{plan.code}-contracts", plan.title, 100, {"contracts": chosen}, plan.code))
    return rows


def _rule(code: str, title: str, order: int, asked: dict[str, object], project: str) -> Row:
    return {
        "code": code,
        "number": "1",
        "title": title,
        "state": "in_force",
        "order": str(order),
        "conditions": json.dumps(asked, ensure_ascii=False, sort_keys=True),
        "parts": json.dumps([{"project": project, "share_bp": 10_000}]),
    }
